import type { Host } from './host.ts';
import type { TextBytes } from './text-bytes.ts';

/**
 * JSON with sorted keys and no spaces: equal values give equal bytes, so that a digest of it means something (RFC 8785 in spirit).
 *
 * A bigint becomes a string of its digits, as everywhere in Wirewatch's JSON; `undefined` members are left out.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `"${value}"`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (value instanceof Uint8Array) return JSON.stringify(Array.from(value));
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const { order, prefixes } = shapeOf(Object.keys(value));
  const values: unknown[] = Object.values(value);
  let out = '';
  for (let i = 0; i < order.length; i++) {
    const member = values[order[i]];
    if (member === undefined) continue;
    out += out === '' ? '{' : ',';
    out += prefixes[i];
    out += typeof member === 'number' && Number.isFinite(member) ? member : canonicalJson(member);
  }
  return out === '' ? '{}' : `${out}}`;
}

/** The same into bytes: what goes out by the hundred thousand lines makes no text on its way. */
export function putCanonicalJson(out: TextBytes, value: unknown, host: Host): void {
  if (typeof value === 'string') out.jsonString(value, host);
  else if (typeof value === 'number' && Number.isFinite(value)) out.number(value, host);
  else if (Array.isArray(value)) {
    out.byte(0x5b);
    for (let i = 0; i < value.length; i++) {
      if (i > 0) out.byte(0x2c);
      putCanonicalJson(out, value[i], host);
    }
    out.byte(0x5d);
  } else if (value === null || typeof value !== 'object' || value instanceof Uint8Array) out.put(canonicalJson(value), host);
  else {
    const { order, prefixes } = shapeOf(Object.keys(value));
    // All values at once: reading them by name, one by one, would look each name up.
    const values: unknown[] = Object.values(value);
    let isFirst = true;
    for (let i = 0; i < order.length; i++) {
      const member = values[order[i]];
      if (member === undefined) continue;
      out.byte(isFirst ? 0x7b : 0x2c);
      isFirst = false;
      out.put(prefixes[i], host);
      putCanonicalJson(out, member, host);
    }
    if (isFirst) out.byte(0x7b);
    out.byte(0x7d);
  }
}

/** Member names as an object has them; which of them comes when, sorted, and the JSON of its name. */
interface Shape {
  readonly keys: readonly string[];
  readonly order: readonly number[];
  readonly prefixes: readonly string[];
}

/** Shapes met last: records come by the thousand in a few of them, and sorting their names each time would be most of the work. */
const shapes: Shape[] = [];
const MAX_SHAPES = 16;

function shapeOf(keys: readonly string[]): Shape {
  for (const shape of shapes) if (isSame(shape.keys, keys)) return shape;
  const names = keys.toSorted();
  const shape = { keys, order: names.map((name) => keys.indexOf(name)), prefixes: names.map((name) => `${JSON.stringify(name)}:`) };
  if (shapes.length === MAX_SHAPES) shapes.pop();
  shapes.unshift(shape);
  return shape;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** `JSON.stringify` replacer for records: bigint as a string of digits. */
export function bigintReplacer(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
