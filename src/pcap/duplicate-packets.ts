import type { Host } from '../base/host.ts';
import { toHex } from '../base/bytes.ts';
import type { CapturedPacket } from './captured-packet.ts';

/** Recognises packets whose bytes stood among the last `window` ones: what a mirror port that sees both ways captures twice. */
export class DuplicatePackets {
  readonly window: number;
  found: number;
  readonly #host: Host;
  readonly #recent: string[];
  readonly #counts: Map<string, number>;

  constructor(host: Host, window: number) {
    this.window = window;
    this.found = 0;
    this.#host = host;
    this.#recent = [];
    this.#counts = new Map();
  }

  /** True where the packet was seen; either way it is among the last ones now. */
  isDuplicate(packet: CapturedPacket): boolean {
    const digest = `${packet.wireLen}:${toHex(this.#host.md5(packet.bytes))}`;
    const isKnown = this.#counts.has(digest);
    this.#recent.push(digest);
    this.#counts.set(digest, (this.#counts.get(digest) ?? 0) + 1);
    if (this.#recent.length > this.window) {
      const oldest = this.#recent.shift()!;
      const left = this.#counts.get(oldest)! - 1;
      if (left === 0) this.#counts.delete(oldest);
      else this.#counts.set(oldest, left);
    }
    if (isKnown) this.found++;
    return isKnown;
  }
}
