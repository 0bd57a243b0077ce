import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { quicFields as F } from './quic-fields.ts';

const FRAME = {
  PADDING: 0, PING: 1, ACK: 2, ACK_ECN: 3, RESET_STREAM: 4, STOP_SENDING: 5, CRYPTO: 6, NEW_TOKEN: 7, STREAM: 8, STREAM_LAST: 15, MAX_DATA: 16,
  MAX_STREAM_DATA: 17, MAX_STREAMS_BIDI: 18, MAX_STREAMS_UNI: 19, DATA_BLOCKED: 20, STREAM_DATA_BLOCKED: 21, STREAMS_BLOCKED_BIDI: 22,
  STREAMS_BLOCKED_UNI: 23, NEW_CONNECTION_ID: 24, RETIRE_CONNECTION_ID: 25, PATH_CHALLENGE: 26, PATH_RESPONSE: 27, CLOSE_TRANSPORT: 28,
  CLOSE_APPLICATION: 29, HANDSHAKE_DONE: 30, DATAGRAM: 48, DATAGRAM_LENGTH: 49,
} as const;

const STREAM_FIN = 1;
const STREAM_LEN = 2;
const STREAM_OFF = 4;
/** CRYPTO_ERROR: a TLS alert (RFC 9001 §4.8). */
const CRYPTO_ERROR = 0x100;

/** A variable-length integer (RFC 9000 §16): one reused reader. */
export class Varints {
  at = 0;
  end = 0;
  /** Length of the last one in bytes. */
  length = 0;
  /** False where bytes ran out; values are 0 from there on. */
  ok = true;

  begin(at: number, end: number): void {
    this.at = at;
    this.end = end;
    this.ok = true;
  }

  read(b: Uint8Array): number {
    if (this.at >= this.end) {
      this.ok = false;
      return 0;
    }
    const n = 1 << (b[this.at] >> 6);
    if (this.at + n > this.end) {
      this.ok = false;
      this.at = this.end;
      return 0;
    }
    let v = b[this.at] & 0x3f;
    for (let i = 1; i < n; i++) v = v * 256 + b[this.at + i];
    this.length = n;
    this.at += n;
    return v;
  }
}

const v = new Varints();

/** Puts a variable-length integer; one beyond the exact numbers as its bytes without the two bits of its length. */
export function putVarintValue(p: PacketView, f: Field, at: number, len: number, value: number): void {
  if (value <= Number.MAX_SAFE_INTEGER) {
    p.putInt(f, at, len, value);
    return;
  }
  if (!p.wants(f)) return;
  const bytes = p.bytes.slice(at, at + len);
  bytes[0] &= 0x3f;
  const source = p.derive(bytes, 'decrypted');
  if (source < 0) return;
  const outer = p.source;
  p.source = source;
  p.put(f, 0, len);
  p.source = outer;
}

function putVarint(p: PacketView, f: Field): number {
  const from = v.at;
  const value = v.read(p.bytes);
  if (v.ok) putVarintValue(p, f, from, v.at - from, value);
  return value;
}

function putBytes(p: PacketView, f: Field, length: number): void {
  if (length > v.end - v.at) v.ok = false;
  const there = Math.min(length, v.end - v.at);
  if (there > 0) p.put(f, v.at, there);
  v.at += there;
}

/** Who gets the bytes of CRYPTO and STREAM frames. */
export interface FrameReader {
  crypto(p: PacketView, offset: number, at: number, length: number): void;
  stream(p: PacketView, id: number, offset: number, at: number, length: number, fin: boolean): void;
}

/** Puts the frames of a decrypted packet, `[at, end)` of the current source (RFC 9000 §19). False where one breaks off. */
export function putFrames(p: PacketView, at: number, end: number, reader: FrameReader): boolean {
  v.begin(at, end);
  while (v.at < end) {
    const from = v.at;
    const type = v.read(p.bytes);
    if (!v.ok) return false;
    p.open(F.frame, from);
    p.putInt(F.frameType, from, v.at - from, type);
    if (!putFrame(p, from, type, end, reader)) {
      p.expert('error', 'undecoded', 'quic.ft.unknown', from, end - from);
      p.close(end);
      return true;
    }
    p.close(Math.min(v.at, end));
    if (!v.ok) return false;
  }
  return true;
}

