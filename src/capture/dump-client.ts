import { fork } from 'node:child_process';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { WirewatchError } from '../base/errors.ts';
import type { LiveOptions } from './capture-source.ts';
import type { DumpCounts, FromDump } from './dump-messages.ts';
import type { DumpOptions } from './dump-writer.ts';

export interface DumpRun {
  /** What the process writes to its standard output: the capture, where the file is `-` and `output` is `pipe`. */
  readonly output: Readable | null;
  readonly ended: Promise<{ readonly reason: string; readonly counts: DumpCounts; readonly files: readonly string[] }>;
  /** Asks for the end; what was captured until then is written. */
  stop(): void;
}

/**
 * Starts the dumping process. `ended` fails with what the process complained of.
 *
 * @throws nothing itself; `ended` rejects with WW_CAPTURE_PRIVILEGE, WW_CAPTURE_INTERFACE, WW_CAPTURE_FILTER, WW_STORE_FULL, WW_ARGUMENT.
 */
export function startDump(live: LiveOptions, dump: DumpOptions, output: 'inherit' | 'pipe', onMessage: (message: FromDump) => void): DumpRun {
  const entry = path.join(import.meta.dirname, `dump-process${path.extname(import.meta.filename)}`);
  const child = fork(entry, [JSON.stringify({ live, dump })], { serialization: 'advanced', stdio: ['ignore', output, 'inherit', 'ipc'], execArgv: [] });
  const ended = new Promise<{ reason: string; counts: DumpCounts; files: readonly string[] }>((resolve, reject) => {
    child.on('message', (given) => {
      const message = given as FromDump;
      if (message.kind === 'ended') resolve(message);
      else if (message.kind === 'failed') {
        reject(message.code === null ? new Error(message.message) : new WirewatchError(message.code, message.message, { where: message.where, remedy: message.remedy }));
      } else onMessage(message);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the capture process ended unasked (${signal ?? code})`)));
  });
  return {
    output: child.stdout,
    ended,
    stop: () => {
      if (child.connected) child.send('stop', () => undefined);
    },
  };
}
