import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  BIGINT, BOOLEAN, DOUBLE, DuckDBDataChunk, DuckDBInstance, DuckDBListValue, LIST, VARCHAR, listValue, type DuckDBConnection, type DuckDBType, type DuckDBValue,
} from '@duckdb/node-api';
import { WirewatchError } from '../../base/errors.ts';
import { dayOf, type Nanos } from '../../base/time.ts';
import { BATCH_FORMAT, pickRows, type ColumnBatch, type ColumnValues } from '../column-batch.ts';
import { defineStore, type BatchNumber, type ExpireOutcome, type RecordQuery, type RecordStore, type SqlCondition, type SummaryQuery, type SummaryRow } from '../define-store.ts';
import { QueryGate } from '../query-gate.ts';
import { TABLES, TABLE_NAMES, type Column, type ColumnKind, type TableName } from '../telemetry-tables.ts';

/** Version of the files' form. Version 1 files only gain columns; another version is not touched. */
export const TELEMETRY_FORMAT = 1;

export interface DuckdbOptions {
  /** Folder of the day files; made where it is missing. */
  readonly folder: string;
  readonly memoryBytes: number;
  readonly threads: number;
  readonly queryDeadlineMs: number;
  /** Reads files that nobody writes, changes nothing: for a command while no program runs. */
  readonly readOnly?: boolean;
}

/** Rows of a DuckDB vector: appended chunks may not be longer. */
const CHUNK_ROWS = 2048;
/** Numbers of batches that a file remembers: far more than a writer has on their way. */
const NUMBERS_KEPT = 256;
/** Queries at once; each holds threads and memory. */
const MAX_QUERIES = 2;

const SQL_TYPES: Readonly<Record<ColumnKind, string>> = {
  text: 'VARCHAR', int: 'BIGINT', ns: 'BIGINT', bool: 'BOOLEAN', real: 'DOUBLE', texts: 'VARCHAR[]', ints: 'BIGINT[]', json: 'VARCHAR',
};
const DUCK_TYPES: Readonly<Record<ColumnKind, DuckDBType>> = {
  text: VARCHAR, int: BIGINT, ns: BIGINT, bool: BOOLEAN, real: DOUBLE, texts: LIST(VARCHAR), ints: LIST(BIGINT), json: VARCHAR,
};

function toDuck(kind: ColumnKind, value: unknown): DuckDBValue {
  if (value === null || value === undefined) return null;
  if (kind === 'int') return BigInt(Math.trunc(value as number));
  if (kind === 'texts') return listValue(value as string[]);
  if (kind === 'ints') return listValue((value as number[]).map((v) => BigInt(v)));
  return value as DuckDBValue;
}

function fromDuck(kind: ColumnKind, value: DuckDBValue): unknown {
  if (value === null) return null;
  if (kind === 'int') return Number(value);
  if (kind === 'texts' && value instanceof DuckDBListValue) return value.items;
  if (kind === 'ints' && value instanceof DuckDBListValue) return value.items.map(Number);
  return value;
}

/** True where the disk under the store is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /no space left|ENOSPC|not enough (disk )?space|disk (is )?full/i.test(error.message);
}

/** True where DuckDB gave the instance up: nothing works before it is opened anew. */
export function isFatal(error: unknown): boolean {
  return error instanceof Error && /FATAL|has been invalidated|INTERNAL Error/i.test(error.message);
}

interface AttachedFile {
  readonly alias: string;
  readonly file: string;
  /** Tables with columns of a newer version: appended by name. */
  readonly widened: ReadonlySet<TableName>;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Telemetry in DuckDB: one file a day, one for each imported dataset.
 *
 * Runs in the store process alone, which owns the files: DuckDB's threads would starve the main process's look-ups. External
 * access is off but for the folder itself. Appends are one transaction each, and are numbered, so that a batch which is sent again
 * after a crash is not there twice.
 */
class DuckdbStore implements RecordStore {
  readonly #folder: string;
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  readonly #gate = new QueryGate(MAX_QUERIES);
  readonly #readers: DuckDBConnection[];
  readonly #attached = new Map<string, AttachedFile>();
  readonly #deadlineMs: number;
  readonly #readOnly: boolean;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string, instance: DuckDBInstance, writer: DuckDBConnection, readers: DuckDBConnection[], deadlineMs: number, readOnly: boolean) {
    this.#folder = folder;
    this.#instance = instance;
    this.#writer = writer;
    this.#readers = readers;
    this.#deadlineMs = deadlineMs;
    this.#readOnly = readOnly;
  }

