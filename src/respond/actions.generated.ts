// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import runCommand from './actions/run-command.ts';

export const actions = [
  runCommand,
];
