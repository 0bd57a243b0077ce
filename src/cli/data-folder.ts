import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The folder of the package: where package.json stands, from source and from the emitted JavaScript alike. */
export function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder) folder = path.dirname(folder);
  return folder;
}

/** Version of the package. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(path.join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}

/**
 * Where everything that is kept lies, unless `--data` or the configuration says otherwise: $WIREWATCH_DATA, systemd's
 * $STATE_DIRECTORY, `data/` in a source checkout, else the user's state folder (XDG Base Directory Specification).
 */
export function defaultDataDir(env: Readonly<Record<string, string | undefined>>, root = packageRoot()): string {
  if (env.WIREWATCH_DATA) return path.resolve(env.WIREWATCH_DATA);
  if (env.STATE_DIRECTORY) return env.STATE_DIRECTORY.split(':')[0];
  const checkout = existsSync(path.join(root, 'src/cli/main.ts')) && !root.split(path.sep).includes('node_modules');
  if (checkout) return path.join(root, 'data');
  return path.join(env.XDG_STATE_HOME ?? path.join(env.HOME ?? os.homedir(), '.local/state'), 'wirewatch');
}

/** Longest path of a Unix socket, with its closing zero (unix(7): sun_path has 108 bytes). */
const SUN_PATH = 107;

/** The program's socket: in the data folder, or in the temporary folder where that path is too long for the kernel. */
export function socketPathOf(dataDir: string): string {
  const inFolder = path.join(path.resolve(dataDir), 'wirewatch.sock');
  if (Buffer.byteLength(inFolder) <= SUN_PATH) return inFolder;
  const digest = createHash('sha256').update(inFolder).digest('hex').slice(0, 16);
  return path.join(os.tmpdir(), `wirewatch-${process.getuid?.() ?? 0}-${digest}.sock`);
}
