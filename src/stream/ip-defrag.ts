/** Datagrams that wait for fragments at once, bytes of one and of all: the oldest is given up beyond. */
const MAX_WAITING = 4096;
const MAX_DATAGRAM = 65_535;
const MAX_BYTES = 64 * 1024 * 1024;

/** One datagram in pieces. */
export class FragmentedDatagram {
  bytes: Uint8Array;
  /** Length of the whole payload; -1 until the last fragment came. */
  total: number;
  readonly frames: number[];
  overlap: boolean;
  /** Overlapping fragments with other bytes (RFC 5722 forbids them for IPv6). */
  conflict: boolean;
  readonly #ranges: number[];

  constructor() {
    this.bytes = new Uint8Array(2048);
    this.total = -1;
    this.frames = [];
    this.overlap = false;
    this.conflict = false;
    this.#ranges = [];
  }

  get complete(): boolean {
    return this.total >= 0 && this.#ranges.length === 2 && this.#ranges[0] === 0 && this.#ranges[1] >= this.total;
  }

  /** Copies a fragment to its place; of overlapping bytes the first to come are kept. */
  add(offset: number, more: boolean, b: Uint8Array, at: number, end: number, frame: number): void {
    const to = offset + end - at;
    if (to > this.bytes.length) {
      const grown = new Uint8Array(Math.max(to, Math.min(2 * this.bytes.length, MAX_DATAGRAM)));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    const ranges = this.#ranges;
    let from = offset;
    let merged = to;
    let i = 0;
    let cursor = offset;
    while (i < ranges.length && ranges[i + 1] < from) i += 2;
    let j = i;
    while (j < ranges.length && ranges[j] <= merged) {
      this.#copy(b, at, offset, cursor, Math.min(ranges[j], to));
      this.#compare(b, at, offset, Math.max(cursor, ranges[j]), Math.min(ranges[j + 1], to));
      cursor = Math.max(cursor, ranges[j + 1]);
      from = Math.min(from, ranges[j]);
      merged = Math.max(merged, ranges[j + 1]);
      j += 2;
    }
    this.#copy(b, at, offset, cursor, to);
    ranges.splice(i, j - i, from, merged);
    if (!more) this.total = to;
    this.frames.push(frame);
  }

  #copy(b: Uint8Array, at: number, offset: number, from: number, to: number): void {
    if (to > from) this.bytes.set(b.subarray(at + from - offset, at + to - offset), from);
  }

  #compare(b: Uint8Array, at: number, offset: number, from: number, to: number): void {
    if (to <= from) return;
    this.overlap = true;
    for (let k = from; k < to; k++) if (this.bytes[k] !== b[at + k - offset]) this.conflict = true;
  }
}

/** Puts fragments of IPv4 (RFC 791 §3.2, RFC 815) and IPv6 (RFC 8200 §4.5) together, bounded in datagrams and bytes. */
export class IpDefrag {
  /** Datagrams given up because of a limit. */
  refused: number;
  readonly #waiting: Map<string, FragmentedDatagram>;
  #bytes: number;

  constructor() {
    this.refused = 0;
    this.#waiting = new Map();
    this.#bytes = 0;
  }

  /**
   * Adds a fragment of the datagram that addresses (`addressLen` bytes each, at `addresses`), identification and protocol name.
   * Returns the datagram, to be looked at during the call; a complete one is forgotten. Undefined where it cannot be a fragment.
   */
  add(b: Uint8Array, addresses: number, addressLen: 4 | 16, identification: number, protocol: number, offset: number, more: boolean, at: number, end: number, frame: number): FragmentedDatagram | undefined {
    if (offset + end - at > MAX_DATAGRAM) return undefined;
    let key = `${identification}.${protocol}.`;
    for (let i = 0; i < 2 * addressLen; i++) key += String.fromCharCode(b[addresses + i]);
    let datagram = this.#waiting.get(key);
    if (datagram === undefined) {
      datagram = new FragmentedDatagram();
      if (this.#waiting.size >= MAX_WAITING || this.#bytes > MAX_BYTES) this.#giveUp();
      this.#waiting.set(key, datagram);
      this.#bytes += datagram.bytes.length;
    }
    const before = datagram.bytes.length;
    datagram.add(offset, more, b, at, end, frame);
    this.#bytes += datagram.bytes.length - before;
    if (datagram.complete) {
      this.#waiting.delete(key);
      this.#bytes -= datagram.bytes.length;
    }
    return datagram;
  }

  #giveUp(): void {
    for (const [key, oldest] of this.#waiting) {
      this.#waiting.delete(key);
      this.#bytes -= oldest.bytes.length;
      this.refused++;
      return;
    }
  }
}
