import { u16be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MORE_SHOWN } from '../packet-view.ts';
import { quicConnections } from '../codecs/quic-connection.ts';
import { startsMessage } from '../codecs/http-head.ts';
import { tlsFields } from '../codecs/tls-fields.ts';
import { HANDSHAKE, MAX_HANDSHAKE, RECORD, RECORD_HEAD, handshakeLength, isHandshakeType, isRecordHead } from '../codecs/tls-hello.ts';
import type { TlsNegotiation } from '../codecs/tls-put.ts';
import { putHandshake } from '../codecs/tls-put.ts';
import { tlsSession } from '../codecs/tls-session.ts';

const F = tlsFields;
const TLS13 = 0x0304;

/** What the frame driver remembers of one TLS conversation; by direction 0 and 1. */
interface TlsConversation extends TlsNegotiation {
  /** A record has been seen: bytes that are none are damage, not another protocol. */
  seen: boolean;
  readonly encrypted: [boolean, boolean];
  /** Handshake bytes of earlier records whose message is not whole. */
  readonly pending: [Uint8Array | undefined, Uint8Array | undefined];
}

function createConversation(): TlsConversation {
  return { seen: false, version: 0, clientSessionId: '', encrypted: [false, false], pending: [undefined, undefined] };
}

/** TLS and SSL 3 records over TCP: handshakes as far as they are not encrypted. */
export const tls = defineDissector({
  name: 'tls',
  title: 'Transport Layer Security',
  spec: ['RFC 5246', 'RFC 8446', 'RFC 6066', 'RFC 7301'],
  over: { 'tcp.port': [443, 465, 563, 614, 636, 853, 989, 990, 992, 993, 994, 995, 4843, 5061, 5671, 6513, 6514, 8443, 8883] },
  fields: tlsFields,
  stream: true,
  heuristicOver: ['tcp'],
  heuristic: (p, at, end) => end - at >= RECORD_HEAD && isRecordHead(p.bytes, at) && (p.bytes[at] === RECORD.HANDSHAKE ? p.bytes[at + 1] === 3 : u16be(p.bytes, at + 3) > 0),
  dissect(p, at, end) {
    if (p.caller === p.id('quic')) return dissectQuic(p, at, end);
    const talk = p.flow >= 0 ? p.trackers.state('tls', p.flow, createConversation) : undefined;
    // All records of a segment are one layer; an unfinished one is left for the driver to put together.
    for (let q = at; ; ) {
      const missing = missingBytes(p, q, end);
      if (missing > 0) {
        if (q > at) {
          p.payload(q, p.wireEnd);
          return DONE;
        }
        const verdict = p.more(missing);
        if (verdict !== DONE) return at === p.payloadAt ? MORE_SHOWN : verdict;
      }
      if (end - q < RECORD_HEAD) return p.tooShort(q - at + RECORD_HEAD);
      if (!isRecordHead(p.bytes, q)) {
        // Plain HTTP on a port of TLS happens; other bytes belong to a connection whose beginning was not captured.
        if (q === at && talk?.seen !== true && startsMessage(p.bytes, q, end) === 'yes') return DECLINE;
        p.put(F.ignored, q, end - q);
        return DONE;
      }
      if (talk !== undefined) talk.seen = true;
      const next = q + RECORD_HEAD + u16be(p.bytes, q + 3);
      putRecord(p, q, Math.min(next, end), talk);
      if (next >= p.wireEnd || next >= end) return DONE;
      q = next;
    }
  },
  sessions: [tlsSession],
  column: (row) => VERSION_NAMES[row.num(F.recordVersion)] ?? 'TLS',
  info: (row) => (row.has(F.serverName) ? `Client Hello (SNI=${row.text(F.serverName)})` : row.has(F.type) ? 'Handshake' : 'Application Data'),
});

const VERSION_NAMES: Readonly<Record<number, string>> = { 0x0300: 'SSLv3', 0x0301: 'TLSv1', 0x0302: 'TLSv1.1', 0x0303: 'TLSv1.2', 0x0304: 'TLSv1.3' };

/** Handshake messages in CRYPTO frames: QUIC has no records (RFC 9001 §4). */
function dissectQuic(p: PacketView, at: number, end: number): number {
  const connection = quicConnections(p).current;
  if (connection === undefined) return DONE;
  p.put(F.record, at, end - at);
  putMessages(p, at, end, p.trackers.state('tls.quic', connection.number, createConversation), false);
  return DONE;
}

