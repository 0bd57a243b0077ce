import type { CheckState, DegradedCause, ProbeResult, StateChange, VerdictStep } from '../model/index.ts';
import type { Nanos } from '../base/time.ts';
import type { CheckSpec } from './check-spec.ts';
import { rttStatistics, type RttStatistics } from './rtt-statistics.ts';

/** What a check has been through; plain JSON, so that a restart goes on where it stopped. */
export interface CheckMemory {
  readonly state: CheckState;
  readonly causes: readonly DegradedCause[];
  /** Rounds in a row that failed, were degraded alike, or were good, since the state was last confirmed. */
  readonly failed: number;
  readonly good: number;
  readonly degraded: readonly { readonly cause: DegradedCause; readonly rounds: number }[];
  /** Sent and received of the newest rounds, for the loss. An outage is not packet loss: its rounds are not in here. */
  readonly window: readonly (readonly [number, number])[];
  readonly steps: readonly VerdictStep[];
}

export const NEW_CHECK: CheckMemory = { state: 'UNKNOWN', causes: [], failed: 0, good: 0, degraded: [], window: [], steps: [] };

/** What the round asks of its caller. */
export type Next =
  /** Nothing out of the ordinary. */
  | 'wait'
  /** In doubt: the next round comes early. */
  | 'recheck'
  /** Enough rounds failed: find out whose fault it is, then call `confirmFailure`. */
  | 'confirm';

export interface RoundStep {
  readonly memory: CheckMemory;
  readonly change: StateChange | null;
  readonly next: Next;
}

/** Whose fault the failure is, as the caller found out. */
export interface Confirmation {
  readonly verdict: 'DOWN' | 'UNREACHABLE' | 'INCONCLUSIVE';
  readonly reason: string;
  readonly steps: readonly VerdictStep[];
}

const MAX_STEPS = 40;
/** A cause is over where the value is this far below its limit: no flapping around the limit itself. */
const RECOVERY_SHARE = 0.8;

/** Judges one round. Pure: the same memory, round and check give the same step. */
export function judgeRound(memory: CheckMemory, result: ProbeResult, check: CheckSpec): RoundStep {
  // The prober itself could not send: that says nothing of the target.
  if (result.failure?.class === 'local') {
    return settle(memory, check, result.time, 'INCONCLUSIVE', [], {}, `The monitor could not measure: ${result.failure.message}.`, [step(result.time, 'round', `local: ${result.failure.message}`)], 'wait');
  }
  if (!result.ok) return failedRound(memory, result, check);
  const statistics = rttStatistics(result.rttNs);
  const window = [...memory.window, [result.sent, result.received] as const].slice(-check.thresholds.lossRounds);
  const figures = figuresOf(statistics, window, result, check);
  const over = causesOf(figures, memory, check);
  const degraded = over.map((cause) => ({ cause, rounds: (memory.degraded.find((d) => d.cause === cause)?.rounds ?? 0) + 1 }));
  const held = degraded.filter((d) => d.rounds >= check.hysteresis.failAfter || memory.causes.includes(d.cause)).map((d) => d.cause);
  const good = memory.good + 1;
  const base = { ...memory, window, failed: 0, good, degraded };
  // What is over must stay over for so many rounds.
  const ending = memory.causes.some((c) => !held.includes(c)) || (memory.state !== 'UP' && memory.state !== 'DEGRADED');
  if (ending && memory.state !== 'UNKNOWN' && good < check.hysteresis.recoverAfter) {
    const beginning = held.filter((c) => !memory.causes.includes(c));
    return { memory: { ...base, causes: [...memory.causes, ...beginning] }, change: null, next: 'recheck' };
  }
  const to: CheckState = held.length > 0 ? 'DEGRADED' : 'UP';
  const reason = held.length > 0 ? held.map((c) => sentence(c, figures)).join(' ') : goodSentence(result, statistics);
  const doubt = degraded.some((d) => d.rounds < check.hysteresis.failAfter && !memory.causes.includes(d.cause));
  const settled = settle(base, check, result.time, to, held, figures, reason, [], doubt ? 'recheck' : 'wait', memory);
  // A round that is still bad in some way does not count towards recovery from it.
  return held.length > 0 ? { ...settled, memory: { ...settled.memory, good: 0 } } : settled;
}

