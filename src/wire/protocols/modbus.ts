import { u16be, u32be } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { modbusFields } from '../codecs/modbus-fields.ts';
import { DIAGNOSTIC_FIELDS, FUNCTIONS } from '../codecs/modbus-functions.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = modbusFields;
const PORT = 502;
/** Requests that wait for their response, in the table of all protocols. */
const PENDING = 0x6d62;
const EXCEPTION = 0x80;
/** Transaction and unit stand before the message (mbtcp). */
const TRANSACTION = -7;
const UNIT = -1;

const READ_COILS = 1;
const READ_DISCRETE_INPUTS = 2;
const READ_REGISTERS = 3;
const READ_INPUT_REGISTERS = 4;
const WRITE_COIL = 5;
const WRITE_REGISTER = 6;
const READ_EXCEPTION_STATUS = 7;
const DIAGNOSTICS = 8;
const WRITE_COILS = 15;
const WRITE_REGISTERS = 16;
const READ_FILE = 20;
const WRITE_FILE = 21;
const MASK_WRITE = 22;
const READ_WRITE = 23;
const READ_FIFO = 24;
const ENCAPSULATED = 43;

const READ_BITS: FieldRun = [[F.referenceNum, 2], [F.bitCnt, 2]];
const READ_WORDS: FieldRun = [[F.referenceNum, 2], [F.wordCnt, 2]];
const MASK: FieldRun = [[F.referenceNum, 2], [F.andMask, 2], [F.orMask, 2]];
const READ_AND_WRITE: FieldRun = [[F.readReferenceNum, 2], [F.readWordCnt, 2], [F.writeReferenceNum, 2], [F.writeWordCnt, 2], [F.byteCnt, 1]];
const REFERENCE: FieldRun = [[F.referenceNum, 2]];
const DEVICE_ID: FieldRun = [[F.readDeviceId, 1], [F.objectId, 1]];
const DEVICE_ID_REPLY: FieldRun = [[F.readDeviceId, 1], [F.conformityLevel, 1], [F.moreFollows, 1], [F.nextObjectId, 1], [F.numObjects, 1]];

/** Modbus application protocol: one message, behind the header of its transport. */
export const modbus = defineDissector({
  name: 'modbus',
  title: 'Modbus',
  spec: ['MODBUS Application Protocol Specification V1.1b3'],
  over: {},
  fields: modbusFields,
  short: 'Modbus',
  dissect(p, at, end) {
    if (at >= end) return cutShort(p, end);
    const code = p.bytes[at];
    p.put(F.funcCode, at, 1);
    if ((code & EXCEPTION) !== 0) {
      if (at + 1 >= end) return cutShort(p, end);
      p.put(F.exceptionCode, at + 1, 1);
      return DONE;
    }
    const isRequest = p.dstPort === PORT;
    const asked = isRequest ? remember(p, at, end, code) : answered(p, at, code);
    const done = isRequest ? putRequest(p, at + 1, end, code) : putResponse(p, at + 1, end, code, asked);
    return done < 0 ? cutShort(p, end) : DONE;
  },
  info: (row) => `${FUNCTIONS[row.num(F.funcCode)] ?? 'Function'} (${row.num(F.funcCode)})`,
});

/** What a request remembers: its function, where it begins and how many it wants (two bytes each). */
const BASES = 2 ** 32;

const key = (p: PacketView, at: number): number => u16be(p.bytes, at + TRANSACTION) * 256 + p.bytes[at + UNIT];

/** A response says neither where its registers begin nor what was asked: its request does. */
function remember(p: PacketView, at: number, end: number, code: number): number {
  if (!p.track || p.flow < 0) return 0;
  const i = p.trackers.pending.ask(PENDING, p.flow, key(p, at), p.frame, p.seconds, p.nanoseconds);
  p.trackers.pending.extra[i] = code * BASES + (at + 5 <= end ? u32be(p.bytes, at + 1) : 0);
  return 0;
}

function answered(p: PacketView, at: number, code: number): number {
  if (!p.track || p.flow < 0) return 0;
  const { pending } = p.trackers;
  const i = pending.find(PENDING, p.flow, key(p, at));
  if (i < 0 || Math.floor(pending.extra[i] / BASES) !== code) return 0;
  p.putInt(F.requestFrame, at, 0, pending.frame[i]);
  p.putSince(F.responseTime, pending.seconds[i], pending.nanos[i]);
  return pending.extra[i] % BASES;
}

/** Puts `[at, end)` as bytes that have no finer fields. */
function putRest(p: PacketView, at: number, end: number): number {
  if (end > at) p.put(F.data, at, end - at);
  return end;
}

function putRequest(p: PacketView, at: number, end: number, code: number): number {
  switch (code) {
    case READ_COILS: case READ_DISCRETE_INPUTS: return putRun(p, at, end, READ_BITS);
    case READ_REGISTERS: case READ_INPUT_REGISTERS: return putRun(p, at, end, READ_WORDS);
    case WRITE_COIL: return putCoil(p, at, end);
    case WRITE_REGISTER: return putRegister(p, at, end);
    case READ_EXCEPTION_STATUS: return end;
    case DIAGNOSTICS: return putDiagnostic(p, at, end, true);
    case WRITE_COILS: return putMany(p, putRun(p, at, end, READ_BITS), end, -1);
    case WRITE_REGISTERS: return putMany(p, putRun(p, at, end, READ_WORDS), end, at + 2 <= end ? u16be(p.bytes, at) : 0);
    case READ_FILE: case WRITE_FILE: return putMany(p, at, end, -1);
    case MASK_WRITE: return putRun(p, at, end, MASK);
    case READ_WRITE: {
      const values = putRun(p, at, end, READ_AND_WRITE);
      return values < 0 ? values : putWords(p, values, Math.min(end, values + p.bytes[values - 1]), u16be(p.bytes, at + 4));
    }
    case READ_FIFO: return putRun(p, at, end, REFERENCE);
    case ENCAPSULATED: return putEncapsulated(p, at, end, DEVICE_ID);
    default: return putRest(p, at, end);
  }
}

