import { UnackedSegments } from './unacked-segments.ts';

// What one direction of a TCP conversation shows to somebody who sees its segments pass: the flags that analysts know as
// tcp.analysis (described in the Wireshark User's Guide, "TCP Analysis"), round-trip times and bytes in flight.

import * as tcpFindings from './tcp-findings.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const {
  ACK, ACK_LOST_SEGMENT, DUPLICATE_ACK, FAST_RETRANSMISSION, FIN, KEEP_ALIVE, KEEP_ALIVE_ACK, LOST_SEGMENT, OUT_OF_ORDER, PSH,
  RETRANSMISSION, RST, SAW_ACK, SAW_DATA, SAW_FIN, SAW_RST, SAW_SYN, SAW_SYN_ACK, SCALE_NONE, SCALE_UNKNOWN,
  SPURIOUS_RETRANSMISSION, SYN, WINDOW_FULL, WINDOW_UPDATE, ZERO_WINDOW, ZERO_WINDOW_PROBE, ZERO_WINDOW_PROBE_ACK,
} = tcpFindings;

// Columns of one direction, in one Int32Array.
const KNOWN = 0;
const BASE = 1;
const NEXT_SEQ = 2;
const NEXT_FRAME = 3;
const NEXT_SECONDS = 4;
const NEXT_NANOS = 5;
const MAX_TO_BE_ACKED = 6;
const LAST_ACK = 7;
const LAST_ACK_SECONDS = 8;
const LAST_ACK_NANOS = 9;
const LAST_NON_DUPLICATE = 10;
const DUPLICATES = 11;
const WINDOW = 12;
const SCALE = 13;
const LAST_FLAGS = 14;
const UNACKED_HEAD = 15;
const UNACKED_COUNT = 16;
const PUSH_BYTES = 17;
const PUSH_SET = 18;
const VALID_FLIGHT = 19;
/** 1 after an acknowledgement of what was not captured, until this direction speaks again. */
const ACK_LOST_TOLD = 20;
/** Bytes that the newest segment of this direction reports beyond its acknowledgement (SACK), D-SACK blocks included. */
const SACKED = 21;
const STRIDE = 22;

const MAX_UNACKED = 10_000;
const FAST_RETRANSMIT_NS = 20_000_000;
/** Reordering closer than this, or than the initial round trip, is taken for reordering and not for a resend. */
const OUT_OF_ORDER_NS = 3_000_000;

/**
 * Follows sequence numbers, acknowledgements and windows of all conversations, by conversation slot.
 *
 * `segment` is called once a segment in the order of capture; what it found stands in the public members until the next call.
 * Numbers are relative to each direction's first (RFC 9293 §3.4 arithmetic modulo 2^32).
 */
export class TcpAnalysis {
  flags: number;
  relativeSeq: number;
  relativeAck: number;
  nextSeq: number;
  duplicateNumber: number;
  duplicateFrame: number;
  /** Frame that this segment acknowledges exactly, 0 = none, and the time since. */
  ackedFrame: number;
  rttSeconds: number;
  rttNanos: number;
  /** 0 = not known. */
  bytesInFlight: number;
  pushBytes: number;
  /** Frame after which the resend waited, 0 = none, and how long. */
  rtoFrame: number;
  rtoSeconds: number;
  rtoNanos: number;
  /** Window in bytes; `scale` as SCALE_* or the shift. */
  window: number;
  scale: number;
  /** Segments with anything to tell have this set: `tcp.analysis` is shown. */
  shown: boolean;

  /** Round trip of the handshake by conversation; 0 s 0 ns = not known. */
  firstRttSeconds: Int32Array;
  firstRttNanos: Int32Array;
  completeness: Uint8Array;
  /** Who closed first, by conversation: 0 nobody yet, else direction + 1. */
  closedBy: Uint8Array;

  #columns: Int32Array;
  #synSeconds: Int32Array;
  #synNanos: Int32Array;
  #synFrame: Int32Array;
  #capacity: number;
  readonly #unacked: UnackedSegments;

