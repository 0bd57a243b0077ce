import { u16be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MORE_SHOWN, TRUNCATED } from '../packet-view.ts';
import { quicConnections } from '../codecs/quic-connection.ts';
import { applicationOf, createTlsConversation } from '../codecs/tls-conversation.ts';
import type { TlsConversation } from '../codecs/tls-conversation.ts';
import { tlsFields } from '../codecs/tls-fields.ts';
import { HANDSHAKE, RECORD, RECORD_HEAD, isRecordHead } from '../codecs/tls-hello.ts';
import { putMessages } from '../codecs/tls-messages.ts';
import { putTimestamps } from '../codecs/tls-extensions-put.ts';
import { isTls13 } from '../codecs/tls-negotiation.ts';
import { readApplication } from '../codecs/tls-application.ts';
import { TlsDecryption } from '../codecs/tls-decryption.ts';
import { tlsSession } from '../codecs/tls-session.ts';
import { isOldHello, oldHelloLength, putOldHello } from '../codecs/tls-ssl2-put.ts';

const F = tlsFields;
const HEARTBEAT_HEAD = 3;
const HEARTBEAT_PADDING = 16;

/** TLS and SSL 3 records over TCP: handshakes as far as they are not encrypted. */
export const tls = defineDissector({
  name: 'tls',
  title: 'Transport Layer Security',
  spec: ['RFC 5246', 'RFC 8446', 'RFC 6066', 'RFC 7301'],
  over: { 'tcp.port': [443, 465, 563, 614, 636, 853, 989, 990, 992, 993, 994, 995, 1300, 2443, 3249, 3250, 3251, 3252, 3496, 4843, 5061, 5671, 5684, 5868, 6513, 6514, 8443, 8883, 11207, 19999, 27017] },
  fields: tlsFields,
  stream: true,
  heuristicOver: ['tcp'],
  heuristic: (p, at, end) => end - at >= RECORD_HEAD && isRecordHead(p.bytes, at) && (p.bytes[at] === RECORD.HANDSHAKE ? p.bytes[at + 1] === 3 : u16be(p.bytes, at + 3) > 0),
  dissect(p, at, end) {
    if (p.caller === p.id('quic')) return dissectQuic(p, at, end);
    // Within a certificate: signed timestamps.
    if (p.caller > 0 && p.caller !== p.id('http')) {
      putTimestamps(p, F, at, end);
      return DONE;
    }
    const talk = p.flow >= 0 ? p.trackers.state('tls', p.flow, createTlsConversation) : undefined;
    // All records of a segment are one layer; an unfinished one is left for the driver to put together.
    for (let q = at; ; ) {
      const missing = missingBytes(p, q, end, talk);
      if (missing > 0) {
        if (q > at) {
          putVersion(p, at, talk);
          p.payload(q, p.wireEnd);
          return DONE;
        }
        const verdict = p.more(missing);
        if (verdict !== DONE) return p.again ? verdict : MORE_SHOWN;
      }
      if (end - q < RECORD_HEAD) return p.tooShort(q - at + RECORD_HEAD);
      if (talk?.seen !== true && isOldHello(p.bytes, q, end)) {
        q = putOldHello(p, q, end, talk);
      } else if (isRecordHead(p.bytes, q)) {
        if (talk !== undefined) talk.seen = true;
        const next = q + RECORD_HEAD + u16be(p.bytes, q + 3);
        putRecord(p, q, Math.min(next, end), talk);
        q = next;
      } else {
        // Plain text on a port of TLS happens; other bytes belong to a connection whose beginning was not captured.
        if (q === at && startsText(p.bytes, q, end)) return DECLINE;
        // STARTTLS was accepted and not begun: the protocol that asked for it goes on.
        if (q === at && talk?.seen === false && p.trackers.conversations.app[p.flow] === p.id('tls')) return DECLINE;
        // A record's type before another version is passed over without a word.
        const isType = p.bytes[q] >= RECORD.CHANGE_CIPHER_SPEC && p.bytes[q] <= RECORD.HEARTBEAT;
        if (!isType && (talk?.version ?? 0) !== 0) p.expert('warn', 'protocol', 'tls.ignored_unknown_record', q, end - q);
        else p.put(F.continuation, q, end - q);
        putVersion(p, at, talk);
        return end < p.wireEnd ? TRUNCATED : DONE;
      }
      if (q >= p.wireEnd || q >= end) {
        putVersion(p, at, talk);
        return DONE;
      }
    }
  },
  sessions: [tlsSession],
  // What continues something that nobody saw begin has the family's old name.
  column: (row) => (row.has(F.negotiated) ? VERSION_NAMES[row.num(F.negotiated)] : row.has(F.recordVersion) ? VERSION_NAMES[row.num(F.recordVersion)] : row.has(F.continuation) ? 'SSL' : 'TCP') ?? 'TLS',
  info: (row) => (row.has(F.serverName) ? `Client Hello (SNI=${row.text(F.serverName)})` : row.has(F.type) ? 'Handshake' : 'Application Data'),
});