function putResponse(p: PacketView, at: number, end: number, code: number, asked: number): number {
  switch (code) {
    case READ_COILS: case READ_DISCRETE_INPUTS: return putBits(p, at, end, Math.floor(asked / 65_536), asked % 65_536);
    case READ_REGISTERS: case READ_INPUT_REGISTERS: case READ_WRITE: return putMany(p, at, end, Math.floor(asked / 65_536));
    case WRITE_COIL: return putCoil(p, at, end);
    case WRITE_REGISTER: return putRegister(p, at, end);
    case DIAGNOSTICS: return putDiagnostic(p, at, end, false);
    case WRITE_COILS: return putRun(p, at, end, READ_BITS);
    case WRITE_REGISTERS: return putRun(p, at, end, READ_WORDS);
    case READ_FILE: case WRITE_FILE: return putMany(p, at, end, -1);
    case MASK_WRITE: return putRun(p, at, end, MASK);
    case ENCAPSULATED: return putObjects(p, putEncapsulated(p, at, end, DEVICE_ID_REPLY), end);
    default: return putRest(p, at, end);
  }
}

/** The value is 0xff00 or 0: its second byte pads it. */
function putCoil(p: PacketView, at: number, end: number): number {
  if (putRegister(p, at, end) < 0) return -1;
  p.put(F.padding, at + 3, 1);
  return end;
}

function putRegister(p: PacketView, at: number, end: number): number {
  if (at + 4 > end) return -1;
  p.put(F.referenceNum, at, 2);
  return putRest(p, at + 2, end);
}

/** A count of bytes, and as many: registers that begin at `base`, or bytes where it is -1. */
function putMany(p: PacketView, at: number, end: number, base: number): number {
  if (at < 0 || at >= end) return -1;
  p.put(F.byteCnt, at, 1);
  const to = at + 1 + p.bytes[at];
  if (base < 0) {
    p.put(F.data, at + 1, Math.min(to, end) - at - 1);
    return to > end ? -1 : to;
  }
  return putWords(p, at + 1, Math.min(to, end), base) < 0 || to > end ? -1 : to;
}

function putWords(p: PacketView, at: number, end: number, base: number): number {
  let register = base;
  for (let i = at; i + 2 <= end; i += 2) {
    p.putInt(F.regnum16, i, 2, register++ & 0xffff);
    p.put(F.regvalUint16, i, 2);
  }
  return end;
}

function putBits(p: PacketView, at: number, end: number, base: number, count: number): number {
  if (at >= end) return -1;
  p.put(F.byteCnt, at, 1);
  const to = at + 1 + p.bytes[at];
  if (to > end) return -1;
  const wanted = p.wants(F.bitnum) || p.wants(F.bitval);
  const bits = Math.min(count, (to - at - 1) * 8);
  for (let k = 0; k < bits && wanted; k++) {
    const i = at + 1 + (k >> 3);
    p.putInt(F.bitnum, i, 1, base + k);
    p.putInt(F.bitval, i, 1, (p.bytes[i] >> (k & 7)) & 1);
  }
  return to;
}

function putDiagnostic(p: PacketView, at: number, end: number, isRequest: boolean): number {
  if (at + 2 > end) return -1;
  p.put(F.diagnosticCode, at, 2);
  const code = u16be(p.bytes, at);
  if (code === 0) p.put(isRequest ? F.diagnosticReturnQueryDataRequest : F.diagnosticReturnQueryDataEcho, at + 2, end - at - 2);
  else if (code === 3) p.put(F.diagnosticAsciiInputDelimiter, at + 2, Math.min(1, end - at - 2));
  else {
    const field = DIAGNOSTIC_FIELDS[code];
    if (field === undefined || (isRequest && code !== 1)) return putRest(p, at + 2, end);
    if (at + 4 > end) return -1;
    p.put(field, at + 2, 2);
  }
  return end;
}

/** Encapsulated interface (§6.19); 14 reads what a device says of itself (§6.21). */
function putEncapsulated(p: PacketView, at: number, end: number, run: FieldRun): number {
  if (at >= end) return -1;
  p.put(F.mei, at, 1);
  return p.bytes[at] === 14 ? putRun(p, at + 1, end, run) : putRest(p, at + 1, end);
}

function putObjects(p: PacketView, at: number, end: number): number {
  let i = at;
  while (i >= 0 && i + 2 <= end) {
    const len = p.bytes[i + 1];
    p.put(F.objectId, i, 1);
    p.put(F.objectsLen, i + 1, 1);
    if (i + 2 + len > end) return -1;
    p.put(F.objectStrValue, i + 2, len);
    i += 2 + len;
  }
  return i;
}

export default modbus;