  constructor() {
    const n = 1024;
    this.flags = 0;
    this.relativeSeq = 0;
    this.relativeAck = 0;
    this.nextSeq = 0;
    this.duplicateNumber = 0;
    this.duplicateFrame = 0;
    this.ackedFrame = 0;
    this.rttSeconds = 0;
    this.rttNanos = 0;
    this.bytesInFlight = 0;
    this.pushBytes = 0;
    this.rtoFrame = 0;
    this.rtoSeconds = 0;
    this.rtoNanos = 0;
    this.window = 0;
    this.scale = SCALE_UNKNOWN;
    this.shown = false;
    this.firstRttSeconds = new Int32Array(n);
    this.firstRttNanos = new Int32Array(n);
    this.completeness = new Uint8Array(n);
    this.closedBy = new Uint8Array(n);
    this.#columns = new Int32Array(n * 2 * STRIDE);
    this.#synSeconds = new Int32Array(n);
    this.#synNanos = new Int32Array(n);
    this.#synFrame = new Int32Array(n);
    this.#capacity = n;
    this.#unacked = new UnackedSegments();
  }

  /** True where a SYN with this number begins another conversation between the same ports. */
  isReuse(slot: number, dir: 0 | 1, seq: number): boolean {
    if (slot >= this.#capacity) return false;
    const k = (slot * 2 + dir) * STRIDE;
    return (this.#columns[k + KNOWN] & 1) !== 0 && this.#columns[k + BASE] !== (seq | 0);
  }

  /** First sequence number of a direction, raw; 0 where none was seen. */
  baseOf(slot: number, dir: 0 | 1): number {
    return slot < this.#capacity ? this.#columns[(slot * 2 + dir) * STRIDE + BASE] : 0;
  }

  /** Makes room for a conversation; call when it begins. */
  ensure(slot: number): void {
    if (slot < this.#capacity) return;
    let n = this.#capacity;
    while (n <= slot) n *= 2;
    const into = <T extends Int32Array | Uint8Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.firstRttSeconds = into(this.firstRttSeconds, new Int32Array(n));
    this.firstRttNanos = into(this.firstRttNanos, new Int32Array(n));
    this.completeness = into(this.completeness, new Uint8Array(n));
    this.closedBy = into(this.closedBy, new Uint8Array(n));
    this.#columns = into(this.#columns, new Int32Array(n * 2 * STRIDE));
    this.#synSeconds = into(this.#synSeconds, new Int32Array(n));
    this.#synNanos = into(this.#synNanos, new Int32Array(n));
    this.#synFrame = into(this.#synFrame, new Int32Array(n));
    this.#capacity = n;
  }

  /** Drops what is known of a conversation: its slot passes to another one. */
  forget(slot: number): void {
    if (slot >= this.#capacity) return;
    for (let k = slot * 2 * STRIDE; k < (slot + 1) * 2 * STRIDE; k += STRIDE) {
      this.#unacked.drop(this.#columns, k + UNACKED_HEAD, k + UNACKED_COUNT);
      this.#columns.fill(0, k, k + STRIDE);
    }
    this.firstRttSeconds[slot] = 0;
    this.firstRttNanos[slot] = 0;
    this.completeness[slot] = 0;
    this.closedBy[slot] = 0;
    this.#synSeconds[slot] = 0;
    this.#synNanos[slot] = 0;
    this.#synFrame[slot] = 0;
  }

  /** Notes a window scale option of a SYN, and what its absence means (RFC 7323 §2.2: both or none). */
  windowScale(slot: number, dir: 0 | 1, flags: number, shift: number): void {
    this.ensure(slot);
    const c = this.#columns;
    const fwd = (slot * 2 + dir) * STRIDE;
    const rev = (slot * 2 + 1 - dir) * STRIDE;
    if (shift >= 0) c[fwd + SCALE] = shift + 1;
    else c[fwd + SCALE] = SCALE_NONE;
    if ((flags & ACK) === 0) {
      if (shift < 0 && c[rev + SCALE] === 0) c[rev + SCALE] = SCALE_NONE;
      return;
    }
    if (c[fwd + SCALE] === SCALE_NONE || c[rev + SCALE] === SCALE_NONE) {
      c[fwd + SCALE] = SCALE_NONE;
      c[rev + SCALE] = SCALE_NONE;
    }
  }

  /** Notes how many bytes the SACK option of the segment at hand reports. */
  sacked(slot: number, dir: 0 | 1, bytes: number): void {
    this.#columns[(slot * 2 + dir) * STRIDE + SACKED] = bytes;
  }

  /** Counts from another first number: a second SYN+ACK with another number. What was seen stays. */
  rebase(slot: number, dir: 0 | 1, seq: number): void {
    this.#columns[(slot * 2 + dir) * STRIDE + BASE] = seq;
  }

  /** Follows one segment. `len` is its payload as sent; `window` as it stands in the header. */
  segment(slot: number, dir: 0 | 1, frame: number, seconds: number, nanos: number, seq: number, ack: number, flags: number, window: number, len: number): void {
    this.ensure(slot);
    const c = this.#columns;
    const fwd = (slot * 2 + dir) * STRIDE;
    const rev = (slot * 2 + 1 - dir) * STRIDE;
    this.#begin(slot, c, fwd, rev, frame, seconds, nanos, seq, ack, flags, window, len);
    const s = this.relativeSeq | 0;
    const a = this.relativeAck | 0;
    const end = (s + len) | 0;
    const control = flags & (SYN | FIN | RST);
    let found = this.flags;
    const nextSeq = c[fwd + NEXT_SEQ];
    const still = len === 0 && s === nextSeq && a === c[fwd + LAST_ACK] && control === 0;

    if (len === 1 && s === nextSeq && c[rev + WINDOW] === 0 && (c[rev + KNOWN] & 2) !== 0) found |= ZERO_WINDOW_PROBE;
    else {
      if (window === 0 && control === 0) found |= ZERO_WINDOW;
      if (nextSeq !== 0 && after(s, nextSeq) && (flags & RST) === 0) {
        found |= LOST_SEGMENT;
        c[fwd + VALID_FLIGHT] = 0;
      }
      if (len <= 1 && s === ((nextSeq - 1) | 0) && control === 0) found |= KEEP_ALIVE;
      const sameWindow = window === c[fwd + WINDOW];
      if (still && window !== 0 && !sameWindow) found |= WINDOW_UPDATE;
      if (len > 0 && control === 0 && c[rev + SCALE] !== 0 && end === ((c[rev + LAST_ACK] + scaled(c[rev + WINDOW], c[rev + SCALE])) | 0)) found |= WINDOW_FULL;
      if (still && window !== 0 && sameWindow && (c[rev + LAST_FLAGS] & KEEP_ALIVE) !== 0) found |= KEEP_ALIVE_ACK;
      else if (still && window === 0 && sameWindow && (c[rev + LAST_FLAGS] & ZERO_WINDOW_PROBE) !== 0) found |= ZERO_WINDOW_PROBE_ACK;
      else if (still && window !== 0 && sameWindow) {
        c[fwd + DUPLICATES]++;
        found |= DUPLICATE_ACK;
        this.duplicateNumber = c[fwd + DUPLICATES];
        this.duplicateFrame = c[fwd + LAST_NON_DUPLICATE];
      }
    }

    if (a !== c[fwd + LAST_ACK]) {
      c[fwd + LAST_NON_DUPLICATE] = frame;
      c[fwd + DUPLICATES] = 0;
    }
    let silenced = false;
    c[fwd + ACK_LOST_TOLD] = 0;
    if (c[rev + MAX_TO_BE_ACKED] !== 0 && after(a, c[rev + MAX_TO_BE_ACKED]) && (flags & ACK) !== 0) {
      if (a === ((c[fwd + LAST_ACK] + 1) | 0) && s === nextSeq && (c[rev + LAST_FLAGS] & ZERO_WINDOW_PROBE) !== 0) {
        // The probe's byte was taken: the window is open again.
        found |= WINDOW_UPDATE;
        c[rev + MAX_TO_BE_ACKED] = c[rev + NEXT_SEQ];
      } else if (c[rev + ACK_LOST_TOLD] === 0) {
        found |= ACK_LOST_SEGMENT;
        // Beyond all that the other side showed: told once, until it speaks again.
        if (c[rev + MAX_TO_BE_ACKED] === c[rev + NEXT_SEQ]) c[rev + ACK_LOST_TOLD] = 1;
        // Who acknowledges it has it: what is in flight can be counted again.
        c[rev + VALID_FLIGHT] = 1;
        c[rev + MAX_TO_BE_ACKED] = c[rev + NEXT_SEQ];
      } else silenced = true;
    }

    const counted = len > 0 || (flags & (SYN | FIN)) !== 0;
    if (counted && (found & KEEP_ALIVE) === 0) found |= this.#resent(slot, c, fwd, rev, seconds, nanos, s, end, len, flags);

    let next = end;
    if ((flags & (SYN | FIN)) !== 0) next = (next + 1) | 0;
    this.nextSeq = next >>> 0;
    if (counted && c[fwd + UNACKED_COUNT] < MAX_UNACKED) this.#unacked.push(c, fwd + UNACKED_HEAD, fwd + UNACKED_COUNT, frame, s, next, seconds, nanos);
    if (after(next, nextSeq) || nextSeq === 0) {
      if ((found & ZERO_WINDOW_PROBE) === 0) {
        c[fwd + NEXT_SEQ] = next;
        c[fwd + NEXT_FRAME] = frame;
        c[fwd + NEXT_SECONDS] = seconds;
        c[fwd + NEXT_NANOS] = nanos;
      }
    }
    if ((s === c[fwd + MAX_TO_BE_ACKED] || c[fwd + MAX_TO_BE_ACKED] === 0) && (found & ZERO_WINDOW_PROBE) === 0 && c[fwd + UNACKED_COUNT] < MAX_UNACKED) c[fwd + MAX_TO_BE_ACKED] = c[fwd + NEXT_SEQ];
    if ((flags & ACK) !== 0) c[rev + VALID_FLIGHT] = 1;
    c[fwd + WINDOW] = window;
    c[fwd + LAST_ACK] = a;
    c[fwd + LAST_ACK_SECONDS] = seconds;
    c[fwd + LAST_ACK_NANOS] = nanos;
    c[fwd + LAST_FLAGS] = found;
    c[fwd + KNOWN] |= 2;
    this.flags = found;
    this.#acknowledge(c, rev, a, seconds, nanos);
    c[fwd + SACKED] = 0;
    this.#flight(c, fwd, rev, flags, len);
    this.shown = silenced || found !== 0 || this.ackedFrame !== 0 || this.bytesInFlight !== 0 || this.rtoFrame !== 0;
  }

  #begin(slot: number, c: Int32Array, fwd: number, rev: number, frame: number, seconds: number, nanos: number, seq: number, ack: number, flags: number, window: number, len: number): void {
    this.flags = 0;
    this.duplicateNumber = 0;
    this.duplicateFrame = 0;
    this.ackedFrame = 0;
    this.bytesInFlight = 0;
    this.pushBytes = 0;
    this.rtoFrame = 0;
    const isFirst = (c[fwd + KNOWN] & 2) === 0 && (c[rev + KNOWN] & 2) === 0;
    if ((c[fwd + KNOWN] & 1) === 0) {
      c[fwd + KNOWN] |= 1;
      c[fwd + BASE] = (flags & SYN) !== 0 ? seq : seq - 1;
      c[fwd + VALID_FLIGHT] = 1;
    }
    if ((c[rev + KNOWN] & 1) === 0 && (flags & SYN) === 0 && (flags & ACK) !== 0) {
      c[rev + KNOWN] |= 1;
      c[rev + BASE] = ack - 1;
      c[rev + VALID_FLIGHT] = 1;
    } else if ((c[rev + KNOWN] & 1) === 0 && (flags & ACK) !== 0 && (flags & SYN) !== 0) {
      c[rev + KNOWN] |= 1;
      c[rev + BASE] = ack - 1;
      c[rev + VALID_FLIGHT] = 1;
    }
    this.relativeSeq = (seq - c[fwd + BASE]) >>> 0;
    this.relativeAck = (flags & ACK) !== 0 ? (ack - c[rev + BASE]) >>> 0 : ack;
    const scale = c[fwd + SCALE];
    this.scale = scale > 0 ? scale - 1 : scale === 0 ? SCALE_UNKNOWN : SCALE_NONE;
    this.window = (flags & SYN) !== 0 ? window : scaled(window, scale);
    if ((flags & FIN) !== 0 && this.closedBy[slot] === 0) this.closedBy[slot] = fwd % (2 * STRIDE) === 0 ? 1 : 2;
    this.#handshake(slot, isFirst, frame, seconds, nanos, flags, len);
  }

  /** Progress of the conversation. A first segment that is no SYN tells nothing of it: it may be of its middle. */
  #handshake(slot: number, isFirst: boolean, frame: number, seconds: number, nanos: number, flags: number, len: number): void {
    if (isFirst && (flags & (SYN | ACK)) !== SYN) return;
    if ((flags & SYN) !== 0) {
      if ((flags & ACK) === 0) {
        this.completeness[slot] |= SAW_SYN;
        this.#synSeconds[slot] = seconds;
        this.#synNanos[slot] = nanos;
        this.#synFrame[slot] = frame;
      } else this.completeness[slot] |= SAW_SYN_ACK;
    } else if ((flags & ACK) !== 0) this.#firstRtt(slot, seconds, nanos);
    if (len > 0) this.completeness[slot] |= SAW_DATA;
    else if ((flags & (SYN | RST | ACK)) === ACK) this.completeness[slot] |= SAW_ACK;
    if ((flags & FIN) !== 0) this.completeness[slot] |= SAW_FIN;
    if ((flags & RST) !== 0) this.completeness[slot] |= SAW_RST;
  }

  /** From the SYN to the ACK that ends the handshake, once a conversation. */
  #firstRtt(slot: number, seconds: number, nanos: number): void {
    if (this.#synFrame[slot] === 0 || this.firstRttSeconds[slot] !== 0 || this.firstRttNanos[slot] !== 0) return;
    let s = seconds - (this.#synSeconds[slot] >>> 0);
    let n = nanos - this.#synNanos[slot];
    if (n < 0) {
      s--;
      n += 1_000_000_000;
    }
    this.firstRttSeconds[slot] = s;
    this.firstRttNanos[slot] = n;
  }

  /** What a segment is that does not advance the sequence. */
  #resent(slot: number, c: Int32Array, fwd: number, rev: number, seconds: number, nanos: number, s: number, end: number, len: number, flags: number): number {
    const nextSeq = c[fwd + NEXT_SEQ];
    // One byte back and beyond the end: new data behind a keep-alive's byte, or behind a FIN that was not the end.
    const isOneBack = s === ((nextSeq - 1) | 0) && after(end, nextSeq);
    const notAdvanced = nextSeq !== 0 && after(nextSeq, s) && !isOneBack;
    if (notAdvanced) {
      const sinceAck = span(seconds, nanos, c[rev + LAST_ACK_SECONDS], c[rev + LAST_ACK_NANOS]);
      if (c[rev + DUPLICATES] >= 2 && sinceAck < FAST_RETRANSMIT_NS && c[rev + LAST_ACK] === s) return FAST_RETRANSMISSION;
    }
    if (len > 0 && c[rev + LAST_ACK] !== 0 && !after(end, c[rev + LAST_ACK])) return SPURIOUS_RETRANSMISSION | RETRANSMISSION;
    if (notAdvanced) {
      const first = this.firstRttSeconds[slot] * 1e9 + this.firstRttNanos[slot];
      const threshold = first === 0 ? OUT_OF_ORDER_NS : first;
      const next = (end + ((flags & (SYN | FIN)) !== 0 ? 1 : 0)) | 0;
      const since = span(seconds, nanos, c[fwd + NEXT_SECONDS], c[fwd + NEXT_NANOS]);
      if (since >= 0 && since < threshold && nextSeq !== next) return OUT_OF_ORDER;
    }
    if (!notAdvanced) return 0;
    this.#rto(c, fwd, seconds, nanos);
    return RETRANSMISSION;
  }

  /** The time since the oldest segment that waits for its acknowledgement, or since the newest where none waits. */
  #rto(c: Int32Array, fwd: number, seconds: number, nanos: number): void {
    const list = this.#unacked;
    const oldest = list.last(c[fwd + UNACKED_COUNT] === 0 ? -1 : c[fwd + UNACKED_HEAD]);
    let s = seconds - ((oldest < 0 ? c[fwd + NEXT_SECONDS] : list.seconds[oldest]) >>> 0);
    let n = nanos - (oldest < 0 ? c[fwd + NEXT_NANOS] : list.nanos[oldest]);
    if (n < 0) {
      s--;
      n += 1_000_000_000;
    }
    // A clock that stepped back: both parts have one sign.
    if (s < 0 && n > 0) {
      s++;
      n -= 1_000_000_000;
    }
    this.rtoSeconds = s;
    this.rtoNanos = n;
    this.rtoFrame = oldest < 0 ? c[fwd + NEXT_FRAME] : list.frame[oldest];
  }

  #acknowledge(c: Int32Array, rev: number, a: number, seconds: number, nanos: number): void {
    const list = this.#unacked;
    let previous = -1;
    let i = c[rev + UNACKED_COUNT] === 0 ? -1 : c[rev + UNACKED_HEAD];
    while (i >= 0) {
      const next = list.next[i];
      if (a === list.nextSeq[i]) {
        this.ackedFrame = list.frame[i];
        let s = seconds - (list.seconds[i] >>> 0);
        let n = nanos - list.nanos[i];
        if (n < 0) {
          s--;
          n += 1_000_000_000;
        }
        if (s < 0 && n > 0) {
          s++;
          n -= 1_000_000_000;
        }
        this.rttSeconds = s;
        this.rttNanos = n;
      } else if (after(a, list.seq[i]) && !after(a, list.nextSeq[i])) {
        list.seq[i] = a;
        previous = i;
        i = next;
        continue;
      } else if (after(list.nextSeq[i], a)) {
        previous = i;
        i = next;
        continue;
      }
      list.remove(c, rev + UNACKED_HEAD, rev + UNACKED_COUNT, previous, i);
      i = next;
    }
  }

