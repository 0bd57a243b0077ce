/** Segments of all conversations that wait at once: 1 M, 24 MB; beyond, the newest are not followed. */
const MAX_POOL = 1 << 20;

/** Segments that wait for their acknowledgement, of all directions, in one pool of linked lists, newest first. */
export class UnackedSegments {
  frame: Int32Array;
  seq: Int32Array;
  nextSeq: Int32Array;
  seconds: Int32Array;
  nanos: Int32Array;
  next: Int32Array;
  #free: number;
  #used: number;

  constructor() {
    const n = 4096;
    this.frame = new Int32Array(n);
    this.seq = new Int32Array(n);
    this.nextSeq = new Int32Array(n);
    this.seconds = new Int32Array(n);
    this.nanos = new Int32Array(n);
    this.next = new Int32Array(n);
    this.#free = -1;
    this.#used = 0;
  }

  push(c: Int32Array, head: number, count: number, frame: number, seq: number, nextSeq: number, seconds: number, nanos: number): void {
    let i = this.#free;
    if (i >= 0) this.#free = this.next[i];
    else {
      if (this.#used === MAX_POOL) return;
      if (this.#used === this.frame.length) this.#grow();
      i = this.#used++;
    }
    this.frame[i] = frame;
    this.seq[i] = seq;
    this.nextSeq[i] = nextSeq;
    this.seconds[i] = seconds;
    this.nanos[i] = nanos;
    this.next[i] = c[count] === 0 ? -1 : c[head];
    c[head] = i;
    c[count]++;
  }

  /** The end of the list that begins at `i`: its oldest segment; -1 where it is empty. */
  last(i: number): number {
    if (i < 0) return -1;
    while (this.next[i] >= 0) i = this.next[i];
    return i;
  }

  remove(c: Int32Array, head: number, count: number, previous: number, i: number): void {
    if (previous < 0) c[head] = this.next[i];
    else this.next[previous] = this.next[i];
    c[count]--;
    this.next[i] = this.#free;
    this.#free = i;
  }

  /** Gives back all of a direction's segments. */
  drop(c: Int32Array, head: number, count: number): void {
    while (c[count] > 0) this.remove(c, head, count, -1, c[head]);
  }

  #grow(): void {
    const grow = (old: Int32Array): Int32Array => {
      const fresh = new Int32Array(old.length * 2);
      fresh.set(old);
      return fresh;
    };
    this.frame = grow(this.frame);
    this.seq = grow(this.seq);
    this.nextSeq = grow(this.nextSeq);
    this.seconds = grow(this.seconds);
    this.nanos = grow(this.nanos);
    this.next = grow(this.next);
  }
}