  append(batch: ColumnBatch, number: BatchNumber): Promise<void> {
    return this.#inOrder(async () => {
      for (const [day, rows] of rowsByDay(batch)) {
        // A transaction cannot span two attached files: a batch over midnight is two.
        await this.#appendTo(`day-${day}`, path.join(this.#folder, `${day}.duckdb`), pickRows(batch, rows), number);
      }
    });
  }

  beginDataset(dataset: string): Promise<void> {
    return this.#inOrder(async () => {
      const staging = this.#stagingFile(dataset);
      await this.#detach(`new-${dataset}`);
      for (const suffix of ['', '.wal']) rmSync(staging + suffix, { force: true });
    });
  }

  appendDataset(dataset: string, batch: ColumnBatch): Promise<void> {
    return this.#inOrder(() => this.#appendTo(`new-${dataset}`, this.#stagingFile(dataset), batch, undefined));
  }

  finishDataset(dataset: string): Promise<void> {
    return this.#inOrder(async () => {
      const staging = this.#stagingFile(dataset);
      await this.#attach(`new-${dataset}`, staging);
      await this.#detach(`new-${dataset}`);
      await this.#detach(`set-${dataset}`);
      rmSync(`${this.#datasetFile(dataset)}.wal`, { force: true });
      renameSync(staging, this.#datasetFile(dataset));
    });
  }

  async datasets(): Promise<readonly { readonly id: string; readonly bytes: number }[]> {
    const folder = path.join(this.#folder, 'datasets');
    return readdirSync(folder)
      .filter((f) => f.endsWith('.duckdb'))
      .map((f) => ({ id: f.slice(0, -'.duckdb'.length), bytes: statSync(path.join(folder, f)).size }));
  }

  async *query(query: RecordQuery): AsyncIterable<ColumnBatch> {
    const columns = TABLES[query.table];
    const direction = query.order === 'desc' ? 'desc' : 'asc';
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    const deadlineMs = query.deadlineMs ?? this.#deadlineMs;
    for (const { key, file } of this.#filesOf(query, direction)) {
      if (left <= 0) return;
      const lease = await this.#gate.enter();
      const connection = this.#readers[lease];
      // The store's own time counts, step by step: a reader may take as long as it likes between two batches.
      let deadlineAt = performance.now() + deadlineMs;
      const limited = async <T>(step: Promise<T>): Promise<T> => {
        deadlineAt = performance.now() + deadlineMs;
        const timer = setTimeout(() => connection.interrupt(), deadlineMs);
        return await step.finally(() => clearTimeout(timer));
      };
      try {
        const alias = await this.#attachForReading(key, file);
        const { where, params } = conditionOf(query);
        const list = columns.map((c) => `"${c.name}"`).join(', ');
        // The id breaks ties of time, so that an order never depends on how rows lie in the file.
        const order = query.table === 'states' ? `"time" ${direction}` : `"time" ${direction}, "id" ${direction}`;
        const limit = Number.isFinite(left) ? ` limit ${Math.trunc(left)}` : '';
        // Unqualified names in the condition are tables of the same file.
        await connection.run(`use ${alias}`);
        const result = await limited(connection.stream(`select ${list} from "${query.table}" as f where ${where} order by ${order}${limit}`, params));
        for (;;) {
          const chunk = await limited(result.fetchChunk());
          if (chunk === null || chunk.rowCount === 0) break;
          left -= chunk.rowCount;
          yield batchOf(query.table, columns, chunk);
        }
      } catch (error) {
        throw queryError(error, deadlineAt, deadlineMs);
      } finally {
        this.#gate.leave(lease);
      }
    }
  }

  async summarize(query: SummaryQuery): Promise<SummaryRow[]> {
    const known = new Set(TABLES[query.table].map((c) => c.name));
    for (const name of [...query.groupBy, ...query.sums]) {
      if (!known.has(name)) throw new WirewatchError('WW_STORE_QUERY', `the table ${query.table} has no column "${name}"`);
    }
    const deadlineMs = query.deadlineMs ?? this.#deadlineMs;
    const deadlineAt = performance.now() + deadlineMs;
    const lease = await this.#gate.enter();
    const connection = this.#readers[lease];
    const timer = setTimeout(() => connection.interrupt(), deadlineMs);
    try {
      const { where, params } = conditionOf(query);
      const bucket = query.bucketNs === undefined ? [] : [`("time" - "time" % ${query.bucketNs}::BIGINT) as bucket`];
      const groups = [...bucket, ...query.groupBy.map((c) => `"${c}"`)];
      const grouping = groups.length > 0 ? `group by ${groups.map((_, i) => i + 1).join(', ')}` : '';
      const sums = query.sums.map((c) => `coalesce(sum("${c}"), 0)::DOUBLE as "sum_${c}"`);
      let parts = 0;
      for (const { key, file } of this.#filesOf(query, 'asc')) {
        await connection.run(`use ${await this.#attachForReading(key, file)}`);
        const into = parts++ === 0 ? 'create or replace temp table parts as' : 'insert into temp.main.parts';
        await connection.run(`${into} select ${[...groups, ...sums, 'count(*)::BIGINT as "rows"'].join(', ')} from "${query.table}" as f where ${where} ${grouping}`, params);
      }
      if (parts === 0) return [];
      const names = [...(bucket.length > 0 ? ['bucket'] : []), ...query.groupBy.map((c) => `"${c}"`)];
      const totals = query.sums.map((c) => `coalesce(sum("sum_${c}"), 0)::DOUBLE as "sum_${c}"`);
      const reader = await connection.runAndReadAll(
        `select ${[...names, ...totals, 'sum("rows")::BIGINT as "rows"'].join(', ')} from temp.main.parts ${grouping} ${orderOf(query)} limit ${Math.trunc(query.limit)}`,
      );
      await connection.run('drop table temp.main.parts');
      return reader.getRowObjects() as unknown as SummaryRow[];
    } catch (error) {
      throw queryError(error, deadlineAt, deadlineMs);
    } finally {
      clearTimeout(timer);
      this.#gate.leave(lease);
    }
  }

  expire(before: Nanos, maxBytes: number, now: Nanos): Promise<ExpireOutcome> {
    return this.#inOrder(async () => {
      const days = dayFiles(this.#folder).map((day) => ({ day, file: path.join(this.#folder, `${day}.duckdb`) }));
      const today = dayOf(now);
      const sizes = new Map(days.map(({ day, file }) => [day, sizeOf(file)]));
      let bytes = [...sizes.values()].reduce((a, b) => a + b, 0) + (await this.datasets()).reduce((a, d) => a + d.bytes, 0);
      const deletedFiles: string[] = [];
      let freedBytes = 0;
      for (const { day, file } of days) {
        if (day >= today || !(day < dayOf(before) || bytes > maxBytes)) continue;
        await this.#detach(`day-${day}`);
        for (const suffix of ['', '.wal']) rmSync(file + suffix, { force: true });
        bytes -= sizes.get(day) ?? 0;
        freedBytes += sizes.get(day) ?? 0;
        deletedFiles.push(path.basename(file));
      }
      return { deletedFiles, freedBytes, bytes };
    });
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#gate.exclusive(async () => {
      for (const connection of [...this.#readers, this.#writer]) connection.closeSync();
      this.#instance.closeSync();
    });
  }

  /** Appends, replacements and expiry follow one another. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => undefined);
    return done;
  }

  async #appendTo(key: string, file: string, batch: ColumnBatch, number: BatchNumber | undefined): Promise<void> {
    if (batch.format !== BATCH_FORMAT) throw new Error(`a batch of format ${batch.format}; this version reads ${BATCH_FORMAT}`);
    const { alias, widened } = await this.#attach(key, file);
    const columns = TABLES[batch.table];
    await this.#writer.run('begin');
    try {
      if (number === undefined || (await this.#isNew(alias, number))) {
        const byName = widened.has(batch.table);
        if (byName) await this.#writer.run(`create or replace temp table incoming as select ${columns.map((c) => `"${c.name}"`).join(', ')} from ${alias}.main."${batch.table}" limit 0`);
        const appender = byName
          ? await this.#writer.createAppender('incoming')
          : await this.#writer.createAppender(batch.table, 'main', alias);
        for (let at = 0; at < batch.rows; at += CHUNK_ROWS) appender.appendDataChunk(chunkOf(columns, batch, at, Math.min(batch.rows, at + CHUNK_ROWS)));
        appender.closeSync();
        if (byName) await this.#writer.run(`insert into ${alias}.main."${batch.table}" by name select * from incoming`);
      }
      await this.#writer.run('commit');
    } catch (error) {
      await this.#writer.run('rollback').catch(() => undefined);
      if (isDiskFull(error)) {
        throw new WirewatchError('WW_STORE_FULL', 'the disk under the telemetry store is full', { where: file, remedy: 'free space, or lower retention.records or retention.maxSize', cause: error });
      }
      throw error;
    }
  }

  /**
   * Notes the number in the same transaction; false where the file has it already.
   *
   * Each number is noted by itself: while the disk is full a batch may fail and the next one fit, so the highest alone says nothing.
   */
  async #isNew(alias: string, { epoch, seq }: BatchNumber): Promise<boolean> {
    const reader = await this.#writer.runAndReadAll(`select 1 from ${alias}.main.writers where epoch = $1 and seq = $2`, [epoch, BigInt(seq)]);
    if (reader.currentRowCount > 0) return false;
    await this.#writer.run(`insert into ${alias}.main.writers values ($1, $2)`, [epoch, BigInt(seq)]);
    if (seq % NUMBERS_KEPT === 0) await this.#writer.run(`delete from ${alias}.main.writers where epoch = $1 and seq < $2`, [epoch, BigInt(seq - NUMBERS_KEPT)]);
    return true;
  }

  #attaching: Promise<unknown> = Promise.resolve();

  /** Attaching is done once a file; two callers wait for the same. */
  #attach(key: string, file: string): Promise<AttachedFile> {
    const done = this.#attaching.then(async () => {
      const known = this.#attached.get(key);
      if (known !== undefined) return known;
      const alias = `f_${key.replaceAll(/[^A-Za-z0-9]/g, '_')}`;
      const connection = await this.#instance.connect();
      try {
        await connection.run(`attach ${quote(file)} as ${alias}${this.#readOnly ? ' (READ_ONLY)' : ''}`).catch((error: unknown) => {
          throw lockedError(error, file) ?? error;
        });
        const attached: AttachedFile = { alias, file, widened: await prepareFile(connection, alias, file, this.#readOnly) };
        this.#attached.set(key, attached);
        return attached;
      } finally {
        connection.closeSync();
      }
    });
    this.#attaching = done.catch(() => undefined);
    return done;
  }

  async #attachForReading(key: string, file: string): Promise<string> {
    return (await this.#attach(key, file)).alias;
  }

  /** Waits until no query runs, so that no cursor loses its file. */
  async #detach(key: string): Promise<void> {
    const attached = this.#attached.get(key);
    if (attached === undefined) return;
    await this.#gate.exclusive(async () => {
      await this.#writer.run(`detach ${attached.alias}`);
      this.#attached.delete(key);
    });
  }

  #filesOf(query: { readonly from: Nanos; readonly to: Nanos; readonly dataset?: string | undefined }, direction: 'asc' | 'desc'): { key: string; file: string }[] {
    if (query.dataset !== undefined) {
      const file = this.#datasetFile(query.dataset);
      return sizeOf(file) === 0 ? [] : [{ key: `set-${query.dataset}`, file }];
    }
    const first = dayOf(query.from < 0n ? 0n : query.from);
    const last = dayOf(query.to);
    const days = dayFiles(this.#folder).filter((day) => day >= first && day <= last);
    if (direction === 'desc') days.reverse();
    return days.map((day) => ({ key: `day-${day}`, file: path.join(this.#folder, `${day}.duckdb`) }));
  }

  #datasetFile(dataset: string): string {
    if (!/^[0-9A-Za-z_-]{1,128}$/.test(dataset)) throw new WirewatchError('WW_ARGUMENT', `"${dataset}" is not the id of an imported dataset`);
    return path.join(this.#folder, 'datasets', `${dataset}.duckdb`);
  }

  #stagingFile(dataset: string): string {
    return `${this.#datasetFile(dataset)}.importing`;
  }
}

/** Makes the tables of a new file, adds the columns that an older one lacks, refuses a file of another format. */
async function prepareFile(connection: DuckDBConnection, alias: string, file: string, readOnly: boolean): Promise<Set<TableName>> {
  const reader = await connection.runAndReadAll(`select table_name, column_name from information_schema.columns where table_catalog = $1`, [alias]);
  const present = new Map<string, Set<string>>();
  for (const [table, column] of reader.getRows() as [string, string][]) present.set(table, (present.get(table) ?? new Set()).add(column));
  if (present.has('format')) {
    const format = Number((await connection.runAndReadAll(`select version from ${alias}.main.format`)).getRows()[0]?.[0]);
    if (format !== TELEMETRY_FORMAT) {
      await connection.run(`detach ${alias}`);
      throw new WirewatchError('WW_STORE_VERSION', `the file has format ${format}; this version reads ${TELEMETRY_FORMAT}`, { where: file, remedy: 'use the version that wrote it, or move the file away' });
    }
  }
  const widened = new Set<TableName>();
  if (readOnly) {
    const lacking = TABLE_NAMES.find((t) => TABLES[t].some((c) => present.get(t)?.has(c.name) !== true));
    if (lacking === undefined) return widened;
    throw new WirewatchError('WW_STORE_VERSION', `the file was written by an older version: its table ${lacking} lacks columns`, { where: file, remedy: 'start the program once: it adds them' });
  }
  await connection.run('begin');
  if (!present.has('format')) {
    await connection.run(`create table ${alias}.main.format (version INTEGER)`);
    await connection.run(`insert into ${alias}.main.format values (${TELEMETRY_FORMAT})`);
    await connection.run(`create table ${alias}.main.writers (epoch VARCHAR, seq BIGINT)`);
  }
  for (const table of TABLE_NAMES) {
    const have = present.get(table);
    const columns = TABLES[table];
    if (have === undefined) {
      await connection.run(`create table ${alias}.main."${table}" (${columns.map((c) => `"${c.name}" ${SQL_TYPES[c.kind]}`).join(', ')})`);
      continue;
    }
    for (const c of columns) if (!have.has(c.name)) await connection.run(`alter table ${alias}.main."${table}" add column "${c.name}" ${SQL_TYPES[c.kind]}`);
    if (have.size + columns.filter((c) => !have.has(c.name)).length > columns.length) widened.add(table);
  }
  await connection.run('commit');
  return widened;
}

function orderOf(query: SummaryQuery): string {
  const wanted = query.orderBy;
  if (wanted === undefined) return query.bucketNs === undefined ? '' : 'order by bucket';
  const allowed = ['rows', 'bucket', ...query.groupBy, ...query.sums.map((c) => `sum_${c}`)];
  if (!allowed.includes(wanted.column)) throw new WirewatchError('WW_STORE_QUERY', `the summary has no column "${wanted.column}"`);
  return `order by "${wanted.column}" ${wanted.descending ? 'desc' : 'asc'} nulls last${query.groupBy.map((c) => `, "${c}"`).join('')}`;
}

function conditionOf(query: { readonly from: Nanos; readonly to: Nanos; readonly where?: SqlCondition | undefined }): { where: string; params: DuckDBValue[] } {
  const base = 'f."time" >= ? and f."time" < ?';
  const params: DuckDBValue[] = [query.from, query.to];
  if (query.where === undefined) return { where: base, params };
  return { where: `${base} and (${query.where.sql})`, params: [...params, ...query.where.params] };
}

function queryError(error: unknown, deadlineAt: number, deadlineMs: number): unknown {
  if (error instanceof WirewatchError || isFatal(error)) return error;
  if (performance.now() >= deadlineAt - 1 && /interrupt/i.test((error as Error).message)) {
    return new WirewatchError('WW_STORE_QUERY', `the query took longer than ${deadlineMs} ms and was stopped`, { remedy: 'ask for a shorter time or narrower filter, or raise store.queryDeadline' });
  }
  return new WirewatchError('WW_STORE_QUERY', `the query failed: ${(error as Error).message.split('\n')[0]}`, { cause: error });
}

function batchOf(table: TableName, columns: readonly Column[], chunk: DuckDBDataChunk): ColumnBatch {
  const values = chunk.getColumns();
  const out: Record<string, ColumnValues> = {};
  for (const [i, c] of columns.entries()) out[c.name] = values[i].map((v) => fromDuck(c.kind, v));
  return { format: BATCH_FORMAT, table, rows: chunk.rowCount, columns: out };
}

function chunkOf(columns: readonly Column[], batch: ColumnBatch, from: number, to: number): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(columns.map((c) => DUCK_TYPES[c.kind]), to - from);
  chunk.setColumns(columns.map((c) => {
    const values = batch.columns[c.name];
    return Array.from({ length: to - from }, (_, i) => toDuck(c.kind, values?.[from + i]));
  }));
  return chunk;
}

/** Indices of the rows of each day. */
function rowsByDay(batch: ColumnBatch): Map<string, number[]> {
  const days = new Map<string, number[]>();
  const times = batch.columns.time;
  for (let i = 0; i < batch.rows; i++) {
    const day = dayOf(times[i] as Nanos);
    const rows = days.get(day);
    if (rows === undefined) days.set(day, [i]);
    else rows.push(i);
  }
  return days;
}

function dayFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((f) => /^(\d{4}-\d{2}-\d{2})\.duckdb$/.exec(f)?.[1] ?? []).sort((a, b) => (a < b ? -1 : 1));
}

