/** Bytes of a key: two addresses of 16, two ports, protocol, IP version. */
const KEY_LEN = 38;

/**
 * Conversations by their two endpoints, in either order, numbered from 0 in order of first appearance.
 *
 * Keys stand in one byte array and are compared in place: nothing is allocated per packet. Columns are indexed by slot. Beyond
 * `capacity` each new conversation takes the slot of one that has been quiet for a while, which is forgotten and counted: a reader
 * of any capture needs bounded memory, and the numbers go on.
 */
export class Conversations {
  readonly capacity: number;
  /** Slots in use. */
  count: number;
  forgotten: number;
  /** Called before a slot passes to another conversation: whoever keeps something by slot drops it. */
  onForget: ((slot: number) => void) | undefined;
  /** Direction of the packet looked up last: 0 = from the endpoint that was seen first. */
  dir: 0 | 1;

  /** Number of the conversation within its transport (`tcp.stream`). */
  stream: Int32Array;
  /** Dissector that this conversation belongs to; 0 = by port. */
  app: Uint16Array;
  /** Port that a connection was opened to; 0 = unknown. */
  serverPort: Uint16Array;
  firstFrame: Int32Array;
  firstSeconds: Float64Array;
  firstNanos: Int32Array;
  lastFrame: Int32Array;
  lastSeconds: Float64Array;
  lastNanos: Int32Array;

  #keys: Uint8Array;
  #hashes: Int32Array;
  #buckets: Int32Array;
  #mask: number;
  readonly #streams: Int32Array;
  /** 1 = met since the hand went by (a clock: what was met gets a second chance). */
  #met: Uint8Array;
  #hand: number;

  constructor(capacity = 1 << 18) {
    const n = Math.min(1024, capacity);
    this.capacity = capacity;
    this.count = 0;
    this.forgotten = 0;
    this.onForget = undefined;
    this.dir = 0;
    this.stream = new Int32Array(n);
    this.app = new Uint16Array(n);
    this.serverPort = new Uint16Array(n);
    this.firstFrame = new Int32Array(n);
    this.firstSeconds = new Float64Array(n);
    this.firstNanos = new Int32Array(n);
    this.lastFrame = new Int32Array(n);
    this.lastSeconds = new Float64Array(n);
    this.lastNanos = new Int32Array(n);
    this.#keys = new Uint8Array(n * KEY_LEN);
    this.#hashes = new Int32Array(n);
    this.#buckets = new Int32Array(bucketsFor(n)).fill(-1);
    this.#mask = this.#buckets.length - 1;
    this.#streams = new Int32Array(256);
    this.#met = new Uint8Array(n);
    this.#hand = 0;
  }

  /** Slot of the newest conversation between these endpoints, -1 where there is none; sets `dir`. */
  find(b: Uint8Array, ipVersion: number, srcAt: number, dstAt: number, srcPort: number, dstPort: number, protocol: number): number {
    const hash = hashOf(b, ipVersion, srcAt, dstAt, srcPort, dstPort, protocol);
    const len = ipVersion === 4 ? 4 : ipVersion === 6 ? 16 : 0;
    for (let i = hash & this.#mask; ; i = (i + 1) & this.#mask) {
      const slot = this.#buckets[i];
      if (slot < 0) return -1;
      if (this.#hashes[slot] !== hash) continue;
      const k = slot * KEY_LEN;
      const keys = this.#keys;
      if (keys[k + 36] !== protocol || keys[k + 37] !== ipVersion) continue;
      const portA = (keys[k + 32] << 8) | keys[k + 33];
      const portB = (keys[k + 34] << 8) | keys[k + 35];
      if (portA === srcPort && portB === dstPort && same(keys, k, b, srcAt, len) && same(keys, k + 16, b, dstAt, len)) {
        this.dir = 0;
        this.#met[slot] = 1;
        return slot;
      }
      if (portA === dstPort && portB === srcPort && same(keys, k, b, dstAt, len) && same(keys, k + 16, b, srcAt, len)) {
        this.dir = 1;
        this.#met[slot] = 1;
        return slot;
      }
    }
  }

  /** Begins a conversation from `src` to `dst`, hiding an older one between the same endpoints; `known` = false where `find` met none. */
  add(b: Uint8Array, ipVersion: number, srcAt: number, dstAt: number, srcPort: number, dstPort: number, protocol: number, known = true): number {
    if (this.count === this.stream.length && this.count < this.capacity) this.#grow();
    const slot = this.count < this.capacity ? this.count++ : this.#forgetOne();
    const older = known ? this.find(b, ipVersion, srcAt, dstAt, srcPort, dstPort, protocol) : -1;
    const len = ipVersion === 4 ? 4 : ipVersion === 6 ? 16 : 0;
    const k = slot * KEY_LEN;
    const keys = this.#keys;
    for (let i = 0; i < len; i++) {
      keys[k + i] = b[srcAt + i];
      keys[k + 16 + i] = b[dstAt + i];
    }
    keys[k + 32] = srcPort >> 8;
    keys[k + 33] = srcPort;
    keys[k + 34] = dstPort >> 8;
    keys[k + 35] = dstPort;
    keys[k + 36] = protocol;
    keys[k + 37] = ipVersion;
    const hash = hashOf(b, ipVersion, srcAt, dstAt, srcPort, dstPort, protocol);
    this.#hashes[slot] = hash;
    this.stream[slot] = this.#streams[protocol & 255]++;
    this.app[slot] = 0;
    this.serverPort[slot] = 0;
    this.firstFrame[slot] = 0;
    this.lastFrame[slot] = 0;
    this.dir = 0;
    this.#met[slot] = 0;
    if (older < 0) this.#enter(hash, slot);
    else {
      let i = hash & this.#mask;
      while (this.#buckets[i] !== older) i = (i + 1) & this.#mask;
      this.#buckets[i] = slot;
    }
    return slot;
  }

  /** Conversations of one transport so far. */
  streams(protocol: number): number {
    return this.#streams[protocol & 255];
  }

  /** Frees the slot of a conversation that has been quiet since the hand came by last. */
  #forgetOne(): number {
    while (this.#met[this.#hand] !== 0) {
      this.#met[this.#hand] = 0;
      this.#hand = (this.#hand + 1) % this.capacity;
    }
    const slot = this.#hand;
    this.#hand = (slot + 1) % this.capacity;
    this.forgotten++;
    this.onForget?.(slot);
    this.#leave(slot);
    return slot;
  }

  /** Takes a slot out of the buckets, if it is there: a newer conversation between the same endpoints has taken its place. */
  #leave(slot: number): void {
    const buckets = this.#buckets;
    const mask = this.#mask;
    let hole = this.#hashes[slot] & mask;
    while (buckets[hole] !== slot) {
      if (buckets[hole] < 0) return;
      hole = (hole + 1) & mask;
    }
    for (let i = (hole + 1) & mask; buckets[i] >= 0; i = (i + 1) & mask) {
      const home = this.#hashes[buckets[i]] & mask;
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      buckets[hole] = buckets[i];
      hole = i;
    }
    buckets[hole] = -1;
  }

