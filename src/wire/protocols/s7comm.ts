import { u16be } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { s7commFields } from '../codecs/s7comm-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = s7commFields;

// | 0x32 | kind | redundancy | reference | parameter length | data length |, two bytes of error in acknowledgements
const PROTOCOL = 0x32;
const PARAMETER_LENGTH = 6;
const DATA_LENGTH = 8;
const HEADER_LEN = 10;
const JOB = 1;
const ACK = 2;
const ACK_DATA = 3;
const USERDATA = 7;
const KINDS: Readonly<Record<number, string>> = { 1: 'Job', 2: 'Ack', 3: 'Ack_Data', 7: 'Userdata' };

const READ = 0x04;
const WRITE = 0x05;
const SETUP = 0xf0;
const S7ANY = 0x10;
const CPU_FUNCTIONS = 4;
const READ_SZL = 1;
/** Timers and counters are numbered, all else is addressed by byte and bit. */
const AREA_COUNTERS = 0x1c;
const AREA_TIMERS_IEC = 0x1f;
/** Transport sizes whose length counts bits. */
const BITS: ReadonlySet<number> = new Set([3, 4, 5]);

const HEADER: FieldRun = [[F.headerProtid, 1], [F.headerRosctr, 1], [F.headerRedid, 2], [F.headerPduref, 2], [F.headerParlg, 2], [F.headerDatlg, 2]];
const ERRORS: FieldRun = [[F.headerErrcls, 1], [F.headerErrcod, 1]];
const SETUP_PARAMETERS: FieldRun = [[F.paramSetupReserved1, 1], [F.paramMaxamqCalling, 2], [F.paramMaxamqCalled, 2], [F.paramNegPduLength, 2]];
const ITEM: FieldRun = [
  [F.paramItemVarspec, 1], [F.paramItemVarspecLength, 1], [F.paramItemSyntaxid, 1], [F.paramItemTranspSize, 1], [F.paramItemLength, 2], [F.paramItemDb, 2],
  [F.paramItemArea, 1], [F.paramItemAddress, 3],
];
const UNKNOWN_ITEM: FieldRun = [[F.paramItemVarspec, 1], [F.paramItemVarspecLength, 1], [F.paramItemSyntaxid, 1]];
const USERDATA_HEAD: FieldRun = [
  [F.paramUserdataHead, 3], [F.paramUserdataLength, 1], [F.paramUserdataReqres1, 1], [F.paramUserdataType, 1, true], [F.paramUserdataFuncgroup, 1],
  [F.paramUserdataSubfunc, 1], [F.paramUserdataSeqNum, 1],
];
const USERDATA_MORE: FieldRun = [[F.paramUserdataDataunitref, 1], [F.paramUserdataLastdataunit, 1], [F.paramErrcod, 2]];
const DATA_HEAD: FieldRun = [[F.dataReturncode, 1], [F.dataTransportsize, 1]];
const DATA_HEAD_LEN = 4;
const SZL: FieldRun = [
  [F.dataUserdataSzlId, 2, true], [F.dataUserdataSzlIdDiagType, 2, true], [F.dataUserdataSzlIdPartlistEx, 2, true], [F.dataUserdataSzlIdPartlistNum, 2],
  [F.dataUserdataSzlIndex, 2],
];
const SZL_LIST: FieldRun = [[F.dataUserdataSzlIdPartlistLen, 2], [F.dataUserdataSzlIdPartlistCnt, 2]];

/** Siemens S7 communication over ISO transport. */
export const s7comm = defineDissector({
  name: 's7comm',
  title: 'S7 Communication',
  spec: ['Observed behaviour; the protocol has no public specification'],
  over: {},
  fields: s7commFields,
  heuristicOver: ['cotp'],
  heuristic: (p, at, end) => end - at >= HEADER_LEN && p.bytes[at] === PROTOCOL && KINDS[p.bytes[at + 1]] !== undefined,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) return end < p.wireEnd ? p.tooShort(HEADER_LEN) : DECLINE;
    const kind = b[at + 1];
    if (b[at] !== PROTOCOL || KINDS[kind] === undefined) return DECLINE;
    p.open(F.header, at);
    putRun(p, at, end, HEADER);
    let pos = at + HEADER_LEN;
    if (kind === ACK || kind === ACK_DATA) {
      if (pos + 2 > end) return cutShort(p, end);
      putRun(p, pos, end, ERRORS);
      pos += 2;
    }
    p.close(pos);
    const parameters = u16be(b, at + PARAMETER_LENGTH);
    const data = pos + parameters;
    if (parameters === 0) return DONE;
    p.open(F.param, pos);
    const known = kind === USERDATA ? putUserdata(p, pos, end) : putParameters(p, pos, Math.min(data, end), end, kind);
    p.close(Math.min(data, end));
    if (!known) return cutShort(p, end);
    const length = u16be(b, at + DATA_LENGTH);
    if (length === 0) return DONE;
    if (data > end) return cutShort(p, end);
    p.open(F.data, data);
    const read = kind === USERDATA ? putUserdataData(p, pos, data, Math.min(data + length, end)) : putData(p, pos, data, Math.min(data + length, end), kind);
    p.close(Math.min(data + length, end));
    return read && data + length <= end ? DONE : cutShort(p, end);
  },
  info: (row) => `${KINDS[row.num(F.headerRosctr)] ?? ''} ${row.has(F.paramFunc) ? `Function ${row.text(F.paramFunc)}` : ''}`.trim(),
});

