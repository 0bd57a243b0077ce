import type { FlowPacket } from './flow-packet.ts';
import * as flowRow from './flow-row.ts';
import * as tcpState from './tcp-state.ts';
import * as history from './history.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { ACK_SEQ, CLOSED, COUNTS, ENDPOINT, FLAGS, NEXT_SEQ, RESET, ROW_SHIFT, START_SEQ } = flowRow;
const {
  ACK_LETTER, DATA_LETTER, FIN_LETTER, FIN_RST_LETTER, GAP_LETTER, MULTI_FLAG_LETTER, RETRANSMISSION_LETTER, RST_LETTER,
  SYN_ACK_LETTER, SYN_LETTER, ZERO_WINDOW_LETTER, appendHistory,
} = history;
const { ACK, ESTABLISHED, FIN, HAS_CLOSED, HAS_RESET, INACTIVE, PARTIAL, RST, SYN, SYN_ACK_SENT, SYN_SENT } = tcpState;

// Bits of the ENDPOINT word.
const STATE_MASK = 7;
/** START_SEQ and NEXT_SEQ are known. */
const STARTED = 1 << 3;
const FIN_SENT = 1 << 4;
/** ACK_SEQ holds what the other side acknowledged. */
const ACKED = 1 << 5;
const LETTER_SHIFT = 6;
const ACK_BIT = 1 << (LETTER_SHIFT + ACK_LETTER);
const DATA_BIT = 1 << (LETTER_SHIFT + DATA_LETTER);
const WRAP_SHIFT = 18;
const WRAP_MASK = 0x3fff;

const GAP_COUNT = 0;
const RETRANSMISSION_COUNT = 10;
const ZERO_WINDOW_COUNT = 20;

export function endpointState(words: Int32Array, row: number, dir: number): number {
  return words[row + ENDPOINT + dir] & STATE_MASK;
}

function setState(words: Int32Array, row: number, dir: number, state: number): void {
  const at = row + ENDPOINT + dir;
  words[at] = (words[at] & ~STATE_MASK) | state;
}

/** Writes a letter the first time it happens in a direction. */
function once(words: Int32Array, row: number, dir: number, letter: number): boolean {
  const at = row + ENDPOINT + dir;
  const bit = 1 << (LETTER_SHIFT + letter);
  if ((words[at] & bit) !== 0) return false;
  words[at] |= bit;
  appendHistory(words, row, letter, dir);
  return true;
}

/** Writes a letter for the 1st, 10th and 100th time: of counters of 10 bits, saturating. */
function scaled(words: Int32Array, row: number, dir: number, shift: number, letter: number): void {
  const at = row + COUNTS + dir;
  const count = ((words[at] >>> shift) & 0x3ff) + 1;
  if (count > 0x3ff) return;
  words[at] += 1 << shift;
  if (count === 1 || count === 10 || count === 100 || count === 1000) appendHistory(words, row, letter, dir);
}

export function noteGap(words: Int32Array, slot: number, dir: number): void {
  scaled(words, slot << ROW_SHIFT, dir, GAP_COUNT, GAP_LETTER);
}

export function noteRetransmission(words: Int32Array, slot: number, dir: number): void {
  scaled(words, slot << ROW_SHIFT, dir, RETRANSMISSION_COUNT, RETRANSMISSION_LETTER);
}

/**
 * What one side sent, bytes: the span of its sequence numbers, or what the other side acknowledged of it where that is more
 * (Zeek's `orig_bytes`; SYN and FIN take a number each and are taken off). Sequence numbers may have gone round several times.
 */
export function sentBytes(words: Int32Array, unsigned: Uint32Array, row: number, dir: number): number {
  const endpoint = words[row + ENDPOINT + dir];
  if ((endpoint & STARTED) === 0) return 0;
  let ahead = (unsigned[row + NEXT_SEQ + dir] - unsigned[row + START_SEQ + dir]) >>> 0;
  let wraps = (endpoint >>> WRAP_SHIFT) & WRAP_MASK;
  if ((endpoint & ACKED) !== 0) {
    const beyond = (words[row + ACK_SEQ + dir] - words[row + NEXT_SEQ + dir]) | 0;
    if (beyond > 0) {
      if (ahead + beyond > 0xffffffff) wraps++;
      ahead = (ahead + beyond) >>> 0;
    }
  }
  const span = ahead + wraps * 0x1_0000_0000 - 1 - ((endpoint & FIN_SENT) !== 0 ? 1 : 0);
  return span > 0 ? span : 0;
}

/** Where FIN and RST of a side were, so that a repetition is told from another one: two numbers a slot. */
export interface FlagPlaces {
  readonly fin: Uint32Array;
  readonly rst: Uint32Array;
}

/**
 * Takes one segment into the row: states of both sides, sequence space, history (RFC 9293 §3.10.7, Zeek's meanings). `length` is the
 * payload as sent.
 */
