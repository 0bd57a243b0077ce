import type { Nanos } from '../base/time.ts';
import type { ColumnBatch } from './column-batch.ts';
import type { TableName } from './telemetry-tables.ts';

/**
 * A condition in SQL over the columns of the queried table (alias `f`), with its values for the `?` in it; other tables of the same
 * file go by their names. Made by filter-sql, never from a user's text.
 */
export interface SqlCondition {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

export type SqlValue = string | number | bigint | boolean;

/** Which records, in which order. Times are capture times, `to` exclusive. */
export interface RecordQuery {
  readonly table: TableName;
  readonly from: Nanos;
  readonly to: Nanos;
  /** An imported dataset; left out = the live days. */
  readonly dataset?: string | undefined;
  readonly where?: SqlCondition | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
  /** Most rows; left out = all, streamed. */
  readonly limit?: number | undefined;
  readonly deadlineMs?: number | undefined;
}

/** Sums by group: top talkers, traffic over time. */
export interface SummaryQuery {
  readonly table: TableName;
  readonly from: Nanos;
  readonly to: Nanos;
  readonly dataset?: string | undefined;
  readonly where?: SqlCondition | undefined;
  /** Column names; empty = one row in all. */
  readonly groupBy: readonly string[];
  /** Width of time buckets; each row then has `bucket`. */
  readonly bucketNs?: Nanos | undefined;
  /** Columns that are added up, each as `sum_<column>`; `rows` is always there. */
  readonly sums: readonly string[];
  readonly orderBy?: { readonly column: string; readonly descending: boolean } | undefined;
  readonly limit: number;
  readonly deadlineMs?: number | undefined;
}

export type SummaryRow = Readonly<Record<string, string | number | bigint | null>>;

/** Names a batch for as long as its writer lives, so that sending it again after a crash appends it once. */
export interface BatchNumber {
  readonly epoch: string;
  readonly seq: number;
}

export interface ExpireOutcome {
  readonly deletedFiles: readonly string[];
  readonly freedBytes: number;
  readonly bytes: number;
}

/** A store of records. Small on purpose: an exporter needs `append` alone. */
export interface RecordStore {
  append(batch: ColumnBatch, number: BatchNumber): Promise<void>;
  query(query: RecordQuery): AsyncIterable<ColumnBatch>;
  summarize(query: SummaryQuery): Promise<SummaryRow[]>;
  /** Begins to replace an imported dataset; nothing of it is seen before `finishDataset`. */
  beginDataset(dataset: string): Promise<void>;
  appendDataset(dataset: string, batch: ColumnBatch): Promise<void>;
  finishDataset(dataset: string): Promise<void>;
  datasets(): Promise<readonly { readonly id: string; readonly bytes: number }[]>;
  /** Drops whole days older than `before`, then the oldest until the files fit in `maxBytes`; imported datasets have no age limit. */
  expire(before: Nanos, maxBytes: number, now: Nanos): Promise<ExpireOutcome>;
  close(): Promise<void>;
}

/** One kind of store: one file in store/adapters. `open` gives a handle that is ready, or throws a `WirewatchError`. */
export interface StoreDefinition<Options, Handle> {
  readonly name: string;
  readonly title: string;
  open(options: Options): Promise<Handle>;
}

export function defineStore<Options, Handle>(definition: StoreDefinition<Options, Handle>): StoreDefinition<Options, Handle> {
  return definition;
}
