import { u32be } from '../base/bytes.ts';
import { compileSearch, latin1Text, searchBytes } from './byte-search.ts';
import { makeLoad, type Load } from './load.ts';
import type { Pattern, RegexEngine } from './regex.ts';
import type { FieldRow } from './row.ts';
import type { ConstantOperand, FieldOperand, Operand, Test } from './typed.ts';
import { compareValues, kindOf, utf8Bytes, type Value } from './value.ts';

export type Matcher = (row: FieldRow) => boolean;
type Compare = Extract<Test, { kind: 'compare' }>;
type Order = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

export interface CompileContext {
  readonly regex: RegexEngine;
  /** The packet that references (`${field}`) take their values from. */
  readonly selected: FieldRow | undefined;
}

/** Turns a checked filter into closures: each node becomes one function, and nothing is looked up while it runs. */
export function compileTest(t: Test, ctx: CompileContext): Matcher {
  switch (t.kind) {
    case 'and': {
      const [a, b] = [compileTest(t.left, ctx), compileTest(t.right, ctx)];
      return (row) => a(row) && b(row);
    }
    case 'or': {
      const [a, b] = [compileTest(t.left, ctx), compileTest(t.right, ctx)];
      return (row) => a(row) || b(row);
    }
    case 'xor': {
      const [a, b] = [compileTest(t.left, ctx), compileTest(t.right, ctx)];
      return (row) => a(row) !== b(row);
    }
    case 'not': {
      const a = compileTest(t.of, ctx);
      return (row) => !a(row);
    }
    case 'exists':
      return compileExists(t.of, ctx);
    case 'nonzero': {
      const load = makeLoad(t.of, ctx.selected);
      return (row) => load(row).some((v) => (typeof v === 'object' ? v.some((b) => b !== 0) : Number(v) !== 0));
    }
    case 'compare':
      return compileCompare(t, ctx);
    case 'matches':
      return compileMatches(t.left, t.quantifier === 'all', patternFor(t.pattern, t.left, ctx.regex), ctx);
    case 'member':
      return compileMember(t, ctx);
  }
}

function compileExists(of: Operand, ctx: CompileContext): Matcher {
  if (of.kind === 'field' && of.layers === null) {
    const id = of.field.id;
    return (row) => row.count(id) > 0;
  }
  const load = makeLoad(of, ctx.selected);
  return (row) => load(row).length > 0;
}

/** Which pairs must hold: `==` any pair, `!=` and `===` all pairs, the rest any unless a quantifier says. */
const MEANING: Readonly<Record<Exclude<Compare['op'], 'contains'>, { order: Order; all: boolean }>> = {
  any_eq: { order: 'eq', all: false }, all_eq: { order: 'eq', all: true }, any_ne: { order: 'ne', all: false }, all_ne: { order: 'ne', all: true },
  gt: { order: 'gt', all: false }, ge: { order: 'ge', all: false }, lt: { order: 'lt', all: false }, le: { order: 'le', all: false },
};

function compileCompare(t: Compare, ctx: CompileContext): Matcher {
  if (t.op === 'contains') return compileContains(t, ctx);
  const meaning = MEANING[t.op];
  const all = t.quantifier === null ? meaning.all : t.quantifier === 'all';
  const { left, right } = t;
  if (left.kind === 'field' && left.layers === null && !left.raw && right.kind === 'constant') {
    const fast = compareField(left, right, meaning.order, all);
    if (fast !== undefined) return fast;
  }
  const holds = orderTest(meaning.order, right.kind === 'constant' ? right.prefix : null);
  return overPairs(makeLoad(left, ctx.selected), makeLoad(right, ctx.selected), holds, all);
}

/** A side without values makes the comparison false, whatever the quantifier. */
function overPairs(left: Load, right: Load, holds: (a: Value, b: Value) => boolean, all: boolean): Matcher {
  return (row) => {
    const a = left(row);
    if (a.length === 0) return false;
    const b = right(row);
    if (b.length === 0) return false;
    for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) if (holds(a[i], b[j]) !== all) return !all;
    return all;
  };
}

function orderHolds(order: Order, c: number): boolean {
  switch (order) {
    case 'eq': return c === 0;
    case 'ne': return c !== 0;
    case 'gt': return c > 0;
    case 'ge': return c >= 0;
    case 'lt': return c < 0;
    case 'le': return c <= 0;
  }
}

