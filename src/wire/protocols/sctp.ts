import { u16be, u32be } from '../../base/bytes.ts';
import { putSctpParameters } from '../codecs/sctp-parameters.ts';
import { sctpFields } from '../codecs/sctp-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, unfit } from '../packet-view.ts';

const HEADER_LEN = 12;
const PROTO = 132;
const UNVERIFIED = 2;

// Chunk types (RFC 9260 §3.2).
const DATA = 0;
const INIT = 1;
const INIT_ACK = 2;
const SACK = 3;
const HEARTBEAT = 4;
const HEARTBEAT_ACK = 5;
const ABORT = 6;
const ERROR = 9;
const COOKIE_ECHO = 10;
const AUTH = 15;
const I_DATA = 64;
const RECONFIGURE = 130;
const FORWARD_TSN = 192;
const BEGIN_AND_END = 3;

const F = sctpFields;
const HEAD = layout({ 0: [F.chunkType, F.chunkBit1, F.chunkBit2], 1: F.chunkFlags, 2: F.chunkLength });
const DATA_PART = layout({ 1: [F.dataIBit, F.dataUBit, F.dataBBit, F.dataEBit], 4: F.dataTsnRaw, 8: F.dataSid, 10: F.dataSsn, 12: F.dataPayloadProtoId });
const I_DATA_PART = layout({ 1: [F.dataIBit, F.dataUBit, F.dataBBit, F.dataEBit], 4: F.dataTsnRaw, 8: F.dataSid, 10: F.dataReserved, 12: F.dataMid });
const INIT_PART = layout({ 4: [F.initInitiateTag, F.initiateTag], 8: F.initCredit, 12: F.initNrOutStreams, 14: F.initNrInStreams, 16: F.initInitialTsn });
const INIT_ACK_PART = layout({
  4: [F.initackInitiateTag, F.initiateTag], 8: F.initackCredit, 12: F.initackNrOutStreams, 14: F.initackNrInStreams, 16: F.initackInitialTsn,
});
const SACK_PART = layout({ 1: F.sackNounceSum, 4: F.sackCumulativeTsnAckRaw, 8: F.sackARwnd, 12: F.sackNumberOfGapBlocks, 14: F.sackNumberOfDuplicatedTsns });
/** Chunks that are no more than a fixed part. */
const SIMPLE: Readonly<Record<number, Layout>> = {
  7: layout({ 4: F.shutdownCumulativeTsnAck }), 12: layout({ 4: F.ecneLowestTsn }), 13: layout({ 4: F.cwrLowestTsn }), 14: layout({ 1: F.shutdownCompleteTBit }),
};

/** First transmission sequence number of each direction, for relative ones. */
class SctpAssociation {
  readonly first = new Float64Array(2).fill(-1);
}
const createAssociation = (): SctpAssociation => new SctpAssociation();

export const sctp = defineDissector({
  name: 'sctp',
  title: 'Stream Control Transmission Protocol',
  spec: ['RFC 9260 §3', 'RFC 3758', 'RFC 4895', 'RFC 6525', 'RFC 8260'],
  over: { 'ip.proto': [PROTO], 'udp.port': [9899] },
  tables: ['sctp.ppi', 'sctp.port'],
  fields: sctpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    p.l4At = at;
    p.srcPort = u16be(b, at);
    p.dstPort = u16be(b, at + 2);
    p.putInt(F.assocIndex, at, 0, 0xffff);
    p.putInt(F.checksumStatus, at + 8, 0, UNVERIFIED);
    if (p.track && !p.quoted && p.ipProto === PROTO) p.converse(PROTO);
    for (let i = at + HEADER_LEN; i < end;) {
      if (i + 4 > end) return p.tooShort(i + 4 - at);
      const length = u16be(b, i + 2);
      if (length < 4) return unfit(p);
      putLayout(p, HEAD, i, end);
      if (i + length > end) {
        putChunk(p, b[i], i, end, end);
        return p.tooShort(i + length - at);
      }
      const verdict = putChunk(p, b[i], i, i + length, end);
      if (verdict !== DONE) return verdict;
      i += (length + 3) & ~3;
    }
    return DONE;
  },
  info: (row) => row.all(F.chunkType).join(' '),
});
export default sctp;

