import { u16be } from '../../base/bytes.ts';
import { s7commFields as F, s7commGroups as G } from '../codecs/s7comm-fields.ts';
import { putAll } from '../codecs/windows-values.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE } from '../packet-view.ts';

//  0    1        2..3         4..5        6..7               8..9         10, 11
// | 32 | rosctr | redundancy | reference | parameter length | data length | error class and code (acknowledgements)
const HEADER_LEN = 10;
const PROTOCOL = 0x32;
const ROSCTR = { JOB: 1, ACK: 2, ACK_DATA: 3, USERDATA: 7 } as const;
const ROSCTR_NAMES = { 1: 'Job', 2: 'Ack', 3: 'Ack_Data', 7: 'Userdata' } as const;
const FUNC = { READ: 0x04, WRITE: 0x05, SETUP: 0xf0 } as const;
const FUNC_NAMES = {
  0: 'CPU services', 4: 'Read Var', 5: 'Write Var', 0x1a: 'Request download', 0x1b: 'Download block', 0x1c: 'Download ended', 0x1d: 'Start upload', 0x1e: 'Upload',
  0x1f: 'End upload', 0x28: 'PI-Service', 0x29: 'PLC Stop', 0xf0: 'Setup communication',
} as const;
const S7ANY = 0x10;
const CPU_FUNCTIONS = 4;
const READ_SZL = 1;
/** Areas of counters and timers, which are numbered and not addressed. */
const NUMBERED = new Set([0x1c, 0x1d, 28, 29]);

/** Siemens' S7 communication, over ISO transport. */
export const s7comm = defineDissector({
  name: 's7comm',
  title: 'S7 Communication',
  spec: ['Siemens S7 protocol, as its controllers speak it'],
  over: {},
  short: 'S7COMM',
  column: 'S7COMM',
  heuristicOver: ['cotp'],
  heuristic: (p, at, end) => end - at >= HEADER_LEN && p.bytes[at] === PROTOCOL && p.bytes[at + 1] in ROSCTR_NAMES,
  fields: F,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const rosctr = b[at + 1];
    if (b[at] !== PROTOCOL || !(rosctr in ROSCTR_NAMES)) return DECLINE;
    const isAnswer = rosctr === ROSCTR.ACK || rosctr === ROSCTR.ACK_DATA;
    const head = isAnswer ? HEADER_LEN + 2 : HEADER_LEN;
    if (end - at < head) return p.tooShort(head);
    p.put(F.header, at, head);
    p.put(F.headerProtid, at, 1);
    p.put(F.headerRosctr, at + 1, 1);
    p.put(F.headerRedid, at + 2, 2);
    p.put(F.headerPduref, at + 4, 2);
    p.put(F.headerParlg, at + 6, 2);
    p.put(F.headerDatlg, at + 8, 2);
    if (isAnswer) {
      p.put(F.headerErrcls, at + 10, 1);
      p.put(F.headerErrcod, at + 11, 1);
      if (u16be(b, at + 10) !== 0) p.put(F.paramErrcod, at + 10, 2);
    }
    const parameters = at + head;
    const data = Math.min(end, parameters + u16be(b, at + 6));
    const to = Math.min(end, data + u16be(b, at + 8));
    if (data > parameters) {
      p.put(F.param, parameters, data - parameters);
      if (rosctr === ROSCTR.USERDATA) putUserParameters(p, parameters, data, to);
      else {
        const needed = putFunction(p, rosctr, parameters, data, to, end);
        if (needed > end) return p.tooShort(needed - at);
      }
    }
    return p.finish();
  },
  info: (row) => `${ROSCTR_NAMES[row.num(F.headerRosctr) as keyof typeof ROSCTR_NAMES] ?? 'Unknown'} ${FUNC_NAMES[row.num(F.paramFunc) as keyof typeof FUNC_NAMES] ?? ''}`,
});

/** Puts a function with its data. Returns the end of what it needs: beyond the PDU's end where it names more than there is. */
function putFunction(p: PacketView, rosctr: number, at: number, end: number, dataEnd: number, pduEnd: number): number {
  const b = p.bytes;
  const isJob = rosctr === ROSCTR.JOB;
  p.put(F.paramFunc, at, 1);
  switch (b[at]) {
    case FUNC.SETUP:
      if (pduEnd - at < 8) return at + 8;
      p.put(F.paramSetupReserved1, at + 1, 1);
      p.put(F.paramMaxamqCalling, at + 2, 2);
      p.put(F.paramMaxamqCalled, at + 4, 2);
      p.put(F.paramPduLength, at + 6, 2);
      return end;
    case FUNC.READ: case FUNC.WRITE: {
      if (pduEnd - at < 2) return end;
      p.put(F.paramItemcount, at + 1, 1);
      const count = b[at + 1];
      if (isJob) {
        let q = at + 2;
        for (let i = 0; i < count && q + 4 <= end; i++) q = putItem(p, q, end);
      }
      if (dataEnd <= end) return end;
      p.put(F.data, end, dataEnd - end);
      return isJob || b[at] === FUNC.READ ? putValues(p, Math.max(end, at + 2), dataEnd, count) : putCodes(p, end, dataEnd, count);
    }
    default:
      if (dataEnd > end) p.put(F.data, end, dataEnd - end);
      return end;
  }
}

