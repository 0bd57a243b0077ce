// Written by `npm run gen`. Do not edit: add a file to the folder and run it again.
import type { CommandDefinition } from './define-command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<CommandDefinition>;
}

export const commands: readonly CommandEntry[] = [
  { name: "config", summary: "check, explain, import and reload configurations", load: () => import('./commands/config.ts').then((m) => m.default) },
  { name: "read", summary: "Read a capture file: filter its packets, print them as text, fields or JSON.", load: () => import('./commands/read.ts').then((m) => m.default) },
  { name: "status", summary: "say whether the program runs on this data folder, and how its parts are", load: () => import('./commands/status.ts').then((m) => m.default) },
];
