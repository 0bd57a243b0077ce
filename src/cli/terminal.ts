import { writeSync } from 'node:fs';
import { WirewatchError, type ErrorCode } from '../base/errors.ts';
import { EXIT, type Terminal } from './define-command.ts';

/** The process's own terminal. Writing to a closed pipe (`| head`) ends the program quietly. */
export function processTerminal(json: boolean, env: Readonly<Record<string, string | undefined>>): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.ok);
    });
  }
  const isTty = process.stdout.isTTY === true;
  return {
    isTty,
    columns: process.stdout.columns ?? 80,
    colour: isTty && !json && !env.NO_COLOR && env.TERM !== 'dumb',
    out: (text) => writeAll(1, text),
    err: (text) => void process.stderr.write(text),
  };
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all of `text`, waiting for a reader that is slower than we are: through the stream, what a large file becomes would pile up
 * in memory, because a pipe takes 64 KiB at a time and only the event loop would send the next.
 */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') process.exit(EXIT.ok);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}

/** Waits until what was written has left the process: pipes are asynchronous, and `process.exit` would cut them. */
export async function flushOutput(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.writableLength > 0) await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
}

/** Which exit code a mistake of the operator ends with; see docs/reference/exit-codes. */
export function exitCodeOf(code: ErrorCode): number {
  if (/^WW_(FILTER|CONFIG)_|^WW_(ARGUMENT|PROBE_OPTION|CAPTURE_FILTER|CAPTURE_INTERFACE)$/.test(code)) return EXIT.usage;
  if (code === 'WW_CAPTURE_FORMAT' || code === 'WW_STORE_VERSION') return EXIT.input;
  if (code.endsWith('_PRIVILEGE') || code.startsWith('WW_AUTH_')) return EXIT.privilege;
  if (/^WW_(NOT_RUNNING|RUNNING|STORE_LOCKED|STORE_FULL|STORE_QUERY)$/.test(code)) return EXIT.unavailable;
  return EXIT.negative;
}

/** Tells an error to the terminal and gives the exit code. Bugs show their stack. */
export function reportError(error: unknown, terminal: Terminal, json: boolean): number {
  if (error instanceof WirewatchError) {
    if (json) {
      const { code, message, where, remedy } = error;
      terminal.err(`${JSON.stringify({ error: { code, message, where, remedy } })}\n`);
    } else {
      const where = error.where === undefined ? '' : error.where.includes('\n') ? `\n${error.where}` : `\n  at: ${error.where}`;
      terminal.err(`${error.code}: ${error.message}${where}\n${error.remedy === undefined ? '' : `  to do: ${error.remedy}\n`}`);
    }
    return exitCodeOf(error.code);
  }
  terminal.err(`This is a bug in Wirewatch; please report it with these lines.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.internal;
}