function orderTest(order: Order, prefix: number | null): (a: Value, b: Value) => boolean {
  if (prefix === null) return (a, b) => orderHolds(order, compareValues(a, b));
  return (a, b) => orderHolds(order, comparePrefix(a, b, prefix));
}

/** Orders two addresses by their first `prefix` bits. */
function comparePrefix(a: Value, b: Value, prefix: number): number {
  if (typeof a === 'object' && typeof b === 'object') {
    const whole = prefix >> 3;
    for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return a[i] - b[i];
    const mask = (0xff00 >> (prefix & 7)) & 0xff;
    return mask === 0 ? 0 : (a[whole] & mask) - (b[whole] & mask);
  }
  const mask = ipv4Mask(prefix);
  return ((Number(a) & mask) >>> 0) - ((Number(b) & mask) >>> 0);
}

function ipv4Mask(prefix: number): number {
  return prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
}

/** A plain field against a constant: reads numbers and bytes in place and allocates nothing (64-bit integers and texts apart). */
function compareField(left: FieldOperand, right: ConstantOperand, order: Order, all: boolean): Matcher | undefined {
  const id = left.field.id;
  const c = right.value;
  switch (kindOf(left.type)) {
    case 'int': case 'float':
      if (typeof c !== 'number') return undefined;
      if (left.type === 'boolean') return quantified(id, all, (row, i) => orderHolds(order, (row.num(id, i) === 0 ? 0 : 1) - c));
      if (order === 'eq' && !all) return anyEqual(id, c);
      return quantified(id, all, numberTest(id, order, c));
    case 'ip4': {
      if (typeof c !== 'number') return undefined;
      const mask = right.prefix === null ? 0xffffffff : ipv4Mask(right.prefix);
      const net = (c & mask) >>> 0;
      if (order === 'eq') return quantified(id, all, (row, i) => ((u32be(row.source(id, i), row.at(id, i)) & mask) >>> 0) === net);
      return quantified(id, all, (row, i) => orderHolds(order, ((u32be(row.source(id, i), row.at(id, i)) & mask) >>> 0) - net));
    }
    case 'time': {
      if (typeof c !== 'bigint') return undefined;
      const seconds = Number(c / 1_000_000_000n);
      const nanoseconds = Number(c % 1_000_000_000n);
      return quantified(id, all, (row, i) => {
        const s = row.seconds(id, i);
        return orderHolds(order, s === seconds ? row.nanoseconds(id, i) - nanoseconds : s - seconds);
      });
    }
    case 'text':
      if (order === 'eq') return quantified(id, all, (row, i) => row.text(id, i) === c);
      return quantified(id, all, (row, i) => orderHolds(order, compareValues(row.text(id, i), c)));
    case 'bytes': {
      if (typeof c !== 'object') return undefined;
      const prefix = right.prefix;
      if (prefix !== null) return quantified(id, all, (row, i) => orderHolds(order, prefixAt(row.source(id, i), row.at(id, i), c, prefix)));
      return quantified(id, all, (row, i) => orderHolds(order, bytesAt(row.source(id, i), row.at(id, i), row.len(id, i), c)));
    }
    default:
      return undefined;
  }
}

type OneTest = (row: FieldRow, i: number) => boolean;

function anyEqual(id: number, c: number): Matcher {
  return (row) => {
    const n = row.count(id);
    for (let i = 0; i < n; i++) if (row.num(id, i) === c) return true;
    return false;
  };
}

function quantified(id: number, all: boolean, one: OneTest): Matcher {
  if (all) {
    return (row) => {
      const n = row.count(id);
      for (let i = 0; i < n; i++) if (!one(row, i)) return false;
      return n > 0;
    };
  }
  return (row) => {
    const n = row.count(id);
    for (let i = 0; i < n; i++) if (one(row, i)) return true;
    return false;
  };
}

function numberTest(id: number, order: Order, c: number): OneTest {
  switch (order) {
    case 'eq': return (row, i) => row.num(id, i) === c;
    case 'ne': return (row, i) => row.num(id, i) !== c;
    case 'gt': return (row, i) => row.num(id, i) > c;
    case 'ge': return (row, i) => row.num(id, i) >= c;
    case 'lt': return (row, i) => row.num(id, i) < c;
    case 'le': return (row, i) => row.num(id, i) <= c;
  }
}

function bytesAt(b: Uint8Array, at: number, len: number, c: Uint8Array): number {
  const n = Math.min(len, c.length);
  for (let i = 0; i < n; i++) if (b[at + i] !== c[i]) return b[at + i] - c[i];
  return len - c.length;
}