  #enter(hash: number, slot: number): void {
    let i = hash & this.#mask;
    while (this.#buckets[i] >= 0) i = (i + 1) & this.#mask;
    this.#buckets[i] = slot;
  }

  #grow(): void {
    const n = Math.min(this.stream.length * 2, this.capacity);
    const into = <T extends Int32Array | Uint16Array | Uint8Array | Float64Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.stream = into(this.stream, new Int32Array(n));
    this.app = into(this.app, new Uint16Array(n));
    this.serverPort = into(this.serverPort, new Uint16Array(n));
    this.firstFrame = into(this.firstFrame, new Int32Array(n));
    this.firstSeconds = into(this.firstSeconds, new Float64Array(n));
    this.firstNanos = into(this.firstNanos, new Int32Array(n));
    this.lastFrame = into(this.lastFrame, new Int32Array(n));
    this.lastSeconds = into(this.lastSeconds, new Float64Array(n));
    this.lastNanos = into(this.lastNanos, new Int32Array(n));
    this.#keys = into(this.#keys, new Uint8Array(n * KEY_LEN));
    this.#hashes = into(this.#hashes, new Int32Array(n));
    this.#met = into(this.#met, new Uint8Array(n));
    const live = this.#buckets;
    this.#buckets = new Int32Array(bucketsFor(n)).fill(-1);
    this.#mask = this.#buckets.length - 1;
    for (let i = 0; i < live.length; i++) if (live[i] >= 0) this.#enter(this.#hashes[live[i]], live[i]);
  }
}

/** A power of two, so that at most one bucket of two is taken. */
function bucketsFor(slots: number): number {
  let n = 16;
  while (n < 2 * slots) n *= 2;
  return n;
}

function same(keys: Uint8Array, k: number, b: Uint8Array, at: number, len: number): boolean {
  for (let i = 0; i < len; i++) if (keys[k + i] !== b[at + i]) return false;
  return true;
}

function mix(h: number, v: number): number {
  h = Math.imul(h ^ v, 0x9e3779b1);
  return h ^ (h >>> 15);
}

function endpoint(b: Uint8Array, at: number, len: number, port: number): number {
  let h = port | 0;
  for (let i = 0; i < len; i += 4) h = mix(h, (b[at + i] << 24) | (b[at + i + 1] << 16) | (b[at + i + 2] << 8) | b[at + i + 3]);
  return mix(h, 0x85ebca6b);
}

/** The same for both directions. */
function hashOf(b: Uint8Array, ipVersion: number, srcAt: number, dstAt: number, srcPort: number, dstPort: number, protocol: number): number {
  const len = ipVersion === 4 ? 4 : ipVersion === 6 ? 16 : 0;
  return mix((endpoint(b, srcAt, len, srcPort) + endpoint(b, dstAt, len, dstPort)) | 0, protocol | (ipVersion << 8));
}