function putParameters(p: PacketView, at: number, end: number, limit: number, kind: number): boolean {
  if (at >= end) return false;
  const func = p.bytes[at];
  p.put(F.paramFunc, at, 1);
  if (func === SETUP) return putRun(p, at + 1, limit, SETUP_PARAMETERS) >= 0;
  if (func !== READ && func !== WRITE) return true;
  if (at + 1 >= limit) return false;
  p.put(F.paramItemcount, at + 1, 1);
  return kind !== JOB || putItems(p, at + 2, end, p.bytes[at + 1]);
}

function putItems(p: PacketView, at: number, end: number, count: number): boolean {
  const b = p.bytes;
  let pos = at;
  for (let n = count; n > 0; n--) {
    if (pos + 3 > end) return false;
    const next = pos + 2 + b[pos + 1];
    p.open(F.paramItem, pos);
    if (b[pos + 2] === S7ANY && b[pos + 1] === 10) {
      if (putRun(p, pos, end, ITEM) < 0) return false;
      const area = b[pos + 8];
      if (area >= AREA_COUNTERS && area <= AREA_TIMERS_IEC) p.put(F.paramItemAddressNumber, pos + 9, 3);
      else {
        p.put(F.paramItemAddressByte, pos + 9, 3);
        p.put(F.paramItemAddressBit, pos + 9, 3);
      }
    } else putRun(p, pos, end, UNKNOWN_ITEM);
    p.close(Math.min(next, end));
    // Items begin at even offsets.
    pos = next + (n > 1 && b[pos + 1] % 2 === 1 ? 1 : 0);
  }
  return true;
}

/** Values: of a write job, and of the answer to a read; the answer to a write has one code an item. */
function putData(p: PacketView, parameters: number, at: number, end: number, kind: number): boolean {
  const b = p.bytes;
  const func = b[parameters];
  if (func !== READ && func !== WRITE) return true;
  const count = b[parameters + 1];
  let pos = at;
  for (let n = 0; n < count && pos < end; n++) {
    p.open(F.dataItem, pos);
    if (func === WRITE && kind === ACK_DATA) {
      p.put(F.dataReturncode, pos, 1);
      p.close(++pos);
      continue;
    }
    const length = putDataHead(p, pos, end);
    const value = pos + DATA_HEAD_LEN;
    if (length < 0 || value + length > end) return false;
    if (length > 0) p.put(F.respData, value, length);
    pos = value + length;
    if (length % 2 === 1 && n + 1 < count && pos < end) p.put(F.dataFillbyte, pos++, 1);
    p.close(pos);
  }
  return true;
}

/** Return code, transport size and length of a value. Returns its length in bytes, -1 where the head is cut. */
function putDataHead(p: PacketView, at: number, end: number): number {
  if (at + DATA_HEAD_LEN > end) return -1;
  putRun(p, at, end, DATA_HEAD);
  const stated = u16be(p.bytes, at + 2);
  const length = BITS.has(p.bytes[at + 1]) ? Math.ceil(stated / 8) : stated;
  p.putInt(F.dataLength, at + 2, 2, length);
  return length;
}

function putUserdata(p: PacketView, at: number, end: number): boolean {
  const pos = putRun(p, at, end, USERDATA_HEAD);
  if (pos < 0) return false;
  return p.bytes[at + 3] < 8 || putRun(p, pos, end, USERDATA_MORE) >= 0;
}

function putUserdataData(p: PacketView, parameters: number, at: number, end: number): boolean {
  const b = p.bytes;
  if (putDataHead(p, at, end) < 0) return false;
  const pos = at + DATA_HEAD_LEN;
  const isAnswer = b[parameters + 5] >> 4 === 8;
  // A list that fills several data units is not read in parts.
  if (b[parameters + 3] >= 8 && (b[parameters + 8] !== 0 || b[parameters + 9] !== 0)) return true;
  if ((b[parameters + 5] & 15) !== CPU_FUNCTIONS || b[parameters + 6] !== READ_SZL || pos + 4 > end) return true;
  const list = putRun(p, pos, end, SZL);
  return !isAnswer || list + 4 > end || putRun(p, list, end, SZL_LIST) >= 0;
}

export default s7comm;
