// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import ek from './formats/ek.ts';
import fields from './formats/fields.ts';
import json from './formats/json.ts';
import pdml from './formats/pdml.ts';
import tabs from './formats/tabs.ts';
import text from './formats/text.ts';

export const formats = [
  ek,
  fields,
  json,
  pdml,
  tabs,
  text,
];
