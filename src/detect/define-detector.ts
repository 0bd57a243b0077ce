import type { Nanos } from '../base/time.ts';
import type { FlowRecord, Networks, ProbeResult, ProtocolRecord, Signal, StateChange } from '../model/index.ts';

/** What a detector may use: no I/O, no clock. */
export interface DetectorContext {
  readonly networks: Networks;
  emit(signal: Signal): void;
}

/** A running detector: fed in the order of capture time, its state is bounded. */
export interface Detector {
  onFlow?(flow: FlowRecord, ctx: DetectorContext): void;
  onRecord?(record: ProtocolRecord, ctx: DetectorContext): void;
  onProbe?(result: ProbeResult, ctx: DetectorContext): void;
  onState?(change: StateChange, ctx: DetectorContext): void;
  /** Ticks are elements of the merged sequence, on a fixed grid. */
  onTick?(now: Nanos, ctx: DetectorContext): void;
  /** The input ended (file analysis): judge what is held. */
  onEnd?(now: Nanos, ctx: DetectorContext): void;
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
