import { u32be } from '../base/bytes.ts';
import type { Field } from './field.ts';
import type { FieldRow } from './row.ts';
import { selectsLayer, sliceBytes, sliceText } from './slicing.ts';
import type { FieldOperand, Operand } from './typed.ts';
import { kindOf, type Kind, type Value } from './value.ts';

/** Reads the values of an operand from a row. The list is reused: it is valid until the next call of the same loader. */
export type Load = (row: FieldRow) => readonly Value[];

const NONE: readonly Value[] = [];

/** The general way to values: any operand, at the price of a value per occurrence. Plain fields against constants have faster ways. */
export function makeLoad(o: Operand, selected: FieldRow | undefined): Load {
  switch (o.kind) {
    case 'field':
      return loadField(o, o.raw ? 'bytes' : kindOf(o.field.type));
    case 'constant': {
      const values = [o.value];
      return () => values;
    }
    case 'reference': {
      const load = loadField({ kind: 'field', field: o.field, layers: null, raw: false, type: o.type }, kindOf(o.type));
      const values = selected === undefined ? NONE : load(selected).map((v) => (typeof v === 'object' ? v.slice() : v));
      return () => values;
    }
    case 'slice':
      return loadSlice(o.of, o.ranges, selected);
    case 'call': {
      const { fn, type } = o;
      const [first] = o.args;
      const field = first.kind === 'field' && !first.raw ? first.field : undefined;
      const loads = o.args.map((a) => (fn.bytes && a.kind === 'field' && kindOf(type) === 'int' && a.type !== 'string' ? loadField(a, 'bytes') : makeLoad(a, selected)));
      const out: Value[] = [];
      return (row) => {
        out.length = 0;
        fn.run(loads.map((load) => load(row)), out, first.type, field);
        return out;
      };
    }
    case 'negate': {
      const load = makeLoad(o.of, selected);
      const out: Value[] = [];
      return (row) => {
        out.length = 0;
        for (const v of load(row)) out.push(typeof v === 'bigint' ? -v : -Number(v));
        return out;
      };
    }
    case 'arithmetic':
      return loadArithmetic(o.op, makeLoad(o.left, selected), makeLoad(o.right, selected), kindOf(o.type));
  }
}

/** Reads one occurrence; which reader fits follows from the kind. */
export function readValue(row: FieldRow, id: number, i: number, kind: Kind, isBoolean: boolean): Value {
  switch (kind) {
    case 'int': case 'float':
      return isBoolean ? (row.num(id, i) === 0 ? 0 : 1) : row.num(id, i);
    case 'big':
      return row.big(id, i);
    case 'time':
      return BigInt(row.seconds(id, i)) * 1_000_000_000n + BigInt(row.nanoseconds(id, i));
    case 'text':
      return row.text(id, i);
    case 'ip4':
      return u32be(row.source(id, i), row.at(id, i));
    default: {
      const at = row.at(id, i);
      return row.source(id, i).subarray(at, at + row.len(id, i));
    }
  }
}

function loadField(o: FieldOperand, kind: Kind): Load {
  const id = o.field.id;
  const isBoolean = o.field.type === 'boolean';
  const layers = o.layers;
  const out: Value[] = [];
  return (row) => {
    out.length = 0;
    const n = row.count(id);
    if (n === 0) return out;
    const last = layers === null ? 0 : row.layer(id, n - 1);
    for (let i = 0; i < n; i++) {
      if (layers !== null && !selectsLayer(layers, row.layer(id, i), last)) continue;
      out.push(readValue(row, id, i, kind, isBoolean));
    }
    return out;
  };
}

function loadSlice(of: Operand, ranges: Extract<Operand, { kind: 'slice' }>['ranges'], selected: FieldRow | undefined): Load {
  // A slice of an address is one of its bytes, which a field's loader gives whatever the type.
  const load = of.kind === 'field' && of.type !== 'string' ? loadField(of, 'bytes') : makeLoad(of, selected);
  const out: Value[] = [];
  return (row) => {
    out.length = 0;
    for (const v of load(row)) {
      const part = typeof v === 'object' ? sliceBytes(v, ranges) : sliceText(String(v), ranges);
      if (part !== undefined) out.push(part);
    }
    return out;
  };
}

function loadArithmetic(op: string, left: Load, right: Load, kind: Kind): Load {
  const compute = kind === 'bytes' ? andBytes : kind === 'big' || kind === 'time' ? bigArithmetic : kind === 'float' ? floatArithmetic : intArithmetic;
  const out: Value[] = [];
  return (row) => {
    out.length = 0;
    const a = left(row);
    const b = right(row);
    for (const x of a) {
      for (const y of b) {
        const v = compute(op, x, y);
        if (v !== undefined) out.push(v);
      }
    }
    return out;
  };
}

/** Division by zero has no value, so that the comparison is false. */
function intArithmetic(op: string, x: Value, y: Value): Value | undefined {
  const a = Number(x);
  const b = Number(y);
  switch (op) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return b === 0 ? undefined : Math.trunc(a / b);
    case '%': return b === 0 ? undefined : a % b;
    // Bits beyond 32 (u40, u48) are joined from two halves; JavaScript's & has 32.
    default: return a <= 0xffffffff && b <= 0xffffffff ? (a & b) >>> 0 : Math.floor(a / 2 ** 32 % 2 ** 21 & b / 2 ** 32 % 2 ** 21) * 2 ** 32 + ((a & b) >>> 0);
  }
}

function floatArithmetic(op: string, x: Value, y: Value): Value | undefined {
  const a = Number(x);
  const b = Number(y);
  switch (op) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    default: return b === 0 ? undefined : a / b;
  }
}

function toBig(v: Value): bigint {
  return typeof v === 'bigint' ? v : BigInt(Math.trunc(Number(v)));
}

function bigArithmetic(op: string, x: Value, y: Value): Value | undefined {
  const a = toBig(x);
  const b = toBig(y);
  switch (op) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return b === 0n ? undefined : a / b;
    case '%': return b === 0n ? undefined : a % b;
    default: return a & b;
  }
}

/** Bitwise and of bytes, over their common length. */
function andBytes(_op: string, x: Value, y: Value): Value | undefined {
  if (typeof x !== 'object' || typeof y !== 'object') return undefined;
  const out = new Uint8Array(Math.min(x.length, y.length));
  for (let i = 0; i < out.length; i++) out[i] = x[i] & y[i];
  return out;
}

/** Fields that an operand reads. */
export function operandFields(o: Operand, add: (field: Field) => void): void {
  switch (o.kind) {
    case 'field':
      add(o.field);
      break;
    case 'slice': case 'negate':
      operandFields(o.of, add);
      break;
    case 'arithmetic':
      operandFields(o.left, add);
      operandFields(o.right, add);
      break;
    case 'call':
      for (const a of o.args) operandFields(a, add);
      break;
    default:
      break;
  }
}
