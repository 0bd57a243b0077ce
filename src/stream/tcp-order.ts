import * as segmentResults from './segment-results.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { DELIVERED, DIFFERS, HELD, RETRANSMITTED, SKIPPED } = segmentResults;

/**
 * Why bytes of a stream are missing: the receiver acknowledged them all the same, the capture's snaplen cut them off, the hole
 * held too much back (`evicted`), or the stream ended with the hole open.
 */
export type GapReason = 'acknowledged' | 'cut' | 'evicted' | 'ended';

/** Who takes the bytes. `bytes` is lent for the call; during it `TcpOrder`'s `frame` and time say where they came from. */
export interface StreamSink {
  data(stream: number, bytes: Uint8Array, at: number, end: number): void;
  /** `length` bytes were never captured. */
  gap(stream: number, length: number, why: GapReason): void;
  /** Everything up to the FIN has been delivered. */
  fin(stream: number): void;
}

export interface TcpOrderOptions {
  /** Streams (two a conversation) that are known at once; a caller's numbers lie below. Columns grow up to it. */
  readonly maxStreams: number;
  /** Bytes held beyond holes: of one stream, and of all together. */
  readonly maxHeldPerStream?: number;
  readonly maxHeld?: number;
  /** Segments held for one stream. */
  readonly maxSegments?: number;
}

/** A segment beyond a hole, copied. */
interface HeldSegment {
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

/** What one stream holds back: segments in order of sequence, without overlaps, at least one. */
interface Held {
  readonly segments: HeldSegment[];
  bytes: number;
}

const SYNCED = 1;
const FIN_SEEN = 2;
const FINISHED = 4;
const ACKED = 8;

/**
 * Puts the payload of TCP streams in order (RFC 9293 §3.4, §3.10.7.4).
 *
 * A stream is one direction of one conversation; the caller numbers it (`2 * slot + dir`) and says when it ends. Bytes that come
 * in order go to the sink as they lie, without a copy. Segments beyond a hole are copied and held, up to the caps; the hole is then
 * given up as an explicit gap, as it is where the receiver acknowledged bytes that the capture never saw. The first copy of a byte
 * wins. Nothing is allocated while segments arrive in order.
 *
 * ```
 *            next          held           held
 *   delivered |....hole....|######|..hole..|####|
 * ```
 */
export class TcpOrder {
  /** Where the bytes at hand came from, for the sink. */
  frame = 0;
  seconds = 0;
  nanoseconds = 0;

  /** Bytes held now, and counters since the start. */
  heldBytes = 0;
  outOfOrder = 0;
  retransmittedBytes = 0;
  differing = 0;
  gaps = 0;
  gapBytes = 0;
  evictions = 0;

  readonly #sink: StreamSink;
  readonly #maxStreams: number;
  readonly #maxHeldPerStream: number;
  readonly #maxHeld: number;
  readonly #maxSegments: number;
  #next: Uint32Array;
  #fin: Uint32Array;
  #acked: Uint32Array;
  #state: Uint8Array;
  /** Streams with a hole, the one that opened it first at the front. */
  readonly #held = new Map<number, Held>();

  constructor(sink: StreamSink, options: TcpOrderOptions) {
    this.#sink = sink;
    this.#maxStreams = options.maxStreams;
    this.#maxHeldPerStream = options.maxHeldPerStream ?? 1 << 20;
    this.#maxHeld = options.maxHeld ?? 32 << 20;
    this.#maxSegments = options.maxSegments ?? 1024;
    const size = Math.min(options.maxStreams, 1024);
    this.#next = new Uint32Array(size);
    this.#fin = new Uint32Array(size);
    this.#acked = new Uint32Array(size);
    this.#state = new Uint8Array(size);
  }

  /** True where the stream has met its first byte (a SYN, or data where the capture began later). */
  isSynced(stream: number): boolean {
    return stream < this.#state.length && (this.#state[stream] & SYNCED) !== 0;
  }

  /** True where everything up to the FIN was delivered. */
  isFinished(stream: number): boolean {
    return stream < this.#state.length && (this.#state[stream] & FINISHED) !== 0;
  }

  /** True where bytes are held beyond a hole. */
  hasHole(stream: number): boolean {
    return this.#held.size !== 0 && this.#held.has(stream);
  }

  /** Sequence number of the next byte in order; meaningful while `isSynced`. */
  nextSeq(stream: number): number {
    return this.#next[stream];
  }

  /** Bytes held for one stream. */
  heldOf(stream: number): number {
    return this.#held.get(stream)?.bytes ?? 0;
  }