/** The fields of one frame behind its type; false where the type is unknown. */
function putFrame(p: PacketView, from: number, type: number, end: number, reader: FrameReader): boolean {
  if (type >= FRAME.STREAM && type <= FRAME.STREAM_LAST) {
    putStream(p, type, end, reader);
    return true;
  }
  switch (type) {
    case FRAME.PADDING: {
      while (v.at < end && p.bytes[v.at] === 0) v.at++;
      p.putInt(F.paddingLength, from, 0, v.at - from);
      return true;
    }
    case FRAME.PING: case FRAME.HANDSHAKE_DONE: return true;
    case FRAME.ACK: case FRAME.ACK_ECN: putAck(p, type === FRAME.ACK_ECN); return true;
    case FRAME.RESET_STREAM:
      putVarint(p, F.resetStream);
      putVarint(p, F.resetError);
      putVarint(p, F.resetFinal);
      return true;
    case FRAME.STOP_SENDING:
      putVarint(p, F.stopStream);
      putVarint(p, F.stopError);
      return true;
    case FRAME.CRYPTO: {
      const offset = putVarint(p, F.cryptoOffset);
      const length = putVarint(p, F.cryptoLength);
      const dataAt = v.at;
      putBytes(p, F.cryptoData, length);
      if (v.ok) {
        const { at } = v;
        reader.crypto(p, offset, dataAt, length);
        v.begin(at, end);
      }
      return true;
    }
    case FRAME.NEW_TOKEN: putBytes(p, F.newToken, putVarint(p, F.newTokenLength)); return true;
    case FRAME.MAX_DATA: putVarint(p, F.maximumData); return true;
    case FRAME.MAX_STREAM_DATA:
      putVarint(p, F.maximumStreamId);
      putVarint(p, F.maximumStreamData);
      return true;
    case FRAME.MAX_STREAMS_BIDI: case FRAME.MAX_STREAMS_UNI: putVarint(p, F.maximumStreams); return true;
    case FRAME.DATA_BLOCKED: putVarint(p, F.dataLimit); return true;
    case FRAME.STREAM_DATA_BLOCKED:
      putVarint(p, F.blockedStream);
      putVarint(p, F.dataLimit);
      return true;
    case FRAME.STREAMS_BLOCKED_BIDI: case FRAME.STREAMS_BLOCKED_UNI: putVarint(p, F.streamLimit); return true;
    case FRAME.NEW_CONNECTION_ID: putNewConnectionId(p); return true;
    case FRAME.RETIRE_CONNECTION_ID: putVarint(p, F.retireCid); return true;
    case FRAME.PATH_CHALLENGE: putBytes(p, F.pathChallenge, 8); return true;
    case FRAME.PATH_RESPONSE: putBytes(p, F.pathResponse, 8); return true;
    case FRAME.CLOSE_TRANSPORT: case FRAME.CLOSE_APPLICATION: putClose(p, type === FRAME.CLOSE_APPLICATION); return true;
    case FRAME.DATAGRAM: putBytes(p, F.datagram, end - v.at); return true;
    case FRAME.DATAGRAM_LENGTH: putBytes(p, F.datagram, putVarint(p, F.datagramLength)); return true;
    default: return false;
  }
}

function putAck(p: PacketView, ecn: boolean): void {
  putVarint(p, F.ackLargest);
  putVarint(p, F.ackDelay);
  const ranges = putVarint(p, F.ackRangeCount);
  putVarint(p, F.ackFirstRange);
  for (let i = 0; i < ranges && v.ok; i++) {
    putVarint(p, F.ackGap);
    putVarint(p, F.ackRange);
  }
  if (!ecn) return;
  putVarint(p, F.ackEct0);
  putVarint(p, F.ackEct1);
  putVarint(p, F.ackCe);
}

function putStream(p: PacketView, type: number, end: number, reader: FrameReader): void {
  const typeAt = v.at - v.length;
  p.put(F.streamFin, typeAt, 1);
  p.put(F.streamLen, typeAt, 1);
  p.put(F.streamOff, typeAt, 1);
  const idAt = v.at;
  const id = putVarint(p, F.streamId);
  if (!v.ok) return;
  p.putInt(F.streamInitiator, idAt, v.at - idAt, id & 1);
  p.putInt(F.streamDirection, idAt, v.at - idAt, (id >> 1) & 1);
  const offset = (type & STREAM_OFF) !== 0 ? putVarint(p, F.streamOffset) : 0;
  const length = (type & STREAM_LEN) !== 0 ? putVarint(p, F.streamLength) : end - v.at;
  const dataAt = v.at;
  putBytes(p, F.streamData, length);
  if (!v.ok) return;
  const { at } = v;
  reader.stream(p, id, offset, dataAt, length, (type & STREAM_FIN) !== 0);
  v.begin(at, end);
}

function putNewConnectionId(p: PacketView): void {
  putVarint(p, F.newCidSequence);
  putVarint(p, F.newCidRetire);
  if (v.at >= v.end) {
    v.ok = false;
    return;
  }
  const length = p.bytes[v.at];
  p.put(F.newCidLength, v.at, 1);
  v.at++;
  putBytes(p, F.newCid, length);
  putBytes(p, F.newCidToken, 16);
}

function putClose(p: PacketView, application: boolean): void {
  const from = v.at;
  const code = putVarint(p, application ? F.closeApplicationError : F.closeError);
  if (!application) {
    if (code >= CRYPTO_ERROR && code < 2 * CRYPTO_ERROR) p.putInt(F.closeAlert, from, v.at - from, code - CRYPTO_ERROR);
    putVarint(p, F.closeFrameType);
  }
  putBytes(p, F.closeReason, putVarint(p, F.closeReasonLength));
}
