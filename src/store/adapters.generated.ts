// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import duckdb from './adapters/duckdb.ts';

export const adapters = [
  duckdb,
];
