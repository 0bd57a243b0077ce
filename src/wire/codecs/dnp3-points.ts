import { u16be, u16le, u32le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { dnp3Fields } from './dnp3-fields.ts';
import type { ObjectLayout, PointPart } from './dnp3-objects.ts';
import { hasObjects, isNamed, OBJECTS } from './dnp3-objects.ts';

const F = dnp3Fields;
const READ = 1;
/** Read, write, and the four functions that operate something. */
const LAST_CONTROL = 6;
/** Functions whose objects carry no data: read, freezes, enabling and disabling unsolicited messages, assigning classes. */
const WITHOUT_DATA: ReadonlySet<number> = new Set([READ, 7, 8, 9, 10, 20, 21, 22]);
/** Bytes of an index before each point, by prefix code (IEEE 1815-2012 §4.2.2.7.3). */
const INDEX_LEN = [0, 1, 2, 4] as const;

/** Variations of group 0 from here on are attributes of the device (Annex A.1). */
const FIRST_ATTRIBUTE = 196;

/** Range of one object header: reused. */
let count = 0;
let first = 0;
let rangeEnd = 0;

/** Puts all objects of a message. False where they are cut, or where what reads or writes names none. */
export function putObjects(p: PacketView, at: number, end: number, func: number): boolean {
  if (!hasObjects(func)) return true;
  if (at >= end && func <= LAST_CONTROL) return false;
  let pos = at;
  while (pos >= 0 && pos < end) {
    if (pos + 3 > end) return false;
    pos = putObject(p, pos, end, func);
  }
  return pos >= 0;
}

/** One object header with its points. Returns where it ends, -1 where it is cut or cannot be read on. */
function putObject(p: PacketView, at: number, end: number, func: number): number {
  const b = p.bytes;
  const kind = u16be(b, at);
  const layout = OBJECTS.get(kind);
  p.put(F.alObj, at, 2);
  if (layout === undefined && b[at] === 0 && b[at + 1] < FIRST_ATTRIBUTE) p.expert('warn', 'protocol', F.unknownGroup0Variation.name, at, 2);
  else if (b[at] !== 0 && !isNamed(kind)) p.expert('warn', 'protocol', F.unknownObject.name, at, 2);
  p.put(F.alObjqPrefix, at + 2, 1);
  p.put(F.alObjqRange, at + 2, 1);
  if (!putRange(p, at + 3, end, b[at + 2] & 15)) return -1;
  if (count < 0) {
    p.expert('error', 'malformed', F.numItemsNeg.name, at, 3);
    return end;
  }
  const prefix = (b[at + 2] >> 4) & 7;
  const indexLen = prefix < 4 ? INDEX_LEN[prefix] : 0;
  const bare = WITHOUT_DATA.has(func);
  if (bare && indexLen === 0) return rangeEnd;
  if (layout === undefined) return b[at] === 0 && b[at + 1] >= FIRST_ATTRIBUTE ? putAttributes(p, rangeEnd, end) : putUnknown(p, rangeEnd, end, indexLen);
  return layout.bits !== undefined && !bare ? putBits(p, rangeEnd, end, layout.bits) : putPoints(p, rangeEnd, end, layout, indexLen, bare);
}

function putRange(p: PacketView, at: number, end: number, code: number): boolean {
  const b = p.bytes;
  count = 0;
  first = 0;
  rangeEnd = at;
  if (code <= 2) {
    const len = 1 << code;
    if (at + 2 * len > end) return false;
    p.put(F.alRangeStart, at, len);
    p.put(F.alRangeStop, at + len, len);
    first = number(b, at, len);
    count = number(b, at + len, len) - first + 1;
    rangeEnd = at + 2 * len;
  } else if (code <= 5) {
    const len = 1 << (code - 3);
    if (at + len > end) return false;
    p.put(F.alRangeAbs, at, len);
    first = number(b, at, len);
    count = 1;
    rangeEnd = at + len;
  } else if ((code >= 7 && code <= 9) || code === 11) {
    const len = code === 11 ? 1 : 1 << (code - 7);
    if (at + len > end) return false;
    p.put(F.alRangeQuantity, at, len);
    count = number(b, at, len);
    rangeEnd = at + len;
  }
  return true;
}

function number(b: Uint8Array, at: number, len: number): number {
  return len === 1 ? b[at] : len === 2 ? u16le(b, at) : u32le(b, at);
}

function putBits(p: PacketView, at: number, end: number, bits: 1 | 2): number {
  const field = bits === 1 ? F.alBit : F.al2bit;
  const each = 8 / bits;
  for (let k = 0; k < count; k++) {
    const i = at + Math.floor(k / each);
    if (i >= end) return -1;
    p.putInt(F.alPointIndex, i, 0, first + k);
    p.putInt(field, i, 1, (p.bytes[i] >> ((k % each) * bits)) & (bits === 1 ? 1 : 3));
  }
  return at + Math.ceil(count / each);
}

function putPoints(p: PacketView, at: number, end: number, layout: ObjectLayout, indexLen: number, bare: boolean): number {
  let pos = at;
  for (let k = 0; k < count; k++) {
    if (pos + indexLen > end) return -1;
    if (indexLen > 0) p.put(F.alIndex, pos, indexLen);
    else if (layout.parts.length > 0 && !bare) p.putInt(F.alPointIndex, pos, 0, first + k);
    pos += indexLen;
    if (bare) continue;
    if (layout.parts.length === 0) return end;
    for (let i = 0; i < layout.parts.length && pos >= 0; i++) pos = putPart(p, pos, end, layout.parts[i]);
    if (pos < 0) return -1;
  }
  return pos;
}

/** Points whose layout nobody knows: where there is more than one, the message cannot be read on. */
function putUnknown(p: PacketView, at: number, end: number, indexLen: number): number {
  if (count === 0) return at;
  if (indexLen === 0) p.putInt(F.alPointIndex, at, 0, first);
  if (end > at) p.put(F.alUnknownDataChunk, at, end - at);
  return count > 1 || end === at ? -1 : end;
}

/** Attributes of the device (Annex A.1): a type of data, a length, a value. */
function putAttributes(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  let pos = at;
  for (let k = 0; k < count; k++) {
    if (pos + 2 > end) return -1;
    const length = b[pos + 1];
    const value = pos + 2;
    p.putInt(F.alPointIndex, pos, 0, first + k);
    p.put(F.alDatatype, pos, 1);
    p.put(F.alDaLength, pos + 1, 1);
    if (value + length > end) return -1;
    const field = attributeField(b[pos], length);
    if (field !== undefined) p.put(field, value, length);
    pos = value + length;
  }
  return pos;
}

function attributeField(type: number, length: number): Field | undefined {
  switch (type) {
    case 1: return F.alDaValue;
    case 2: return length === 1 ? F.alDaUint8 : length === 2 ? F.alDaUint16 : F.alDaUint32;
    case 3: return length === 1 ? F.alDaInt8 : length === 2 ? F.alDaInt16 : F.alDaInt32;
    case 4: return length === 4 ? F.alDaFloat : F.alDaDouble;
    default: return undefined;
  }
}

function putPart(p: PacketView, at: number, end: number, part: PointPart): number {
  const b = p.bytes;
  if ('flags' in part) {
    if (at >= end) return -1;
    for (let bit = 0; bit < 8; bit++) p.put(part.flags[bit], at, 1);
    return at + 1;
  }
  if ('value' in part) {
    if (at + part.len > end) return -1;
    p.put(part.value, at, part.len);
    return at + part.len;
  }
  switch (part.part) {
    case 'time': {
      if (at + 6 > end) return -1;
      const ms = u32le(b, at) + u16le(b, at + 4) * 2 ** 32;
      p.putTime(F.alTimestamp, at, 6, Math.floor(ms / 1000), (ms % 1000) * 1_000_000);
      return at + 6;
    }
    case 'reltime': {
      if (at + 2 > end) return -1;
      const ms = u16le(b, at);
      p.putTime(F.alReltimestamp, at, 2, Math.floor(ms / 1000), (ms % 1000) * 1_000_000);
      return at + 2;
    }
    case 'status':
      if (at >= end) return -1;
      p.put(F.alCtrlstatus, at, 1);
      return at + 1;
    case 'control': return putControl(p, at, end);
  }
}

/** Control relay output block (Annex A.8.1): code, count, on and off time, status. */
function putControl(p: PacketView, at: number, end: number): number {
  if (at + 11 > end) return -1;
  p.put(F.ctlOp, at, 1);
  p.put(F.ctlClr, at, 1);
  p.put(F.ctlTrip, at, 1);
  p.put(F.alCount, at + 1, 1);
  p.put(F.alOnTime, at + 2, 4);
  p.put(F.alOffTime, at + 6, 4);
  p.put(F.alCtrlstatus, at + 10, 1);
  return at + 11;
}
