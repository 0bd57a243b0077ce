import { fromHex } from '../base/bytes.ts';
import { parseIp } from '../base/ip.ts';
import type { Field, FieldType } from './field.ts';
import type { Value } from './value.ts';

/** A constant of a filter; `mask` where it stands for a network (`10.0.0.0/8`, `2001:db8::/32`): prefix length in bits. */
export interface Constant {
  readonly value: Value;
  readonly prefix: number | null;
}

/** Why a text is no value of a type. */
export interface Unfit {
  readonly reason: string;
}

export type Literal = Constant | Unfit;

const BITS: Partial<Record<FieldType, number>> = {
  char: 8, u8: 8, u16: 16, u24: 24, u32: 32, u40: 40, u48: 48, u64: 64, i8: 8, i16: 16, i24: 24, i32: 32, i64: 64, framenum: 32,
};

function constant(value: Value, prefix: number | null = null): Constant {
  return { value, prefix };
}

/** Value of an unquoted literal for a field of this type; `wide` widens integers to what arithmetic may yield. */
export function parseLiteral(text: string, type: FieldType, field: Field | undefined, wide = false): Literal {
  const forced = text.startsWith(':') && !text.startsWith('::');
  switch (type) {
    case 'boolean':
      return parseBoolean(text, field);
    case 'float': case 'double':
      return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? constant(Number(text)) : { reason: `"${text}" is not a valid floating-point number.` };
    case 'reltime':
      return parseSeconds(text);
    case 'abstime':
      return parseInstant(text);
    case 'string':
      return constant(text);
    case 'ipv4': case 'ipv6':
      return parseAddress(text, type);
    case 'ether':
      return fixedBytes(text, 6, 'Ethernet address');
    case 'eui64':
      return fixedBytes(text, 8, 'EUI-64 address');
    case 'guid':
      return parseGuid(text, field?.little === true);
    case 'oid':
      return /^[0-2](\.\d+)+$/.test(text) ? constant(encodeOid(text)) : parseBytes(text);
    case 'bytes': case 'protocol':
      return parseBytes(forced ? text.slice(1) : text);
    case 'none':
      return { reason: 'A label exists or not; it has no value to compare with.' };
    default:
      return parseInteger(text, type, field, wide);
  }
}

/** Value of a quoted text for a field of this type: text, bytes, times, and the names of values. */
export function parseQuoted(text: string, bytes: Uint8Array, type: FieldType, field: Field | undefined): Literal {
  switch (type) {
    case 'string':
      return constant(text);
    case 'bytes': case 'protocol':
      return constant(bytes);
    case 'abstime':
      return parseInstant(text);
    case 'boolean':
      return parseBoolean(text, field);
    case 'oid': case 'guid':
      return parseLiteral(text, type, field);
    case 'ether': case 'eui64': case 'ipv4': case 'ipv6': case 'float': case 'double': case 'reltime': case 'none':
      return { reason: `The value cannot be converted from a quoted text ("${text}"); write it without quotes.` };
    default: {
      const named = valueNamed(text, field);
      return named === undefined ? { reason: `"${text}" cannot be found among the possible values${field === undefined ? '' : ` for ${field.name}`}.` } : constant(named);
    }
  }
}

function valueNamed(text: string, field: Field | undefined): number | undefined {
  if (field?.values === undefined) return undefined;
  const wanted = text.toLowerCase();
  for (const [value, name] of Object.entries(field.values)) if (name.toLowerCase() === wanted) return Number(value);
  return undefined;
}

function parseBoolean(text: string, field: Field | undefined): Literal {
  const named = valueNamed(text, field);
  if (named !== undefined) return constant(named === 0 ? 0 : 1);
  const word = text.toLowerCase();
  if (word === 'true' || word === 'set') return constant(1);
  if (word === 'false' || word === 'not set') return constant(0);
  const number = wholeNumber(text);
  return number === undefined ? { reason: `"${text}" is not a valid boolean: true, false, 1 or 0.` } : constant(number === 0n ? 0 : 1);
}

