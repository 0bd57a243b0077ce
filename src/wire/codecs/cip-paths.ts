import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { cipFields } from './cip-fields.ts';

const F = cipFields;
const LOGICAL: readonly (Field | undefined)[] = [F.class, F.instance, F.member, F.connpoint, F.attribute];
const SYMBOL = 0x91;
const DATA = 0x80;

/** Puts the segments of a path (CIP Volume 1, Appendix C-1.4). */
export function putPath(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  let pos = at;
  while (pos < end) {
    const segment = b[pos];
    p.put(F.pathSegment, pos, 1);
    p.put(F.pathSegmentType, pos, 1);
    const next = segment >> 5 === 1 ? putLogical(p, pos, end) : segment >> 5 === 0 ? putPort(p, pos, end) : putOther(p, pos, end);
    if (next <= pos) return;
    pos = next;
  }
}

function putLogical(p: PacketView, at: number, end: number): number {
  const segment = p.bytes[at];
  p.put(F.logicalSegmentType, at, 1);
  p.put(F.logicalSegmentFormat, at, 1);
  const format = segment & 3;
  // Longer values stand behind a pad byte.
  const value = format === 0 ? at + 1 : at + 2;
  const len = format === 0 ? 1 : format === 1 ? 2 : 4;
  if (value + len > end) return at;
  const field = LOGICAL[(segment >> 2) & 7];
  if (field !== undefined) p.put(field, value, len);
  return value + len;
}

function putPort(p: PacketView, at: number, end: number): number {
  const segment = p.bytes[at];
  p.put(F.port, at, 1);
  if ((segment & 0x10) === 0) return Math.min(at + 2, end);
  const n = at + 1 < end ? p.bytes[at + 1] : 0;
  return at + 2 + n + (n & 1);
}

function putOther(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (at + 2 > end || (b[at] !== SYMBOL && b[at] !== DATA)) return end;
  p.put(F.dataSegmentType, at, 1);
  p.put(F.dataSegmentSize, at + 1, 1);
  const n = b[at] === SYMBOL ? b[at + 1] : b[at + 1] * 2;
  if (at + 2 + n > end) return end;
  p.put(b[at] === SYMBOL ? F.symbol : F.dataSegmentData, at + 2, n);
  return at + 2 + n + (n & 1);
}
