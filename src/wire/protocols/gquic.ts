import { u16be, u16le, u32be, u32le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { gquicFields } from '../codecs/gquic-fields.ts';

const F = gquicFields;

// Public header: flags, connection id (8 bytes, where flagged), version (where flagged), packet number.
const FLAG_VERSION = 0x01;
const FLAG_RESET = 0x02;
const FLAG_NONCE = 0x04;
const FLAG_CID = 0x08;
const LONG = 0x80;
const HASH_LEN = 12;
/** Versions from which the flags tell of a nonce, numbers have their high byte first, and private flags are gone. */
const NONCE_SINCE = 33;
const BIG_ENDIAN_SINCE = 39;
const NO_PRIVATE_FLAGS_SINCE = 34;
const NONCE_LEN = 32;
const TAG_LEN = 4;

const CHLO = 0x43484c4f;
const REJ = 0x52454a00;
const SREJ = 0x5352454a;
const PRST = 0x50525354;

/** Tags whose value has a field of its own. */
const TAGS: Readonly<Record<string, Field>> = {
  'SNI\0': F.sni, 'PAD\0': F.pad, 'VER\0': F.tagVersion, UAID: F.userAgent, PDMD: F.proofDemand, AEAD: F.aead, KEXS: F.keyExchange, 'STK\0': F.sourceToken,
  'SNO\0': F.serverNonce, NONC: F.clientNonce, SCID: F.serverConfigId, PROF: F.proof,
};

interface Conversation {
  version: number;
}
const create = (): Conversation => ({ version: 0 });

/** Number of a version `Qnnn`, 0 for other text. */
function versionNumber(b: Uint8Array, at: number): number {
  if (b[at] !== 0x51) return 0;
  let v = 0;
  for (let i = 1; i < 4; i++) {
    if (b[at + i] < 0x30 || b[at + i] > 0x39) return 0;
    v = v * 10 + b[at + i] - 0x30;
  }
  return v;
}

/** Google's QUIC, whose first messages are in the clear. */
export const gquic = defineDissector({
  name: 'gquic',
  title: 'GQUIC (Google Quick UDP Internet Connections)',
  spec: ['draft-hamilton-early-deployment-quic-00', 'draft-tsvwg-quic-protocol-02'],
  over: {},
  column: 'GQUIC',
  fields: gquicFields,
  heuristicOver: ['udp'],
  heuristic(p, at, end) {
    if (end - at < 15) return false;
    const b = p.bytes;
    if ((b[at] & LONG) !== 0) return (b[at] & 0x40) !== 0 && versionNumber(b, at + 1) >= 44 && versionNumber(b, at + 1) <= 46;
    const v = versionNumber(b, at + 9);
    return (b[at] & (FLAG_VERSION | FLAG_CID)) === (FLAG_VERSION | FLAG_CID) && v > 0 && v < 50;
  },
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    const talk = p.flow >= 0 ? p.trackers.state('gquic', p.flow, create) : undefined;
    const first = p.bytes[at];
    p.put(F.flags, at, 1);
    if ((first & LONG) !== 0 || ((first & 0x40) !== 0 && (talk?.version ?? 0) >= 44)) return dissectLater(p, at, end, talk);
    const cidLength = (first & FLAG_CID) === 0 ? 0 : 8;
    const version = (first & FLAG_VERSION) !== 0 && at + 13 <= end ? versionNumber(p.bytes, at + 1 + cidLength) : (talk?.version ?? 0);
    if (talk !== undefined) talk.version = version;
    putFlags(p, at, version);
    let q = at + 1;
    if (cidLength > 0) {
      if (q + 8 > end) return p.tooShort(q + 8 - at);
      putCid(p, q, version);
      q += 8;
    }
    if ((first & FLAG_RESET) !== 0) {
      putMessage(p, q, end);
      return DONE;
    }
    if ((first & FLAG_VERSION) !== 0) {
      if (q + 4 > end) return p.tooShort(q + 4 - at);
      p.put(F.version, q, 4);
      q += 4;
    } else if (version >= NONCE_SINCE && (first & FLAG_NONCE) !== 0 && q + NONCE_LEN <= end) {
      p.put(F.nonce, q, NONCE_LEN);
      q += NONCE_LEN;
    }
    const width = Math.max(1, 2 * ((first >> 4) & 3));
    if (q + width > end) return p.tooShort(q + width - at);
    putNumber(p, q, width, version < BIG_ENDIAN_SINCE);
    return dissectPayload(p, q + width, end, version);
  },
  info: (row) => `${row.has(F.tag) ? row.text(F.tag) : 'Payload'} PKN=${row.text(F.packetNumber)}`,
});

function putFlags(p: PacketView, at: number, version: number): void {
  p.put(F.flagVersion, at, 1);
  p.put(F.flagReset, at, 1);
  if (version < NONCE_SINCE) p.put(F.flagCidOld, at, 1);
  else {
    p.put(F.flagNonce, at, 1);
    p.put(F.flagCid, at, 1);
  }
  p.put(F.flagNumber, at, 1);
  p.put(F.flagMultipath, at, 1);
  p.put(F.flagReserved, at, 1);
}

/** The connection id as a number; before Q039 its low byte came first. */
function putCid(p: PacketView, at: number, version: number): void {
  if (version >= BIG_ENDIAN_SINCE) p.put(F.cid, at, 8);
  else if (p.wants(F.cid)) {
    const source = p.derive(p.bytes.slice(at, at + 8).reverse(), 'reassembled');
    if (source < 0) return;
    const { bytes, source: outer } = p;
    p.source = source;
    p.put(F.cid, 0, 8);
    p.source = outer;
    p.bytes = bytes;
  }
}

