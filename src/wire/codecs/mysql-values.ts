import { u16le, u32le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { mysqlFields } from './mysql-fields.ts';

const F = mysqlFields;
const NULL = 251;

/** Bytes that the number which `lenenc` read takes; 0 where it is cut or NULL. */
export let lenencLen = 0;
export let isNull = false;

/** A length-encoded integer (MySQL internals, Protocol::LengthEncodedInteger). */
export function lenenc(b: Uint8Array, at: number, end: number): number {
  isNull = false;
  lenencLen = 0;
  if (at < 0 || at >= end) return 0;
  const first = b[at];
  if (first < NULL) {
    lenencLen = 1;
    return first;
  }
  if (first === NULL) {
    isNull = true;
    lenencLen = 1;
    return 0;
  }
  const n = first === 252 ? 2 : first === 253 ? 3 : 8;
  if (at + 1 + n > end) return 0;
  lenencLen = 1 + n;
  if (n === 2) return u16le(b, at + 1);
  if (n === 3) return u16le(b, at + 1) | (b[at + 3] << 16);
  return u32le(b, at + 1) + u32le(b, at + 5) * 2 ** 32;
}

/** Puts a length-encoded number. Returns where it ends, -1 where it is cut. */
export function putLenenc(p: PacketView, at: number, end: number, f: Field): number {
  const v = lenenc(p.bytes, at, end);
  if (lenencLen === 0) return -1;
  p.putInt(f, at, lenencLen, v);
  return at + lenencLen;
}

/** Puts a text behind its length, `NULL` where there is none. Returns where it ends, -1 where it is cut. */
export function putLenencText(p: PacketView, at: number, end: number, f: Field, length?: Field): number {
  const n = lenenc(p.bytes, at, end);
  if (lenencLen === 0) return -1;
  const text = at + lenencLen;
  if (isNull) {
    if (p.wants(f)) p.putText(f, at, 1, 'NULL');
    return text;
  }
  if (length !== undefined) p.putInt(length, at, lenencLen, n);
  if (text + n > end) return -1;
  p.put(f, text, n);
  return text + n;
}

/** Puts a text that ends with a zero, or with the message. Returns where it ends. */
export function putZeroText(p: PacketView, at: number, end: number, f: Field): number {
  let i = at;
  while (i < end && p.bytes[i] !== 0) i++;
  p.put(f, at, i - at);
  return Math.min(i + 1, end);
}

/** Fields of the same two bytes. */
export function putAll(p: PacketView, fields: readonly Field[], at: number): void {
  for (let i = 0; i < fields.length; i++) p.put(fields[i], at, 2);
}

export const STATUS_FIELDS: readonly Field[] = [
  F.serverStatus, F.statIt, F.statAc, F.statMu, F.statMr, F.statBi, F.statNi, F.statCr, F.statLr, F.statDr, F.statBs, F.statMc, F.statQueryWasSlow,
  F.statPsOutParams, F.statTransReadonly, F.statSessionStateChanged,
];
const CAPS: readonly Field[] = [
  F.capsLp, F.capsFr, F.capsLf, F.capsCd, F.capsNs, F.capsCp, F.capsOb, F.capsLi, F.capsIs, F.capsCu, F.capsIa, F.capsSl, F.capsIi, F.capsTa, F.capsRs, F.capsSc,
];
const EXTENDED_CAPS: readonly Field[] = [
  F.capsMs, F.capsMr, F.capsPm, F.capsPa, F.capsCa, F.capsEp, F.capsSessionTrack, F.capsDeprecateEof, F.capsOptionalMetadata, F.capsCompressZsd,
  F.capsQueryAttrs, F.capsMfAuth, F.capsCapExt, F.capsUnused,
];
export const COLUMN_FLAGS: readonly Field[] = [
  F.fieldFlags, F.fieldFlagsNotNull, F.fieldFlagsPrimaryKey, F.fieldFlagsUniqueKey, F.fieldFlagsMultipleKey, F.fieldFlagsBlob, F.fieldFlagsUnsigned,
  F.fieldFlagsZeroFill, F.fieldFlagsEnum, F.fieldFlagsAutoIncrement, F.fieldFlagsTimestamp, F.fieldFlagsSet,
];
/** Length-encoded plugin data shares its name with multiple results of prepared statements. */
const LENENC_PLUGIN_DATA = 0x20;

export function putCapabilities(p: PacketView, f: Field, at: number): number {
  p.put(f, at, 2);
  putAll(p, CAPS, at);
  return u16le(p.bytes, at);
}

export function putExtended(p: PacketView, f: Field, at: number): number {
  p.put(f, at, 2);
  putAll(p, EXTENDED_CAPS, at);
  p.putInt(F.capsPm, at, 2, (p.bytes[at] & LENENC_PLUGIN_DATA) !== 0 ? 1 : 0);
  return u16le(p.bytes, at) * 65_536;
}
