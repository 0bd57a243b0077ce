import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';

const FLUSH_CHARS = 256 * 1024;

/** Files of a folder that are written line by line and opened when their first line comes. */
export class LogFiles {
  readonly #dir: string;
  readonly #force: boolean;
  readonly #head: (file: string) => string;
  readonly #open = new Map<string, { readonly fd: number; text: string; lines: number }>();

  /** `head` gives the text with which a file begins. Without `force` a file that is there is an error. */
  constructor(dir: string, force: boolean, head: (file: string) => string) {
    this.#dir = dir;
    this.#force = force;
    this.#head = head;
    mkdirSync(dir, { recursive: true });
  }

  write(file: string, text: string): void {
    let log = this.#open.get(file);
    if (log === undefined) {
      const target = path.join(this.#dir, file);
      if (!this.#force && existsSync(target)) throw new WirewatchError('WW_ARGUMENT', `${target} is there already`, { remedy: 'choose another folder with -o, or --force to write over it' });
      log = { fd: openSync(target, 'w', 0o600), text: this.#head(file), lines: 0 };
      this.#open.set(file, log);
    }
    log.lines++;
    log.text += text;
    if (log.text.length < FLUSH_CHARS) return;
    writeSync(log.fd, log.text);
    log.text = '';
  }

  /** Writes what is held and closes all; returns the lines of each file, in alphabetical order. */
  close(): readonly (readonly [file: string, lines: number])[] {
    const written = [...this.#open].map(([file, log]) => {
      writeSync(log.fd, log.text);
      closeSync(log.fd);
      return [file, log.lines] as const;
    });
    this.#open.clear();
    return written.sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