function failedRound(memory: CheckMemory, result: ProbeResult, check: CheckSpec): RoundStep {
  const failed = memory.failed + 1;
  const told = step(result.time, failed === 1 ? 'round' : 'recheck', `${result.failure?.class ?? 'timeout'}: ${result.failure?.message ?? 'no answer'}`);
  const next: CheckMemory = { ...memory, failed, good: 0, degraded: [], steps: [...memory.steps, told].slice(-MAX_STEPS) };
  if (memory.state === 'DOWN') return { memory: { ...next, steps: memory.steps }, change: null, next: 'wait' };
  if (failed < check.hysteresis.failAfter) {
    const soft = change(memory, check, result.time, 'DOWN', false, [], {}, `${told.outcome} (${failed} of ${check.hysteresis.failAfter})`, next.steps);
    return { memory: next, change: failed === 1 ? soft : null, next: 'recheck' };
  }
  return { memory: next, change: null, next: 'confirm' };
}

/** A round during planned work: measured and kept, not judged. What was known before is not known after it. */
export function maintainRound(memory: CheckMemory, result: ProbeResult, check: CheckSpec, reason: string): RoundStep {
  if (memory.state === 'MAINTENANCE') return { memory, change: null, next: 'wait' };
  return settle({ ...NEW_CHECK }, check, result.time, 'MAINTENANCE', [], {}, `Maintenance: ${reason}.`, [], 'wait', memory);
}

/** Ends the doubt that `confirm` asked about. */
export function confirmFailure(memory: CheckMemory, result: ProbeResult, check: CheckSpec, found: Confirmation): RoundStep {
  // The uplink has just come back: what failed before says nothing, and the ways behind it may need a moment to settle. It takes
  // as many rounds as any verdict, all of them from now on.
  if (memory.state === 'INCONCLUSIVE' && found.verdict !== 'INCONCLUSIVE' && memory.failed > check.hysteresis.failAfter) {
    return { memory: { ...memory, failed: 0, steps: [...memory.steps, ...found.steps].slice(-MAX_STEPS) }, change: null, next: 'recheck' };
  }
  const figures = { loss_percent: 100 };
  const settled = settle({ ...memory, window: [] }, check, result.time, found.verdict, [], figures, found.reason, found.steps, 'wait', memory);
  return { ...settled, memory: { ...settled.memory, window: [] } };
}

function settle(
  memory: CheckMemory, check: CheckSpec, time: Nanos, to: CheckState, causes: readonly DegradedCause[], figures: Readonly<Record<string, number>>, reason: string,
  steps: readonly VerdictStep[], next: Next, from: CheckMemory = memory,
): RoundStep {
  const all = [...memory.steps, ...steps].slice(-MAX_STEPS);
  const same = from.state === to && from.causes.length === causes.length && causes.every((c) => from.causes.includes(c));
  const quiet = to === 'UP' || to === 'DEGRADED';
  const settled: CheckMemory = { ...memory, state: to, causes, steps: quiet ? [] : all };
  return { memory: settled, change: same ? null : change(from, check, time, to, true, causes, figures, reason, all), next };
}

function change(
  from: CheckMemory, check: CheckSpec, time: Nanos, to: CheckState, hard: boolean, causes: readonly DegradedCause[], figures: Readonly<Record<string, number>>,
  reason: string, steps: readonly VerdictStep[],
): StateChange {
  return {
    checkId: check.id, targetId: check.targetId, time, from: from.state, to, hard, causes, figures,
    labels: { host: check.address, name: check.targetId, ...check.labels, probe: check.probe }, reason, steps,
  };
}

