import path from 'node:path';
import { ERROR_CODES, WirewatchError, type ErrorCode } from '../base/errors.ts';
import type { Nanos } from '../base/time.ts';
import type { ColumnBatch } from '../store/column-batch.ts';
import type { BatchNumber, ExpireOutcome, RecordQuery, SummaryQuery, SummaryRow } from '../store/define-store.ts';
import type { StoreAnswer, StoreRequest, StoreResult } from './store-messages.ts';
import { SupervisedChild } from './supervised-child.ts';

export interface StoreClientOptions {
  readonly folder: string;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly queryDeadlineMs: number;
  /** Names this writer for as long as it lives. */
  readonly epoch: string;
  /** Rows that wait at most while the store is down, slow or full. */
  readonly maxBacklogRows?: number;
  log(level: 'info' | 'warn' | 'error', text: string): void;
}

/** Why rows never reached the store. */
export type StoreDropReason = 'backlog' | 'disk_full' | 'refused';

/** Batches that may be on their way unanswered. */
const CREDITS = 4;
const FULL_RETRY_MS = 3000;
const DEFAULT_BACKLOG = 200_000;

interface Waiting {
  resolve(result: StoreResult): void;
  reject(error: unknown): void;
}

/**
 * The main process's side of the store: appends through a bounded backlog, queries as they come.
 *
 * A crash of the store process loses nothing that was handed in: unanswered batches are sent again under their numbers, which the
 * store knows. While the disk is full the backlog fills, then rows are dropped and counted.
 */
export class StoreClient {
  readonly #options: StoreClientOptions;
  readonly #child: SupervisedChild;
  readonly #pending = new Map<number, Waiting>();
  readonly #backlog: { readonly batch: ColumnBatch; readonly number: BatchNumber }[] = [];
  readonly #dropped: Record<StoreDropReason, number> = { backlog: 0, disk_full: 0, refused: 0 };
  #backlogRows = 0;
  #inFlight = 0;
  #nextId = 1;
  #nextSeq = 1;
  #ready = false;
  #readyWaiters: (() => void)[] = [];
  #full = false;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;
  #openError: WirewatchError | undefined;
  #idleWaiters: (() => void)[] = [];

