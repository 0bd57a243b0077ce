import type { Field, FieldType, Scheme, ValueNames } from './field.ts';

/** A scheme over a fixed list of fields; of two with one name the first stands. */
export function createScheme(fields: Iterable<Field>): Scheme {
  const byName = new Map<string, Field>();
  for (const f of fields) if (!byName.has(f.name)) byName.set(f.name, f);
  return { find: (name) => byName.get(name), names: () => byName.keys() };
}

/** A field outside of any dissector: of a stored record, of a test. `id` must be unique in its scheme. */
export function makeField(id: number, name: string, type: FieldType, title = name, values?: ValueNames): Field {
  return { id, name, title, type, base: 'dec', values, mask: 0, offset: -1, size: 0, little: false, also: [] };
}
