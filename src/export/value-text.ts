import { toHex } from '../base/bytes.ts';
import { formatIp, ipHex } from '../base/ip.ts';
import { civilFromDays } from '../base/time.ts';
import type { Field } from '../filter/field.ts';
import type { FieldRow } from '../filter/row.ts';
import { secondsText } from '../wire/field-text.ts';

const HEX_DIGITS: Readonly<Record<string, number>> = { u8: 2, char: 2, u16: 4, u24: 6, u32: 8, u40: 10, u48: 12, u64: 16, i8: 2, i16: 4, i24: 6, i32: 8, i64: 16 };
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * One value as `tshark -T fields` writes it: numbers in the field's base without their names, bytes as hex digits, booleans as 0
 * and 1, labels as 1. Text of a protocol is its title.
 */
export function valueText(row: FieldRow, field: Field, i: number): string {
  switch (field.type) {
    case 'none':
      return '1';
    case 'protocol':
      return field.title;
    case 'string':
      return row.text(field.id, i);
    case 'boolean':
      return row.num(field.id, i) === 0 ? '0' : '1';
    case 'u64': case 'i64': {
      const v = row.big(field.id, i);
      return isHex(field) ? `0x${BigInt.asUintN(64, v).toString(16).padStart(16, '0')}` : String(v);
    }
    case 'float': case 'double':
      return floatText(row.num(field.id, i), field.type === 'float' ? 6 : 15);
    case 'reltime':
      return secondsText(row.seconds(field.id, i), row.nanoseconds(field.id, i));
    case 'abstime':
      // The beginning of 1900 is how NTP says that there is no time.
      if (row.seconds(field.id, i) === -2_208_988_800 && row.nanoseconds(field.id, i) === 0) return 'NULL';
      return instantText(row.seconds(field.id, i), row.nanoseconds(field.id, i));
    case 'ipv4': case 'ipv6':
      return formatAddress(row, field, i);
    case 'ether': case 'eui64':
      return hexOf(row, field, i, ':');
    case 'bytes':
      return row.len(field.id, i) === 0 ? '<MISSING>' : hexOf(row, field, i, '');
    case 'guid':
      return guidText(hexOf(row, field, i, ''), field.little);
    case 'oid':
      return oidText(row.source(field.id, i), row.at(field.id, i), row.at(field.id, i) + row.len(field.id, i));
    default: {
      const v = row.num(field.id, i);
      return isHex(field) ? `0x${v.toString(16).padStart(HEX_DIGITS[field.type] ?? 0, '0')}` : String(v);
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\u0007': '\\a', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\v': '\\v', '\f': '\\f', '\r': '\\r' };

/** Control characters as a line of text shows them: `\\r\\n`. */
export function escapeControls(text: string): string {
  let out = text;
  for (const [control, escape] of Object.entries(ESCAPES)) if (out.includes(control)) out = out.replaceAll(control, escape);
  return out;
}

/** The same for people: with the name of the value, and the number behind it. */
export function valueDisplay(row: FieldRow, field: Field, i: number): string {
  const plain = valueText(row, field, i);
  if (field.type === 'boolean') {
    const yes = row.num(field.id, i) !== 0;
    return field.values?.[yes ? 1 : 0] ?? (yes ? 'True' : 'False');
  }
  const number = field.values === undefined ? undefined : row.num(field.id, i);
  if (number === undefined) return field.type === 'reltime' ? `${plain} seconds` : plain;
  return `${field.values?.[number] ?? 'Unknown'} (${plain})`;
}

const WHOLE = /^([ui](8|16|24|32|40|48)|char|framenum)$/;
const decimal = new Map<Field, boolean>();

/** True for whole numbers that are written in decimal digits. */
export function isDecimal(field: Field): boolean {
  let is = decimal.get(field);
  if (is === undefined) decimal.set(field, (is = WHOLE.test(field.type) && !isHex(field)));
  return is;
}

function isHex(field: Field): boolean {
  return field.base === 'hex' || field.base === 'hex_dec';
}

function hexOf(row: FieldRow, field: Field, i: number, separator: string): string {
  const at = row.at(field.id, i);
  return toHex(row.source(field.id, i), at, at + row.len(field.id, i), separator);
}

function guidText(hex: string, little: boolean): string {
  const digits = little ? hex.replace(/^(..)(..)(..)(..)(..)(..)(..)(..)/, '$4$3$2$1$6$5$8$7') : hex;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function formatAddress(row: FieldRow, field: Field, i: number): string {
  const b = row.source(field.id, i);
  const at = row.at(field.id, i);
  if (field.type === 'ipv4') return `${b[at]}.${b[at + 1]}.${b[at + 2]}.${b[at + 3]}`;
  const mapped = b.subarray(at, at + 12).every((v, k) => v === (k < 10 ? 0 : 0xff));
  return mapped ? `::ffff:${b[at + 12]}.${b[at + 13]}.${b[at + 14]}.${b[at + 15]}` : formatIp(ipHex(b, at, 6));
}

/** As C's `%g` with as many digits as the type keeps: 6 of a float, 15 of a double. */
function floatText(v: number, digits: number): string {
  if (v === 0 || !Number.isFinite(v)) return Number.isNaN(v) ? 'nan' : v === 0 ? '0' : v < 0 ? '-inf' : 'inf';
  const [mantissa, exponent] = v.toExponential(digits - 1).split('e');
  const e = Number(exponent);
  if (e >= -4 && e < digits) return String(Number(v.toPrecision(digits)));
  const sign = e < 0 ? '-' : '+';
  return `${String(Number(mantissa))}e${sign}${String(Math.abs(e)).padStart(2, '0')}`;
}

/** `Jul  6, 2017 13:40:07.419016000 UTC`. */
export function instantText(seconds: number, nanoseconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const [year, month, day] = civilFromDays(days);
  const second = seconds - days * 86_400;
  const two = (v: number): string => String(Math.floor(v)).padStart(2, '0');
  return `${MONTHS[month - 1]} ${String(day).padStart(2, ' ')}, ${year} ${two(second / 3600)}:${two((second / 60) % 60)}:${two(second % 60)}.${String(nanoseconds).padStart(9, '0')} UTC`;
}

/** Dotted text of an object identifier's content octets (X.690 §8.19). */
function oidText(b: Uint8Array, at: number, end: number): string {
  const arcs: bigint[] = [];
  let v = 0n;
  for (let i = at; i < end; i++) {
    v = (v << 7n) | BigInt(b[i] & 127);
    if (b[i] >= 128) continue;
    if (arcs.length === 0) {
      const first = v >= 80n ? 2n : v / 40n;
      arcs.push(first, v - 40n * first);
    } else arcs.push(v);
    v = 0n;
  }
  return arcs.join('.');
}
