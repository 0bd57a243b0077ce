import { readFileSync } from 'node:fs';
import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';
import type { CommandContext } from './define-command.ts';

export const KEY_LOG_PREFERENCE = /^(?:tls|ssl)\.keylog_file:\s*(.+)$/s;

/** The texts of the key logs (SSLKEYLOGFILE) that `--key-log FILE` and `-o tls.keylog_file:FILE` name. */
export function keyLogs(ctx: CommandContext, options: Readonly<Record<string, unknown>>): readonly string[] {
  const preferred = Array.isArray(options.preference) ? (options.preference as string[]) : [];
  const files = preferred.flatMap((text) => KEY_LOG_PREFERENCE.exec(text)?.[1] ?? []);
  if (typeof options.keyLog === 'string') files.push(options.keyLog);
  return files.map((file) => {
    try {
      return readFileSync(path.resolve(ctx.cwd, file), 'latin1');
    } catch (error) {
      throw new WirewatchError('WW_ARGUMENT', 'the key log cannot be read', { where: file, remedy: error instanceof Error ? error.message : undefined });
    }
  });
}
