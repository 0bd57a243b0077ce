import type { Host } from '../base/host.ts';
import type { ProtocolHead, ProtocolRecord, RecordHead } from '../model/index.ts';

/** The members of a record that its flow fills in, so that a session parser only gives what it read. */
export type SessionRecord = ProtocolRecord extends infer R ? (R extends ProtocolRecord ? Omit<R, Exclude<keyof ProtocolHead, 'firstFrame' | 'lastFrame' | 'time'>> : never) : never;

/** What a session parser may use. One object a worker, valid during the call. */
export interface SessionContext {
  readonly host: Host;
  /** Frame and capture time of the bytes at hand. */
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  /** Emits a record; head, addresses and flow id are added by the flow. */
  emit(record: SessionRecord): void;
  /** Names an oddity: counted, kept once a flow. */
  anomaly(name: string): void;
  /** Hands the rest of the conversation to another protocol (STARTTLS, CONNECT, Upgrade). */
  become(protocol: string): void;
}

/**
 * One conversation of one application protocol, fed with in-order bytes (TCP) or datagrams (UDP).
 *
 * `bytes` is lent: copy what must outlive the call. Direction 0 is the initiator's. State is bounded.
 */
export interface Session {
  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void;
  /** `length` bytes of direction `dir` were never captured. */
  gap(dir: 0 | 1, length: number, ctx: SessionContext): void;
  /** The conversation ended: emit what is half done, marked incomplete. */
  end(ctx: SessionContext): void;
}

export interface SessionDefinition {
  /** Zeek's name for `service`: `http`, `dns`, `ssl`. */
  readonly service: string;
  readonly transport: 'tcp' | 'udp';
  readonly ports: readonly number[];
  /** Do these first in-order bytes of direction `dir` begin this protocol? `maybe` = too few to say. */
  recognise(bytes: Uint8Array, at: number, end: number, dir: 0 | 1): 'yes' | 'no' | 'maybe';
  create(): Session;
}

/** Kept for readers of heads: what a flow fills in. */
export type FlowFilled = Omit<RecordHead, 'time'>;
