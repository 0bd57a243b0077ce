/** Longest PDU that is put together, and the sum of all that are under way: beyond, the segments are shown one by one. */
const MAX_PDU_BYTES = 16 * 1024 * 1024;
const MAX_PENDING_BYTES = 128 * 1024 * 1024;
/** Finished PDUs that a direction remembers, to know their segments when they are sent again. */
const REMEMBERED = 8;

/** For a missing length: the PDU ends where the stream does. */
export const UNTIL_FIN = 0x7fffffff;

/** One PDU of one direction that spans segments. */
export class SpanningPdu {
  /** Sequence number of the first byte, and of the byte behind the last (as far as known). */
  start: number;
  next: number;
  /** True where nobody knows how much is missing: one more segment is waited for. */
  open: boolean;
  done: boolean;
  /** True where the PDU ends with the stream. */
  untilFin: boolean;
  bytes: Uint8Array;
  firstFrame: number;
  /** Frames that gave bytes, in order, with how many each. */
  readonly frames: number[];
  readonly lengths: number[];
  /** Ranges of `bytes` that are there, as pairs, sorted. */
  readonly #ranges: number[];

  /** `room` is how many bytes it will hold, as far as known: they are not copied again as it grows. */
  constructor(start: number, firstFrame: number, room = 0) {
    this.start = start | 0;
    this.next = start | 0;
    this.open = false;
    this.done = false;
    this.untilFin = false;
    this.bytes = room === 0 ? EMPTY : new Uint8Array(room);
    this.firstFrame = firstFrame;
    this.frames = [];
    this.lengths = [];
    this.#ranges = [];
  }

  get length(): number {
    return (this.next - this.start) | 0;
  }

  /** Copies bytes to their place; bytes that are there already stay (the first to come is kept). */
  add(offset: number, b: Uint8Array, at: number, end: number, frame: number): void {
    const n = end - at;
    if (offset + n > this.bytes.length) {
      const grown = new Uint8Array(Math.max(offset + n, Math.min(this.bytes.length * 2, MAX_PDU_BYTES)));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    let from = offset;
    const to = offset + n;
    const ranges = this.#ranges;
    let i = 0;
    while (from < to) {
      while (i < ranges.length && ranges[i + 1] <= from) i += 2;
      const gapEnd = i < ranges.length ? Math.min(ranges[i], to) : to;
      if (gapEnd > from) this.bytes.set(b.subarray(at + from - offset, at + gapEnd - offset), from);
      from = i < ranges.length ? Math.max(gapEnd, Math.min(ranges[i + 1], to)) : to;
    }
    this.#cover(offset, to);
    const last = this.frames.length - 1;
    if (last >= 0 && this.frames[last] === frame) this.lengths[last] += n;
    else {
      this.frames.push(frame);
      this.lengths.push(n);
    }
  }

  #cover(from: number, to: number): void {
    const ranges = this.#ranges;
    let i = 0;
    while (i < ranges.length && ranges[i + 1] < from) i += 2;
    let j = i;
    while (j < ranges.length && ranges[j] <= to) {
      from = Math.min(from, ranges[j]);
      to = Math.max(to, ranges[j + 1]);
      j += 2;
    }
    ranges.splice(i, j - i, from, to);
  }

  /** True where every byte up to `next` has come. */
  get complete(): boolean {
    return this.#ranges.length === 2 && this.#ranges[0] === 0 && this.#ranges[1] >= this.length;
  }
}

/**
 * PDUs that span TCP segments, in the order of capture: a PDU belongs to the frame that completes it.
 *
 * Keyed by conversation and direction; objects exist only for directions in mid-message, and for a few PDUs that were finished.
 */
export class TcpPdus {
  pendingBytes: number;
  /** PDUs that were given up because of a limit. */
  refused: number;
  readonly #byDirection: Map<number, SpanningPdu[]>;

  constructor() {
    this.pendingBytes = 0;
    this.refused = 0;
    this.#byDirection = new Map();
  }

  /** The PDU, under way or finished, into which sequence number `seq` of a direction falls. */
  find(direction: number, seq: number): SpanningPdu | undefined {
    const list = this.#byDirection.get(direction);
    if (list === undefined) return undefined;
    for (let i = list.length - 1; i >= 0; i--) {
      const pdu = list[i];
      const offset = ((seq | 0) - pdu.start) | 0;
      if (offset < 0) continue;
      if (offset < pdu.length || (pdu.open && !pdu.done && offset === pdu.length)) return pdu;
    }
    return undefined;
  }

  /** True where a segment begins within a PDU that was put together and read: it overlaps what is finished. The first segment may come again. */
  overlapsRead(direction: number, seq: number): boolean {
    const pdu = this.find(direction, seq);
    return pdu !== undefined && pdu.done && (seq | 0) !== pdu.start;
  }

  /** Begins a PDU with the bytes that are there; `missing` 0 = unknown. Undefined where a limit forbids it. */
  begin(direction: number, seq: number, b: Uint8Array, at: number, end: number, missing: number, frame: number): SpanningPdu | undefined {
    const untilFin = missing === UNTIL_FIN;
    if (untilFin) missing = 0;
    const total = end - at + missing;
    if (total > MAX_PDU_BYTES || this.pendingBytes + total > MAX_PENDING_BYTES) {
      this.refused++;
      return undefined;
    }
    const pdu = new SpanningPdu(seq, frame, total);
    pdu.untilFin = untilFin;
    pdu.open = missing === 0;
    pdu.next = (pdu.start + total) | 0;
    pdu.add(0, b, at, end, frame);
    this.pendingBytes += total;
    let list = this.#byDirection.get(direction);
    if (list === undefined) {
      list = [];
      this.#byDirection.set(direction, list);
    }
    list.push(pdu);
    if (list.length > REMEMBERED) this.#forget(list);
    return pdu;
  }

  /** True where a PDU of this direction waits for the end of the stream. */
  endsWithStream(direction: number): boolean {
    const list = this.#byDirection.get(direction);
    if (list === undefined) return false;
    const last = list[list.length - 1];
    return last.untilFin && !last.done;
  }

  /** Lengthens a PDU that turned out to need more. False where a limit forbids it. */
  extend(pdu: SpanningPdu, missing: number): boolean {
    if (missing === UNTIL_FIN) {
      pdu.untilFin = true;
      pdu.open = true;
      return true;
    }
    if (pdu.length + missing > MAX_PDU_BYTES || this.pendingBytes + missing > MAX_PENDING_BYTES) {
      this.refused++;
      this.finish(pdu);
      return false;
    }
    pdu.open = missing === 0;
    pdu.next = (pdu.next + missing) | 0;
    this.pendingBytes += missing;
    return true;
  }

  /** Marks a PDU as read; its bytes stay valid for the packet at hand. */
  finish(pdu: SpanningPdu): void {
    if (pdu.done) return;
    pdu.done = true;
    this.pendingBytes -= pdu.length;
    pdu.bytes = EMPTY;
  }

  /** Drops all of a direction: its conversation was forgotten. */
  drop(direction: number): void {
    const list = this.#byDirection.get(direction);
    if (list === undefined) return;
    for (const pdu of list) this.finish(pdu);
    this.#byDirection.delete(direction);
  }

  #forget(list: SpanningPdu[]): void {
    const done = list.findIndex((pdu) => pdu.done);
    const [gone] = list.splice(Math.max(done, 0), 1);
    this.finish(gone);
  }
}

const EMPTY = new Uint8Array(0);