function step(time: Nanos, name: string, outcome: string): VerdictStep {
  return { time, step: name, outcome };
}

function figuresOf(s: RttStatistics, window: readonly (readonly [number, number])[], result: ProbeResult, check: CheckSpec): Record<string, number> {
  const { thresholds } = check;
  const figures: Record<string, number> = {};
  const latencyNs = { min: s.minNs, median: s.medianNs, average: s.averageNs, p95: s.p95Ns, max: s.maxNs }[thresholds.latencyOf];
  if (!Number.isNaN(latencyNs)) figures.latency_ms = latencyNs / 1e6;
  if (thresholds.latencyMs !== undefined) figures.latency_ms_limit = thresholds.latencyMs;
  if (window.length >= thresholds.lossRounds) {
    const sent = window.reduce((n, [a]) => n + a, 0);
    const received = window.reduce((n, [, b]) => n + b, 0);
    if (sent > 0) figures.loss_percent = (100 * (sent - received)) / sent;
    figures.loss_percent_limit = thresholds.loss * 100;
  }
  if (!Number.isNaN(s.ipdvNs)) figures.jitter_ms = s.ipdvNs / 1e6;
  if (thresholds.jitterMs !== undefined) figures.jitter_ms_limit = thresholds.jitterMs;
  if (result.measurements.cert_expiry_seconds !== undefined) figures.certificate_days = result.measurements.cert_expiry_seconds / 86_400;
  if (thresholds.certificateExpiryMs !== undefined) figures.certificate_days_limit = thresholds.certificateExpiryMs / 86_400_000;
  return figures;
}

/** Limits that are exceeded (`>`), or that a cause which already holds has not yet fallen clearly below. */
function causesOf(figures: Readonly<Record<string, number>>, memory: CheckMemory, check: CheckSpec): DegradedCause[] {
  const over = (cause: DegradedCause, value: number | undefined, limit: number | undefined): boolean =>
    value !== undefined && limit !== undefined && (value > limit || (memory.causes.includes(cause) && value > limit * RECOVERY_SHARE));
  const causes: DegradedCause[] = [];
  // Until the window is full again a loss that holds goes on: fewer rounds say nothing.
  const unknownLoss = figures.loss_percent === undefined && memory.causes.includes('loss');
  if (unknownLoss || over('loss', figures.loss_percent, figures.loss_percent_limit)) causes.push('loss');
  if (over('latency', figures.latency_ms, figures.latency_ms_limit)) causes.push('latency');
  if (over('jitter', figures.jitter_ms, figures.jitter_ms_limit)) causes.push('jitter');
  if (check.thresholds.certificateExpiryMs !== undefined && figures.certificate_days !== undefined && figures.certificate_days < figures.certificate_days_limit) causes.push('certificate');
  return causes;
}

function sentence(cause: DegradedCause, f: Readonly<Record<string, number>>): string {
  switch (cause) {
    case 'loss': return `Loss ${f.loss_percent?.toFixed(1) ?? '?'} % is above ${f.loss_percent_limit ?? '?'} %.`;
    case 'latency': return `Latency ${f.latency_ms.toFixed(2)} ms is above ${f.latency_ms_limit} ms.`;
    case 'jitter': return `Jitter ${f.jitter_ms.toFixed(2)} ms is above ${f.jitter_ms_limit} ms.`;
    case 'certificate': return `The certificate ends in ${f.certificate_days.toFixed(1)} days.`;
  }
}

function goodSentence(result: ProbeResult, s: RttStatistics): string {
  return `${result.received} of ${result.sent} answered${Number.isNaN(s.medianNs) ? '' : `, median ${(s.medianNs / 1e6).toFixed(2)} ms`}.`;
}

/** When the next round is due, milliseconds after the beginning of this one. */
export function nextRoundMs(next: Next, check: CheckSpec): number {
  return next === 'wait' ? check.intervalMs : Math.min(check.intervalMs, check.hysteresis.recheckIntervalMs);
}

