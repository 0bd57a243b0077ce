import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { WirewatchError } from '../../base/errors.ts';
import { decodeState, encodeState } from '../../base/state-json.ts';
import type { AuditEvent } from '../../model/index.ts';
import { chainEvent } from '../audit-chain.ts';
import { defineStore } from '../define-store.ts';
import { APPLICATION_ID, MIGRATIONS } from '../state-migrations.ts';
import type { Document, DocumentKind, DocumentQuery, NewAuditEvent, StateStore } from '../state-store.ts';

export interface SqliteOptions {
  readonly file: string;
  /** Look only; the file must be there. */
  readonly readOnly?: boolean;
}

/** Another process (the command line, a backup) may hold the file this long. */
const BUSY_MS = 5000;

type Row = Record<string, string | number | bigint | null>;

/** State in SQLite: write-ahead log, one writer. */
class SqliteStore implements StateStore {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #durability: 'full' | 'normal' | undefined;
  #inside = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  transaction<T>(durability: 'full' | 'normal', work: () => T): T {
    if (this.#inside) return work();
    if (this.#durability !== durability) {
      this.#db.exec(`PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`);
      this.#durability = durability;
    }
    this.#inside = true;
    try {
      // IMMEDIATE: a reader that turns writer could fail in the middle; this waits at the beginning.
      this.#db.exec('BEGIN IMMEDIATE');
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw stateError(error);
    } finally {
      this.#inside = false;
    }
  }

