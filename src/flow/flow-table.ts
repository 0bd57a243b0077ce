import * as flowRow from './flow-row.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const {
  AFTER_KEY, FIRST_FRAME, FLAGS, HIGH_ADDRESS, IN_USE, IPV6, LEVEL_MASK, LEVEL_SHIFT, LOW_ADDRESS, PORTS, PROTO_MASK, ROW_SHIFT,
  ROW_WORDS,
} = flowRow;

/** Buckets of the expiry wheel, one a second; a deadline further away waits in the last one and is put back. */
const WHEEL = 1024;
/** Flows looked at before one is evicted. */
const EVICTION_TRIES = 64;
const NONE = -1;
/** Slots are numbers below this: with 29 bits of frame number and 4 of level they fit a double exactly. */
const MAX_SLOTS = 2 ** 20;
// An entry of the index: slot + 1 below, the hash's upper bits above, so that another flow's row is hardly ever looked at.
const SLOT_MASK = 2 ** 21 - 1;
const TAG_MASK = ~SLOT_MASK;

/** Says when a flow ends if nothing more comes: whole seconds since the epoch, rounded up. */
export type Deadline = (slot: number) => number;

/**
 * The flows that are alive, in typed arrays of fixed size: 128 bytes a flow and 16 of index and links, no object.
 *
 * Rows are dense: a slot never moves, so that other columns may be indexed by it, and slots are handed out in an order that only
 * the packets decide. An open-addressing index (linear probing, removal by shifting back) finds them under a seeded hash; nothing
 * that leaves the table depends on it. All memory is reserved at once and touched as flows come, so nothing ever grows or stops
 * to copy. A wheel of one-second buckets holds each flow where its deadline was when it was last looked at.
 */
export class FlowTable {
  readonly capacity: number;
  readonly words: Int32Array;
  /** The same memory as doubles and as unsigned words. */
  readonly doubles: Float64Array;
  readonly unsigned: Uint32Array;
  /** IPv6 addresses: 8 words a slot, lower endpoint first. */
  readonly keys6: Int32Array;
  count = 0;

  readonly #index: Int32Array;
  readonly #mask: number;
  readonly #seed: number;
  /** Next slot in the same bucket of the wheel, or in the list of free slots; previous slot; the bucket. */
  readonly #next: Int32Array;
  readonly #prev: Int32Array;
  readonly #bucket: Int16Array;
  readonly #heads = new Int32Array(WHEEL).fill(NONE);
  readonly #tails = new Int32Array(WHEEL).fill(NONE);
  #free = NONE;
  #fresh = 0;
  /** Buckets before this second are empty. */
  #swept = NONE;

  /** `seed` is random for live traffic (nobody can aim at one bucket) and fixed for replay. */
  constructor(capacity: number, seed: number) {
    if (capacity > MAX_SLOTS) throw new RangeError(`at most ${MAX_SLOTS} flows`);
    this.capacity = capacity;
    this.words = new Int32Array(capacity * ROW_WORDS);
    this.doubles = new Float64Array(this.words.buffer);
    this.unsigned = new Uint32Array(this.words.buffer);
    this.keys6 = new Int32Array(capacity * 8);
    this.#next = new Int32Array(capacity);
    this.#prev = new Int32Array(capacity);
    this.#bucket = new Int16Array(capacity);
    let size = 16;
    // At most 7 of 10 entries are used: chains stay short, and the index stays small enough for the cache.
    while (size * 0.7 < capacity) size *= 2;
    this.#index = new Int32Array(size);
    this.#mask = size - 1;
    this.#seed = seed | 0;
  }

  hash4(low: number, high: number, ports: number, proto: number): number {
    return hashOf(low, high, ports, proto, this.#seed);
  }

  /** The same for IPv6, `low` and `high` being `fold`s of the addresses. */
  hash6(low: number, high: number, ports: number, proto: number): number {
    return hashOf(low, high, ports, proto | IPV6, this.#seed);
  }

  /** The index where a look-up of this hash begins: read to have it in the cache. */
  indexAt(hash: number): number {
    return this.#index[hash & this.#mask];
  }

  /** Slot of the first flow that may have this hash, or -1: a look at the index alone. */
  candidate(hash: number): number {
    const index = this.#index;
    const mask = this.#mask;
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const entry = index[i];
      if (entry === 0) return NONE;
      if (((entry ^ hash) & TAG_MASK) === 0) return (entry & SLOT_MASK) - 1;
    }
  }

  /** True where `slot` (a candidate) holds the flow with this key. */
  holds4(slot: number, low: number, high: number, ports: number, proto: number): boolean {
    const words = this.words;
    const row = slot << ROW_SHIFT;
    return words[row] === low && words[row + HIGH_ADDRESS] === high && words[row + PORTS] === ports &&
      (words[row + FLAGS] & (PROTO_MASK | IPV6 | IN_USE)) === (proto | IN_USE);
  }

  holds6(slot: number, low: number, high: number, bytes: Uint8Array, lowAt: number, highAt: number, ports: number, proto: number): boolean {
    const words = this.words;
    const row = slot << ROW_SHIFT;
    return words[row] === low && words[row + HIGH_ADDRESS] === high && words[row + PORTS] === ports &&
      (words[row + FLAGS] & (PROTO_MASK | IPV6 | IN_USE)) === (proto | IPV6 | IN_USE) && this.#sameKey6(slot, bytes, lowAt, highAt);
  }

  /** Slot of the flow with this key (lower endpoint first), or -1. */
  find4(low: number, high: number, ports: number, proto: number, hash: number): number {
    const index = this.#index;
    const mask = this.#mask;
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const entry = index[i];
      if (entry === 0) return NONE;
      if (((entry ^ hash) & TAG_MASK) !== 0) continue;
      const slot = (entry & SLOT_MASK) - 1;
      if (this.holds4(slot, low, high, ports, proto)) return slot;
    }
  }

