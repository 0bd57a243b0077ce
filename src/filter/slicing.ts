import type { Range } from './ast.ts';

/**
 * Positions `[from, to)` that a range selects in `length` units; false where any of it lies outside.
 *
 * The result is in `selected`, one object for all: a slice is taken per packet.
 */
export function selectRange(range: Range, length: number): boolean {
  const from = range.start < 0 ? range.start + length : range.start;
  let to = length;
  if (range.length !== null) to = from + range.length;
  else if (range.last !== null) to = (range.last < 0 ? range.last + length : range.last) + 1;
  selected.from = from;
  selected.to = to;
  return from >= 0 && from < length && to > from && to <= length;
}

export const selected = { from: 0, to: 0 };

/** Whether layer number `layer` (from 1, of `last`) is among the selected ones. */
export function selectsLayer(ranges: readonly Range[], layer: number, last: number): boolean {
  for (const r of ranges) {
    const from = r.start < 0 ? last + 1 + r.start : r.start;
    let to = last;
    if (r.length !== null) to = from + r.length - 1;
    else if (r.last !== null) to = r.last < 0 ? last + 1 + r.last : r.last;
    if (layer >= from && layer <= to) return true;
  }
  return false;
}

/** The slice of some bytes; undefined where a range lies outside. */
export function sliceBytes(b: Uint8Array, ranges: readonly Range[]): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (const r of ranges) {
    if (!selectRange(r, b.length)) return undefined;
    parts.push(b.subarray(selected.from, selected.to));
    total += selected.to - selected.from;
  }
  if (parts.length === 1) return parts[0];
  const out = new Uint8Array(total);
  let at = 0;
  for (const p of parts) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

/** The slice of a text, in code points; undefined where a range lies outside. */
export function sliceText(text: string, ranges: readonly Range[]): string | undefined {
  const points = Array.from(text);
  let out = '';
  for (const r of ranges) {
    if (!selectRange(r, points.length)) return undefined;
    out += points.slice(selected.from, selected.to).join('');
  }
  return out;
}