function sizeOf(file: string): number {
  return ['', '.wal'].reduce((sum, suffix) => sum + (statSync(file + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Another process has the file: its id is in DuckDB's words. */
function lockedError(error: unknown, file: string): WirewatchError | undefined {
  const { message } = error as Error;
  if (!/lock/i.test(message)) return undefined;
  const holder = /PID (\d+)/.exec(message)?.[1];
  return new WirewatchError('WW_STORE_LOCKED', `process ${holder ?? '?'} holds the telemetry store`, { where: file, remedy: 'ask the running program: name its data folder with --data', cause: error });
}

export const duckdb = defineStore<DuckdbOptions, RecordStore>({
  name: 'duckdb',
  title: 'Telemetry in DuckDB, one file a day',
  async open(options) {
    const folder = path.resolve(options.folder);
    const readOnly = options.readOnly ?? false;
    if (readOnly && !existsSync(folder)) throw new WirewatchError('WW_NOT_FOUND', 'there is no telemetry store', { where: folder, remedy: 'name the data folder with --data' });
    if (!readOnly) mkdirSync(path.join(folder, 'datasets'), { recursive: true, mode: 0o700 });
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads),
      memory_limit: `${Math.round(options.memoryBytes / 2 ** 20)}MiB`,
      temp_directory: path.join(readOnly ? os.tmpdir() : folder, 'tmp'),
      max_temp_directory_size: '1GiB',
      preserve_insertion_order: 'false',
    });
    const writer = await instance.connect();
    // DuckDB may open files of this folder and nothing else, whatever a query says.
    await writer.run(`set allowed_directories = [${quote(`${folder}/`)}]`);
    await writer.run('set enable_external_access = false');
    await writer.run('set lock_configuration = true');
    const readers = await Promise.all(Array.from({ length: MAX_QUERIES }, () => instance.connect()));
    return new DuckdbStore(folder, instance, writer, readers, options.queryDeadlineMs, readOnly);
  },
});

export default duckdb;