/** No record begins with four printable characters. */
function startsText(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < 4) return false;
  for (let i = at; i < at + 4; i++) if (b[i] < 0x20 || b[i] > 0x7e) return false;
  return true;
}

const VERSION_NAMES: Readonly<Record<number, string>> = { 0x0002: 'SSLv2', 0x0300: 'SSLv3', 0x0301: 'TLSv1', 0x0302: 'TLSv1.1', 0x0303: 'TLSv1.2', 0x0304: 'TLSv1.3' };

/** The version in use as far as the conversation has shown it. */
function putVersion(p: PacketView, at: number, talk: TlsConversation | undefined): void {
  if (talk !== undefined && talk.version !== 0) p.putInt(F.negotiated, at, 0, isTls13(talk.version) ? 0x0304 : talk.version);
}

/** Handshake messages in CRYPTO frames: QUIC has no records (RFC 9001 §4). */
function dissectQuic(p: PacketView, at: number, end: number): number {
  const connection = quicConnections(p).current;
  if (connection === undefined) return DONE;
  const talk = p.trackers.state('tls.quic', connection.number, createTlsConversation);
  // QUIC speaks TLS 1.3 or later, whatever its messages say.
  if (talk.version === 0) talk.version = 0x0304;
  putMessages(p, at, end, talk, false);
  return DONE;
}

/** Bytes that the record at `at` still lacks, as far as its head tells; 0 where it is whole, or no record. */
function missingBytes(p: PacketView, at: number, end: number, talk: TlsConversation | undefined): number {
  const there = p.wireEnd - at;
  if (there < RECORD_HEAD) return RECORD_HEAD - there;
  if (end - at < RECORD_HEAD) return 0;
  if (talk?.seen !== true && isOldHello(p.bytes, at, end)) return Math.max(0, oldHelloLength(p.bytes, at) - there);
  if (!isRecordHead(p.bytes, at)) return 0;
  return Math.max(0, RECORD_HEAD + u16be(p.bytes, at + 3) - there);
}