/** Bytes that the record at `at` still lacks, as far as its head tells; 0 where it is whole, or no record. */
function missingBytes(p: PacketView, at: number, end: number): number {
  const there = p.wireEnd - at;
  if (there < RECORD_HEAD) return RECORD_HEAD - there;
  if (end - at < RECORD_HEAD || !isRecordHead(p.bytes, at)) return 0;
  return Math.max(0, RECORD_HEAD + u16be(p.bytes, at + 3) - there);
}

/** TLS 1.3 or a draft of it. */
function isTls13(talk: TlsConversation | undefined): boolean {
  return talk !== undefined && talk.version >= TLS13 && talk.version < 0xfe00;
}

function putRecord(p: PacketView, at: number, end: number, talk: TlsConversation | undefined): void {
  const b = p.bytes;
  const type = b[at];
  const body = at + RECORD_HEAD;
  p.put(F.record, at, end - at);
  // With TLS 1.3 in use the outer type says nothing (RFC 8446 §5.2).
  p.put(type === RECORD.APPLICATION_DATA && isTls13(talk) ? F.opaqueType : F.contentType, at, 1);
  p.put(F.recordVersion, at + 1, 2);
  p.put(F.recordLength, at + 3, 2);
  const encrypted = talk !== undefined && talk.encrypted[p.dir];
  switch (type) {
    case RECORD.CHANGE_CIPHER_SPEC:
      p.put(F.changeCipherSpec, body, end - body);
      if (talk !== undefined) talk.encrypted[p.dir] = true;
      return;
    case RECORD.ALERT:
      p.put(F.alert, body, end - body);
      if (!encrypted && end - body === 2) {
        p.put(F.alertLevel, body, 1);
        p.put(F.alertDesc, body + 1, 1);
      }
      return;
    case RECORD.APPLICATION_DATA:
      p.put(F.appData, body, end - body);
      return;
    case RECORD.HEARTBEAT:
      p.put(F.heartbeat, body, end - body);
      if (!encrypted && end - body >= 3) {
        p.put(F.heartbeatType, body, 1);
        p.put(F.heartbeatLength, body + 1, 2);
      }
      return;
    default:
      putMessages(p, body, end, talk, encrypted);
  }
}

/** Handshake messages of one record's payload; one may have begun in the record before. */
function putMessages(p: PacketView, at: number, end: number, talk: TlsConversation | undefined, encrypted: boolean): void {
  let q = at;
  const pending = talk?.pending[p.dir];
  if (talk !== undefined && pending !== undefined) {
    const whole = new Uint8Array(pending.length + end - at);
    whole.set(pending);
    whole.set(p.bytes.subarray(at, end), pending.length);
    talk.pending[p.dir] = undefined;
    const source = p.derive(whole, 'reassembled');
    if (source < 0) return;
    const { bytes, source: outer } = p;
    p.bytes = whole;
    p.source = source;
    readMessages(p, 0, whole.length, talk, false);
    p.bytes = bytes;
    p.source = outer;
    return;
  }
  if (encrypted && !(p.bytes[q] <= HANDSHAKE.SERVER_HELLO && q + 4 <= end && q + handshakeLength(p.bytes, q) === end)) {
    p.put(F.handshake, at, end - at);
    return;
  }
  q = readMessages(p, at, end, talk, true);
}

function readMessages(p: PacketView, at: number, end: number, talk: TlsConversation | undefined, first: boolean): number {
  const b = p.bytes;
  let q = at;
  while (q < end) {
    const header = end - q >= 4;
    const next = header ? q + handshakeLength(b, q) : end + 1;
    if (header && (!isHandshakeType(b[q]) || next - q > MAX_HANDSHAKE)) {
      // Not a message: encrypted, or damaged.
      p.put(F.handshake, q, end - q);
      return end;
    }
    if (next > end) {
      if (talk !== undefined) talk.pending[p.dir] = b.slice(q, end);
      if (first || header) p.put(F.handshake, q, end - q);
      return end;
    }
    putHandshake(p, q, next, talk);
    q = next;
  }
  return q;
}
export default tls;
