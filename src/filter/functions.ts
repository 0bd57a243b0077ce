import type { Field, FieldType } from './field.ts';
import { findSpecialBlock, isLinkLocal, isMulticast, isPrivate, isUniqueLocal } from './special-addresses.ts';
import { compareValues, kindOf, type Kind, type Value } from './value.ts';

/** A function of the filter language: from the values of its arguments to the values of its result. */
export interface FilterFunction {
  readonly name: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Undefined where an argument of this type does not fit; then `wants` says what does. */
  result(type: FieldType, field: Field | undefined): FieldType | undefined;
  readonly wants: string;
  /** Constants may stand among the arguments after the first. */
  readonly constants: boolean;
  /** Needs the bytes of each occurrence (its length), not its value. */
  readonly bytes: boolean;
  /** `type` and `field` are those of the first argument; it has a field where it is one, and not its raw bytes. */
  run(args: readonly (readonly Value[])[], out: Value[], type: FieldType, field: Field | undefined): void;
}

function eachText(change: (text: string) => string): FilterFunction['run'] {
  return ([values], out) => {
    for (const v of values) out.push(change(String(v)));
  };
}

function extreme(sign: 1 | -1): FilterFunction['run'] {
  return (args, out) => {
    let best: Value | undefined;
    for (const values of args) for (const v of values) if (best === undefined || sign * compareValues(v, best) > 0) best = v;
    if (best !== undefined) out.push(best);
  };
}

const isNumeric = (type: FieldType): FieldType | undefined => {
  const kind: Kind = kindOf(type);
  return (kind === 'int' && type !== 'boolean') || kind === 'big' || kind === 'float' || type === 'reltime' ? type : undefined;
};
const isOrdered = (type: FieldType): FieldType | undefined => (kindOf(type) === 'none' ? undefined : type);
const isText = (type: FieldType): FieldType | undefined => (type === 'string' ? type : undefined);

/** Text of a value as `string()` gives it: decimal, dotted, with colons. */
function textOf(v: Value, type: FieldType): string {
  if (typeof v === 'object') {
    if (type === 'ipv6') return ipv6Text(v);
    return Array.from(v, (b) => b.toString(16).padStart(2, '0')).join(type === 'ether' || type === 'eui64' ? ':' : '');
  }
  if (type === 'ipv4') {
    const n = Number(v);
    return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
  }
  return String(v);
}

/** RFC 5952 text. */
function ipv6Text(b: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((b[2 * i] << 8) | b[2 * i + 1]).toString(16));
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === '0') n++;
    if (n > bestLength) [best, bestLength] = [i, n];
  }
  return best < 0 ? groups.join(':') : `${groups.slice(0, best).join(':')}::${groups.slice(best + bestLength).join(':')}`;
}

const isInteger = (type: FieldType): boolean => (kindOf(type) === 'int' && type !== 'boolean') || kindOf(type) === 'big';
const HEX_DIGITS: Partial<Record<FieldType, number>> = { char: 2, u8: 2, i8: 2, u16: 4, i16: 4, u24: 6, i24: 6, u32: 8, i32: 8, framenum: 8, u40: 10, u48: 12, u64: 16, i64: 16 };

/** A function that turns each number into a text. */
function numberText(name: string, change: (v: Value, type: FieldType) => string): FilterFunction {
  return {
    name, minArgs: 1, maxArgs: 1, wants: 'a field of whole numbers', constants: false, bytes: false,
    result: (type) => (isInteger(type) ? 'string' : undefined),
    run([values], out, type) {
      for (const v of values) out.push(change(v, type));
    },
  };
}

/** A function that turns each number, or duration in seconds, into a floating-point number. */
function toReal(name: 'float' | 'double'): FilterFunction {
  return {
    name, minArgs: 1, maxArgs: 1, wants: 'a number', constants: false, bytes: false, result: (type) => (isNumeric(type) === undefined ? undefined : name),
    run([values], out, type) {
      for (const v of values) {
        const real = kindOf(type) === 'time' ? Number(v) / 1e9 : Number(v);
        out.push(name === 'float' ? Math.fround(real) : real);
      }
    },
  };
}

/** Bytes of an address value: IPv4 is held as a number. */
function addressBytes(v: Value): Uint8Array {
  if (typeof v === 'object') return v;
  const n = Number(v);
  return Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
}

