import { u16be, u32be } from '../../base/bytes.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, unfit } from '../packet-view.ts';

// Strict binary protocol, after the length of the frame where the transport is framed:
// | 0x80 | version 1 | 0 | message type | length of the name, 4 | name | sequence id, 4 | fields |
const FRAME_LEN = 4;
const HEAD = 0x8001;
const MIN_LEN = 12;
const MAX_NAME = 256;
const EXCEPTION = 3;
const ONEWAY = 4;

const MESSAGES = { 1: 'CALL', 2: 'REPLY', 3: 'EXCEPTION', 4: 'ONEWAY' } as const;
const TYPES = {
  0: 'T_STOP', 1: 'T_VOID', 2: 'T_BOOL', 3: 'T_I8', 4: 'T_DOUBLE', 6: 'T_I16', 8: 'T_I32', 10: 'T_I64', 11: 'T_BINARY', 12: 'T_STRUCT', 13: 'T_MAP', 14: 'T_SET', 15: 'T_LIST', 16: 'T_UUID',
} as const;
const TYPE = { STOP: 0, BOOL: 2, I8: 3, DOUBLE: 4, I16: 6, I32: 8, I64: 10, BINARY: 11, UUID: 16 } as const;
const EXCEPTIONS = {
  0: 'Unknown (type of peer)', 1: 'Unknown Method', 2: 'Invalid Message Type', 3: 'Wrong Method Name', 4: 'Bad Sequence Id', 5: 'Missing Result', 6: 'Internal Error',
  7: 'Protocol Error (something went wrong during decoding)', 8: 'Invalid Transform', 9: 'Invalid Protocol', 10: 'Unsupported Client Type',
} as const;

export const thriftFields = defineFields({
  frameLength: { name: 'thrift.frame_len', ...put('i32', 'Frame length') },
  protocol: { name: 'thrift.protocol_id', ...put('u8', 'Protocol id', { base: 'hex' }) },
  version: { name: 'thrift.version', ...put('u8', 'Version', { mask: 0x1f }) },
  message: { name: 'thrift.mtype', ...put('u8', 'Message type', { base: 'hex', mask: 0x07, values: MESSAGES }) },
  length: { name: 'thrift.str_len', ...put('i32', 'Length') },
  method: { name: 'thrift.method', ...put('string', 'Method') },
  sequence: { name: 'thrift.seq_id', ...put('i32', 'Sequence Id') },
  type: { name: 'thrift.type', ...put('u8', 'Type', { base: 'hex', values: TYPES }) },
  id: { name: 'thrift.fid', ...put('i16', 'Field Id') },
  bool: { name: 'thrift.bool', ...put('boolean', 'Boolean') },
  i8: { name: 'thrift.i8', ...put('i8', 'Integer8') },
  i16: { name: 'thrift.i16', ...put('i16', 'Integer16') },
  i32: { name: 'thrift.i32', ...put('i32', 'Integer32') },
  i64: { name: 'thrift.i64', ...put('i64', 'Integer64') },
  double: { name: 'thrift.double', ...put('double', 'Double') },
  binary: { name: 'thrift.binary', ...put('bytes', 'Binary') },
  string: { name: 'thrift.string', ...put('string', 'String') },
  uuid: { name: 'thrift.uuid', ...put('guid', 'UUID') },
  exceptionMessage: { name: 'thrift.exception.message', ...put('string', 'Exception Message') },
  exceptionType: { name: 'thrift.exception.type', ...put('i32', 'Exception Type', { values: EXCEPTIONS }) },
  failed: { name: 'thrift.protocol_exception', ...put('none', 'The application was not able to handle the request') },
});
const F = thriftFields;

/** Apache Thrift's strict binary protocol: heads, and fields up to the first that is made of others. */
export const thrift = defineDissector({
  name: 'thrift',
  title: 'Thrift Protocol',
  short: 'Thrift',
  spec: ['Apache Thrift doc/specs/thrift-binary-protocol.md'],
  over: {},
  heuristicOver: ['tcp'],
  heuristic: (p, at, end) => headAt(p.bytes, at, end, p.wireEnd) >= 0,
  fields: thriftFields,
  stream: true,
  dissect(p, at, end) {
    const head = headAt(p.bytes, at, end, p.wireEnd);
    if (head < 0) return DECLINE;
    if (head > at) {
      const wait = wholePdu(p, at, FRAME_LEN + u32be(p.bytes, at));
      if (wait !== DONE) return wait;
      p.put(F.frameLength, at, FRAME_LEN);
    }
    return putMessage(p, head, Math.min(end, p.wireEnd));
  },
  info: (row) => `${row.text(F.message)} ${row.text(F.method)}`,
});
export default thrift;

