// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import targetDown from './scenarios/target-down.ts';

export const scenarios = [
  targetDown,
];