  #flight(c: Int32Array, fwd: number, rev: number, flags: number, len: number): void {
    if (len === 0 || c[fwd + VALID_FLIGHT] === 0 || c[fwd + UNACKED_COUNT] === 0) return;
    const list = this.#unacked;
    let i = c[fwd + UNACKED_HEAD];
    let first = list.seq[i];
    let last = list.nextSeq[i];
    for (i = list.next[i]; i >= 0; i = list.next[i]) {
      if (after(list.nextSeq[i], last)) last = list.nextSeq[i];
      if (after(first, list.seq[i])) first = list.seq[i];
    }
    const inFlight = (last - first - c[rev + SACKED] - ((flags & (SYN | FIN)) !== 0 ? 1 : 0)) | 0;
    if (inFlight <= 0) return;
    this.bytesInFlight = inFlight;
    if (c[fwd + PUSH_SET] !== 0) c[fwd + PUSH_BYTES] = len;
    else c[fwd + PUSH_BYTES] += len;
    c[fwd + PUSH_SET] = (flags & PSH) !== 0 ? 1 : 0;
    this.pushBytes = c[fwd + PUSH_BYTES];
  }
}

/** True where `a` follows `b` (RFC 9293 §3.4). */
function after(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

/** Bytes of a window; the column holds shift + 1, 0 = unknown, SCALE_NONE = off. */
function scaled(window: number, column: number): number {
  return column > 0 ? window * 2 ** (column - 1) : window;
}

function span(seconds: number, nanos: number, fromSeconds: number, fromNanos: number): number {
  return (seconds - (fromSeconds >>> 0)) * 1e9 + (nanos - fromNanos);
}
