import type { FieldType } from './field.ts';

/**
 * How values of a type are held while a filter compares them.
 *
 * int: number (booleans, characters, frame numbers too); big: bigint; float: number; time: bigint nanoseconds; text: string;
 * bytes: Uint8Array (also IPv6, MAC, protocols); ip4: unsigned number; none: exists or not.
 */
export type Kind = 'int' | 'big' | 'float' | 'time' | 'text' | 'bytes' | 'ip4' | 'none';
export type Value = number | bigint | string | Uint8Array;

const KINDS: Readonly<Record<FieldType, Kind>> = {
  none: 'none', protocol: 'bytes', boolean: 'int', char: 'int',
  u8: 'int', u16: 'int', u24: 'int', u32: 'int', u40: 'int', u48: 'int', u64: 'big',
  i8: 'int', i16: 'int', i24: 'int', i32: 'int', i64: 'big',
  float: 'float', double: 'float', abstime: 'time', reltime: 'time',
  string: 'text', bytes: 'bytes', ether: 'bytes', ipv4: 'ip4', ipv6: 'bytes', framenum: 'int', guid: 'bytes', oid: 'bytes', eui64: 'bytes',
};

export function kindOf(type: FieldType): Kind {
  return KINDS[type];
}

/** Whether values of the two types may be compared: integers with integers, bytes with bytes, each address with its own kind. */
export function comparable(a: FieldType, b: FieldType): boolean {
  if (a === b) return true;
  const numeric = (t: FieldType): boolean => (KINDS[t] === 'int' || KINDS[t] === 'big') && t !== 'boolean';
  if (numeric(a) && numeric(b)) return true;
  const bytes = (t: FieldType): boolean => KINDS[t] === 'bytes' && t !== 'ipv6';
  if (bytes(a) && bytes(b)) return true;
  return KINDS[a] === 'float' && KINDS[b] === 'float';
}

/** Title of a type for errors. */
export const TYPE_TITLES: Readonly<Record<FieldType, string>> = {
  none: 'label', protocol: 'protocol', boolean: 'boolean', char: 'character',
  u8: 'unsigned integer, 8 bits', u16: 'unsigned integer, 16 bits', u24: 'unsigned integer, 24 bits', u32: 'unsigned integer, 32 bits',
  u40: 'unsigned integer, 40 bits', u48: 'unsigned integer, 48 bits', u64: 'unsigned integer, 64 bits',
  i8: 'signed integer, 8 bits', i16: 'signed integer, 16 bits', i24: 'signed integer, 24 bits', i32: 'signed integer, 32 bits',
  i64: 'signed integer, 64 bits', float: 'floating point', double: 'floating point', abstime: 'date and time', reltime: 'duration in seconds',
  string: 'text', bytes: 'bytes', ether: 'MAC address', ipv4: 'IPv4 address', ipv6: 'IPv6 address', framenum: 'frame number', guid: 'GUID',
  oid: 'object identifier', eui64: 'EUI-64 address',
};

/** Negative, 0, positive; bytes by their common part first, then by length. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

/** Orders two values of one kind (int against big as numbers). */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'object' && typeof b === 'object') return compareBytes(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** UTF-8 of a text; the filter layer is pure, so without TextEncoder. Unpaired surrogates become U+FFFD. */
export function utf8Bytes(text: string): Uint8Array {
  const out: number[] = [];
  for (const c of text) {
    let code = c.codePointAt(0) ?? 0xfffd;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(out);
}

/** Bytes of a quoted text: one byte a character up to U+00FF (so that "\xff" is one byte), else UTF-8. */
export function bytesOfText(text: string): Uint8Array {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return utf8Bytes(text);
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