export function tcpSegment(
  words: Int32Array, unsigned: Uint32Array, slot: number, p: FlowPacket, length: number, fromOriginator: boolean, places: FlagPlaces,
): void {
  const row = slot << ROW_SHIFT;
  const { dir, seq, tcpFlags: flags } = p;
  const peer = dir ^ 1;
  const own = words[row + ENDPOINT + dir];
  const state = own & STATE_MASK;

  if ((own & STARTED) === 0 || ((flags & SYN) !== 0 && state === SYN_SENT && words[row + START_SEQ + dir] !== seq)) {
    // A side met without its SYN is taken as if the SYN stood right before.
    const start = (flags & SYN) !== 0 ? seq : seq - 1;
    words[row + START_SEQ + dir] = start;
    words[row + NEXT_SEQ + dir] = start + 1;
    words[row + ENDPOINT + dir] |= STARTED;
  }
  // Histories and states come first: data of the segment is judged by the sequence space that was known before it.
  const special = flags & (SYN | FIN | RST);
  if (special === 0) {
    if (hasZeroWindow(p)) scaled(words, row, dir, ZERO_WINDOW_COUNT, ZERO_WINDOW_LETTER);
    if (length === 0 && (own & ACK_BIT) === 0 && (flags & ACK) !== 0) once(words, row, dir, ACK_LETTER);
    if (state !== ESTABLISHED) step(words, row, dir, peer, flags, length, fromOriginator);
  } else {
    if (special === FIN && hasZeroWindow(p)) scaled(words, row, dir, ZERO_WINDOW_COUNT, ZERO_WINDOW_LETTER);
    flagHistory(words, row, slot, dir, flags, seq, length, places);
    step(words, row, dir, peer, flags, length, fromOriginator);
  }

  if ((flags & RST) === 0) {
    const end = seq + length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0);
    const advance = (end - words[row + NEXT_SEQ + dir]) | 0;
    if (advance > 0) {
      const ahead = (unsigned[row + NEXT_SEQ + dir] - unsigned[row + START_SEQ + dir]) >>> 0;
      if (ahead + advance > 0xffffffff) words[row + ENDPOINT + dir] += 1 << WRAP_SHIFT;
      words[row + NEXT_SEQ + dir] = end;
    }
    if ((flags & FIN) !== 0) words[row + ENDPOINT + dir] |= FIN_SENT;
    if ((flags & ACK) !== 0) {
      const ack = p.ack;
      const other = row + ENDPOINT + peer;
      if ((words[other] & ACKED) === 0 || ((ack - words[row + ACK_SEQ + peer]) | 0) > 0) {
        words[row + ACK_SEQ + peer] = ack;
        words[other] |= ACKED;
      }
    }
    if (length > 0 && (own & DATA_BIT) === 0) once(words, row, dir, DATA_LETTER);
  }
}

function hasZeroWindow(p: FlowPacket): boolean {
  return (p.bytes[p.l4At + 14] | p.bytes[p.l4At + 15]) === 0;
}

function flagHistory(words: Int32Array, row: number, slot: number, dir: number, flags: number, seq: number, length: number, places: FlagPlaces): void {
  const special = flags & (SYN | FIN | RST);
  const place = 2 * slot + dir;
  if (special === SYN) {
    const letter = (flags & ACK) !== 0 ? SYN_ACK_LETTER : SYN_LETTER;
    if (!once(words, row, dir, letter) && words[row + START_SEQ + dir] !== seq) appendHistory(words, row, letter, dir);
  } else if (special === FIN) {
    // A retransmitted FIN may bring other data: its own place counts.
    const at = (seq + length) >>> 0;
    if (!once(words, row, dir, FIN_LETTER) && places.fin[place] !== at) appendHistory(words, row, FIN_LETTER, dir);
    places.fin[place] = at;
  } else if (special === RST) {
    if (!once(words, row, dir, RST_LETTER) && places.rst[place] !== seq >>> 0) appendHistory(words, row, RST_LETTER, dir);
    places.rst[place] = seq;
  } else once(words, row, dir, (special & SYN) !== 0 ? MULTI_FLAG_LETTER : FIN_RST_LETTER);
}

/** The state machine: `dir` sent the segment. */
function step(words: Int32Array, row: number, dir: number, peer: number, flags: number, length: number, fromOriginator: boolean): void {
  const state = endpointState(words, row, dir);
  const other = endpointState(words, row, peer);
  if ((flags & RST) !== 0) {
    if (state === HAS_CLOSED || state === HAS_RESET) return;
    setState(words, row, dir, HAS_RESET);
    words[row + FLAGS] |= RESET;
    return;
  }
  if ((flags & SYN) !== 0) {
    if (state !== INACTIVE && state !== SYN_SENT) return;
    if ((flags & ACK) === 0) {
      setState(words, row, dir, SYN_SENT);
      // Both opened at once (RFC 9293 §3.5, figure 8).
    } else if (other === INACTIVE || fromOriginator) setState(words, row, dir, SYN_ACK_SENT);
    else {
      setState(words, row, dir, ESTABLISHED);
      if (other === SYN_SENT) setState(words, row, peer, ESTABLISHED);
    }
  } else if (state === INACTIVE) {
    // The answer to a SYN-ACK whose SYN was not captured opens the connection all the same.
    if (other === SYN_ACK_SENT && (flags & ACK) !== 0) {
      setState(words, row, dir, ESTABLISHED);
      setState(words, row, peer, ESTABLISHED);
    } else if ((flags & ACK) !== 0 || length > 0) setState(words, row, dir, PARTIAL);
  } else if (state === SYN_SENT && other === SYN_ACK_SENT) {
    setState(words, row, dir, ESTABLISHED);
    setState(words, row, peer, ESTABLISHED);
  }
  if ((flags & FIN) !== 0 && state !== HAS_RESET) {
    setState(words, row, dir, HAS_CLOSED);
    if (endpointState(words, row, peer) === HAS_CLOSED) words[row + FLAGS] |= CLOSED;
  }
}
