import { decodeState, encodeState } from '../base/state-json.ts';
import { TABLES, type Column, type TableName, type TableRecords } from './telemetry-tables.ts';

/** Version of the form below; a reader refuses one that it does not know. */
export const BATCH_FORMAT = 1;

export type ColumnValues = readonly unknown[] | BigInt64Array | Float64Array;

/**
 * Records of one table, column by column: how they travel between processes and enter the store.
 *
 * `ns` columns without nulls are a BigInt64Array, `int` and `real` ones a Float64Array; every other column is a plain array. Lists
 * stay lists, `json` columns are text.
 */
export interface ColumnBatch {
  readonly format: number;
  readonly table: TableName;
  readonly rows: number;
  readonly columns: Readonly<Record<string, ColumnValues>>;
}

function packColumn(column: Column, records: readonly Record<string, unknown>[]): ColumnValues {
  const { field, kind } = column;
  if (kind === 'json') return records.map((r) => (r[field] === null || r[field] === undefined ? null : encodeState(r[field])));
  if (kind === 'ns' && records.every((r) => typeof r[field] === 'bigint')) {
    return BigInt64Array.from(records, (r) => r[field] as bigint);
  }
  if ((kind === 'int' || kind === 'real') && records.every((r) => typeof r[field] === 'number')) {
    return Float64Array.from(records, (r) => r[field] as number);
  }
  return records.map((r) => r[field] ?? null);
}

/** Packs records of one table. */
export function packRecords<T extends TableName>(table: T, records: readonly TableRecords[T][]): ColumnBatch {
  const rows = records as unknown as readonly Record<string, unknown>[];
  return {
    format: BATCH_FORMAT,
    table,
    rows: records.length,
    columns: Object.fromEntries(TABLES[table].map((column) => [column.name, packColumn(column, rows)])),
  };
}

/** Unpacks them again, equal to what was packed. Columns that the batch lacks become null. Throws for a format that it does not know. */
export function unpackRecords<T extends TableName>(batch: ColumnBatch & { readonly table: T }): TableRecords[T][] {
  if (batch.format !== BATCH_FORMAT) throw new Error(`a batch of format ${batch.format}; this version reads ${BATCH_FORMAT}`);
  const layout = TABLES[batch.table].map((column) => ({ ...column, values: batch.columns[column.name] }));
  return Array.from({ length: batch.rows }, (_, i) => {
    const record: Record<string, unknown> = {};
    for (const { field, kind, values } of layout) {
      const value = values?.[i] ?? null;
      record[field] = kind === 'json' && typeof value === 'string' ? decodeState(value) : value;
    }
    return Object.freeze(record) as unknown as TableRecords[T];
  });
}

/** The rows of a batch that `wanted` names, in its order. */
export function pickRows(batch: ColumnBatch, wanted: readonly number[]): ColumnBatch {
  if (wanted.length === batch.rows) return batch;
  const pick = (values: ColumnValues): ColumnValues => {
    if (values instanceof BigInt64Array) return BigInt64Array.from(wanted, (i) => values[i]);
    if (values instanceof Float64Array) return Float64Array.from(wanted, (i) => values[i]);
    return wanted.map((i) => values[i]);
  };
  return { ...batch, rows: wanted.length, columns: Object.fromEntries(Object.entries(batch.columns).map(([name, values]) => [name, pick(values)])) };
}
