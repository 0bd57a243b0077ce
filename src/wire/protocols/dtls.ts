import { u16be, u24be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { applicationOf, TlsConversation } from '../codecs/tls-conversation.ts';
import { dtlsCommonFields } from '../codecs/tls-fields.ts';
import { HANDSHAKE, MAX_HANDSHAKE, RECORD } from '../codecs/tls-hello.ts';
import { putHandshakeBody } from '../codecs/tls-put.ts';

// Record (RFC 6347 §4.1): type, version (16), epoch (16), sequence number (48), length (16).
const RECORD_HEAD = 13;
const VERSION = 1;
const EPOCH = 3;
const SEQUENCE = 5;
const LENGTH = 11;
// Message (RFC 6347 §4.2.2): type, length (24), message number (16), offset and length of the fragment (24 each).
const MESSAGE_HEAD = 12;
const MESSAGE_SEQUENCE = 4;
const FRAGMENT_OFFSET = 6;
const FRAGMENT_LENGTH = 9;
/** DTLS of OpenSSL before 0.9.8f. */
const BAD_VERSION = 0x0100;

const PORTS = [853, 2221, 5684, 5868];

const C = dtlsCommonFields;
const own = defineFields({
  epoch: { name: 'dtls.record.epoch', ...put('u16', 'Epoch') },
  sequence: { name: 'dtls.record.sequence_number', ...put('u64', 'Sequence Number') },
  messageSequence: { name: 'dtls.handshake.message_seq', ...put('u16', 'Message Sequence') },
  fragmentOffset: { name: 'dtls.handshake.fragment_offset', ...put('u24', 'Fragment Offset') },
  fragmentLength: { name: 'dtls.handshake.fragment_length', ...put('u24', 'Fragment Length') },
  fragments: { name: 'dtls.fragments', ...put('none', 'Message fragments') },
  fragment: { name: 'dtls.fragment', ...put('framenum', 'Message fragment') },
  fragmentCount: { name: 'dtls.fragment.count', ...put('u32', 'Message fragment count') },
  reassembledLength: { name: 'dtls.reassembled.length', ...put('u32', 'Reassembled DTLS length') },
});

/** A message that comes in fragments. */
interface Fragments {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly frames: number[];
  /** Bytes that are there, from the first on. */
  covered: [number, number][];
}

class DtlsConversation extends TlsConversation {
  readonly fragments: [Fragments | undefined, Fragments | undefined] = [undefined, undefined];
}
const create = (): DtlsConversation => new DtlsConversation();

/** DTLS 1.0 and 1.2: handshakes as far as they are not encrypted. */
export const dtls = defineDissector({
  name: 'dtls',
  title: 'Datagram Transport Layer Security',
  spec: ['RFC 6347', 'RFC 4347', 'RFC 5764'],
  over: { 'udp.port': PORTS },
  fields: { ...C, ...own },
  heuristicOver: ['udp'],
  heuristic: (p, at, end) => end - at >= RECORD_HEAD && isRecordHead(p.bytes, at) && u16be(p.bytes, at + LENGTH) > 0,
  column: (row) => (row.has(C.negotiated) ? (VERSION_NAMES[row.num(C.negotiated)] ?? 'DTLS') : 'DTLS'),
  dissect(p, at, end) {
    const talk = p.flow >= 0 ? p.trackers.state('dtls', p.flow, create) : create();
    // On its own ports, what is no record is a continuation of something.
    if (!(end - at >= RECORD_HEAD && isRecordHead(p.bytes, at)) && !PORTS.includes(p.srcPort) && !PORTS.includes(p.dstPort)) return DECLINE;
    let q = at;
    while (q < end) {
      if (end - q < RECORD_HEAD || !isRecordHead(p.bytes, q)) {
        p.put(C.continuation, q, end - q);
        break;
      }
      const next = q + RECORD_HEAD + u16be(p.bytes, q + LENGTH);
      putRecord(p, q, Math.min(next, end), talk);
      q = next;
    }
    if (talk.version !== 0) p.putInt(C.negotiated, at, 0, talk.version);
    return q > end && end < p.wireEnd ? p.tooShort(q - at) : DONE;
  },
  info: (row) => (row.has(C.serverName) ? `Client Hello (SNI=${row.text(C.serverName)})` : row.has(C.type) ? 'Handshake' : 'Application Data'),
});

const VERSION_NAMES: Readonly<Record<number, string>> = { 0xfeff: 'DTLSv1.0', 0xfefd: 'DTLSv1.2', 0xfefc: 'DTLSv1.3', 0x0100: 'DTLS 1.0 (OpenSSL pre 0.9.8f)' };

function isRecordHead(b: Uint8Array, at: number): boolean {
  const version = u16be(b, at + VERSION);
  return b[at] >= RECORD.CHANGE_CIPHER_SPEC && b[at] <= RECORD.HEARTBEAT && (version === 0xfeff || version === 0xfefd || version === 0xfefc || version === BAD_VERSION);
}

function putRecord(p: PacketView, at: number, end: number, talk: DtlsConversation): void {
  const b = p.bytes;
  const type = b[at];
  const body = at + RECORD_HEAD;
  const encrypted = u16be(b, at + EPOCH) > 0;
  p.put(C.record, at, end - at);
  p.put(C.contentType, at, 1);
  p.put(C.recordVersion, at + VERSION, 2);
  p.put(own.epoch, at + EPOCH, 2);
  p.put(own.sequence, at + SEQUENCE, 6);
  p.put(C.recordLength, at + LENGTH, 2);
  if (body >= end) return;
  if (talk.version === 0 && (type !== RECORD.HANDSHAKE || b[body] === HANDSHAKE.HELLO_VERIFY_REQUEST)) talk.version = u16be(b, at + VERSION);
  switch (type) {
    case RECORD.CHANGE_CIPHER_SPEC: p.put(C.changeCipherSpec, body, end - body); return;
    case RECORD.ALERT:
      p.put(C.alert, body, end - body);
      if (encrypted || end - body !== 2) return;
      p.put(C.alertLevel, body, 1);
      p.put(C.alertDesc, body + 1, 1);
      return;
    case RECORD.APPLICATION_DATA: {
      p.put(C.appData, body, end - body);
      const application = applicationOf(talk, p.srcPort, p.dstPort);
      if (application !== undefined && p.wants(C.appDataProto)) p.putText(C.appDataProto, body, 0, application[1]);
      return;
    }
    case RECORD.HEARTBEAT:
      p.put(C.heartbeat, body, end - body);
      if (encrypted || end - body < 3) return;
      p.put(C.heartbeatType, body, 1);
      p.put(C.heartbeatLength, body + 1, 2);
      return;
    default:
      if (encrypted) p.put(C.handshake, body, end - body);
      else putMessages(p, body, end, talk);
  }
}

function putMessages(p: PacketView, at: number, end: number, talk: DtlsConversation): void {
  const b = p.bytes;
  for (let q = at; q < end;) {
    if (end - q < MESSAGE_HEAD) {
      p.put(C.handshake, q, end - q);
      return;
    }
    const length = u24be(b, q + 1);
    const fragment = u24be(b, q + FRAGMENT_LENGTH);
    const next = Math.min(q + MESSAGE_HEAD + fragment, end);
    p.put(C.handshake, q, next - q);
    p.put(C.type, q, 1);
    p.put(C.length, q + 1, 3);
    p.put(own.messageSequence, q + MESSAGE_SEQUENCE, 2);
    p.put(own.fragmentOffset, q + FRAGMENT_OFFSET, 3);
    p.put(own.fragmentLength, q + FRAGMENT_LENGTH, 3);
    if (fragment === length) putBody(p, b[q], q + MESSAGE_HEAD, next, talk);
    else addFragment(p, q, next, length, talk);
    q = next;
  }
}

function putBody(p: PacketView, type: number, at: number, end: number, talk: DtlsConversation): void {
  if (type === HANDSHAKE.HELLO_VERIFY_REQUEST) {
    if (end - at < 3) return;
    p.put(C.version, at, 2);
    p.put(C.cookieLength, at + 2, 1);
    p.put(C.cookie, at + 3, Math.min(p.bytes[at + 2], end - at - 3));
    return;
  }
  if (type === HANDSHAKE.CLIENT_HELLO) talk.clientDir = p.dir;
  putHandshakeBody(p, C, type, at, end, talk);
}

/** Adds a fragment to its message; reads the message where it is whole. */
function addFragment(p: PacketView, at: number, end: number, length: number, talk: DtlsConversation): void {
  const b = p.bytes;
  if (length > MAX_HANDSHAKE) return;
  const sequence = u16be(b, at + MESSAGE_SEQUENCE);
  let message = talk.fragments[p.dir];
  if (message === undefined || message.sequence !== sequence || message.bytes.length !== length) {
    message = { sequence, bytes: new Uint8Array(length), frames: [], covered: [] };
    talk.fragments[p.dir] = message;
  }
  const offset = u24be(b, at + FRAGMENT_OFFSET);
  const from = at + MESSAGE_HEAD;
  if (offset + (end - from) > length || message.covered.length > 64) return;
  message.bytes.set(b.subarray(from, end), offset);
  message.frames.push(p.frame);
  message.covered.push([offset, offset + end - from]);
  message.covered.sort((x, y) => x[0] - y[0]);
  let reached = 0;
  for (const [start, stop] of message.covered) if (start <= reached) reached = Math.max(reached, stop);
  if (reached < length) return;
  talk.fragments[p.dir] = undefined;
  const source = p.derive(message.bytes, 'reassembled');
  if (source < 0) return;
  p.put(own.fragments, at, 0);
  for (const frame of message.frames) p.putInt(own.fragment, at, 0, frame);
  p.putInt(own.fragmentCount, at, 0, message.frames.length);
  p.putInt(own.reassembledLength, at, 0, length);
  const { source: outer } = p;
  const type = b[at];
  p.bytes = message.bytes;
  p.source = source;
  putBody(p, type, 0, length, talk);
  p.bytes = b;
  p.source = outer;
}

export default dtls;
