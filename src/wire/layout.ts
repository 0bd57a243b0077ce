import type { Field } from '../filter/field.ts';
import { sizeOfType } from './define-dissector.ts';
import type { PacketView } from './packet-view.ts';

/**
 * Where the fields of one fixed part of a message lie: made once, put many times.
 *
 * For parts that do not begin where their layer does (records, options, bodies by type); what stands at one offset of every layer
 * is `fixed`.
 */
export class Layout {
  readonly fields: readonly Field[];
  readonly offsets: Uint16Array;
  readonly sizes: Uint16Array;
  /** Bytes up to the end of the last field. */
  readonly length: number;

  constructor(fields: readonly Field[], offsets: Uint16Array, sizes: Uint16Array) {
    this.fields = fields;
    this.offsets = offsets;
    this.sizes = sizes;
    let length = 0;
    for (let i = 0; i < offsets.length; i++) length = Math.max(length, offsets[i] + sizes[i]);
    this.length = length;
  }
}

/**
 * `layout({ 0: F.mask, 4: [F.flags, F.flagUp], 8: [[F.key, 16]] })`: fields by offset. A field takes the size that it declares, or
 * that of its type; a pair says the size here.
 */
export function layout(parts: Readonly<Record<number, Field | readonly (Field | readonly [Field, number])[]>>): Layout {
  const fields: Field[] = [];
  const offsets: number[] = [];
  const sizes: number[] = [];
  for (const [offset, part] of Object.entries(parts)) {
    for (const one of isField(part) ? [part] : part) {
      const [field, size] = isField(one) ? [one, one.size || sizeOfType(one.type)] : one;
      fields.push(field);
      offsets.push(Number(offset));
      sizes.push(size);
    }
  }
  return new Layout(fields, Uint16Array.from(offsets), Uint16Array.from(sizes));
}

function isField(part: object): part is Field {
  return !Array.isArray(part);
}

/** Puts the fields of a part at `at` that lie before `end`; false where it is cut. */
export function putLayout(p: PacketView, part: Layout, at: number, end: number): boolean {
  const { fields, offsets, sizes } = part;
  for (let i = 0; i < fields.length; i++) if (at + offsets[i] + sizes[i] <= end) p.put(fields[i], at + offsets[i], sizes[i]);
  return at + part.length <= end;
}
