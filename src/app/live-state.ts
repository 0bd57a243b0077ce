import { medianOfSorted } from '../base/statistics.ts';
import type { Nanos } from '../base/time.ts';
import type { CheckId, ProbeResult, StateChange, UplinkVerdict } from '../model/index.ts';
import type { CaptureStatus, CheckOverview, LiveEvent, RoundSummary, TrafficSample } from '../pipeline/services.ts';
import type { CheckSpecRecord } from './section-adapters.ts';

const ROUNDS = 120;
const TRAFFIC_SAMPLES = 900;

/** What the console shows live: bounded, in memory, rebuilt as results come. */
export class LiveState {
  #checks = new Map<CheckId, CheckOverview>();
  #captures = new Map<string, CaptureStatus>();
  #traffic: TrafficSample[] = [];
  #uplink: UplinkVerdict | null = null;
  readonly #listeners = new Set<(event: LiveEvent) => void>();

  /** The configured checks; those that stay keep what is known. */
  setChecks(specs: readonly CheckSpecRecord[], known: ReadonlyMap<CheckId, StateChange>): void {
    const next = new Map<CheckId, CheckOverview>();
    for (const spec of specs) {
      const before = this.#checks.get(spec.id);
      const change = known.get(spec.id);
      next.set(spec.id, {
        state: change?.to ?? 'UNKNOWN', since: change?.time ?? null, reason: change?.reason ?? '', lastTime: null, lastRttNs: null, lastLoss: null, rounds: [],
        ...before,
        checkId: spec.id, targetId: spec.targetId, title: spec.title, target: spec.address, probe: spec.probe,
      });
    }
    this.#checks = next;
  }

  get checks(): readonly CheckOverview[] {
    return [...this.#checks.values()];
  }

  check(id: string): CheckOverview | undefined {
    return this.#checks.get(id as CheckId);
  }

  get captures(): readonly CaptureStatus[] {
    return [...this.#captures.values()];
  }

  get traffic(): readonly TrafficSample[] {
    return this.#traffic;
  }

  get uplink(): UplinkVerdict | null {
    return this.#uplink;
  }

  onRound(result: ProbeResult): void {
    const before = this.#checks.get(result.checkId);
    if (before === undefined) return;
    const round = summarizeRound(result);
    const check: CheckOverview = {
      ...before, lastTime: result.time, lastRttNs: round.medianNs, lastLoss: round.loss, rounds: [...before.rounds.slice(1 - ROUNDS), round],
    };
    this.#checks.set(result.checkId, check);
    this.emit({ type: 'check', check });
  }

  onState(change: StateChange): void {
    const before = this.#checks.get(change.checkId);
    if (before === undefined || !change.hard) return;
    const check: CheckOverview = { ...before, state: change.to, since: change.to === before.state ? before.since : change.time, reason: change.reason };
    this.#checks.set(change.checkId, check);
    this.emit({ type: 'check', check });
  }

  onUplink(uplink: UplinkVerdict): void {
    this.#uplink = uplink;
    this.emit({ type: 'uplink', uplink });
  }

  setCapture(status: CaptureStatus): void {
    this.#captures.set(status.linkId, status);
  }

  addTraffic(sample: TrafficSample): void {
    this.#traffic.push(sample);
    if (this.#traffic.length > TRAFFIC_SAMPLES) this.#traffic.shift();
    this.emit({ type: 'traffic', sample, captures: this.captures });
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  emit(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

export function summarizeRound(result: ProbeResult): RoundSummary {
  const samples = result.rttNs.filter((v): v is number => v !== null).sort((a, b) => a - b);
  const time: Nanos = result.time;
  const none = samples.length === 0;
  return {
    time, ok: result.ok,
    medianNs: none ? null : medianOfSorted(samples), minNs: none ? null : samples[0], maxNs: none ? null : samples[samples.length - 1],
    loss: result.sent === 0 ? (result.ok ? 0 : 1) : 1 - result.received / result.sent,
  };
}
