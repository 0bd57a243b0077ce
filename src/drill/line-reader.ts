import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Lines of JSON that a child process prints, kept in order, with a way to wait for one that fits. */
export class JsonLines<T> {
  readonly seen: T[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(child: ChildProcess) {
    if (child.stdout === null) throw new Error('the child has no standard output to read');
    createInterface({ input: child.stdout }).on('line', (line) => {
      try {
        this.seen.push(JSON.parse(line) as T);
      } catch {
        return;
      }
      for (const wake of this.#waiting) wake();
    });
  }

  /** The first line from `from` on that fits; undefined where none came within `withinMs`. */
  async find(fits: (line: T) => boolean, withinMs: number, from = 0): Promise<T | undefined> {
    const look = (): T | undefined => this.seen.slice(from).find(fits);
    const found = look();
    if (found !== undefined) return found;
    return await new Promise((done) => {
      const finish = (value: T | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        done(value);
      };
      const wake = (): void => {
        const now = look();
        if (now !== undefined) finish(now);
      };
      const timer = setTimeout(() => finish(undefined), withinMs);
      this.#waiting.add(wake);
    });
  }
}