function prefixAt(b: Uint8Array, at: number, c: Uint8Array, prefix: number): number {
  const whole = prefix >> 3;
  for (let i = 0; i < whole; i++) if (b[at + i] !== c[i]) return b[at + i] - c[i];
  const mask = (0xff00 >> (prefix & 7)) & 0xff;
  return mask === 0 ? 0 : (b[at + whole] & mask) - (c[whole] & mask);
}

function compileContains(t: Compare, ctx: CompileContext): Matcher {
  const { left, right } = t;
  const all = t.quantifier === 'all';
  if (left.kind === 'field' && left.layers === null && right.kind === 'constant') {
    const id = left.field.id;
    const c = right.value;
    if (typeof c === 'string') return c === '' ? () => false : quantified(id, all, (row, i) => row.text(id, i).includes(c));
    if (typeof c === 'object') {
      const found = compileSearch(c);
      return quantified(id, all, (row, i) => {
        const at = row.at(id, i);
        return found(row.source(id, i), at, at + row.len(id, i));
      });
    }
  }
  return overPairs(makeLoad(left, ctx.selected), makeLoad(right, ctx.selected), containsValue, all);
}

function containsValue(a: Value, b: Value): boolean {
  if (typeof a === 'string') return typeof b === 'string' && b !== '' && a.includes(b);
  return typeof a === 'object' && typeof b === 'object' && searchBytes(a, b, 0, a.length) >= 0;
}

/** A pattern over bytes sees one character a byte, so its own characters beyond ASCII are taken as their UTF-8 bytes. */
function patternFor(pattern: string, left: Operand, regex: RegexEngine): Pattern {
  if (kindOf(left.type) === 'text') return regex.compile(pattern);
  const bytes = utf8Bytes(pattern);
  return regex.compile(latin1Text(bytes, 0, bytes.length));
}

function compileMatches(left: Operand, all: boolean, pattern: Pattern, ctx: CompileContext): Matcher {
  if (left.kind === 'field' && left.layers === null) {
    const id = left.field.id;
    if (kindOf(left.type) === 'text') return quantified(id, all, (row, i) => pattern.test(row.text(id, i)));
    return quantified(id, all, (row, i) => {
      const at = row.at(id, i);
      return pattern.test(latin1Text(row.source(id, i), at, at + row.len(id, i)));
    });
  }
  const load = makeLoad(left, ctx.selected);
  const test = (v: Value): boolean => pattern.test(typeof v === 'object' ? latin1Text(v, 0, v.length) : String(v));
  return (row) => {
    const values = load(row);
    return values.length > 0 && (all ? values.every(test) : values.some(test));
  };
}

function compileMember(t: Extract<Test, { kind: 'member' }>, ctx: CompileContext): Matcher {
  const all = t.quantifier === 'all';
  const id = t.value.field.id;
  const plain = t.value.layers === null && !t.value.raw && t.value.type !== 'boolean' && kindOf(t.value.type) === 'int';
  if (plain && t.elements.every((e) => e.low.kind === 'constant' && (e.high === null || e.high.kind === 'constant'))) {
    const lows = Float64Array.from(t.elements, (e) => Number((e.low as ConstantOperand).value));
    const highs = Float64Array.from(t.elements, (e) => Number(((e.high ?? e.low) as ConstantOperand).value));
    return quantified(id, all, (row, i) => {
      const v = row.num(id, i);
      for (let k = 0; k < lows.length; k++) if (v >= lows[k] && v <= highs[k]) return true;
      return false;
    });
  }
  const load = makeLoad(t.value, ctx.selected);
  const tests = t.elements.map((e) => {
    const low = makeLoad(e.low, ctx.selected);
    const lowHolds = orderTest(e.high === null ? 'eq' : 'ge', e.low.kind === 'constant' ? e.low.prefix : null);
    const high = e.high === null ? undefined : makeLoad(e.high, ctx.selected);
    const highHolds = orderTest('le', e.high?.kind === 'constant' ? e.high.prefix : null);
    return (row: FieldRow, v: Value): boolean =>
      low(row).some((l) => lowHolds(v, l)) && (high === undefined || high(row).some((h) => highHolds(v, h)));
  });
  return (row) => {
    const values = load(row);
    const inSet = (v: Value): boolean => tests.some((test) => test(row, v));
    return values.length > 0 && (all ? values.every(inSet) : values.some(inSet));
  };
}