function putNumber(p: PacketView, at: number, width: number, little: boolean): void {
  let v = 0;
  for (let i = 0; i < width; i++) v = v * 256 + p.bytes[little ? at + width - 1 - i : at + i];
  p.putInt(F.packetNumber, at, width, v);
}

/** Headers of Q044 to Q046, which look like those of the IETF's drafts. */
function dissectLater(p: PacketView, at: number, end: number, talk: Conversation | undefined): number {
  const b = p.bytes;
  const long = (b[at] & LONG) !== 0;
  p.put(F.headerForm, at, 1);
  p.put(F.fixedBit, at, 1);
  let q = at + 1;
  if (long) {
    p.put(F.longType, at, 1);
    p.put(F.longReserved, at, 1);
    p.put(F.numberLength, at, 1);
    if (end - at < 6) return p.tooShort(6);
    p.put(F.version, q, 4);
    if (talk !== undefined) talk.version = versionNumber(b, q);
    p.put(F.dcil, q + 4, 1);
    p.put(F.scil, q + 4, 1);
    const ids = (b[q + 4] >> 4 === 0 ? 0 : 8) + ((b[q + 4] & 15) === 0 ? 0 : 8);
    q += 5;
    if (q + ids > end) return p.tooShort(q + ids - at);
    if (ids > 0) p.put(F.cid, q, 8);
    q += ids;
  } else {
    p.put(F.numberLength, at, 1);
    if (p.dir === 0) {
      if (q + 8 > end) return p.tooShort(q + 8 - at);
      p.put(F.cid, q, 8);
      q += 8;
    }
  }
  const width = (b[at] & 3) + 1;
  if (q + width > end) return p.tooShort(q + width - at);
  putNumber(p, q, width, false);
  q += width;
  return dissectPayload(p, q, end, 46);
}

const ACK_WIDTHS = [1, 2, 4, 6];

/** Behind an ACK frame (Q039 and later), where one stands at `at`. */
function skipAck(b: Uint8Array, at: number, end: number): number {
  if (at >= end || (b[at] & 0xc0) !== 0x40) return at;
  const width = ACK_WIDTHS[b[at] & 3];
  let q = at + 1 + ACK_WIDTHS[(b[at] >> 2) & 3] + 2;
  const blocks = (b[at] & 0x20) !== 0 ? b[q++] : 0;
  q += width + blocks * (1 + width);
  const times = b[q++];
  return q + (times === 0 ? 0 : 5 + 3 * (times - 1));
}

/** A handshake message in the clear behind its hash, or something encrypted. */
function dissectPayload(p: PacketView, at: number, end: number, version: number): number {
  const b = p.bytes;
  const frameAt = skipAck(b, at + HASH_LEN + (version > 0 && version < NO_PRIVATE_FLAGS_SINCE ? 1 : 0), end);
  const streamAt = frameAt + 1;
  const type = frameAt < end ? b[frameAt] : 0;
  const idLength = (type & 3) + 1;
  const offsetLength = (type & 0x1c) === 0 ? 0 : ((type >> 2) & 7) + 1;
  const messageAt = streamAt + idLength + offsetLength + ((type & 0x20) !== 0 ? 2 : 0);
  const tag = messageAt + 8 <= end ? u32be(b, messageAt) : 0;
  if ((type & 0x80) === 0 || (tag !== CHLO && tag !== REJ && tag !== SREJ)) {
    if (end > at) p.put(F.payload, at, end - at);
    return DONE;
  }
  p.put(F.hash, at, HASH_LEN);
  if (version > 0 && version < NO_PRIVATE_FLAGS_SINCE) p.put(F.privateFlags, at + HASH_LEN, 1);
  p.put(F.frameType, frameAt, 1);
  p.put(F.streamId, streamAt, idLength);
  if (offsetLength > 0) p.put(F.offset, streamAt + idLength, offsetLength);
  let messageEnd = end;
  if ((type & 0x20) !== 0) {
    const length = version < BIG_ENDIAN_SINCE ? u16le(b, messageAt - 2) : u16be(b, messageAt - 2);
    p.putInt(F.dataLength, messageAt - 2, 2, length);
    messageEnd = Math.min(end, messageAt + length);
  }
  putMessage(p, messageAt, messageEnd);
  if (messageEnd < end && b[messageEnd] === 0) p.put(F.frameType, messageEnd, 1);
  return DONE;
}

/** Bytes of a tag's name: the last may be a zero. */
function nameLength(b: Uint8Array, at: number): number {
  return b[at + TAG_LEN - 1] === 0 ? TAG_LEN - 1 : TAG_LEN;
}

/** A handshake message: its tag, and a list of tags with the ends of their values. */
function putMessage(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  if (end - at < 8) return;
  p.put(F.tag, at, nameLength(b, at));
  const reset = u32be(b, at) === PRST;
  p.put(F.tagNumber, at + 4, 2);
  if (!reset) p.put(F.padding, at + 6, 2);
  const count = u16le(b, at + 4);
  const values = at + 8 + 8 * count;
  let from = 0;
  for (let i = 0; i < count; i++) {
    const tagAt = at + 8 + 8 * i;
    if (tagAt + 8 > end) return;
    const to = u32le(b, tagAt + 4);
    const length = to - from;
    p.open(F.tags, tagAt);
    p.put(F.tagType, tagAt, nameLength(b, tagAt));
    p.put(F.tagEnd, tagAt + 4, 4);
    p.putInt(F.tagLength, tagAt, 0, Math.max(0, length));
    if (length > 0 && values + to <= end) {
      p.put(F.tagValue, values + from, length);
      const f = TAGS[p.host.latin1(b, tagAt, tagAt + TAG_LEN)];
      if (f !== undefined) p.put(f, values + from, length);
    }
    p.close(tagAt + 8);
    if (length > 0) from = to;
  }
}

export default gquic;
