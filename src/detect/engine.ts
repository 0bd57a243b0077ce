import { toHex } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Host } from '../base/host.ts';
import type { Nanos } from '../base/time.ts';
import type { FlowRecord, Networks, ProbeResult, ProtocolRecord, Signal, StateChange, UplinkVerdict } from '../model/index.ts';
import type { Detector, DetectorContext, DetectorDefinition, SignalDraft } from './define-detector.ts';

/** Where a detector stands with what it knows: shown to people. */
export type DetectorState = 'learning' | 'active' | 'reset';

/** The part of a detector's definition that the engine needs; options are checked by the configuration. */
export type AnyDetectorDefinition = Pick<DetectorDefinition<never>, 'name' | 'techniques' | 'title'> & {
  readonly defaults: object;
  create(options: never): Detector;
};

export interface EngineOptions {
  readonly detectors: readonly AnyDetectorDefinition[];
  /** Options by detector name; a detector set to false is off. */
  readonly options: Readonly<Record<string, object | false>>;
  readonly networks: Networks;
  readonly host: Host;
  /** Addresses or networks that a detector leaves alone, with the reason, by detector name. */
  readonly drill?: boolean;
}

export const SIGNAL_SCHEMA = 1;

/**
 * Runs the detectors over the merged sequence of records, in the order of capture time.
 *
 * Pure: the same input gives the same signals with the same ids. A detector that throws is a bug; it does not stop the others.
 */
export class DetectionEngine {
  readonly #running: { readonly name: string; readonly detector: Detector }[] = [];
  readonly #host: Host;
  readonly #drill: boolean;
  readonly #context: { networks: Networks; loss: number | null; emit(draft: SignalDraft): void };
  readonly #out: (signal: Signal) => void;

  constructor(options: EngineOptions, onSignal: (signal: Signal) => void) {
    this.#host = options.host;
    this.#drill = options.drill ?? false;
    this.#out = onSignal;
    this.#context = { networks: options.networks, loss: null, emit: (draft) => this.#emit(draft) };
    for (const definition of options.detectors) {
      const own = options.options[definition.name];
      if (own === false) continue;
      this.#running.push({ name: definition.name, detector: definition.create({ ...definition.defaults, ...own } as never) });
    }
  }

  /** Loss of the capture from here on, 0..1 or unknown. */
  setLoss(loss: number | null): void {
    this.#context.loss = loss;
  }

  onFlow(flow: FlowRecord): void {
    for (const { detector } of this.#running) detector.onFlow?.(flow, this.#context as DetectorContext);
  }

  onRecord(record: ProtocolRecord): void {
    for (const { detector } of this.#running) detector.onRecord?.(record, this.#context as DetectorContext);
  }

  onProbe(result: ProbeResult): void {
    for (const { detector } of this.#running) detector.onProbe?.(result, this.#context as DetectorContext);
  }

  onState(change: StateChange): void {
    for (const { detector } of this.#running) detector.onState?.(change, this.#context as DetectorContext);
  }

  onUplink(verdict: UplinkVerdict): void {
    for (const { detector } of this.#running) detector.onUplink?.(verdict, this.#context as DetectorContext);
  }

  onTick(now: Nanos): void {
    for (const { detector } of this.#running) detector.onTick?.(now, this.#context as DetectorContext);
  }

  onEnd(now: Nanos): void {
    for (const { detector } of this.#running) detector.onEnd?.(now, this.#context as DetectorContext);
  }

  /** What each detector knows, as plain JSON by name. */
  snapshot(): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (const { name, detector } of this.#running) if (detector.snapshot !== undefined) out[name] = detector.snapshot();
    return out;
  }

  /** Names of the detectors whose snapshot was refused: they learn anew. */
  restore(snapshots: Readonly<Record<string, unknown>>): string[] {
    const refused: string[] = [];
    for (const { name, detector } of this.#running) {
      if (name in snapshots && detector.restore !== undefined && !detector.restore(snapshots[name])) refused.push(name);
    }
    return refused;
  }

  /** Entries given up for lack of room, by detector. */
  evicted(): Record<string, number> {
    return Object.fromEntries(this.#running.map(({ name, detector }) => [name, detector.evicted ?? 0]));
  }

  #emit(draft: SignalDraft): void {
    const identity = canonicalJson({ name: draft.name, labels: draft.labels, time: draft.time, status: draft.status });
    const id = toHex(this.#host.sha256(this.#host.encodeUtf8(identity)), 0, 16);
    this.#out({ ...draft, schema: SIGNAL_SCHEMA, id, drill: this.#drill });
  }
}
