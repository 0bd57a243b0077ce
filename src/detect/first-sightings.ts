import type { Nanos } from '../base/time.ts';
import type { DatasetId, FlowRecord, RecordId } from '../model/index.ts';

const NONE = -1;

/** A key of several parts as one number, so that finding it builds no text: 53 bits of two hashes. Reused. */
export class KeyHash {
  #a = 0;
  #b = 0;

  begin(part: number): this {
    this.#a = 0x811c9dc5;
    this.#b = 0x2545f491;
    return this.number(part);
  }

  number(part: number): this {
    this.#a = Math.imul(this.#a ^ part, 0x9e3779b1);
    this.#a ^= this.#a >>> 15;
    this.#b = Math.imul(this.#b + part, 0x85ebca77);
    this.#b ^= this.#b >>> 13;
    return this;
  }

  text(part: string): this {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < part.length; i++) {
      const c = part.charCodeAt(i);
      a = Math.imul(a ^ c, 0x01000193);
      b = Math.imul(b + c, 0x2c1b3c6d) ^ (b >>> 17);
    }
    this.#a = a;
    this.#b = b;
    return this.number(part.length);
  }

  get value(): number {
    return (this.#a >>> 0) * 0x20_0000 + (this.#b >>> 11);
  }
}

/**
 * What is known of keys that were met once: columns, no objects, at most `capacity` of them; above it the one that came first is
 * forgotten and counted.
 *
 * Most pairs of hosts are met once, and a flood makes very many: an object for each would fill the old generation of the heap
 * with what dies there. A second meeting takes the key out, and its detector makes the object. Keys are their hashes of 53 bits.
 */
export class FirstSightings<What> {
  readonly capacity: number;
  evicted = 0;
  /** By slot. Time of the first and of the last meeting. */
  readonly first: BigInt64Array;
  readonly last: BigInt64Array;
  readonly frames: Uint32Array;
  /** A number of the detector's own. */
  readonly values: Float64Array;
  readonly whats: What[] = [];
  readonly ids: RecordId[] = [];
  readonly datasets: DatasetId[] = [];
  readonly #keys: Float64Array;
  /** Slot + 1 by hash, 0 = free: linear probing, removal by shifting back. */
  readonly #index: Int32Array;
  readonly #mask: number;
  /** The slot that is written next: a ring. */
  #next = 0;
  /** Keys that are there, slots that were ever written, and a time before which no key was met last: ticks with nothing to do end at once. */
  #live = 0;
  #used = 0;
  #oldest: Nanos = 0n;

  constructor(capacity: number) {
    this.capacity = Math.max(1, capacity);
    this.first = new BigInt64Array(this.capacity);
    this.last = new BigInt64Array(this.capacity);
    this.frames = new Uint32Array(this.capacity);
    this.values = new Float64Array(this.capacity);
    this.#keys = new Float64Array(this.capacity).fill(NONE);
    let size = 16;
    while (size < this.capacity * 2) size *= 2;
    this.#index = new Int32Array(size);
    this.#mask = size - 1;
  }

  /** Slot of the key, or -1. */
  find(key: number): number {
    for (let i = this.#home(key); this.#index[i] !== 0; i = (i + 1) & this.#mask) {
      if (this.#keys[this.#index[i] - 1] === key) return this.#index[i] - 1;
    }
    return NONE;
  }

  /** Notes the first meeting; the key must not be there. */
  add(key: number, flow: FlowRecord, what: What, value: number): void {
    const slot = this.#next;
    this.#next = (slot + 1) % this.capacity;
    if (this.#keys[slot] !== NONE) {
      this.evicted++;
      this.remove(slot);
    }
    if (this.#live === 0 || flow.time < this.#oldest) this.#oldest = flow.time;
    this.#live++;
    if (slot >= this.#used) this.#used = slot + 1;
    this.first[slot] = flow.time;
    this.last[slot] = flow.time;
    this.frames[slot] = flow.firstFrame;
    this.values[slot] = value;
    this.whats[slot] = what;
    this.ids[slot] = flow.id;
    this.datasets[slot] = flow.dataset;
    this.#keys[slot] = key;
    let i = this.#home(key);
    while (this.#index[i] !== 0) i = (i + 1) & this.#mask;
    this.#index[i] = slot + 1;
  }

  remove(slot: number): void {
    const index = this.#index;
    const mask = this.#mask;
    let hole = this.#home(this.#keys[slot]);
    while (index[hole] !== slot + 1) hole = (hole + 1) & mask;
    for (let i = (hole + 1) & mask; index[i] !== 0; i = (i + 1) & mask) {
      const home = this.#home(this.#keys[index[i] - 1]);
      if (((i - home) & mask) < ((i - hole) & mask)) continue;
      index[hole] = index[i];
      hole = i;
    }
    index[hole] = 0;
    this.#keys[slot] = NONE;
    this.#live--;
  }

  /** Takes out the keys that were last met before `time`. */
  expire(time: Nanos): void {
    if (this.#live === 0 || this.#oldest >= time) return;
    let oldest: Nanos | undefined;
    for (let slot = 0; slot < this.#used; slot++) {
      if (this.#keys[slot] === NONE) continue;
      const last = this.last[slot];
      if (last < time) this.remove(slot);
      else if (oldest === undefined || last < oldest) oldest = last;
    }
    this.#oldest = oldest ?? 0n;
  }

  #home(key: number): number {
    return ((key / 0x20_0000) ^ key) & this.#mask;
  }
}