/** A question about an address, which may stand alone as a test. */
function addressTest(name: string, types: readonly FieldType[], holds: (address: Uint8Array) => boolean): FilterFunction {
  return {
    name, minArgs: 1, maxArgs: 1, wants: types.length > 1 ? 'a field of IP addresses' : types[0] === 'ipv4' ? 'a field of IPv4 addresses' : 'a field of IPv6 addresses', constants: false, bytes: false,
    result: (type) => (types.includes(type) ? 'boolean' : undefined),
    run([values], out) {
      for (const v of values) out.push(holds(addressBytes(v)) ? 1 : 0);
    },
  };
}
const BOTH: readonly FieldType[] = ['ipv4', 'ipv6'];

const FUNCTIONS: readonly FilterFunction[] = [
  { name: 'upper', minArgs: 1, maxArgs: 1, wants: 'a field of text', constants: false, bytes: false, result: isText, run: eachText((t) => t.replaceAll(/[a-z]+/g, (s) => s.toUpperCase())) },
  { name: 'lower', minArgs: 1, maxArgs: 1, wants: 'a field of text', constants: false, bytes: false, result: isText, run: eachText((t) => t.replaceAll(/[A-Z]+/g, (s) => s.toLowerCase())) },
  {
    name: 'len', minArgs: 1, maxArgs: 1, wants: 'a field with a length', constants: false, bytes: true,
    result: (type) => (kindOf(type) === 'none' ? undefined : 'u32'),
    run([values], out) {
      for (const v of values) out.push(typeof v === 'object' ? v.length : String(v).length);
    },
  },
  {
    name: 'count', minArgs: 1, maxArgs: 1, wants: 'a field', constants: false, bytes: false, result: () => 'u32',
    run([values], out) {
      if (values.length > 0) out.push(values.length);
    },
  },
  {
    name: 'string', minArgs: 1, maxArgs: 1, wants: 'a field of numbers, addresses or identifiers', constants: false, bytes: false,
    result: (type) => (['int', 'big', 'ip4'].includes(kindOf(type)) && type !== 'boolean' || ['ether', 'ipv6', 'eui64', 'guid', 'oid'].includes(type) ? 'string' : undefined),
    run([values], out, type) {
      for (const v of values) out.push(textOf(v, type));
    },
  },
  { name: 'max', minArgs: 1, maxArgs: 16, wants: 'fields of one type', constants: true, bytes: false, result: isOrdered, run: extreme(1) },
  { name: 'min', minArgs: 1, maxArgs: 16, wants: 'fields of one type', constants: true, bytes: false, result: isOrdered, run: extreme(-1) },
  {
    name: 'abs', minArgs: 1, maxArgs: 1, wants: 'a number', constants: false, bytes: false, result: isNumeric,
    run([values], out) {
      for (const v of values) out.push(typeof v === 'bigint' ? (v < 0n ? -v : v) : Math.abs(Number(v)));
    },
  },
  {
    name: 'vals', minArgs: 1, maxArgs: 1, wants: 'a field whose values have names', constants: false, bytes: false,
    result: (type, field) => (field?.values !== undefined && (isInteger(type) || type === 'boolean') ? 'string' : undefined),
    run([values], out, _type, field) {
      for (const v of values) {
        const name = field?.values?.[Number(v)];
        if (name !== undefined) out.push(name);
      }
    },
  },
  numberText('dec', String),
  numberText('hex', (v, type) => `0x${BigInt.asUintN(64, BigInt(typeof v === 'bigint' ? v : Math.trunc(Number(v)))).toString(16).padStart(HEX_DIGITS[type] ?? 0, '0')}`),
  toReal('float'),
  toReal('double'),
  {
    name: 'ip_special_name', minArgs: 1, maxArgs: 1, wants: 'a field of IP addresses', constants: false, bytes: false, result: (type) => (BOTH.includes(type) ? 'string' : undefined),
    run([values], out) {
      for (const v of values) {
        const block = findSpecialBlock(addressBytes(v));
        if (block !== undefined) out.push(block.name);
      }
    },
  },
  {
    name: 'ip_special_mask', minArgs: 1, maxArgs: 1, wants: 'a field of IP addresses', constants: false, bytes: false, result: (type) => (BOTH.includes(type) ? 'u32' : undefined),
    run([values], out) {
      for (const v of values) {
        const block = findSpecialBlock(addressBytes(v));
        if (block !== undefined) out.push(block.mask);
      }
    },
  },
  addressTest('ip_linklocal', BOTH, isLinkLocal),
  addressTest('ip_multicast', BOTH, isMulticast),
  addressTest('ip_rfc1918', ['ipv4'], isPrivate),
  addressTest('ip_ula', ['ipv6'], isUniqueLocal),
];

const BY_NAME = new Map(FUNCTIONS.map((f) => [f.name, f]));

export function findFunction(name: string): FilterFunction | undefined {
  return BY_NAME.get(name);
}

export function functionNames(): string[] {
  return [...BY_NAME.keys()];
}
