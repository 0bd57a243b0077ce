// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import duckdb from './adapters/duckdb.ts';
import sqlite from './adapters/sqlite.ts';

export const adapters = [
  duckdb,
  sqlite,
];