  /** The same for IPv6: addresses are 16 bytes at `lowAt` and `highAt`. */
  find6(low: number, high: number, bytes: Uint8Array, lowAt: number, highAt: number, ports: number, proto: number, hash: number): number {
    const index = this.#index;
    const mask = this.#mask;
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const entry = index[i];
      if (entry === 0) return NONE;
      if (((entry ^ hash) & TAG_MASK) !== 0) continue;
      const slot = (entry & SLOT_MASK) - 1;
      if (this.holds6(slot, low, high, bytes, lowAt, highAt, ports, proto)) return slot;
    }
  }

  /** Takes a slot for a new flow; its row is zero but for the key, its deadline bucket is `deadline`. The table must not be full. */
  add4(low: number, high: number, ports: number, proto: number, hash: number, deadline: number): number {
    return this.#add(low, high, ports, proto | IN_USE, hash, deadline);
  }

  add6(low: number, high: number, bytes: Uint8Array, lowAt: number, highAt: number, ports: number, proto: number, hash: number, deadline: number): number {
    const slot = this.#add(low, high, ports, proto | IN_USE | IPV6, hash, deadline);
    const keys = this.keys6;
    for (let i = 0; i < 4; i++) {
      keys[slot * 8 + i] = word(bytes, lowAt + 4 * i);
      keys[slot * 8 + 4 + i] = word(bytes, highAt + 4 * i);
    }
    return slot;
  }

  get isFull(): boolean {
    return this.count >= this.capacity;
  }

  /** Takes the flow out: the caller is done with it. */
  remove(slot: number): void {
    const row = slot << ROW_SHIFT;
    const words = this.words;
    const index = this.#index;
    const mask = this.#mask;
    let hole = this.#hashOfRow(row) & mask;
    while ((index[hole] & SLOT_MASK) !== slot + 1) hole = (hole + 1) & mask;
    // Entries after the hole move back into it unless they would pass their own place (Knuth, vol. 3, 6.4, algorithm R).
    for (let i = (hole + 1) & mask; index[i] !== 0; i = (i + 1) & mask) {
      const home = this.#hashOfRow(((index[i] & SLOT_MASK) - 1) << ROW_SHIFT) & mask;
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      index[hole] = index[i];
      hole = i;
    }
    index[hole] = 0;
    words[row + FLAGS] = 0;
    this.#unlink(slot);
    this.#next[slot] = this.#free;
    this.#free = slot;
    this.count--;
  }

  /** Puts a flow where its new deadline is; needed only where it became earlier. */
  move(slot: number, deadline: number): void {
    this.#unlink(slot);
    this.#push(slot, deadline);
  }

  /**
   * Calls `end` for flows whose deadline is before `now` (whole seconds), in order of their deadlines, and takes them out; looks at
   * `budget` rows at most and returns false where some are left. `deadline` is asked anew, so that packets do not have to move
   * their flow in the wheel.
   */
  sweep(now: number, budget: number, deadline: Deadline, end: (slot: number) => void): boolean {
    if (this.#swept === NONE) this.#swept = now;
    // After a pause in the capture longer than the wheel every bucket is due, once.
    if (now - this.#swept > WHEEL) this.#swept = now - WHEEL;
    let left = budget;
    for (; this.#swept < now; this.#swept++) {
      const bucket = this.#swept & (WHEEL - 1);
      for (let slot = this.#heads[bucket]; slot !== NONE; slot = this.#heads[bucket]) {
        if (left-- <= 0) return false;
        const due = deadline(slot);
        if (due > this.#swept) this.move(slot, due);
        else {
          end(slot);
          this.remove(slot);
        }
      }
    }
    return true;
  }

  /** Frees one row by ending the flow that would be due first, as far as a few looks tell; calls `end` for it. */
  evict(deadline: Deadline, end: (slot: number) => void): void {
    let tries = EVICTION_TRIES;
    for (let second = this.#swept; second < this.#swept + WHEEL; second++) {
      const bucket = second & (WHEEL - 1);
      for (let slot = this.#heads[bucket]; slot !== NONE; slot = this.#heads[bucket]) {
        const due = deadline(slot);
        if (due > second && --tries > 0) {
          this.move(slot, due);
          continue;
        }
        end(slot);
        this.remove(slot);
        return;
      }
    }
  }

  /** Calls `end` for every flow, in the order in which they began, and empties the table. */
  drain(end: (slot: number) => void): void {
    const words = this.words;
    const unsigned = this.unsigned;
    // First frame and slot in one number below 2^53: sorting doubles needs no comparator.
    const order = new Float64Array(this.count);
    let n = 0;
    let sorted = true;
    for (let slot = 0; slot < this.#fresh; slot++) {
      const row = slot << ROW_SHIFT;
      if ((words[row + FLAGS] & IN_USE) === 0) continue;
      const level = (words[row + FLAGS] & LEVEL_MASK) >>> LEVEL_SHIFT;
      order[n] = (unsigned[row + FIRST_FRAME] * 16 + level) * MAX_SLOTS + slot;
      if (n > 0 && order[n] < order[n - 1]) sorted = false;
      n++;
    }
    if (!sorted) order.sort();
    for (let i = 0; i < n; i++) {
      const slot = order[i] % MAX_SLOTS;
      end(slot);
      words[(slot << ROW_SHIFT) + FLAGS] = 0;
    }
    // What was used is zero again, so that the next flows find the table as new.
    words.fill(0, 0, this.#fresh << ROW_SHIFT);
    this.#index.fill(0);
    this.#heads.fill(NONE);
    this.#tails.fill(NONE);
    this.#free = NONE;
    this.#fresh = 0;
    this.#swept = NONE;
    this.count = 0;
  }

  #add(low: number, high: number, ports: number, flags: number, hash: number, deadline: number): number {
    const words = this.words;
    let slot = this.#free;
    if (slot === NONE) slot = this.#fresh++;
    else {
      this.#free = this.#next[slot];
      const end = (slot + 1) << ROW_SHIFT;
      for (let i = (slot << ROW_SHIFT) + AFTER_KEY; i < end; i++) words[i] = 0;
    }
    const row = slot << ROW_SHIFT;
    words[row + LOW_ADDRESS] = low;
    words[row + HIGH_ADDRESS] = high;
    words[row + PORTS] = ports;
    words[row + FLAGS] = flags;
    const index = this.#index;
    const mask = this.#mask;
    let i = hash & mask;
    while (index[i] !== 0) i = (i + 1) & mask;
    index[i] = (hash & TAG_MASK) | (slot + 1);
    this.count++;
    if (this.#swept === NONE) this.#swept = Math.max(0, deadline - WHEEL / 2);
    this.#push(slot, deadline);
    return slot;
  }

  #hashOfRow(row: number): number {
    const words = this.words;
    return hashOf(words[row], words[row + HIGH_ADDRESS], words[row + PORTS], words[row + FLAGS] & (PROTO_MASK | IPV6), this.#seed);
  }

  #push(slot: number, deadline: number): void {
    let due = deadline;
    if (due < this.#swept) due = this.#swept;
    if (due > this.#swept + WHEEL - 1) due = this.#swept + WHEEL - 1;
    const bucket = due & (WHEEL - 1);
    const tail = this.#tails[bucket];
    this.#bucket[slot] = bucket;
    this.#next[slot] = NONE;
    this.#prev[slot] = tail;
    this.#tails[bucket] = slot;
    if (tail === NONE) this.#heads[bucket] = slot;
    else this.#next[tail] = slot;
  }

  #unlink(slot: number): void {
    const next = this.#next[slot];
    const prev = this.#prev[slot];
    const bucket = this.#bucket[slot];
    if (prev === NONE) this.#heads[bucket] = next;
    else this.#next[prev] = next;
    if (next === NONE) this.#tails[bucket] = prev;
    else this.#prev[next] = prev;
  }

  #sameKey6(slot: number, bytes: Uint8Array, lowAt: number, highAt: number): boolean {
    const keys = this.keys6;
    for (let i = 0; i < 4; i++) {
      if (keys[slot * 8 + i] !== word(bytes, lowAt + 4 * i) || keys[slot * 8 + 4 + i] !== word(bytes, highAt + 4 * i)) return false;
    }
    return true;
  }
}

function word(b: Uint8Array, at: number): number {
  return (b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3];
}

/** 32 bits of an IPv6 address, all of its bits taken in. */
export function fold(b: Uint8Array, at: number): number {
  let h = Math.imul(word(b, at), 0x9e3779b1);
  h = Math.imul((h ^ (h >>> 15)) + word(b, at + 4), 0x85ebca77);
  h = Math.imul((h ^ (h >>> 13)) + word(b, at + 8), 0xc2b2ae3d);
  h = Math.imul((h ^ (h >>> 16)) + word(b, at + 12), 0x27d4eb2f);
  return h ^ (h >>> 15);
}

function hashOf(low: number, high: number, ports: number, proto: number, seed: number): number {
  let h = Math.imul(low ^ seed, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 15) ^ ports, 0xc2b2ae3d);
  h ^= h >>> 13;
  h = Math.imul(h ^ proto ^ (seed >>> 7), 0x27d4eb2f);
  return h ^ (h >>> 16);
}