function putRecord(p: PacketView, at: number, end: number, talk: TlsConversation | undefined): void {
  const b = p.bytes;
  const type = b[at];
  const body = at + RECORD_HEAD;
  const tls13 = talk !== undefined && isTls13(talk.version);
  p.put(F.record, at, end - at);
  // With TLS 1.3 in use the outer type says nothing (RFC 8446 §5.2).
  p.put(type === RECORD.APPLICATION_DATA && tls13 ? F.opaqueType : F.contentType, at, 1);
  p.put(F.recordVersion, at + 1, 2);
  p.put(F.recordLength, at + 3, 2);
  const encrypted = talk !== undefined && talk.encrypted[p.dir];
  // A client's first record names an old version for the sake of old servers (RFC 8446 §5.1).
  if (talk !== undefined && talk.version === 0 && !(type === RECORD.HANDSHAKE && body < end && b[body] === HANDSHAKE.CLIENT_HELLO)) talk.version = u16be(b, at + 1);
  if (talk !== undefined && (encrypted || (tls13 && type === RECORD.APPLICATION_DATA)) && putDecrypted(p, at, end, talk)) return;
  switch (type) {
    case RECORD.CHANGE_CIPHER_SPEC:
      p.put(F.changeCipherSpec, body, end - body);
      if (talk === undefined) return;
      if (!tls13 && !talk.keysExchanged && talk.cipher !== 0 && talk.clientDir >= 0 && p.dir !== talk.clientDir) p.expert('note', 'sequence', 'tls.resumed', body, end - body);
      // TLS 1.3 sends it for the eyes of middleboxes alone (RFC 8446 §D.4).
      if (!tls13) talk.encrypted[p.dir] = true;
      return;
    case RECORD.ALERT:
      p.put(F.alert, body, end - body);
      if (!encrypted && end - body === 2) {
        p.put(F.alertLevel, body, 1);
        p.put(F.alertDesc, body + 1, 1);
      }
      return;
    case RECORD.APPLICATION_DATA: {
      p.put(F.appData, body, end - body);
      const application = applicationOf(talk, p.srcPort, p.dstPort);
      if (application !== undefined) p.putText(F.appDataProto, body, 0, application[1]);
      return;
    }
    case RECORD.HEARTBEAT: putHeartbeat(p, body, end, encrypted); return;
    default: putMessages(p, body, end, talk, encrypted);
  }
}

/** Decrypts a record and reads what it says; false where no key fits. */
function putDecrypted(p: PacketView, at: number, end: number, talk: TlsConversation): boolean {
  if (p.trackers.keyLog.size === 0 || talk.clientDir < 0) return false;
  talk.decryption ??= new TlsDecryption();
  const plain = talk.decryption.open(p.host, p.trackers.keyLog, talk, p.dir === talk.clientDir ? 0 : 1, p.bytes, at, end);
  if (plain === undefined) return false;
  const { type, bytes: content } = plain;
  const body = at + RECORD_HEAD;
  if (isTls13(talk.version)) p.putInt(F.contentType, at, 0, type);
  if (type === RECORD.APPLICATION_DATA) {
    p.put(F.appData, body, end - body);
    readApplication(p, content, talk);
    const application = applicationOf(talk, p.srcPort, p.dstPort);
    if (application !== undefined) p.putText(F.appDataProto, body, 0, application[1]);
    return true;
  }
  const source = p.derive(content, 'decrypted');
  if (source < 0) return true;
  const { bytes, source: outer } = p;
  p.bytes = content;
  p.source = source;
  if (type === RECORD.HANDSHAKE) putMessages(p, 0, content.length, talk, false);
  else if (type === RECORD.ALERT) {
    p.put(F.alert, 0, content.length);
    if (content.length === 2) {
      p.put(F.alertLevel, 0, 1);
      p.put(F.alertDesc, 1, 1);
    }
  }
  p.bytes = bytes;
  p.source = outer;
  return true;
}

/** A heartbeat in the clear, whose payload may claim to be longer than it is (CVE-2014-0160). */
function putHeartbeat(p: PacketView, at: number, end: number, encrypted: boolean): void {
  p.put(F.heartbeat, at, end - at);
  if (encrypted || end - at < HEARTBEAT_HEAD) return;
  const length = u16be(p.bytes, at + 1);
  p.put(F.heartbeatType, at, 1);
  p.put(F.heartbeatLength, at + 1, 2);
  if (at + HEARTBEAT_HEAD + HEARTBEAT_PADDING + length > end) p.expert('error', 'malformed', 'tls.heartbeat_message.payload_length.invalid', at + 1, 2);
  const payloadEnd = Math.min(at + HEARTBEAT_HEAD + length, end);
  if (payloadEnd > at + HEARTBEAT_HEAD) p.put(F.heartbeatPayload, at + HEARTBEAT_HEAD, payloadEnd - at - HEARTBEAT_HEAD);
  if (end > payloadEnd) p.put(F.heartbeatPadding, payloadEnd, end - payloadEnd);
}
export default tls;
