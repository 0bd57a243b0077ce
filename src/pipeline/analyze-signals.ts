import { DetectionEngine } from '../detect/engine.ts';
import { detectors } from '../detect/detectors.generated.ts';
import { NS_PER_SECOND, type Nanos } from '../base/time.ts';
import { Networks, type FlowRecord, type ProtocolRecord, type Signal } from '../model/index.ts';
import type { AnalysisSink } from '../flow/flow-analyzer.ts';
import { nodeHost } from './node-host.ts';

export interface SignalOptions {
  readonly networks?: Networks | undefined;
  /** Options by detector name; false = off. */
  readonly detectors?: Readonly<Record<string, object | false>> | undefined;
  readonly drill?: boolean;
}

/** Ticks of a replay: the grid on which detectors look at the time. */
const TICK = 10n * NS_PER_SECOND;
/** A capture with a hole of years must not tick through them. */
const MAX_TICKS_AT_ONCE = 10_000;

/**
 * Shows the records of a file to the detectors as the running program would: in the order of capture time, with ticks between.
 *
 * Flows have their place where they end. Everything is a function of the records: the same file gives the same signals.
 */
export class SignalAnalysis implements AnalysisSink {
  readonly signals: Signal[] = [];
  readonly #engine: DetectionEngine;
  readonly #held: { time: Nanos; order: number; flow?: FlowRecord; record?: ProtocolRecord }[] = [];

  constructor(options: SignalOptions = {}) {
    this.#engine = new DetectionEngine(
      { detectors, options: options.detectors ?? {}, networks: options.networks ?? new Networks(), host: nodeHost, drill: options.drill ?? false },
      (signal) => this.signals.push(signal),
    );
  }

  flow(flow: FlowRecord): void {
    this.#held.push({ time: flow.end, order: this.#held.length, flow });
  }

  record(record: ProtocolRecord): void {
    this.#held.push({ time: record.time, order: this.#held.length, record });
  }

  /** Call once, when all records are in. Returns the signals, in the order in which they were raised. */
  finish(): readonly Signal[] {
    this.#held.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.order - b.order));
    const first = this.#held[0]?.time;
    if (first === undefined) return this.signals;
    this.#engine.setLoss(0);
    let tick = first - (first % TICK) + TICK;
    for (const item of this.#held) {
      for (let n = 0; tick <= item.time; tick += TICK) {
        if (++n > MAX_TICKS_AT_ONCE) tick = item.time - (item.time % TICK);
        this.#engine.onTick(tick);
      }
      if (item.flow !== undefined) this.#engine.onFlow(item.flow);
      else if (item.record !== undefined) this.#engine.onRecord(item.record);
    }
    this.#engine.onEnd(this.#held[this.#held.length - 1].time);
    return this.signals;
  }
}
