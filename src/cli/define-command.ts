import type { Command } from 'commander';
import type { Permission } from '../model/index.ts';

/** Documented exit codes, the same for every command. */
export const EXIT = {
  ok: 0,
  /** The command ran; what it looked for was not found, or a check failed. */
  negative: 1,
  /** Wrong arguments, filter or configuration. */
  usage: 2,
  /** The input is damaged; what could be read was. */
  input: 3,
  /** A privilege is missing. */
  privilege: 4,
  /** The program does not run, or another holds the store. */
  unavailable: 5,
  /** A bug; please report it. */
  internal: 70,
} as const;

/** What commands may use of the terminal; tests hand in their own. */
export interface Terminal {
  readonly isTty: boolean;
  readonly columns: number;
  /** Colours wanted (NO_COLOR and --json turn them off). */
  readonly colour: boolean;
  out(text: string): void;
  err(text: string): void;
}

export interface CommandContext {
  readonly terminal: Terminal;
  /** `--json`: print JSON only. */
  readonly json: boolean;
  /** Data folder (`--data`). */
  readonly dataDir: string;
  /** `--data` was given: it then wins over the configuration's. */
  readonly dataIsGiven?: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** One verb: one file in cli/commands exports one of these. */
export interface CommandDefinition {
  readonly name: string;
  readonly summary: string;
  /** What a signed-in user would need to do the same through the API; null = needs no running program. */
  readonly permission: Permission | null;
  /**
   * Adds arguments and options to commander's command of this name; commander's own sub-commands are welcome
   * (`command.command('verify')`): their names come first in `args`. Actions are set by the caller, `--json` and `--data` are there.
   */
  configure(command: Command): void;
  /** Returns the exit code. `args` and `options` as commander parsed them. */
  run(ctx: CommandContext, args: readonly string[], options: Readonly<Record<string, unknown>>): Promise<number>;
}

export function defineCommand(definition: CommandDefinition): CommandDefinition {
  return definition;
}