function putChunk(p: PacketView, type: number, at: number, end: number, packetEnd: number): number {
  const simple = SIMPLE[type];
  if (simple !== undefined) {
    putLayout(p, simple, at, end);
    return DONE;
  }
  switch (type) {
    case DATA: case I_DATA: return putData(p, type, at, end);
    case INIT: case INIT_ACK:
      if (!putLayout(p, type === INIT ? INIT_PART : INIT_ACK_PART, at, end)) return p.tooShort(20);
      noteFirstTsn(p, u32be(p.bytes, at + 16), true);
      putSctpParameters(p, at + 20, end, packetEnd);
      return DONE;
    case SACK: return putSack(p, at, end);
    case HEARTBEAT: case HEARTBEAT_ACK: case RECONFIGURE: putSctpParameters(p, at + 4, end, packetEnd); return DONE;
    case ABORT: case ERROR:
      if (type === ABORT) p.put(F.abortTBit, at + 1, 1);
      putCauses(p, at + 4, end);
      return DONE;
    case COOKIE_ECHO: if (end > at + 4) p.put(F.cookie, at + 4, end - at - 4); return DONE;
    case AUTH:
      if (end - at < 8) return DONE;
      p.put(F.sharedKeyId, at + 4, 2);
      p.put(F.hmacId, at + 6, 2);
      p.put(F.hmac, at + 8, end - at - 8);
      return DONE;
    case FORWARD_TSN:
      if (end - at < 8) return DONE;
      p.put(F.forwardTsnTsn, at + 4, 4);
      for (let i = at + 8; i + 4 <= end; i += 4) {
        p.put(F.forwardTsnSid, i, 2);
        p.put(F.forwardTsnSsn, i + 2, 2);
      }
      return DONE;
    default:
      if (type >= 15 && end > at + 4) p.put(F.chunkValue, at + 4, end - at - 4);
      return DONE;
  }
}

/** A sequence number relative to the first one of its direction, as it is where that is not known. */
function relativeTsn(p: PacketView, dir: number, tsn: number): number {
  if (p.flow < 0 || !p.track) return tsn;
  const { first } = p.trackers.state('sctp', p.flow, createAssociation);
  return first[dir] < 0 ? tsn : (tsn - first[dir]) >>> 0;
}

/** Remembers where a direction begins: its INIT says so, else its first data. */
function noteFirstTsn(p: PacketView, tsn: number, known: boolean): void {
  if (p.flow < 0 || !p.track) return;
  const { first } = p.trackers.state('sctp', p.flow, createAssociation);
  if (known || first[p.dir] < 0) first[p.dir] = tsn;
}

function putData(p: PacketView, type: number, at: number, end: number): number {
  const b = p.bytes;
  const head = type === I_DATA ? 20 : 16;
  if (!putLayout(p, type === I_DATA ? I_DATA_PART : DATA_PART, at, end) || end - at < head) return p.tooShort(head);
  noteFirstTsn(p, u32be(b, at + 4), false);
  p.putInt(F.dataTsn, at + 4, 4, relativeTsn(p, p.dir, u32be(b, at + 4)));
  const isFirst = (b[at + 1] & 2) !== 0;
  if (type === I_DATA) p.put(isFirst ? F.dataPayloadProtoId : F.dataFsn, at + 16, 4);
  const payload = at + head;
  if (payload >= end) return DONE;
  // Messages that span chunks are not put together: each part is shown as data.
  const isWhole = (b[at + 1] & BEGIN_AND_END) === BEGIN_AND_END;
  const ppi = u32be(b, type === I_DATA ? at + 16 : at + 12);
  const upper = isWhole ? p.next('sctp.ppi', ppi) || p.next('sctp.port', p.srcPort, p.dstPort) : 0;
  p.finish();
  if (upper === 0 || p.call(upper, payload, end) === DECLINE) p.call(p.id('data'), payload, end);
  return DONE;
}

function putSack(p: PacketView, at: number, end: number): number {
  if (!putLayout(p, SACK_PART, at, end)) return p.tooShort(16);
  const b = p.bytes;
  const base = u32be(b, at + 4);
  p.putInt(F.sackCumulativeTsnAck, at + 4, 4, relativeTsn(p, 1 - p.dir, base));
  let i = at + 16;
  for (let n = u16be(b, at + 12); n > 0 && i + 4 <= end; n--, i += 4) {
    p.put(F.sackGapBlockStart, i, 2);
    p.putInt(F.sackGapBlockStartTsn, i, 2, (base + u16be(b, i)) >>> 0);
    p.put(F.sackGapBlockEnd, i + 2, 2);
    p.putInt(F.sackGapBlockEndTsn, i + 2, 2, (base + u16be(b, i + 2)) >>> 0);
  }
  for (let n = u16be(b, at + 14); n > 0 && i + 4 <= end; n--, i += 4) p.put(F.sackDuplicateTsn, i, 4);
  return DONE;
}

/** Causes of an error (RFC 9260 §3.3.10). */
function putCauses(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i + 4 <= end;) {
    const code = u16be(b, i);
    const length = u16be(b, i + 2);
    if (length < 4) return;
    const next = Math.min(end, i + length);
    p.put(F.causeCode, i, 2);
    p.put(F.causeLength, i + 2, 2);
    if (code === 1 && next - i >= 8) {
      p.put(F.causeStreamIdentifier, i + 4, 2);
      p.put(F.causeReserved, i + 6, 2);
    } else if (code === 3 && next - i >= 8) p.put(F.causeMeasureOfStaleness, i + 4, 4);
    else if (code === 9 && next - i >= 8) p.put(F.causeTsn, i + 4, 4);
    else if (next > i + 4) p.put(F.causeInformation, i + 4, next - i - 4);
    i += (length + 3) & ~3;
  }
}
