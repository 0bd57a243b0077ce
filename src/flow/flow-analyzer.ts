import type { Host } from '../base/host.ts';
import { Networks, type FlowEndReason, type FlowRecord, type ProtocolRecord, type RecordSource } from '../model/index.ts';
import type { SessionDefinition } from '../wire/session.ts';
import type { FileOptions } from './file-collector.ts';
import { FlowMeter, type FlowMeterOptions, type FlowSink } from './flow-meter.ts';
import { flowRecord } from './flow-record.ts';
import { FlowSessions, type CredentialSighting } from './flow-sessions.ts';
import { HeaderWalk } from './header-walk.ts';

export interface FlowAnalyzerOptions extends FlowMeterOptions {
  readonly source: RecordSource;
  readonly host: Host;
  readonly networks?: Networks;
  /** Session parsers; an empty list still names services by their first bytes. */
  readonly sessions: readonly SessionDefinition[];
  readonly maxSessions?: number;
  /** Takes secrets that cross in clear text. */
  credential?(found: CredentialSighting): void;
  /** What is done with files that pass. */
  readonly files?: FileOptions;
  /** Only flows with a marked packet are written (`meter.marking`). */
  readonly onlyMarked?: boolean;
  /** False leaves the Community IDs of flows empty, where nobody reads them (default true). */
  readonly communityIds?: boolean;
}

/** Takes what the packets became. Within one flow, its protocol records come before its flow record. */
export interface AnalysisSink {
  flow(record: FlowRecord): void;
  record(record: ProtocolRecord): void;
}

/**
 * Frames in, flow and protocol records out: the one path for files and live capture.
 *
 * The same frames give the same records in the same order, whatever the seed and the sweep budget of the meter's table.
 */
export class FlowAnalyzer implements FlowSink {
  readonly meter: FlowMeter;
  readonly walk: HeaderWalk;
  readonly sessions: FlowSessions;
  readonly #sink: AnalysisSink;
  readonly #options: FlowAnalyzerOptions;
  readonly #networks: Networks;

  constructor(sink: AnalysisSink, options: FlowAnalyzerOptions) {
    this.#sink = sink;
    this.#options = options;
    this.#networks = options.networks ?? new Networks();
    this.sessions = new FlowSessions({
      maxFlows: options.maxFlows, host: options.host, source: options.source, definitions: options.sessions,
      ...(options.maxSessions === undefined ? {} : { maxSessions: options.maxSessions }),
      ...(options.files === undefined ? {} : { files: options.files }),
      ...(options.credential === undefined ? {} : { credential: (found: CredentialSighting) => options.credential?.(found) }),
      record: (record) => sink.record(record),
    });
    this.meter = new FlowMeter(this, options, this.sessions);
    this.sessions.attach(this.meter);
    this.walk = new HeaderWalk(this.meter);
  }

  /** One frame: captured bytes `[at, end)`, sent until `wireEnd`, link type as in files, number from 1, capture time. */
  frame(bytes: Uint8Array, at: number, end: number, wireEnd: number, linkType: number, frame: number, seconds: number, nanoseconds: number): void {
    this.walk.frameAt(bytes, at, end, wireEnd, linkType, frame, seconds, nanoseconds);
  }

  /** Live: the wire is silent and time goes on. */
  tick(seconds: number): void {
    this.meter.tick(seconds);
  }

  /** Ends all flows and sessions. */
  finish(reason: FlowEndReason): void {
    this.meter.finish(reason);
  }

  flowEnded(slot: number, reason: FlowEndReason): void {
    const { source } = this.#options;
    if (this.#options.onlyMarked === true && !this.meter.isMarked(slot)) {
      this.sessions.forget(slot);
      return;
    }
    const record = flowRecord(this.meter, slot, reason, this.sessions.servicesOf(slot), source, this.#networks, this.#options.communityIds ?? true);
    if (reason !== 'active_timeout') this.sessions.forget(slot);
    this.#sink.flow(record);
  }
}
