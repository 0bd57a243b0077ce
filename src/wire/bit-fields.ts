// Words of flags: many fields over the same bytes, each with its mask. A table in place of a sketch a field.
import type { Field, FieldBase, FieldType } from '../filter/field.ts';
import { defineFields, put } from './define-dissector.ts';
import type { PacketView } from './packet-view.ts';

/**
 * One part of a word: name, mask, title, type (`boolean` where left out), base. A name that begins with a full stop continues the
 * word's own name.
 */
export type BitRow = readonly [name: string, mask: number, title: string, type?: FieldType, base?: FieldBase];

/** Fields of one word in the order of the table. */
export function defineBits(word: string, rows: readonly BitRow[], options: { little?: boolean; type?: FieldType; base?: FieldBase } = {}): readonly Field[] {
  const sketches = rows.map(([name, mask, title, type, base]) => ({
    name: name.startsWith('.') ? word + name : name,
    ...put(type ?? options.type ?? 'boolean', title, { mask, little: options.little ?? false, base: base ?? options.base ?? 'dec' }),
  }));
  return Object.values(defineFields(Object.fromEntries(sketches.map((s, i) => [`f${i}`, s]))));
}

/** Puts every field of a word over the same bytes. */
export function putBits(p: PacketView, fields: readonly Field[], at: number, len: number): void {
  for (let i = 0; i < fields.length; i++) p.put(fields[i], at, len);
}

let serial = 0;

/** Fields of several words as a dissector's `fields` wants them. Two words may have a field of the same name: the keys say nothing. */
export function namedFields(...words: readonly (readonly Field[])[]): Readonly<Record<string, Field>> {
  return Object.fromEntries(words.flat().map((f) => [`${f.name} ${serial++}`, f]));
}