/** Where the head stands: at once, or behind the length of a frame; -1 where there is none. */
function headAt(b: Uint8Array, at: number, end: number, wireEnd: number): number {
  if (isHead(b, at, end)) return at;
  return end - at > FRAME_LEN && u32be(b, at) >= wireEnd - at - FRAME_LEN && u32be(b, at) < 0x100_0000 && isHead(b, at + FRAME_LEN, end) ? at + FRAME_LEN : -1;
}

/** Strict: version, a message type that there is, and a name of printable characters. */
function isHead(b: Uint8Array, at: number, end: number): boolean {
  if (end - at < MIN_LEN || u16be(b, at) !== HEAD || b[at + 2] !== 0 || b[at + 3] === 0 || b[at + 3] > ONEWAY) return false;
  const length = u32be(b, at + 4);
  return length > 0 && length <= MAX_NAME && at + MIN_LEN + length <= end && isPrintable(b, at + 8, at + 8 + length);
}

function isPrintable(b: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (b[i] < 0x20 || b[i] >= 0x7f) return false;
  return true;
}

function putMessage(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  p.put(F.protocol, at, 1);
  p.put(F.version, at + 1, 1);
  p.put(F.message, at + 3, 1);
  const isException = b[at + 3] === EXCEPTION;
  if (isException) p.expert('warn', 'protocol', F.failed.name, at + 3, 1);
  p.put(F.length, at + 4, 4);
  const nameEnd = at + 8 + u32be(b, at + 4);
  p.put(F.method, at + 8, nameEnd - at - 8);
  p.put(F.sequence, nameEnd, 4);
  for (let from = nameEnd + 4; from < end; ) {
    const type = b[from];
    if (!isException) p.put(F.type, from, 1);
    if (type === TYPE.STOP) return DONE;
    if (from + 3 > end) return unfit(p);
    const valueAt = from + 3;
    const size = sizeOf(b, type, valueAt, end);
    // What is made of others is told by its type alone.
    if (size < 0) return DONE;
    if (valueAt + size > end) return unfit(p);
    if (isException) putException(p, type, valueAt, size);
    else {
      p.put(F.id, from + 1, 2);
      putValue(p, type, valueAt, size);
    }
    from = valueAt + size;
  }
  return DONE;
}

/** Bytes of a value; -1 where it is made of others. */
function sizeOf(b: Uint8Array, type: number, at: number, end: number): number {
  switch (type) {
    case TYPE.BOOL: case TYPE.I8: return 1;
    case TYPE.I16: return 2;
    case TYPE.I32: return 4;
    case TYPE.DOUBLE: case TYPE.I64: return 8;
    case TYPE.UUID: return 16;
    case TYPE.BINARY: return at + 4 <= end ? 4 + u32be(b, at) : 4;
    default: return -1;
  }
}

function putException(p: PacketView, type: number, at: number, size: number): void {
  if (type === TYPE.BINARY) p.put(F.exceptionMessage, at + 4, size - 4);
  else if (type === TYPE.I32) p.put(F.exceptionType, at, 4);
}

function putValue(p: PacketView, type: number, at: number, size: number): void {
  switch (type) {
    case TYPE.BOOL: p.put(F.bool, at, 1); return;
    case TYPE.I8: p.put(F.i8, at, 1); return;
    case TYPE.I16: p.put(F.i16, at, 2); return;
    case TYPE.I32: p.put(F.i32, at, 4); return;
    case TYPE.I64: p.put(F.i64, at, 8); return;
    case TYPE.DOUBLE: p.put(F.double, at, 8); return;
    case TYPE.UUID: p.put(F.uuid, at, 16); return;
    default:
      p.put(F.length, at, 4);
      p.put(isPrintable(p.bytes, at + 4, at + size) ? F.string : F.binary, at + 4, size - 4);
  }
}
