import type { BatchNumber, ExpireOutcome, RecordQuery, SummaryQuery, SummaryRow } from '../store/define-store.ts';
import type { ColumnBatch } from '../store/column-batch.ts';

/** What the store process is asked; every request has an answer with its number. */
export type StoreRequest = { readonly id: number } & (
  | { readonly op: 'open'; readonly options: { readonly folder: string; readonly memoryBytes: number; readonly threads: number; readonly queryDeadlineMs: number } }
  | { readonly op: 'append'; readonly batch: ColumnBatch; readonly number: BatchNumber }
  /** Opens a cursor; `next` with the same number reads on, `cancel` gives it up. */
  | { readonly op: 'query'; readonly query: RecordQuery }
  | { readonly op: 'next' }
  | { readonly op: 'cancel' }
  | { readonly op: 'summarize'; readonly query: SummaryQuery }
  | { readonly op: 'begin_dataset'; readonly dataset: string }
  | { readonly op: 'append_dataset'; readonly dataset: string; readonly batch: ColumnBatch }
  | { readonly op: 'finish_dataset'; readonly dataset: string }
  | { readonly op: 'datasets' }
  | { readonly op: 'expire'; readonly before: bigint; readonly maxBytes: number; readonly now: bigint }
);

export type StoreResult = undefined | ColumnBatch | SummaryRow[] | ExpireOutcome | readonly { readonly id: string; readonly bytes: number }[];

export type StoreAnswer =
  | { readonly id: number; readonly ok: true; readonly result: StoreResult }
  | { readonly id: number; readonly ok: false; readonly error: { readonly code: string | null; readonly message: string; readonly where?: string | undefined; readonly remedy?: string | undefined } };

/** The process gave its engine up and ends: what was not answered is asked again of the next one. */
export const EXIT_FATAL = 75;
