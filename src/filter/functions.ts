import type { FieldType } from './field.ts';
import { compareValues, kindOf, type Kind, type Value } from './value.ts';

/** A function of the filter language: from the values of its arguments to the values of its result. */
export interface FilterFunction {
  readonly name: string;
  readonly minArgs: number;
  readonly maxArgs: number;
  /** Undefined where an argument of this type does not fit; then `wants` says what does. */
  result(type: FieldType): FieldType | undefined;
  readonly wants: string;
  /** Constants may stand among the arguments after the first. */
  readonly constants: boolean;
  /** Needs the bytes of each occurrence (its length), not its value. */
  readonly bytes: boolean;
  run(args: readonly (readonly Value[])[], out: Value[], type: FieldType): void;
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
];

const BY_NAME = new Map(FUNCTIONS.map((f) => [f.name, f]));

export function findFunction(name: string): FilterFunction | undefined {
  return BY_NAME.get(name);
}

export function functionNames(): string[] {
  return [...BY_NAME.keys()];
}
