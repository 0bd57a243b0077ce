import { BoundedMap } from '../base/bounded-map.ts';

interface Failures {
  count: number;
  since: number;
}

/**
 * Counts failed sign-ins a key (address, and name): after `most` within `windowMs` further ones wait until the window has passed.
 *
 * Bounded: an attacker with many addresses evicts the oldest counts, never grows the table.
 */
export class SignInLimit {
  readonly #failures = new BoundedMap<string, Failures>(10_000);
  readonly #most: number;
  readonly #windowMs: number;

  constructor(most = 10, windowMs = 300_000) {
    this.#most = most;
    this.#windowMs = windowMs;
  }

  /** Milliseconds to wait; 0 = may try. */
  waitMs(key: string, nowMs: number): number {
    const entry = this.#failures.get(key);
    if (entry === undefined || nowMs - entry.since >= this.#windowMs || entry.count < this.#most) return 0;
    return entry.since + this.#windowMs - nowMs;
  }

  failed(key: string, nowMs: number): void {
    const entry = this.#failures.touch(key);
    if (entry === undefined || nowMs - entry.since >= this.#windowMs) this.#failures.set(key, { count: 1, since: nowMs });
    else entry.count++;
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }
}
