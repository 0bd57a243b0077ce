// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import eve from './logs/eve.ts';
import zeekJson from './logs/zeek-json.ts';
import zeek from './logs/zeek.ts';

export const logs = [
  eve,
  zeekJson,
  zeek,
];
