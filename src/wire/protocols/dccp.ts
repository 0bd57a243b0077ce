import { u16be, u24be, u32be } from '../../base/bytes.ts';
import { internetSum, pseudoSum } from '../checksum.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 12;
const PROTO = 33;

// Packet types (RFC 4340 §5.1).
const REQUEST = 0;
const RESPONSE = 1;
const DATA = 2;
const RESET = 7;

const TYPES = {
  0: 'Request', 1: 'Response', 2: 'Data', 3: 'Ack', 4: 'DataAck', 5: 'CloseReq', 6: 'Close', 7: 'Reset', 8: 'Sync', 9: 'SyncAck', 10: 'Reserved',
} as const;

export const dccpFields = defineFields({ 
  srcport: { name: 'dccp.srcport', ...fixed('u16', 0, 'Source Port', { also: ['dccp.port'] }) },
  dstport: { name: 'dccp.dstport', ...fixed('u16', 2, 'Destination Port', { also: ['dccp.port'] }) },
  dataOffset: { name: 'dccp.data_offset', ...fixed('u8', 4, 'Data Offset') },
  checksum: { name: 'dccp.checksum', ...fixed('u16', 6, 'Checksum', { base: 'hex' }) },
  stream: { name: 'dccp.stream', ...put('u32', 'Stream index') },
  ccval: { name: 'dccp.ccval', ...put('u8', 'CCVal') },
  cscov: { name: 'dccp.cscov', ...put('u8', 'Checksum Coverage') },
  res1: { name: 'dccp.res1', ...put('u8', 'Reserved', { base: 'hex' }) },
  type: { name: 'dccp.type', ...put('u8', 'Type', { values: TYPES }) },
  x: { name: 'dccp.x', ...put('boolean', 'Extended Sequence Numbers') },
  res2: { name: 'dccp.res2', ...put('u8', 'Reserved', { base: 'hex' }) },
  ackRes: { name: 'dccp.ack_res', ...put('u16', 'Reserved', { base: 'hex' }) },
  serviceCode: { name: 'dccp.service_code', ...put('u32', 'Service Code') },
  resetCode: { name: 'dccp.reset_code', ...put('u8', 'Reset Code') },
  data1: { name: 'dccp.data1', ...put('u8', 'Data 1') },
  data2: { name: 'dccp.data2', ...put('u8', 'Data 2') },
  data3: { name: 'dccp.data3', ...put('u8', 'Data 3') },
  options: { name: 'dccp.options', ...put('none', 'Options') },
  checksumStatus: { name: 'dccp.checksum.status', ...put('u8', 'Checksum Status') },
  seqRaw: { name: 'dccp.seq_raw', ...put('u64', 'Sequence Number (raw)') },
  seq: { name: 'dccp.seq', ...put('u64', 'Sequence Number') },
  ackRaw: { name: 'dccp.ack_raw', ...put('u64', 'Acknowledgement Number (raw)') },
  ack: { name: 'dccp.ack', ...put('u64', 'Acknowledgement Number') },
  optionType: { name: 'dccp.option_type', ...put('u8', 'Option Type') },
  padding: { name: 'dccp.padding', ...put('bytes', 'Padding') },
  featureNumber: { name: 'dccp.feature_number', ...put('u8', 'Feature Number') },
  ndpCount: { name: 'dccp.ndp_count', ...put('u64', 'NDP Count') },
  ackVectorNonce0: { name: 'dccp.ack_vector.nonce_0', ...put('bytes', 'Ack Vector [Nonce 0]') },
  ackVectorNonce1: { name: 'dccp.ack_vector.nonce_1', ...put('bytes', 'Ack Vector [Nonce 1]') },
  timestamp: { name: 'dccp.timestamp', ...put('u32', 'Timestamp') },
  timestampEcho: { name: 'dccp.timestamp_echo', ...put('u32', 'Timestamp Echo') },
  elapsedTime: { name: 'dccp.elapsed_time', ...put('u32', 'Elapsed Time') },
  noteBadChecksum: { name: 'dccp.bad_checksum', ...put('none', 'Bad checksum') },
});
const F = dccpFields;

/** First sequence number of each direction, for relative ones. */
class DccpFirst {
  readonly first = new Float64Array(2).fill(-1);
}
const createFirst = (): DccpFirst => new DccpFirst();

