import type { Nanos } from '../base/time.ts';

/** What leaves the merge: an item in its place, or a tick of the fixed grid. */
export type Merged<T> = { readonly kind: 'item'; readonly time: Nanos; readonly item: T } | { readonly kind: 'tick'; readonly time: Nanos };

export interface MergeOptions {
  /** How long an item may be behind the newest before it counts as late. */
  readonly latenessNs: Nanos;
  /** Ticks are multiples of this. */
  readonly tickNs: Nanos;
  /** Items held at once; beyond, the oldest leave early. */
  readonly capacity: number;
}

interface Held<T> {
  readonly time: Nanos;
  readonly source: string;
  readonly seq: number;
  readonly item: T;
}

/**
 * Puts the items of several sources into one sequence, by (time, source, sequence), with ticks on a fixed grid between them.
 *
 * An item is released once every source has a watermark beyond it, or once it is older than the stated lateness. What comes later
 * than that is let through at once, with its time moved up to where the sequence is, and counted: time never steps back for
 * whoever reads.
 */
export class MergeSources<T> {
  readonly #o: MergeOptions;
  readonly #watermarks = new Map<string, Nanos>();
  #held: Held<T>[] = [];
  #sorted = true;
  #seq = 0;
  #at: Nanos | null = null;
  #nextTick: Nanos | null = null;
  late = 0;
  early = 0;

  constructor(options: MergeOptions) {
    this.#o = options;
  }

  get held(): number {
    return this.#held.length;
  }

  push(source: string, time: Nanos, item: T): void {
    this.#held.push({ time, source, seq: this.#seq++, item });
    this.#sorted = false;
  }

  /** Nothing older will come from this source; also a sign of life of an idle one. */
  watermark(source: string, time: Nanos): void {
    const before = this.#watermarks.get(source);
    if (before === undefined || time > before) this.#watermarks.set(source, time);
  }

  /** The source has ended: nobody waits for it any longer. */
  end(source: string): void {
    this.#watermarks.delete(source);
  }

  /** What may go now. `now` bounds the wait; a file that is read has none and passes the time of its last frame. */
  drain(now: Nanos): Merged<T>[] {
    const waited = now - this.#o.latenessNs;
    let horizon = waited;
    if (this.#watermarks.size > 0) {
      const slowest = [...this.#watermarks.values()].reduce((a, b) => (b < a ? b : a));
      if (slowest > horizon) horizon = slowest;
    }
    return this.#release(horizon < now ? horizon : now);
  }

  /** Everything, at the end of the input. */
  flush(): Merged<T>[] {
    this.#sort();
    return this.#release(this.#held.at(-1)?.time ?? this.#at ?? 0n);
  }

  #sort(): void {
    if (this.#sorted) return;
    this.#held.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.source < b.source ? -1 : a.source > b.source ? 1 : a.seq - b.seq));
    this.#sorted = true;
  }

  #release(horizon: Nanos): Merged<T>[] {
    this.#sort();
    let count = 0;
    while (count < this.#held.length && this.#held[count].time <= horizon) count++;
    const over = this.#held.length - count - this.#o.capacity;
    if (over > 0) {
      count += over;
      this.early += over;
    }
    const out: Merged<T>[] = [];
    for (const { time, item } of this.#held.slice(0, count)) {
      const late = this.#at !== null && time < this.#at;
      if (late) this.late++;
      const at = late ? this.#at! : time;
      this.#ticksUntil(at, out);
      this.#at = at;
      out.push({ kind: 'item', time: at, item });
    }
    this.#held = this.#held.slice(count);
    if (this.#at === null || horizon > this.#at) {
      this.#ticksUntil(horizon, out);
      this.#at = horizon;
    }
    return out;
  }

  #ticksUntil(time: Nanos, out: Merged<T>[]): void {
    const { tickNs } = this.#o;
    this.#nextTick ??= (time / tickNs) * tickNs + tickNs;
    // After a long silence (the machine slept) one tick tells as much as a thousand.
    if (time - this.#nextTick > tickNs * 1000n) this.#nextTick = (time / tickNs) * tickNs;
    while (this.#nextTick <= time) {
      out.push({ kind: 'tick', time: this.#nextTick });
      this.#nextTick += tickNs;
    }
  }
}
