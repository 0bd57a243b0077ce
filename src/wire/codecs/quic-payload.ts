import type { PacketView } from '../packet-view.ts';
import type { QuicConnection } from './quic-connection.ts';
import { LEVEL, quicConnections } from './quic-connection.ts';
import { quicFields as F } from './quic-fields.ts';
import type { FrameReader } from './quic-frames.ts';
import { putFrames } from './quic-frames.ts';
import { OpenedPacket, QuicKeys, openPayload, unmaskHeader } from './quic-keys.ts';
import { createTlsConversation } from './tls-conversation.ts';
import { suiteOf } from './tls-suites.ts';

const packet = new OpenedPacket();

/** What became of a packet's protection; one reused object, valid until the next packet. */
export class QuicPayload {
  long = false;
  number = false;
  decrypted = false;
  level = 0;
  side = 0;
  numberAt = 0;
  end = 0;
  connection: QuicConnection | undefined;

  /** The bits of the first byte that header protection hid. */
  putFirst(p: PacketView, at: number): void {
    if (!this.number) return;
    if (this.long) {
      p.putInt(F.longReserved, at, 1, (packet.first >> 2) & 3);
      p.putInt(F.numberLength, at, 1, packet.first & 3);
      return;
    }
    p.putInt(F.shortReserved, at, 1, (packet.first >> 3) & 3);
    p.putInt(F.keyPhase, at, 1, (packet.first >> 2) & 1);
    p.putInt(F.numberLength, at, 1, packet.first & 3);
  }

  /** Long packets say each that they stay closed; of short ones, which are many, the first after the handshake chose a cipher. */
  noteFailure(p: PacketView, at: number): void {
    const c = this.connection;
    if (!this.long) {
      if (c === undefined || c.closedNoted) return;
      c.closedNoted = p.trackers.state('tls.quic', c.number, createTlsConversation).cipher !== 0;
    }
    p.expert('warn', 'decryption', 'quic.decryption_failed', at, 0);
  }

  /** Packet number, payload and, where it was decrypted, frames. */
  put(p: PacketView): void {
    const c = this.connection;
    if (!this.number) {
      if (this.end > this.numberAt) p.put(F.remainingPayload, this.numberAt, this.end - this.numberAt);
      this.noteFailure(p, this.numberAt);
      return;
    }
    p.putInt(F.packetNumber, this.numberAt, packet.numberLength, packet.number);
    const payloadAt = this.numberAt + packet.numberLength;
    if (this.end > payloadAt) p.put(this.long ? F.payload : F.protectedPayload, payloadAt, this.end - payloadAt);
    if (!this.decrypted || c === undefined) {
      this.noteFailure(p, payloadAt);
      return;
    }
    const { payload } = packet;
    const source = p.derive(payload, 'decrypted');
    if (source < 0) return;
    const { bytes, source: outer } = p;
    p.bytes = payload;
    p.source = source;
    reader.connection = c;
    reader.level = this.level;
    reader.side = this.side;
    putFrames(p, 0, payload.length, reader);
    p.bytes = bytes;
    p.source = outer;
  }
}

const result = new QuicPayload();

const LABELS = [['', ''], ['CLIENT_EARLY_TRAFFIC_SECRET', ''], ['CLIENT_HANDSHAKE_TRAFFIC_SECRET', 'SERVER_HANDSHAKE_TRAFFIC_SECRET'], ['CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0']] as const;
/** What early data is protected with where nobody has told yet. */
const EARLY_SUITE = 0x1301;

/** Keys of a level and side from the secrets that are known (RFC 9001 §5.1). */
function keysFromLog(p: PacketView, c: QuicConnection, level: number, side: number): QuicKeys | undefined {
  const { keyLog } = p.trackers;
  if (keyLog.size === 0 || level === LEVEL.INITIAL) return undefined;
  const talk = p.trackers.state('tls.quic', c.number, createTlsConversation);
  const suite = suiteOf(talk.cipher !== 0 ? talk.cipher : EARLY_SUITE);
  const secret = keyLog.find(LABELS[level][side], talk.clientRandom);
  if (suite?.aead === undefined || secret === undefined) return undefined;
  const keys = new QuicKeys(p.host, suite.aead, suite.hash, secret, c.version);
  c.setKeys(level, side, keys);
  return keys;
}

/** Takes protection off the packet whose number is at `numberAt`, as far as keys are there. */
export function readPayload(p: PacketView, at: number, numberAt: number, end: number, c: QuicConnection | undefined, level: number, long: boolean): QuicPayload {
  const r = result;
  r.long = long;
  r.number = false;
  r.decrypted = false;
  r.level = level;
  r.numberAt = numberAt;
  r.end = end;
  r.connection = c;
  if (c === undefined) return r;
  const side = p.dir === c.clientDir ? 0 : 1;
  r.side = side;
  const keys = c.keys[level]?.[side] ?? keysFromLog(p, c, level, side);
  if (keys === undefined) return r;
  const space = c.space(level, side);
  if (!unmaskHeader(p.host, keys, p.bytes, at, numberAt, end, space.largest, packet)) return r;
  r.number = true;
  if (!openPayload(p.host, keys, p.bytes, at, numberAt, end, packet)) {
    // The sender may have moved on to its next keys (RFC 9001 §6).
    const next = level === LEVEL.APPLICATION ? keys.updated(p.host, c.version) : undefined;
    if (next === undefined || ((packet.first >> 2) & 1) === c.keyPhase[side] || !openPayload(p.host, next, p.bytes, at, numberAt, end, packet)) return r;
    c.setKeys(level, side, next);
    c.keyPhase[side] = (packet.first >> 2) & 1;
  }
  r.decrypted = true;
  if (packet.number > space.largest) space.largest = packet.number;
  return r;
}

/** Hands CRYPTO frames to TLS in their order. */
class CryptoReader implements FrameReader {
  connection: QuicConnection | undefined;
  level = 0;
  side = 0;

  crypto(p: PacketView, offset: number, at: number, length: number): void {
    const c = this.connection;
    if (c === undefined || length === 0) return;
    const stream = c.space(this.level === LEVEL.EARLY ? LEVEL.INITIAL : this.level, this.side).crypto;
    if (offset < stream.next) p.expert('note', 'sequence', offset + length > stream.next ? 'quic.overlap' : 'quic.retransmission', at, length);
    const ready = stream.add(offset, p.bytes.subarray(at, at + length), p.frame);
    if (ready === undefined) return;
    const all = quicConnections(p);
    all.current = c;
    if (stream.frames.length === 0) {
      p.callInside(p.id('tls'), p.source, at + length - ready.length, at + length);
      return;
    }
    const source = p.derive(ready, 'reassembled');
    if (source < 0) return;
    p.put(F.cryptoFragments, at, 0);
    for (const frame of stream.frames) p.putInt(F.cryptoFragment, at, 0, frame);
    p.putInt(F.cryptoFragmentCount, at, 0, stream.frames.length);
    p.callInside(p.id('tls'), source, 0, ready.length);
  }

  stream(): void {
    // HTTP/3 and others are read where keys are there.
  }
}

const reader = new CryptoReader();
