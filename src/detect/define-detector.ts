import type { Nanos } from '../base/time.ts';
import type { FlowRecord, Networks, ProbeResult, ProtocolRecord, Signal, StateChange, UplinkVerdict } from '../model/index.ts';

/** A signal before the engine gives it its deterministic id. */
export type SignalDraft = Omit<Signal, 'schema' | 'id' | 'drill'>;

/** What a detector may use: no I/O, no clock. */
export interface DetectorContext {
  readonly networks: Networks;
  /** Loss of the capture at this point of the input, 0..1; null = unknown. A conclusion says under which loss it holds. */
  readonly loss: number | null;
  emit(signal: SignalDraft): void;
}

/** A running detector: fed in the order of capture time, its state is bounded. */
export interface Detector {
  onFlow?(flow: FlowRecord, ctx: DetectorContext): void;
  onRecord?(record: ProtocolRecord, ctx: DetectorContext): void;
  onProbe?(result: ProbeResult, ctx: DetectorContext): void;
  onState?(change: StateChange, ctx: DetectorContext): void;
  onUplink?(verdict: UplinkVerdict, ctx: DetectorContext): void;
  /** Ticks are elements of the merged sequence, on a fixed grid. */
  onTick?(now: Nanos, ctx: DetectorContext): void;
  /** The input ended (file analysis): judge what is held. */
  onEnd?(now: Nanos, ctx: DetectorContext): void;
  /** Entries given up because a cap was reached; a conclusion drawn from a full table says so. */
  readonly evicted?: number;
  /** Plain JSON, with its own version; `restore` returns false for one that it does not know: the detector then learns anew. */
  snapshot?(): unknown;
  restore?(snapshot: unknown): boolean;
}

export interface DetectorDefinition<Options> {
  readonly name: string;
  readonly title: string;
  /** ATT&CK technique ids; their names come from the versioned table in detect/attack.ts. */
  readonly techniques: readonly string[];
  readonly defaults: Options;
  /** What each option means, with its unit: user documentation. */
  readonly optionHelp: Readonly<Record<keyof Options & string, string>>;
  create(options: Options): Detector;
}

export function defineDetector<Options>(definition: DetectorDefinition<Options>): DetectorDefinition<Options> {
  return definition;
}