  constructor(options: StoreClientOptions) {
    this.#options = options;
    this.#child = new SupervisedChild({
      name: 'store',
      entry: path.join(import.meta.dirname, `store-process${path.extname(import.meta.filename)}`),
      onMessage: (message) => this.#onAnswer(message as StoreAnswer),
      onStart: () => this.#open(),
      onStderr: (line) => options.log('warn', `store: ${line}`),
      onLost: ({ code, signal, restartInMs }) => {
        options.log('error', `the store process ended (${signal ?? code}); it starts again in ${restartInMs} ms, ${this.#backlogRows} rows wait`);
        this.#lost();
      },
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** How it is: shown by status and metrics. */
  get state(): { readonly ready: boolean; readonly full: boolean; readonly backlogRows: number; readonly restarts: number; readonly dropped: Readonly<Record<StoreDropReason, number>>; readonly error: string | null } {
    return { ready: this.#ready, full: this.#full, backlogRows: this.#backlogRows, restarts: this.#child.restarts, dropped: { ...this.#dropped }, error: this.#openError?.message ?? null };
  }

  start(): void {
    this.#child.start();
  }

  /** Waits until what waits is written (at most `graceMs`), then ends the process. */
  async stop(graceMs = 5000): Promise<void> {
    if (this.#backlog.length > 0 && this.#ready && !this.#full) {
      await Promise.race([new Promise<void>((resolve) => this.#idleWaiters.push(resolve)), new Promise((resolve) => setTimeout(resolve, graceMs).unref())]);
    }
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#child.stop();
    this.#failPending(new WirewatchError('WW_STORE_QUERY', 'the program is ending'));
    for (const resolve of this.#readyWaiters.splice(0)) resolve();
  }

  /** Hands a batch over. False where it was dropped, which is counted. */
  enqueue(batch: ColumnBatch): boolean {
    if (batch.rows === 0) return true;
    if (this.#backlogRows + batch.rows > (this.#options.maxBacklogRows ?? DEFAULT_BACKLOG)) {
      this.#dropped[this.#full ? 'disk_full' : 'backlog'] += batch.rows;
      return false;
    }
    this.#backlog.push({ batch, number: { epoch: this.#options.epoch, seq: this.#nextSeq++ } });
    this.#backlogRows += batch.rows;
    this.#pump();
    return true;
  }

  /** Waits until everything handed in so far is written, or dropped. */
  async flush(): Promise<void> {
    if (this.#backlog.length > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  async *query(query: RecordQuery): AsyncIterable<ColumnBatch> {
    await this.#whenReady();
    const id = this.#nextId++;
    let done = false;
    try {
      for (let op: 'query' | 'next' = 'query'; ; op = 'next') {
        const batch = (await this.#ask(op === 'query' ? { id, op, query } : { id, op })) as ColumnBatch | undefined;
        if (batch === undefined) {
          done = true;
          return;
        }
        yield batch;
      }
    } catch (error) {
      done = true;
      throw error;
    } finally {
      if (!done) this.#ask({ id, op: 'cancel' }).catch(() => undefined);
    }
  }

  async summarize(query: SummaryQuery): Promise<SummaryRow[]> {
    return (await this.#askReady({ op: 'summarize', query })) as SummaryRow[];
  }

  async beginDataset(dataset: string): Promise<void> {
    await this.#askReady({ op: 'begin_dataset', dataset });
  }

  async appendDataset(dataset: string, batch: ColumnBatch): Promise<void> {
    await this.#askReady({ op: 'append_dataset', dataset, batch });
  }

  async finishDataset(dataset: string): Promise<void> {
    await this.#askReady({ op: 'finish_dataset', dataset });
  }

  async datasets(): Promise<readonly { readonly id: string; readonly bytes: number }[]> {
    return (await this.#askReady({ op: 'datasets' })) as readonly { id: string; bytes: number }[];
  }

  async expire(before: Nanos, maxBytes: number, now: Nanos): Promise<ExpireOutcome> {
    return (await this.#askReady({ op: 'expire', before, maxBytes, now })) as ExpireOutcome;
  }

  #pump(): void {
    while (this.#ready && !this.#full && this.#inFlight < Math.min(CREDITS, this.#backlog.length)) {
      const entry = this.#backlog[this.#inFlight++];
      this.#ask({ id: this.#nextId++, op: 'append', batch: entry.batch, number: entry.number }).then(
        () => this.#written(entry),
        (error: unknown) => this.#refused(entry, error),
      );
    }
    if (this.#backlog.length === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }

  #written(entry: { readonly batch: ColumnBatch }): void {
    const at = this.#backlog.findIndex((e) => e === entry);
    if (at < 0) return;
    this.#backlog.splice(at, 1);
    this.#backlogRows -= entry.batch.rows;
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    this.#pump();
  }

  #refused(entry: { readonly batch: ColumnBatch }, error: unknown): void {
    if (this.#stopped || !this.#backlog.some((e) => e === entry)) return;
    if (error instanceof StoreLost) return;
    if (error instanceof WirewatchError && error.code === 'WW_STORE_FULL') {
      if (!this.#full) this.#options.log('error', `${error.message}${error.where === undefined ? '' : ` (${error.where})`}: records wait, then are dropped and counted`);
      this.#full = true;
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => {
        this.#full = false;
        this.#inFlight = 0;
        this.#pump();
      }, FULL_RETRY_MS);
      return;
    }
    this.#options.log('error', `the store refused ${entry.batch.rows} rows of ${entry.batch.table}: ${(error as Error).message}`);
    this.#dropped.refused += entry.batch.rows;
    this.#written(entry);
  }

  #open(): void {
    const { folder, memoryBytes, threads, queryDeadlineMs } = this.#options;
    this.#ask({ id: this.#nextId++, op: 'open', options: { folder, memoryBytes, threads, queryDeadlineMs } }).then(
      () => {
        this.#ready = true;
        this.#openError = undefined;
        for (const resolve of this.#readyWaiters.splice(0)) resolve();
        this.#pump();
      },
      (error: unknown) => {
        if (error instanceof StoreLost || this.#stopped) return;
        this.#openError = error instanceof WirewatchError ? error : new WirewatchError('WW_STORE_QUERY', (error as Error).message);
        this.#options.log('error', `the telemetry store cannot be opened: ${this.#openError.message}`);
        for (const resolve of this.#readyWaiters.splice(0)) resolve();
      },
    );
  }

  #lost(): void {
    this.#ready = false;
    this.#full = false;
    this.#inFlight = 0;
    clearTimeout(this.#retry);
    this.#failPending(new StoreLost());
  }

  #failPending(error: unknown): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(error);
  }

  async #whenReady(): Promise<void> {
    if (this.#ready) return;
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise<void>((resolve) => this.#readyWaiters.push(resolve)),
      new Promise<void>((resolve) => (timer = setTimeout(resolve, this.#options.queryDeadlineMs))),
    ]);
    clearTimeout(timer);
    if (!this.#ready) throw this.#openError ?? new WirewatchError('WW_STORE_QUERY', 'the store is not ready', { remedy: 'try again; `wirewatch status` says how it is' });
  }

  async #askReady(request: DistributiveOmit<StoreRequest, 'id'>): Promise<StoreResult> {
    await this.#whenReady();
    return await this.#ask({ id: this.#nextId++, ...request });
  }

  #ask(request: StoreRequest): Promise<StoreResult> {
    return new Promise((resolve, reject) => {
      if (!this.#child.running) return reject(new StoreLost());
      this.#pending.set(request.id, { resolve, reject });
      this.#child.send(request);
    });
  }

  #onAnswer(answer: StoreAnswer): void {
    const waiting = this.#pending.get(answer.id);
    if (waiting === undefined) return;
    this.#pending.delete(answer.id);
    if (answer.ok) return waiting.resolve(answer.result);
    const { code, message, where, remedy } = answer.error;
    waiting.reject(code !== null && code in ERROR_CODES ? new WirewatchError(code as ErrorCode, message, { where, remedy }) : new Error(message));
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** The store process went away before it answered. */
class StoreLost extends WirewatchError {
  constructor() {
    super('WW_STORE_QUERY', 'the store process ended before it answered', { remedy: 'ask again: it is being restarted' });
  }
}