/** What became of each item that was written. */
function putCodes(p: PacketView, at: number, end: number, count: number): number {
  for (let i = 0; i < count && at + i < end; i++) {
    p.put(F.dataItem, at + i, 1);
    p.put(F.dataReturncode, at + i, 1);
  }
  return at + count;
}

/** An address: area, data block, offset in bits. Items are padded to an even length. */
function putItem(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  const length = b[at + 1];
  p.put(F.paramItem, at, length + 2);
  p.put(F.paramItemVarspec, at, 1);
  p.put(F.paramItemVarspecLength, at + 1, 1);
  p.put(F.paramItemSyntaxid, at + 2, 1);
  if (b[at + 2] === S7ANY && length === 10 && at + 12 <= end) {
    p.put(F.paramItemTranspSize, at + 3, 1);
    p.put(F.paramItemLength, at + 4, 2);
    p.put(F.paramItemDb, at + 6, 2);
    p.put(F.paramItemArea, at + 8, 1);
    p.put(F.paramItemAddress, at + 9, 3);
    if (NUMBERED.has(b[at + 8])) p.put(F.paramItemAddressNumber, at + 9, 3);
    else {
      p.put(F.paramItemAddressByte, at + 9, 3);
      p.put(F.paramItemAddressBit, at + 9, 3);
    }
  }
  const next = at + 2 + length;
  return (length & 1) === 1 ? next + 1 : next;
}

/** Transport sizes whose length counts bits. */
const IN_BITS = new Set([3, 4, 5]);

function putValues(p: PacketView, from: number, end: number, count: number): number {
  const b = p.bytes;
  let q = from;
  for (let i = 0; i < count; i++) {
    if (q + 4 > end) return q + 4;
    const bits = u16be(b, q + 2);
    const length = IN_BITS.has(b[q + 1]) ? (bits + 7) >> 3 : bits;
    const to = Math.min(end, q + 4 + length);
    p.put(F.dataItem, q, to - q);
    p.put(F.dataReturncode, q, 1);
    p.put(F.dataTransportsize, q + 1, 1);
    p.putInt(F.dataLength, q + 2, 2, length);
    if (b[q] === 0xff || b[q] === 0) {
      if (to > q + 4) p.put(F.respData, q + 4, to - q - 4);
      q = to;
      if ((length & 1) === 1 && i + 1 < count) {
        p.put(F.dataFillbyte, q, 1);
        q++;
      }
    } else q += 4;
  }
  return q;
}

/** Services of the system: which group, which function, in how many parts. */
function putUserParameters(p: PacketView, at: number, end: number, dataEnd: number): void {
  const b = p.bytes;
  if (end - at < 8) return;
  p.put(F.paramUserdataHead, at, 3);
  p.put(F.paramUserdataLength, at + 3, 1);
  p.put(F.paramUserdataReqres1, at + 4, 1);
  p.put(F.paramUserdataType, at + 5, 1);
  p.put(F.paramUserdataFuncgroup, at + 5, 1);
  p.put(F.paramUserdataSubfunc, at + 6, 1);
  p.put(F.paramUserdataSeqNum, at + 7, 1);
  if (end - at >= 12) {
    p.put(F.paramUserdataDataunitref, at + 8, 1);
    p.put(F.paramUserdataLastdataunit, at + 9, 1);
    p.put(F.paramErrcod, at + 10, 2);
  }
  if (dataEnd - end < 4) return;
  p.put(F.data, end, dataEnd - end);
  p.put(F.dataReturncode, end, 1);
  p.put(F.dataTransportsize, end + 1, 1);
  p.put(F.dataLength, end + 2, 2);
  const isSzl = (b[at + 5] & 15) === CPU_FUNCTIONS && b[at + 6] === READ_SZL;
  if (!isSzl || dataEnd - end < 8 || b[end] !== 0xff) return;
  p.put(F.dataUserdataSzlId, end + 4, 2);
  putAll(p, G.szlId, end + 4, 2);
  p.put(F.dataUserdataSzlIndex, end + 6, 2);
  if (dataEnd - end >= 12) {
    p.put(F.dataUserdataSzlIdPartlistLen, end + 8, 2);
    p.put(F.dataUserdataSzlIdPartlistCnt, end + 10, 2);
  }
}
export default s7comm;
