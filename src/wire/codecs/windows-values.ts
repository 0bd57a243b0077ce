import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';

/** Puts each of `fields` for the same bytes: a word and its bits. */
export function putAll(p: PacketView, fields: readonly Field[], at: number, len: number): void {
  for (let i = 0; i < fields.length; i++) p.put(fields[i], at, len);
}

/** Text of UTF-16, low byte first, up to `end` or its first NUL where `terminated`. */
export function utf16Text(b: Uint8Array, at: number, end: number, terminated = false): string {
  let text = '';
  for (let q = at; q + 1 < end; q += 2) {
    const unit = b[q] | (b[q + 1] << 8);
    if (unit === 0 && terminated) break;
    text += String.fromCharCode(unit);
  }
  return text;
}

/** Puts UTF-16 text that fills `[at, at + len)`. */
export function putUtf16(p: PacketView, f: Field, at: number, len: number): void {
  if (p.wants(f)) p.putText(f, at, len, utf16Text(p.bytes, at, at + len, true));
}

/** Seconds between 1601, where Windows counts from, and 1970. */
const EPOCH_1601 = 11_644_473_600;
const TICKS_PER_SECOND = 10_000_000;

/**
 * Puts a FILETIME (MS-DTYP §2.3.3): 100 ns since 1601, 64 bits, low word first. 0 = no time, the greatest = never; both are put as
 * the beginning of 1970.
 */
export function putFileTime(p: PacketView, f: Field, at: number): void {
  if (!p.wants(f)) return;
  const b = p.bytes;
  let seconds = 0;
  let rest = 0;
  let isZero = true;
  for (let k = 6; k >= 0; k -= 2) {
    const word = b[at + k] | (b[at + k + 1] << 8);
    if (word !== 0) isZero = false;
    const v = rest * 65_536 + word;
    const digit = Math.floor(v / TICKS_PER_SECOND);
    seconds = seconds * 65_536 + digit;
    rest = v - digit * TICKS_PER_SECOND;
  }
  const isNever = b[at + 7] >= 0x7f;
  if (isZero || isNever) p.putTime(f, at, 8, 0, 0);
  else p.putTime(f, at, 8, seconds - EPOCH_1601, rest * 100);
}

/** Puts the text of a security identifier (MS-DTYP §2.4.2.1): `S-1-5-21-1-2-3-500`. */
export function putSid(p: PacketView, f: Field, at: number, end: number): void {
  if (!p.wants(f)) return;
  const b = p.bytes;
  let authority = 0;
  for (let i = 2; i < 8; i++) authority = authority * 256 + b[at + i];
  let text = `S-${b[at]}-${authority}`;
  for (let i = 0; i < b[at + 1] && at + 12 + 4 * i <= end; i++) {
    const q = at + 8 + 4 * i;
    text += `-${(b[q] | (b[q + 1] << 8) | (b[q + 2] << 16) | (b[q + 3] << 24)) >>> 0}`;
  }
  p.putText(f, at, end - at, text);
}

/** 64 bits, low word first, as a number; exact below 2^53. */
export function u64le(b: Uint8Array, at: number): number {
  const low = (b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24)) >>> 0;
  const high = (b[at + 4] | (b[at + 5] << 8) | (b[at + 6] << 16) | (b[at + 7] << 24)) >>> 0;
  return high * 4_294_967_296 + low;
}