export const dccp = defineDissector({
  name: 'dccp',
  title: 'Datagram Congestion Control Protocol',
  spec: ['RFC 4340 §5'],
  over: { 'ip.proto': [PROTO] },
  tables: ['dccp.port'],
  fields: dccpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const type = (b[at + 8] >> 1) & 15;
    const isLong = (b[at + 8] & 1) !== 0;
    const headerEnd = at + 4 * b[at + 4];
    p.srcPort = u16be(b, at);
    p.dstPort = u16be(b, at + 2);
    p.l4At = at;
    if (p.track && !p.quoted && p.converse(PROTO) >= 0) p.putInt(F.stream, at, 0, p.trackers.conversations.stream[p.flow]);
    p.putInt(F.ccval, at + 5, 1, b[at + 5] >> 4);
    p.putInt(F.cscov, at + 5, 1, b[at + 5] & 15);
    putSum(p, at, end, b[at + 5] & 15);
    p.putInt(F.res1, at + 8, 1, b[at + 8] >> 5);
    p.putInt(F.type, at + 8, 1, type);
    p.putInt(F.x, at + 8, 1, isLong ? 1 : 0);
    let i = at + (isLong ? 16 : HEADER_LEN);
    if (i > end) return p.tooShort(i - at);
    const seq = isLong ? u16be(b, at + 10) * 0x1_0000_0000 + u32be(b, at + 12) : u24be(b, at + 9);
    if (isLong) p.put(F.res2, at + 9, 1);
    putSequence(p, isLong ? at + 10 : at + 9, isLong ? 6 : 3, seq);
    if (type !== REQUEST && type !== DATA) {
      const size = isLong ? 8 : 4;
      if (i + size > end) return p.tooShort(i + size - at);
      const ack = isLong ? u16be(b, i + 2) * 0x1_0000_0000 + u32be(b, i + 4) : u24be(b, i + 1);
      if (isLong) p.put(F.ackRes, i, 2);
      putAcknowledgement(p, isLong ? i + 2 : i + 1, isLong ? 6 : 3, ack);
      i += size;
    }
    if (type === REQUEST || type === RESPONSE) {
      if (i + 4 > end) return p.tooShort(i + 4 - at);
      p.put(F.serviceCode, i, 4);
      i += 4;
    } else if (type === RESET) {
      if (i + 4 > end) return p.tooShort(i + 4 - at);
      p.put(F.resetCode, i, 1);
      p.put(F.data1, i + 1, 1);
      p.put(F.data2, i + 2, 1);
      p.put(F.data3, i + 3, 1);
      i += 4;
    }
    if (headerEnd > i) {
      if (headerEnd > end) return p.tooShort(headerEnd - at);
      p.put(F.options, i, headerEnd - i);
      putOptions(p, i, headerEnd);
    }
    if (headerEnd >= p.wireEnd) return DONE;
    p.payload(Math.max(i, headerEnd), p.wireEnd);
    return p.next('dccp.port', p.srcPort, p.dstPort);
  },
  info: (row) => `${row.text(F.srcport)} → ${row.text(F.dstport)} [${(TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? 'Unknown'}]`,
});
export default dccp;

/** The checksum counts the header and as many words of data as its coverage says (RFC 4340 §9.2). */
function putSum(p: PacketView, at: number, end: number, coverage: number): void {
  const covered = coverage === 0 ? p.wireEnd : Math.min(p.wireEnd, at + 4 * p.bytes[at + 4] + 4 * (coverage - 1));
  if (covered > end || p.fragment || p.quoted) {
    p.putInt(F.checksumStatus, at + 6, 0, 2);
    return;
  }
  const good = internetSum(p.bytes, at, covered, pseudoSum(p, PROTO, p.wireEnd - at)) === 0xffff;
  p.putInt(F.checksumStatus, at + 6, 0, good ? 1 : 0);
  if (!good) p.expert('error', 'checksum', 'dccp.bad_checksum', at + 6, 2);
}

function putSequence(p: PacketView, at: number, size: number, seq: number): void {
  if (size === 6) p.putInt(F.seqRaw, at, size, seq);
  if (p.flow < 0 || !p.track) return;
  const { first } = p.trackers.state('dccp', p.flow, createFirst);
  if (first[p.dir] < 0) first[p.dir] = seq;
  p.putInt(F.seq, at, size, seq - first[p.dir]);
}

function putAcknowledgement(p: PacketView, at: number, size: number, ack: number): void {
  p.putInt(F.ackRaw, at, size, ack);
  if (p.flow < 0 || !p.track) return;
  const { first } = p.trackers.state('dccp', p.flow, createFirst);
  if (first[1 - p.dir] >= 0) p.putInt(F.ack, at, size, ack - first[1 - p.dir]);
}

/** Options (RFC 4340 §5.8): below 32 a byte, above with a length. */
function putOptions(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i < end;) {
    const type = b[i];
    p.put(F.optionType, i, 1);
    if (type < 32) {
      if (type === 0) p.put(F.padding, i, 1);
      i++;
      continue;
    }
    if (i + 2 > end || b[i + 1] < 2 || i + b[i + 1] > end) return;
    const length = b[i + 1];
    const value = i + 2;
    if (type >= 32 && type <= 35 && length > 2) p.put(F.featureNumber, value, 1);
    else if (type === 37 && length <= 8) p.put(F.ndpCount, value, length - 2);
    else if (type === 38) p.put(F.ackVectorNonce0, value, length - 2);
    else if (type === 39) p.put(F.ackVectorNonce1, value, length - 2);
    else if (type === 41 && length === 6) p.put(F.timestamp, value, 4);
    else if (type === 42 && length >= 6) p.put(F.timestampEcho, value, 4);
    else if (type === 43 && length <= 6) p.put(F.elapsedTime, value, length - 2);
    i += length;
  }
}
