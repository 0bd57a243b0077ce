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
 * Shows the records of a file to the detectors, as they come: protocol records before the flow that carried them, flows in the
 * order in which they end, ticks of a fixed grid between. Holds nothing, so that a file may have any size.
 *
 * Everything is a function of the records: the same file gives the same signals.
 */
export class SignalAnalysis implements AnalysisSink {
  readonly signals: Signal[] = [];
  readonly #engine: DetectionEngine;
  readonly #onSignal: ((signal: Signal) => void) | undefined;
  #now: Nanos | null = null;
  #nextTick: Nanos = 0n;

  /** `onSignal` is called as signals are raised; they are kept in `signals` too. */
  constructor(options: SignalOptions = {}, onSignal?: (signal: Signal) => void) {
    this.#onSignal = onSignal;
    this.#engine = new DetectionEngine(
      { detectors, options: options.detectors ?? {}, networks: options.networks ?? new Networks(), host: nodeHost, drill: options.drill ?? false },
      (signal) => {
        this.signals.push(signal);
        this.#onSignal?.(signal);
      },
    );
    // A file has lost nothing on the way to us; what its own capture lost shows as gaps.
    this.#engine.setLoss(0);
  }

  flow(flow: FlowRecord): void {
    this.#moveTo(flow.end);
    this.#engine.onFlow(flow);
  }

  record(record: ProtocolRecord): void {
    this.#moveTo(record.time);
    this.#engine.onRecord(record);
  }

  /** Call once, when all records are in. Returns the signals, in the order in which they were raised. */
  finish(): readonly Signal[] {
    if (this.#now !== null) this.#engine.onEnd(this.#now);
    return this.signals;
  }

  /** Time never steps back: a flow that ended earlier than another that was told before is still told now. */
  #moveTo(time: Nanos): void {
    if (this.#now === null) {
      this.#now = time;
      this.#nextTick = time - (time % TICK) + TICK;
      return;
    }
    if (time <= this.#now) return;
    this.#now = time;
    for (let n = 0; this.#nextTick <= time; this.#nextTick += TICK) {
      if (++n > MAX_TICKS_AT_ONCE) this.#nextTick = time - (time % TICK);
      this.#engine.onTick(this.#nextTick);
    }
  }
}