  /**
   * Takes one segment: its sequence number, whether it carries SYN or FIN, its captured payload `[at, end)` and the length that
   * was sent (more than captured where the snaplen cut it). Returns bits (`DELIVERED`, `HELD`, ...).
   *
   * A capture that begins within a connection syncs on the first segment with data. A SYN on a stream that is synced already is
   * taken as a retransmission; a new connection on the same ports is the caller's business (`end` first).
   */
  segment(
    stream: number, seq: number, syn: boolean, fin: boolean, bytes: Uint8Array, at: number, end: number, sentLength: number,
    frame: number, seconds: number, nanoseconds: number,
  ): number {
    if (stream >= this.#state.length) this.#grow(stream);
    this.frame = frame;
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
    // A SYN takes one number: data of the same segment (RFC 7413) starts behind it.
    const start = syn ? (seq + 1) >>> 0 : seq;
    let state = this.#state[stream];
    if ((state & SYNCED) === 0) {
      if (!syn && !fin && sentLength === 0) return 0;
      this.#next[stream] = start;
      state |= SYNCED;
      this.#state[stream] = state;
    }
    if (fin && (state & FIN_SEEN) === 0) {
      this.#fin[stream] = (start + sentLength) >>> 0;
      this.#state[stream] = state | FIN_SEEN;
    }
    if (sentLength === 0) return this.#finish(stream);
    if ((state & FINISHED) !== 0) {
      this.retransmittedBytes += sentLength;
      return RETRANSMITTED;
    }
    let ahead = (start - this.#next[stream]) | 0;
    if (ahead > 0 && (state & ACKED) !== 0) {
      this.#giveUpAcked(stream, start);
      ahead = (start - this.#next[stream]) | 0;
    }
    const capturedEnd = Math.min(end, at + sentLength);
    if (ahead > 0) return this.#hold(stream, start, bytes, at, capturedEnd);
    if (ahead === 0) return this.#deliver(stream, bytes, at, capturedEnd, sentLength);
    const old = Math.min(sentLength, -ahead);
    this.retransmittedBytes += old;
    if (old === sentLength) return RETRANSMITTED | this.#finish(stream);
    return RETRANSMITTED | this.#deliver(stream, bytes, Math.min(at + old, capturedEnd), capturedEnd, sentLength - old);
  }

  /**
   * Tells that the other side acknowledged everything before `ack`: what is missing below it arrived there, but not here. The hole
   * is given up once data beyond it is seen, so that an acknowledgement captured before its data does no harm.
   */
  acknowledge(stream: number, ack: number): void {
    if (stream >= this.#state.length) return;
    const state = this.#state[stream];
    if ((state & SYNCED) === 0 || ((ack - this.#next[stream]) | 0) <= 0) return;
    if ((state & ACKED) === 0 || ((ack - this.#acked[stream]) | 0) > 0) {
      this.#acked[stream] = ack;
      this.#state[stream] = state | ACKED;
    }
    if (this.#held.size === 0) return;
    for (let held = this.#held.get(stream); held !== undefined; held = this.#held.get(stream)) {
      if (((ack - held.segments[0].seq) | 0) < 0) return;
      this.#skip(stream, held, 'acknowledged');
      this.#finish(stream);
    }
  }

  /** Ends a stream: what it holds is delivered with its gaps, then it is forgotten and its number may be used again. */
  end(stream: number): void {
    if (stream >= this.#state.length) return;
    for (let held = this.#held.get(stream); held !== undefined; held = this.#held.get(stream)) this.#skip(stream, held, 'ended');
    const state = this.#state[stream];
    if ((state & (SYNCED | FINISHED)) === SYNCED) {
      // Bytes that the FIN or an acknowledgement proves, and nobody captured. An acknowledgement may cover the FIN's own number.
      let proof = this.#next[stream];
      if ((state & FIN_SEEN) !== 0) proof = this.#fin[stream];
      else if ((state & ACKED) !== 0) proof = (this.#acked[stream] - 1) >>> 0;
      const missing = (proof - this.#next[stream]) | 0;
      if (missing > 0) this.#gap(stream, missing, 'ended');
    }
    this.release(stream);
  }

  /** Forgets a stream and what it holds, without telling the sink. */
  release(stream: number): void {
    if (stream >= this.#state.length) return;
    this.#state[stream] = 0;
    if (this.#held.size === 0) return;
    const held = this.#held.get(stream);
    if (held === undefined) return;
    this.heldBytes -= held.bytes;
    this.#held.delete(stream);
  }

  #deliver(stream: number, bytes: Uint8Array, at: number, end: number, sentLength: number): number {
    this.#next[stream] = (this.#next[stream] + sentLength) >>> 0;
    if (end > at) this.#sink.data(stream, bytes, at, end);
    if (end - at < sentLength) this.#gap(stream, sentLength - (end - at), 'cut');
    if (this.#held.size !== 0) {
      const held = this.#held.get(stream);
      if (held !== undefined) this.#drain(stream, held);
    }
    return DELIVERED | this.#finish(stream);
  }

  #finish(stream: number): number {
    const state = this.#state[stream];
    if ((state & (FIN_SEEN | FINISHED)) !== FIN_SEEN || ((this.#next[stream] - this.#fin[stream]) | 0) < 0) return 0;
    this.#state[stream] = state | FINISHED;
    this.#sink.fin(stream);
    return DELIVERED;
  }

  #gap(stream: number, length: number, why: GapReason): void {
    this.gaps++;
    this.gapBytes += length;
    this.#sink.gap(stream, length, why);
  }

  /** Gives up the hole before a segment at `start`, where all of it was acknowledged. */
  #giveUpAcked(stream: number, start: number): void {
    if (((this.#acked[stream] - start) | 0) < 0) return;
    for (let held = this.#held.get(stream); held !== undefined; held = this.#held.get(stream)) {
      if (((held.segments[0].seq - start) | 0) > 0) break;
      this.#skip(stream, held, 'acknowledged');
    }
    const missing = (start - this.#next[stream]) | 0;
    if (missing <= 0) return;
    this.#next[stream] = start;
    this.#gap(stream, missing, 'acknowledged');
  }

  /** Gives up the first hole of a stream and delivers what follows it. */
  #skip(stream: number, held: Held, why: GapReason): void {
    const missing = (held.segments[0].seq - this.#next[stream]) | 0;
    if (missing > 0) {
      this.#next[stream] = held.segments[0].seq;
      this.#gap(stream, missing, why);
    }
    this.#drain(stream, held);
  }

  #drain(stream: number, held: Held): void {
    const { frame, seconds, nanoseconds } = this;
    let done = 0;
    for (; done < held.segments.length; done++) {
      const segment = held.segments[done];
      const skip = (this.#next[stream] - segment.seq) | 0;
      if (skip < 0) break;
      held.bytes -= segment.bytes.length;
      this.heldBytes -= segment.bytes.length;
      if (skip >= segment.bytes.length) continue;
      this.#next[stream] = (segment.seq + segment.bytes.length) >>> 0;
      this.frame = segment.frame;
      this.seconds = segment.seconds;
      this.nanoseconds = segment.nanoseconds;
      this.#sink.data(stream, segment.bytes, skip, segment.bytes.length);
    }
    this.frame = frame;
    this.seconds = seconds;
    this.nanoseconds = nanoseconds;
    if (done === held.segments.length) this.#held.delete(stream);
    else if (done > 0) held.segments.splice(0, done);
  }

  /** Keeps the parts of `[at, end)` that are not held yet. */
  #hold(stream: number, seq: number, bytes: Uint8Array, at: number, end: number): number {
    this.outOfOrder++;
    if (end <= at) return HELD;
    let held = this.#held.get(stream);
    if (held === undefined) {
      held = { segments: [], bytes: 0 };
      this.#held.set(stream, held);
    }
    const { segments } = held;
    let result = HELD;
    // The first held segment that ends beyond `seq`.
    let i = segments.length;
    while (i > 0 && ((segments[i - 1].seq + segments[i - 1].bytes.length - seq) | 0) > 0) i--;
    let from = at;
    let start = seq;
    while (from < end) {
      const other = i < segments.length ? segments[i] : undefined;
      const before = other === undefined ? end - from : Math.min(end - from, (other.seq - start) | 0);
      if (before > 0) {
        const copy = bytes.slice(from, from + before);
        segments.splice(i++, 0, { seq: start, bytes: copy, frame: this.frame, seconds: this.seconds, nanoseconds: this.nanoseconds });
        held.bytes += before;
        this.heldBytes += before;
        start = (start + before) >>> 0;
        from += before;
      } else if (other !== undefined) {
        const otherAt = (start - other.seq) | 0;
        const overlap = Math.min(end - from, other.bytes.length - otherAt);
        result |= RETRANSMITTED;
        this.retransmittedBytes += overlap;
        if (!sameBytes(bytes, from, other.bytes, otherAt, overlap)) {
          result |= DIFFERS;
          this.differing++;
        }
        start = (start + overlap) >>> 0;
        from += overlap;
        i++;
      }
    }
    if (held.bytes > this.#maxHeldPerStream || segments.length > this.#maxSegments) result |= this.#evict(stream, held);
    while (this.heldBytes > this.#maxHeld) {
      const oldest = this.#held.entries().next();
      if (oldest.done === true) break;
      result |= this.#evict(oldest.value[0], oldest.value[1]);
    }
    return result;
  }

  #evict(stream: number, held: Held): number {
    this.evictions++;
    this.#skip(stream, held, 'evicted');
    this.#finish(stream);
    return SKIPPED;
  }

  #grow(stream: number): void {
    if (stream >= this.#maxStreams) throw new RangeError(`stream ${stream} of at most ${this.#maxStreams}`);
    let size = this.#state.length;
    while (size <= stream) size *= 2;
    size = Math.min(size, this.#maxStreams);
    this.#next = larger(this.#next, new Uint32Array(size));
    this.#fin = larger(this.#fin, new Uint32Array(size));
    this.#acked = larger(this.#acked, new Uint32Array(size));
    this.#state = larger(this.#state, new Uint8Array(size));
  }
}

function sameBytes(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (a[aAt + k] !== b[bAt + k]) return false;
  return true;
}

function larger<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