/** Decimal, 0x hex, 0b binary, octal with a leading 0; undefined where it is none. */
function wholeNumber(text: string): bigint | undefined {
  if (/^0[xX][0-9A-Fa-f]{1,64}$/.test(text) || /^0[bB][01]{1,64}$/.test(text)) return BigInt(text.toLowerCase());
  if (/^0[0-7]{1,64}$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  return /^(0|[1-9]\d{0,63})$/.test(text) ? BigInt(text) : undefined;
}

function parseInteger(text: string, type: FieldType, field: Field | undefined, wide: boolean): Literal {
  const value = wholeNumber(text);
  if (value === undefined) {
    const named = valueNamed(text, field);
    if (named !== undefined) return constant(named);
    return { reason: field?.values !== undefined && /^[A-Za-z]/.test(text)
      ? `"${text}" cannot be found among the possible values for ${field.name}.` : `"${text}" is not a valid number.` };
  }
  const bits = wide ? 53 : BITS[type] ?? 32;
  const signed = type.startsWith('i');
  const max = (1n << BigInt(signed && !wide ? bits - 1 : bits)) - 1n;
  if (value > max) return { reason: `"${text}" is too big for this field, maximum ${max}.` };
  return constant(type === 'u64' || type === 'i64' ? value : Number(value));
}

/** Seconds with up to nine decimals, as nanoseconds. */
function parseSeconds(text: string): Literal {
  const m = /^(\d{1,12})(?:\.(\d*))?$/.exec(text) ?? /^()\.(\d+)$/.exec(text);
  if (m === null) return { reason: `"${text}" is not a valid time in seconds.` };
  return constant(BigInt(m[1] === '' ? '0' : m[1]) * 1_000_000_000n + BigInt((m[2] ?? '').slice(0, 9).padEnd(9, '0')));
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970-01-01 of a Gregorian date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysFromCivil(y: number, m: number, d: number): number {
  const year = m <= 2 ? y - 1 : y;
  const era = Math.floor(year / 400);
  const yoe = year - era * 400;
  const doy = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + d - 1;
  return era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468;
}

/**
 * Instant of `2026-11-21T10:00:00.5Z`, `2026-11-21 10:00:00`, `2026-11-21`, with or without an offset, or `Nov 21, 2026 10:00:00.5`.
 *
 * Without an offset it is UTC: a filter means the same everywhere (tshark takes the time zone of the machine).
 */
function parseInstant(text: string): Literal {
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]+(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9})\d*)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/.exec(text.trim());
  const us = /^([A-Za-z]{3})\s+(\d{1,2}),\s*(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9})\d*)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/.exec(text.trim());
  const m = iso ?? us;
  const bad: Unfit = { reason: `"${text}" is not a valid absolute time. Example: "2011-07-04 12:34:56" or "Nov 12, 1999 08:55:44.123".` };
  if (m === null) return bad;
  const year = Number(iso === null ? m[3] : m[1]);
  const month = iso === null ? MONTHS.indexOf(m[1].toLowerCase()) + 1 : Number(m[2]);
  const day = Number(iso === null ? m[2] : m[3]);
  const [hour, minute, second] = [m[4], m[5], m[6]].map((v) => Number(v ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > MONTH_DAYS[month - 1] || hour > 23 || minute > 59 || second > 60) return bad;
  const zone = /^([+-])(\d{2}):?(\d{2})$/.exec(m[8] ?? '');
  const offset = zone === null ? 0 : (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 3600 + Number(zone[3]) * 60);
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
  return constant(BigInt(seconds) * 1_000_000_000n + BigInt((m[7] ?? '').padEnd(9, '0')));
}

function parseAddress(text: string, type: 'ipv4' | 'ipv6'): Literal {
  const bad: Unfit = { reason: `"${text}" is not a valid ${type === 'ipv4' ? 'IPv4' : 'IPv6'} address.` };
  const slash = text.indexOf('/');
  const host = slash < 0 ? text : text.slice(0, slash);
  const ip = parseIp(host);
  if (ip === undefined || host.includes(':') !== (type === 'ipv6')) return bad;
  const width = type === 'ipv4' ? 32 : 128;
  let prefix: number | null = null;
  if (slash >= 0) {
    const given = text.slice(slash + 1);
    if (!/^\d{1,3}$/.test(given) || Number(given) > width) return { reason: `"/${given}" is not a prefix length: 0 to ${width}.` };
    prefix = Number(given);
  }
  if (type === 'ipv4') return constant(Number.parseInt(ip.slice(24), 16), prefix);
  return constant(fromHex(ip) ?? new Uint8Array(16), prefix);
}

/** Bytes as `47:45`, `47-45`, `47.45`, `4745.5254`, `4745`, `0xff`, or a single digit. */
function parseBytes(text: string): Literal {
  const bad: Unfit = { reason: `"${text}" is not a valid byte string.` };
  const hex = /^0[xX]([0-9A-Fa-f]{1,2})$/.exec(text);
  if (hex !== null) return constant(fromHex(hex[1].padStart(2, '0')) ?? new Uint8Array(0));
  const groups = text.split(/[:.-]/);
  const separators = new Set(text.replaceAll(/[^:.-]/g, ''));
  if (separators.size > 1) return bad;
  let digits = '';
  for (const g of groups) {
    if (!/^[0-9A-Fa-f]+$/.test(g)) return bad;
    if (groups.length > 1 && g.length > 2 && g.length % 2 !== 0) return bad;
    digits += g.length % 2 === 0 ? g : `${g.slice(0, -1)}0${g.slice(-1)}`;
  }
  const bytes = fromHex(digits);
  return bytes === undefined ? bad : constant(bytes);
}

function fixedBytes(text: string, length: number, what: string): Literal {
  const parsed = parseBytes(text);
  if ('reason' in parsed || /^0[xX]/.test(text)) return { reason: `"${text}" is not a valid ${what}.` };
  const n = (parsed.value as Uint8Array).length;
  if (n === length) return parsed;
  return { reason: `"${text}" contains too ${n < length ? 'few' : 'many'} bytes to be a valid ${what}.` };
}

/** `little`: the first three parts stand low byte first in the packet, as DCE/RPC and SMB send them. */
function parseGuid(text: string, little: boolean): Literal {
  const digits = text.replaceAll('-', '');
  const bytes = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/.test(text) ? fromHex(digits) : undefined;
  if (bytes !== undefined && little) for (const [from, to] of [[0, 4], [4, 6], [6, 8]]) bytes.subarray(from, to).reverse();
  return bytes === undefined ? { reason: `"${text}" is not a valid GUID.` } : constant(bytes);
}

/** Content octets of an object identifier (X.690 §8.19). */
function encodeOid(text: string): Uint8Array {
  const [first, second, ...rest] = text.split('.').map(BigInt);
  const out: number[] = [];
  for (const arc of [first * 40n + second, ...rest]) {
    const digits: number[] = [];
    for (let v = arc; digits.length === 0 || v > 0n; v >>= 7n) digits.unshift(Number(v & 127n) | (digits.length === 0 ? 0 : 128));
    out.push(...digits);
  }
  return Uint8Array.from(out);
}
