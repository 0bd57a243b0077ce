/**
 * Requests that wait for their answer: a bounded map from (kind, conversation, id) to the frame and time of the request.
 *
 * A ring of the newest `capacity` requests with open addressing over it: the oldest is forgotten when it is full. The frame
 * driver pairs with it (`dns.response_to`, `icmp.resp_to`, `http.request_in`).
 */
export class Pending {
  readonly frame: Int32Array;
  readonly seconds: Float64Array;
  readonly nanos: Int32Array;
  /** What the asker wants to remember, for example a method or a type. */
  readonly extra: Float64Array;
  /** Requests that were forgotten before an answer came. */
  forgotten: number;
  readonly #kind: Int32Array;
  readonly #flow: Int32Array;
  readonly #id: Float64Array;
  readonly #nextInBucket: Int32Array;
  readonly #buckets: Int32Array;
  readonly #mask: number;
  #count: number;

  constructor(capacity = 1 << 14) {
    this.frame = new Int32Array(capacity);
    this.seconds = new Float64Array(capacity);
    this.nanos = new Int32Array(capacity);
    this.extra = new Float64Array(capacity);
    this.forgotten = 0;
    this.#kind = new Int32Array(capacity).fill(-1);
    this.#flow = new Int32Array(capacity);
    this.#id = new Float64Array(capacity);
    this.#nextInBucket = new Int32Array(capacity).fill(-1);
    this.#buckets = new Int32Array(2 * capacity).fill(-1);
    this.#mask = 2 * capacity - 1;
    this.#count = 0;
  }

  /** Remembers a request and returns its index; an older one of the same key stays behind it. */
  ask(kind: number, flow: number, id: number, frame: number, seconds: number, nanos: number): number {
    const i = this.#count++ % this.frame.length;
    if (this.#kind[i] >= 0) {
      this.forgotten++;
      this.#unlink(i);
    }
    this.#kind[i] = kind;
    this.#flow[i] = flow;
    this.#id[i] = id;
    this.frame[i] = frame;
    this.seconds[i] = seconds;
    this.nanos[i] = nanos;
    this.extra[i] = 0;
    const bucket = this.#bucket(kind, flow, id);
    this.#nextInBucket[i] = this.#buckets[bucket];
    this.#buckets[bucket] = i;
    return i;
  }

  /** Index of the newest request of this key, -1 where there is none. */
  find(kind: number, flow: number, id: number): number {
    for (let i = this.#buckets[this.#bucket(kind, flow, id)]; i >= 0; i = this.#nextInBucket[i]) {
      if (this.#kind[i] === kind && this.#flow[i] === flow && this.#id[i] === id) return i;
    }
    return -1;
  }

  /** The same, and forgets it: the next answer finds the one before. */
  take(kind: number, flow: number, id: number): number {
    const i = this.find(kind, flow, id);
    if (i >= 0) {
      this.#unlink(i);
      this.#kind[i] = -1;
    }
    return i;
  }

  #bucket(kind: number, flow: number, id: number): number {
    let h = Math.imul(kind ^ Math.imul(flow, 0x9e3779b1) ^ (id | 0), 0x85ebca6b);
    h ^= h >>> 13;
    return h & this.#mask;
  }

  #unlink(i: number): void {
    const bucket = this.#bucket(this.#kind[i], this.#flow[i], this.#id[i]);
    let at = this.#buckets[bucket];
    if (at === i) {
      this.#buckets[bucket] = this.#nextInBucket[i];
      return;
    }
    while (at >= 0) {
      const next = this.#nextInBucket[at];
      if (next === i) {
        this.#nextInBucket[at] = this.#nextInBucket[i];
        return;
      }
      at = next;
    }
  }
}
