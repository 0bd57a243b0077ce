/** Longest line that a text protocol may have here; beyond it the line is cut, and the rest of it skipped. */
export const MAX_LINE = 65_536;

/**
 * Cuts one direction of a text protocol into lines, which end with LF or CRLF.
 *
 * A line that spans calls is copied; one that does not is lent where it stands.
 */
export class LineSplitter {
  #held: Uint8Array | undefined;
  #skipping = false;

  /**
   * Calls `onLine` with each whole line, its end without CR and LF, and where the next begins in `b`; it may return false to stop.
   * Returns where the unread bytes begin in `bytes`: `end` unless `onLine` stopped.
   */
  push(bytes: Uint8Array, at: number, end: number, onLine: (b: Uint8Array, at: number, end: number) => boolean | void): number {
    for (let p = at; p < end; ) {
      const lf = bytes.indexOf(10, p);
      const next = lf < 0 || lf >= end ? -1 : lf + 1;
      if (next < 0) {
        this.#hold(bytes, p, end);
        return end;
      }
      const skipped = this.#skipping;
      this.#skipping = false;
      let more: boolean | void = true;
      if (this.#held !== undefined) {
        const line = this.#held;
        this.#held = undefined;
        const whole = new Uint8Array(line.length + next - p);
        whole.set(line);
        whole.set(bytes.subarray(p, next), line.length);
        more = onLine(whole, 0, withoutEnd(whole, 0, whole.length));
      } else if (!skipped) more = onLine(bytes, p, withoutEnd(bytes, p, next));
      p = next;
      if (more === false) return p;
    }
    return end;
  }

  /** Forgets a line that was begun: bytes after it are missing. */
  reset(): void {
    this.#held = undefined;
    this.#skipping = false;
  }

  /** What came of a line that has not ended. */
  rest(): Uint8Array | undefined {
    return this.#held;
  }

  #hold(bytes: Uint8Array, at: number, end: number): void {
    if (this.#skipping) return;
    const before = this.#held?.length ?? 0;
    const take = Math.min(end - at, MAX_LINE - before);
    if (take < end - at) this.#skipping = true;
    const held = new Uint8Array(before + take);
    if (this.#held !== undefined) held.set(this.#held);
    held.set(bytes.subarray(at, at + take), before);
    this.#held = held;
  }
}

function withoutEnd(b: Uint8Array, at: number, next: number): number {
  let end = next;
  if (end > at && b[end - 1] === 10) end--;
  if (end > at && b[end - 1] === 13) end--;
  return end;
}
