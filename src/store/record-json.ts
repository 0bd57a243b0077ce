import { TABLES, type TableName, type TableRecords } from './telemetry-tables.ts';

/** A record as the API writes it (instants as digits) back in its own form. */
export function decodeRecord<T extends TableName>(table: T, written: Readonly<Record<string, unknown>>): TableRecords[T] {
  const out: Record<string, unknown> = { ...written };
  for (const { field, kind } of TABLES[table]) {
    const value = out[field];
    if (kind === 'ns' && typeof value === 'string') out[field] = BigInt(value);
  }
  return Object.freeze(out) as unknown as TableRecords[T];
}
