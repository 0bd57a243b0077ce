import { accessSync, constants, createWriteStream, mkdirSync, openSync, closeSync, type WriteStream } from 'node:fs';
import path from 'node:path';
import type { LoadedConfig } from '../config/load-config.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type Log = (level: LogLevel, text: string) => void;

const ORDER: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
const SCRIPT_LEVEL: Readonly<Record<LogLevel, string>> = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR' };

/** `2026-11-21 09:15:02,123` in local time, as Python's logging writes it. */
export function scriptTime(date: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())},${String(date.getMilliseconds()).padStart(3, '0')}`;
}

export interface OpenLog {
  readonly log: Log;
  /** File that is written; null where none is. */
  readonly file: string | null;
  /** Said once at the start: the configured file could not be written. */
  readonly replaced: string | null;
  close(): Promise<void>;
}

/**
 * The program's own log: lines on standard error, and the configured file in its form. A file that cannot be written is replaced by
 * one in the data folder, and that is said; a log is no reason not to watch a network.
 */
export function openLog({ config }: LoadedConfig, dataDir: string, err: (text: string) => void): OpenLog {
  const least = ORDER.indexOf(config.logging.level);
  let stream: WriteStream | undefined;
  let file: string | null = config.logging.file ?? null;
  let replaced: string | null = null;
  if (file !== null) {
    const problem = problemOf(file);
    if (problem !== undefined) {
      const instead = path.join(dataDir, path.basename(file).endsWith('.log') ? path.basename(file) : 'wirewatch.log');
      replaced = `the log file ${file} cannot be written (${problem}); the log goes to ${instead}`;
      file = instead;
    }
    stream = createWriteStream(file, { flags: 'a', mode: 0o640 });
    stream.on('error', (error) => err(`wirewatch: the log cannot be written: ${error.message}\n`));
  }
  const script = config.logging.form === 'script';
  return {
    file,
    replaced,
    log(level, text) {
      if (ORDER.indexOf(level) < least) return;
      const now = new Date();
      const line = text.replaceAll(/\s*\n\s*/g, ' | ');
      err(`${now.toISOString()} ${level} ${line}\n`);
      stream?.write(script ? `${scriptTime(now)} - ${SCRIPT_LEVEL[level]} - ${line}\n` : `${JSON.stringify({ time: now.toISOString(), level, msg: line })}\n`);
    },
    close: () => new Promise<void>((resolve) => (stream === undefined ? resolve() : stream.end(() => resolve()))),
  };
}

/** Why a file cannot be appended to; undefined where it can. Folders are made only inside what exists. */
function problemOf(file: string): string | undefined {
  try {
    accessSync(path.dirname(file), constants.W_OK);
    closeSync(openSync(file, 'a', 0o640));
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  }
}

export function makeDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
}
