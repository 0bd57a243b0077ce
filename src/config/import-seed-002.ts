import { chmodSync, closeSync, existsSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { WirewatchError } from '../base/errors.ts';
import type { LoadedConfig } from './load-config.ts';

export interface ImportResult {
  readonly yaml: string;
  /** Files that hold a secret now, mode 0600. */
  readonly secretFiles: readonly string[];
}

/**
 * Writes the script's configuration in our own form, with the password moved into a file of its own (mode 0600) beside it.
 *
 * Refuses to overwrite either file.
 */
export function importSeed002(loaded: LoadedConfig, target: string): ImportResult {
  if (loaded.seed === null) {
    throw new WirewatchError('WW_CONFIG_FILE', 'this is not the configuration of the monitoring script', {
      where: loaded.file ?? undefined,
      remedy: 'only that form is imported; a configuration in our own form needs no import',
    });
  }
  const input = structuredClone(loaded.input);
  const secretFiles: string[] = [];
  const mail = input.channels?.mail as Record<string, unknown> | undefined;
  const password = loaded.seed.alert.smtp_password;
  for (const file of [target, ...(password === undefined ? [] : [secretFileOf(target)])]) {
    if (existsSync(file)) throw new WirewatchError('WW_CONFIG_FILE', `${file} is already there`, { remedy: 'name another file with --output, or remove it first' });
  }
  if (mail?.password !== undefined && password !== undefined) {
    const file = secretFileOf(target);
    writePrivate(file, `${password}\n`);
    secretFiles.push(file);
    mail.password = { file: path.basename(file) };
  }
  const yaml = `# Imported from ${path.basename(loaded.file ?? 'config.json')}. \`wirewatch config explain\` says what each key means.\n${stringify(input, { lineWidth: 110 })}`;
  writePrivate(target, yaml);
  return { yaml, secretFiles };
}

function secretFileOf(target: string): string {
  return path.join(path.dirname(target), `${path.basename(target).replace(/\.(ya?ml|json)$/, '')}.smtp-password`);
}

/** Creates a file that nobody else can read from its first moment on; refuses one that is there. */
export function writePrivate(file: string, text: string): void {
  const handle = openSync(file, 'wx', 0o600);
  try {
    writeSync(handle, text);
  } finally {
    closeSync(handle);
  }
  chmodSync(file, 0o600);
}
