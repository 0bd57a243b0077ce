import path from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { WirewatchError } from '../base/errors.ts';
import { nearestNames } from '../base/nearest.ts';
import { commands, type CommandEntry } from './commands.generated.ts';
import { defaultDataDir, packageVersion } from './data-folder.ts';
import { EXIT, type CommandContext, type CommandDefinition, type Terminal } from './define-command.ts';
import { flushOutput, processTerminal, reportError } from './terminal.ts';

export interface CliSurroundings {
  readonly terminal?: Terminal;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly entries?: readonly CommandEntry[];
}

/** Options that every command has, before or after its name. */
function addGlobalOptions(command: Command): Command {
  return command
    .addOption(new Option('--data <folder>', 'data folder of the program (default: $WIREWATCH_DATA, else data/ beside the program)'))
    .addOption(new Option('--json', 'print JSON only'));
}

/** The command that the arguments call: the first word that is neither an option nor the value of `--data`. */
function calledName(args: readonly string[]): string | undefined {
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--data') i++;
    else if (!args[i].startsWith('-')) return args[i];
  }
  return undefined;
}

/** Gives every leaf below a command the same action; the words between are passed as leading arguments. */
function setAction(command: Command, words: readonly string[], action: (args: string[], leaf: Command) => Promise<void>): void {
  for (const below of command.commands) {
    addGlobalOptions(below);
    setAction(below, [...words, below.name()], action);
  }
  if (command.commands.length > 0) return;
  command.action(async (...received: unknown[]) => {
    const given = received.slice(0, -2).flat().filter((v) => v !== undefined).map(String);
    await action([...words, ...given], command);
  });
}

/** Parses the arguments, runs one command and returns its exit code (`EXIT`). Loads only the command that is called. */
export async function runCli(argv: readonly string[], surroundings: CliSurroundings = {}): Promise<number> {
  const env = surroundings.env ?? process.env;
  const json = argv.includes('--json');
  const terminal = surroundings.terminal ?? processTerminal(json, env);
  const entries = surroundings.entries ?? commands;
  const controller = new AbortController();
  const signal = surroundings.signal ?? controller.signal;
  const program = new Command('wirewatch')
    .description('Watches a network and answers for it: probes, packets, flows, detections, incidents with their evidence.')
    .version(packageVersion(), '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(wirewatch --help lists the commands)');
  // An option after the command's name is the command's: `read -V` prints details, `wirewatch -V` the version.
  program.enablePositionalOptions();
  addGlobalOptions(program);

  let code: number = EXIT.ok;
  let definition: CommandDefinition | undefined;
  const called = calledName(argv);
  const abort = (): void => controller.abort();
  try {
    for (const entry of entries) {
      const command = addGlobalOptions(program.command(entry.name).description(entry.summary).exitOverride());
      if (entry.name !== called) continue;
      definition = await entry.load();
      definition.configure(command);
      setAction(command, [], async (args, leaf) => {
        const options = leaf.optsWithGlobals<Record<string, unknown>>();
        const ctx: CommandContext = {
          terminal,
          json,
          dataDir: typeof options.data === 'string' ? path.resolve(surroundings.cwd ?? process.cwd(), options.data) : defaultDataDir(env),
          dataIsGiven: typeof options.data === 'string',
          cwd: surroundings.cwd ?? process.cwd(),
          env,
          signal,
        };
        process.once('SIGINT', abort).once('SIGTERM', abort);
        code = await definition!.run(ctx, args, options);
      });
    }
    if (called !== undefined && definition === undefined && called !== 'help') {
      const [nearest] = nearestNames(called, entries.map((e) => e.name));
      throw new WirewatchError('WW_ARGUMENT', `there is no command ${called}`, {
        remedy: nearest === undefined ? 'wirewatch --help lists the commands' : `did you mean "wirewatch ${nearest}"?`,
      });
    }
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) code = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    else code = reportError(error, terminal, json);
  } finally {
    process.off('SIGINT', abort).off('SIGTERM', abort);
  }
  if (surroundings.terminal === undefined) await flushOutput();
  return code;
}