  put({ kind, id, parent, time, state, body }: Document): void {
    this.#write(() => this.#prepare('INSERT INTO documents (kind, id, parent, time, state, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET parent = excluded.parent, time = excluded.time, state = excluded.state, body = excluded.body')
      .run(kind, id, parent, time, state, encodeState(body)));
  }

  get<T>(kind: DocumentKind, id: string): Document<T> | undefined {
    const row = this.#prepare('SELECT * FROM documents WHERE kind = ? AND id = ?').get(kind, id) as Row | undefined;
    return row === undefined ? undefined : documentOf<T>(row);
  }

  delete(kind: DocumentKind, id: string): void {
    this.#write(() => this.#prepare('DELETE FROM documents WHERE kind = ? AND id = ?').run(kind, id));
  }

  find<T>(query: DocumentQuery): Document<T>[] {
    const conditions = ['kind = ?'];
    const values: (string | bigint | number)[] = [query.kind];
    const add = (condition: string, value: string | bigint | undefined): void => {
      if (value === undefined) return;
      conditions.push(condition);
      values.push(value);
    };
    add('parent = ?', query.parent);
    add('state = ?', query.state);
    add('time >= ?', query.from);
    add('time < ?', query.to);
    const direction = query.order === 'asc' ? 'ASC' : 'DESC';
    const sql = `SELECT * FROM documents WHERE ${conditions.join(' AND ')} ORDER BY time ${direction}, id ${direction} LIMIT ?`;
    return (this.#prepare(sql).all(...values, query.limit) as Row[]).map((row) => documentOf<T>(row));
  }

  count(kind: DocumentKind, state?: string): number {
    const row = (state === undefined
      ? this.#prepare('SELECT count(*) AS n FROM documents WHERE kind = ?').get(kind)
      : this.#prepare('SELECT count(*) AS n FROM documents WHERE kind = ? AND state = ?').get(kind, state)) as Row;
    return Number(row.n);
  }

  readMachine(machine: string): Map<string, unknown> {
    const rows = this.#prepare('SELECT key, body FROM machines WHERE machine = ? ORDER BY key').all(machine) as Row[];
    return new Map(rows.map((row) => [String(row.key), decodeState(String(row.body))]));
  }

  putMachine(machine: string, key: string, value: unknown): void {
    this.#write(() => this.#prepare('INSERT INTO machines (machine, key, body) VALUES (?, ?, ?) ON CONFLICT (machine, key) DO UPDATE SET body = excluded.body').run(machine, key, encodeState(value)));
  }

  deleteMachine(machine: string, key: string): void {
    this.#write(() => this.#prepare('DELETE FROM machines WHERE machine = ? AND key = ?').run(machine, key));
  }

  appendAudit(event: NewAuditEvent): AuditEvent {
    // Reading the head and writing the next event are one immediate transaction: two writers cannot fork the chain.
    return this.#write(() => {
      const chained = chainEvent(this.auditHead(), event);
      this.#prepare('INSERT INTO audit (seq, time, actor, action, object, details, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        .run(chained.seq, chained.time, chained.actor, chained.action, chained.object, encodeState(chained.details), chained.previous, chained.hash);
      return chained;
    }, 'full');
  }

  auditHead(): { readonly seq: number; readonly hash: string } | undefined {
    const last = this.#prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get() as Row | undefined;
    return last === undefined ? undefined : { seq: Number(last.seq), hash: String(last.hash) };
  }

  readAudit(fromSeq: number, limit: number): AuditEvent[] {
    return (this.#prepare('SELECT * FROM audit WHERE seq >= ? ORDER BY seq LIMIT ?').all(fromSeq, limit) as Row[]).map((row) => ({
      seq: Number(row.seq), time: BigInt(row.time ?? 0), actor: String(row.actor), action: String(row.action), object: String(row.object),
      details: decodeState(String(row.details)), previous: String(row.previous), hash: String(row.hash),
    }));
  }

  expire(kind: DocumentKind, before: bigint): number {
    return Number(this.#write(() => this.#prepare('DELETE FROM documents WHERE kind = ? AND time < ?').run(kind, before).changes));
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  /** A write outside a transaction is one of its own. */
  #write<T>(work: () => T, durability: 'full' | 'normal' = 'normal'): T {
    return this.#inside ? work() : this.transaction(durability, work);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      statement.setReadBigInts(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function documentOf<T>(row: Row): Document<T> {
  return {
    kind: row.kind as DocumentKind, id: String(row.id), parent: String(row.parent), time: BigInt(row.time ?? 0), state: String(row.state),
    body: decodeState<T>(String(row.body)),
  };
}

/** SQLite's own errors that an operator can mend; others are as they were. */
function stateError(error: unknown): unknown {
  const code = (error as { errcode?: number }).errcode ?? 0;
  const cause = { cause: error };
  // SQLITE_FULL 13, SQLITE_IOERR_WRITE 778, SQLITE_IOERR_FSYNC 1034, SQLITE_BUSY 5
  if (code === 13 || /disk is full/i.test((error as Error).message)) return new WirewatchError('WW_STORE_FULL', 'the disk under the state store is full', { ...cause, remedy: 'free space under the data folder' });
  if (code === 5) return new WirewatchError('WW_STORE_LOCKED', `another process holds the state store for longer than ${BUSY_MS} ms`, cause);
  return error;
}

function migrate(db: DatabaseSync, file: string): void {
  const pragma = (name: string): number => Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  const version = pragma('user_version');
  const owner = pragma('application_id');
  if (owner !== 0 && owner !== APPLICATION_ID) throw new WirewatchError('WW_STORE_VERSION', 'the file is the database of another program', { where: file });
  if (version > MIGRATIONS.length) {
    throw new WirewatchError('WW_STORE_VERSION', `the state store has version ${version}; this program knows ${MIGRATIONS.length}`, { where: file, remedy: 'use the version that wrote it; the file was not touched' });
  }
  if (version === MIGRATIONS.length) return;
  db.exec('BEGIN IMMEDIATE');
  for (const step of MIGRATIONS.slice(version)) db.exec(step);
  db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  db.exec('COMMIT');
}

/** Opens at once; `open` of the definition is the same behind a promise. */
export function openStateStore(options: SqliteOptions): StateStore {
  const readOnly = options.readOnly ?? false;
  if (readOnly && !existsSync(options.file)) throw new WirewatchError('WW_NOT_FOUND', 'there is no state store', { where: options.file, remedy: 'name the data folder with --data' });
  if (!readOnly) mkdirSync(path.dirname(options.file), { recursive: true, mode: 0o700 });
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(options.file, { readOnly, timeout: BUSY_MS });
    db.exec('PRAGMA foreign_keys = ON');
    if (!readOnly) {
      db.exec('PRAGMA journal_mode = WAL');
      migrate(db, options.file);
    }
  } catch (error) {
    if (error instanceof WirewatchError) throw error;
    if (/not a database|malformed/.test((error as Error).message)) throw new WirewatchError('WW_STORE_VERSION', 'the file is not a state store, or is damaged', { where: options.file, cause: error });
    throw stateError(error);
  }
  return new SqliteStore(db);
}

export const sqlite = defineStore<SqliteOptions, StateStore>({
  name: 'sqlite',
  title: 'State in SQLite',
  open: (options) => Promise.resolve(openStateStore(options)),
});

export default sqlite;
