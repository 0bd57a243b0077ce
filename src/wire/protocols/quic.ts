import { u32be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { quicConnections, LEVEL } from '../codecs/quic-connection.ts';
import type { QuicConnection, QuicConnections } from '../codecs/quic-connection.ts';
import { quicFields } from '../codecs/quic-fields.ts';
import { Varints } from '../codecs/quic-frames.ts';
import { draftOf, initialKeys, isVersion2 } from '../codecs/quic-keys.ts';
import { readPayload } from '../codecs/quic-payload.ts';

const F = quicFields;

// Long header (RFC 9000 §17.2): first byte, version, two connection ids behind their lengths.
const VERSION = 1;
const DCIL = 5;
const LONG_HEAD = 7;
const MAX_ID = 20;
const RETRY_TAG = 16;

/** Packet types of version 1; those of version 2 are moved by one (RFC 9369 §3.2). */
const TYPE = { INITIAL: 0, EARLY: 1, HANDSHAKE: 2, RETRY: 3 } as const;
const LEVELS = [LEVEL.INITIAL, LEVEL.EARLY, LEVEL.HANDSHAKE];

const varints = new Varints();

/** QUIC, versions 1 and 2 and the late drafts; payloads as far as keys are there (Initial packets always). */
export const quic = defineDissector({
  name: 'quic',
  title: 'QUIC IETF',
  spec: ['RFC 9000', 'RFC 9001', 'RFC 9369'],
  over: {},
  column: 'QUIC',
  fields: quicFields,
  heuristicOver: ['udp'],
  heuristic: (p, at, end) => end - at >= 13 && (p.bytes[at] & 0x80) !== 0 && draftOf(u32be(p.bytes, at + VERSION)) >= 11,
  repeats: true,
  dissect(p, at, end) {
    const all = quicConnections(p);
    const long = (p.bytes[at] & 0x80) !== 0;
    if (at !== p.payloadAt && !continues(p, at, end)) {
      p.expert('note', 'protocol', 'quic.coalesced_padding_data', at, end - at);
      return DONE;
    }
    if (!long) return dissectShort(p, at, end, all);
    if (end - at < LONG_HEAD) return p.tooShort(LONG_HEAD);
    return dissectLong(p, at, end, all);
  },
  info: (row) => [row.has(F.headerForm) && row.num(F.headerForm) === 1 ? 'Long header' : 'Protected payload', row.has(F.dcid) ? `DCID=${row.text(F.dcid)}` : '', row.has(F.scid) ? `SCID=${row.text(F.scid)}` : '', row.has(F.packetNumber) ? `PKN=${row.text(F.packetNumber)}` : ''].filter((t) => t !== '').join(' '),
});

/** A coalesced packet names the destination of the first one (RFC 9000 §12.2); anything else is padding. */
function continues(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  const first = p.payloadAt;
  if ((b[first] & 0x80) === 0) return false;
  const length = b[first + DCIL];
  const idAt = (b[at] & 0x80) !== 0 ? at + DCIL + 1 : at + 1;
  if (idAt + length > end || ((b[at] & 0x80) !== 0 && b[at + DCIL] !== length)) return false;
  for (let i = 0; i < length; i++) if (b[idAt + i] !== b[first + DCIL + 1 + i]) return false;
  return true;
}

function putConnection(p: PacketView, at: number, c: QuicConnection | undefined): void {
  if (at !== p.payloadAt) return;
  if (c === undefined) p.expert('note', 'protocol', 'quic.connection.unknown', at, 0);
  else p.putInt(F.connection, at, 0, c.number);
}

function dissectLong(p: PacketView, at: number, end: number, all: QuicConnections): number {
  const b = p.bytes;
  const version = u32be(b, at + VERSION);
  const dcil = b[at + DCIL];
  const dcidAt = at + DCIL + 1;
  const scilAt = dcidAt + dcil;
  if (scilAt >= end) return p.tooShort(scilAt + 1 - at);
  const scil = b[scilAt];
  const scidAt = scilAt + 1;
  const rest = scidAt + scil;
  if (rest > end) return p.tooShort(rest - at);
  if (version === 0) return dissectNegotiation(p, at, end, all, rest);
  if (draftOf(version) === 0 && at === p.payloadAt) return DECLINE;
  if (dcil > MAX_ID || scil > MAX_ID) return p.tooShort(p.wireEnd - at + 1);
  const v2 = isVersion2(version);
  const type = ((b[at] >> 4) + (v2 ? 3 : 0)) & 3;
  const c = connectionOf(p, all, type, version, dcidAt, dcil, scidAt, scil);
  putConnection(p, at, c);
  // How long the packet is comes first: it is told before the header's parts.
  varints.begin(rest, end);
  let tokenLength = 0;
  let tokenAt = rest;
  let lengthAt = rest;
  let length = 0;
  if (type === TYPE.INITIAL) {
    tokenLength = varints.read(b);
    tokenAt = varints.at;
    varints.begin(Math.min(tokenAt + tokenLength, end), end);
  }
  if (type !== TYPE.RETRY) {
    lengthAt = varints.at;
    length = varints.read(b);
  }
  const numberAt = varints.at;
  const packetEnd = type === TYPE.RETRY ? p.wireEnd : Math.min(numberAt + length, p.wireEnd);
  p.putInt(F.packetLength, at, 0, packetEnd - at);
  p.put(F.headerForm, at, 1);
  if (type !== TYPE.RETRY) p.put(F.fixedBit, at, 1);
  p.put(v2 ? F.longTypeV2 : F.longType, at, 1);
  const opened = type === TYPE.RETRY || !varints.ok ? undefined : readPayload(p, at, numberAt, Math.min(packetEnd, end), c, LEVELS[type], true);
  if (opened !== undefined) opened.putFirst(p, at);
  p.put(F.version, at + VERSION, 4);
  p.put(F.dcil, at + DCIL, 1);
  if (dcil > 0) p.put(F.dcid, dcidAt, dcil);
  p.put(F.scil, scilAt, 1);
  if (scil > 0) p.put(F.scid, scidAt, scil);
  if (type === TYPE.RETRY) {
    const tagAt = Math.max(rest, end - RETRY_TAG);
    p.put(F.retryToken, rest, tagAt - rest);
    p.put(F.retryTag, tagAt, end - tagAt);
    return DONE;
  }
  if (!varints.ok && tokenAt === rest) return p.tooShort(end - at + 1);
  if (type === TYPE.INITIAL) {
    p.putInt(F.tokenLength, rest, tokenAt - rest, tokenLength);
    if (tokenLength > 0) p.put(F.token, tokenAt, Math.min(tokenLength, end - tokenAt));
  }
  if (opened === undefined) return p.tooShort(end - at + 1);
  p.putInt(F.length, lengthAt, numberAt - lengthAt, length);
  opened.put(p);
  if (packetEnd < p.wireEnd) {
    p.payload(packetEnd, p.wireEnd);
    return p.id('quic');
  }
  return DONE;
}

/** The versions that a server offers in place of the client's (RFC 9000 §17.2.1). */
function dissectNegotiation(p: PacketView, at: number, end: number, all: QuicConnections, rest: number): number {
  const b = p.bytes;
  const dcil = b[at + DCIL];
  const scilAt = at + DCIL + 1 + dcil;
  putConnection(p, at, all.byId(b, scilAt + 1, b[scilAt]) ?? all.byFlow(p.flow));
  p.putInt(F.packetLength, at, 0, p.wireEnd - at);
  p.put(F.headerForm, at, 1);
  p.put(F.unused, at, 1);
  p.put(F.version, at + VERSION, 4);
  p.put(F.dcil, at + DCIL, 1);
  if (dcil > 0) p.put(F.dcid, at + DCIL + 1, dcil);
  p.put(F.scil, scilAt, 1);
  if (b[scilAt] > 0) p.put(F.scid, scilAt + 1, b[scilAt]);
  for (let q = rest; q + 4 <= end; q += 4) p.put(F.supportedVersion, q, 4);
  return DONE;
}

/** Finds or begins the connection of a long packet, and learns its ids and Initial keys. */
function connectionOf(p: PacketView, all: QuicConnections, type: number, version: number, dcidAt: number, dcil: number, scidAt: number, scil: number): QuicConnection | undefined {
  const b = p.bytes;
  let c = dcil > 0 ? all.byId(b, dcidAt, dcil) : all.byFlow(p.flow);
  if (c === undefined && type === TYPE.INITIAL) {
    c = all.begin(version, p.flow, p.dir);
    all.name(b, dcidAt, dcil, c);
    c.keys[LEVEL.INITIAL] = initialKeys(p.host, version, b.slice(dcidAt, dcidAt + dcil));
  }
  if (c === undefined) return undefined;
  const side = p.dir === c.clientDir ? 0 : 1;
  if (type === TYPE.RETRY) {
    // A client takes one Retry (RFC 9000 §17.2.5.2).
    if (c.retried) {
      p.expert('warn', 'protocol', 'quic.bad_retry', scidAt, scil);
      return c;
    }
    c.retried = true;
    c.keys[LEVEL.INITIAL] = initialKeys(p.host, version, b.slice(scidAt, scidAt + scil));
    all.name(b, scidAt, scil, c);
    return c;
  }
  if (side === 1 && !c.serverChose) {
    c.serverChose = true;
    // The server may answer in another version (RFC 9368 §2.3): later Initial keys are of that one.
    if (version !== c.version) c.version = version;
  }
  c.idLength[side] = scil;
  all.name(b, scidAt, scil, c);
  return c;
}

function dissectShort(p: PacketView, at: number, end: number, all: QuicConnections): number {
  const b = p.bytes;
  let c = all.byFlow(p.flow);
  let length = 0;
  if (c !== undefined) {
    const other = p.dir === c.clientDir ? 1 : 0;
    length = Math.max(0, c.idLength[other]);
    if (length > 0) c = at + 1 + length <= end ? all.byId(b, at + 1, length) : undefined;
    if (c === undefined) length = 0;
  }
  putConnection(p, at, c);
  p.putInt(F.packetLength, at, 0, p.wireEnd - at);
  p.put(F.short, at, Math.min(1 + length, end - at));
  p.put(F.headerForm, at, 1);
  p.put(F.fixedBit, at, 1);
  p.put(F.spinBit, at, 1);
  if (at + 1 + length > end) return p.tooShort(1 + length);
  const opened = readPayload(p, at, at + 1 + length, end, c, LEVEL.APPLICATION, false);
  opened.putFirst(p, at);
  if (length > 0) p.put(F.dcid, at + 1, length);
  opened.put(p);
  return DONE;
}

export default quic;
