import type { Host } from '../base/host.ts';
import type { IpHex } from '../base/ip.ts';
import type { ProtocolHead, ProtocolRecord, RecordHead } from '../model/index.ts';

/** The members of a record that its flow fills in, so that a session parser only gives what it read. */
export type SessionRecord = ProtocolRecord extends infer R ? (R extends ProtocolRecord ? Omit<R, Exclude<keyof ProtocolHead, 'firstFrame' | 'lastFrame' | 'time'>> : never) : never;

/** What a protocol says of a file before its bytes come. */
export interface FileHead {
  /** The protocol that carries it: `http`, `smtp`, `ftp-data`. */
  readonly source: string;
  readonly name: string | null;
  readonly declaredType: string | null;
  /** `gzip`, `deflate`, `br`, `zstd`: taken off when the file is whole; null = bytes are the file's own. */
  readonly encoding: string | null;
  /** Bytes that will come, where the protocol says so. */
  readonly announcedBytes: number | null;
  /** 1 where it is inside another file (an attachment in a mail); 0 where left out. */
  readonly depth?: number;
}

/** Takes one file's bytes; lent for the call. */
export interface FileSink {
  data(bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void;
  gap(length: number, ctx: SessionContext): void;
  /** `whole` = the protocol says that this was all of it. */
  end(whole: boolean, ctx: SessionContext): void;
}

/** The sink of files that nobody wants. */
export const NO_FILE: FileSink = { data: () => {}, gap: () => {}, end: () => {} };

/** A secret that crossed the wire in clear text, with the name that it belongs to. It never enters a record. */
export interface ClearCredential {
  /** `ftp`, `http`, `snmp`. */
  readonly protocol: string;
  /** How it was said: `PASS`, `Basic`, `AUTH PLAIN`, `community`. */
  readonly method: string;
  readonly user: string | null;
  readonly secret: string;
}

/** What a session parser may use. One object a worker, valid during the call. */
export interface SessionContext {
  readonly host: Host;
  /** Frame and capture time of the bytes at hand. */
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
  /** Emits a record; head, addresses and flow id are added by the flow. */
  emit(record: SessionRecord): void;
  /** A secret crossed in clear text: told to who asked for it, else forgotten. */
  credential(found: ClearCredential): void;
  /** Names an oddity: counted, kept once a flow. */
  anomaly(name: string): void;
  /**
   * A file begins to pass in direction `dir`. Give the sink its bytes as they come; where nobody keeps files it does nothing.
   * Its record is emitted when the sink is ended.
   */
  file(dir: 0 | 1, head: FileHead): FileSink;
  /** Both ends of the conversation. */
  readonly srcIp: IpHex;
  readonly dstIp: IpHex;
  readonly srcPort: number;
  readonly dstPort: number;
  /**
   * Says that a conversation with the endpoint `ip`, `port` is about to begin, and who reads it: a data connection that a control
   * connection agreed on. Taken by the first one; forgotten when many others were expected since.
   */
  expect(transport: 'tcp' | 'udp', ip: IpHex, port: number, service: string, create: () => Session): void;
  /** Hands the rest of the conversation to another protocol (STARTTLS, CONNECT, Upgrade). */
  become(protocol: string): void;
}

/** A context without a flow, for messages that are read by themselves: what is said into it is kept by nobody but `emit`. */
export function loneContext(host: Host, emit: (record: SessionRecord) => void = () => {}): SessionContext {
  const nowhere = '0'.repeat(32) as IpHex;
  return {
    host, frame: 1, seconds: 0, nanoseconds: 0, srcIp: nowhere, dstIp: nowhere, srcPort: 0, dstPort: 0,
    emit, credential: () => {}, anomaly: () => {}, file: () => NO_FILE, expect: () => {}, become: () => {},
  };
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

/** How a value is written in a log; Zeek's type names. */
export type LogType = 'string' | 'count' | 'int' | 'bool' | 'double' | 'interval' | 'time' | 'addr' | 'port' | 'enum' | 'set[string]' | 'vector[string]' | 'vector[count]' | 'vector[addr]';

/** The columns of a log beside time, id and endpoints, in order: names of the transaction's values with their types. */
export type LogColumns = Readonly<Record<string, LogType>>;

export interface SessionDefinition {
  /** Columns of the transactions that it emits, by their protocol. */
  readonly logs?: Readonly<Record<string, LogColumns>>;
  /** Zeek's name for `service`: `http`, `dns`, `ssl`. */
  readonly service: string;
  readonly transport: 'tcp' | 'udp';
  readonly ports: readonly number[];
  /** Do these first in-order bytes of direction `dir` begin this protocol? `maybe` = too few to say. Left out where the service's signature tells. */
  recognise?(bytes: Uint8Array, at: number, end: number, dir: 0 | 1): 'yes' | 'no' | 'maybe';
  create(): Session;
}

/** Kept for readers of heads: what a flow fills in. */
export type FlowFilled = Omit<RecordHead, 'time'>;
