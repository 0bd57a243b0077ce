import type { Nanos } from '../base/time.ts';
import type { AuditEvent } from '../model/index.ts';

/** What the state store keeps as documents; each kind has its own ids. */
export type DocumentKind =
  | 'alert' | 'incident' | 'timeline' | 'notification' | 'delivery' | 'decision' | 'run' | 'silence' | 'evidence' | 'case' | 'path'
  | 'user' | 'session' | 'token' | 'setup' | 'check' | 'uplink' | 'drill';

/** A document: any record, with the few columns by which it is found. Written with `encodeState`, so instants survive. */
export interface Document<T = unknown> {
  readonly kind: DocumentKind;
  readonly id: string;
  /** What it belongs to (the incident of a timeline entry, the user of a session); empty where nothing. */
  readonly parent: string;
  readonly time: Nanos;
  /** Its state as a word, for lists by state; empty where it has none. */
  readonly state: string;
  readonly body: T;
}

export interface DocumentQuery {
  readonly kind: DocumentKind;
  readonly parent?: string | undefined;
  readonly state?: string | undefined;
  readonly from?: Nanos | undefined;
  /** Exclusive. */
  readonly to?: Nanos | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly limit: number;
}

export type NewAuditEvent = Omit<AuditEvent, 'seq' | 'previous' | 'hash'>;

/**
 * State that must survive: documents, the state of the machines (alert, incident, outbox), the audit chain.
 *
 * Calls are synchronous and belong into one transaction for one step; `transaction` nests no further. After `transaction` has
 * returned with durability `full`, a crash of the machine loses nothing of it.
 */
export interface StateStore {
  transaction<T>(durability: 'full' | 'normal', work: () => T): T;
  put(document: Document): void;
  get<T>(kind: DocumentKind, id: string): Document<T> | undefined;
  delete(kind: DocumentKind, id: string): void;
  find<T>(query: DocumentQuery): Document<T>[];
  count(kind: DocumentKind, state?: string): number;
  /** Entries of a machine's state; equal entries are the same object, so that only what changed is written. */
  readMachine(machine: string): Map<string, unknown>;
  putMachine(machine: string, key: string, value: unknown): void;
  deleteMachine(machine: string, key: string): void;
  appendAudit(event: NewAuditEvent): AuditEvent;
  /** The newest event's number and hash; undefined where there is none. */
  auditHead(): { readonly seq: number; readonly hash: string } | undefined;
  readAudit(fromSeq: number, limit: number): AuditEvent[];
  /** Deletes documents of a kind that are older. */
  expire(kind: DocumentKind, before: Nanos): number;
  close(): void;
}
