import { nanosFromMs, type Nanos } from '../base/time.ts';
import type { Alert, EvidenceRef, Signal, SignalKind } from '../model/index.ts';
import { fingerprintOf, type DigestHost, type Labels } from './fingerprint.ts';

/** How long a claim must hold, and how it ends. */
export interface LifecycleTimes {
  /** A signal must go on for this long before the alert fires; 0 = at once. */
  readonly forMs: number;
  /** A resolve counts only after this long without a new firing signal. */
  readonly keepFiringForMs: number;
  /** No signal at all for this long resolves the alert; null = only a resolved signal does (its source reports both edges). */
  readonly staleAfterMs: number | null;
}

export const LIFECYCLE_DEFAULTS: Readonly<Record<SignalKind, LifecycleTimes>> = {
  threshold: { forMs: 0, keepFiringForMs: 0, staleAfterMs: null },
  anomaly: { forMs: 0, keepFiringForMs: 0, staleAfterMs: 3_600_000 },
  detection: { forMs: 0, keepFiringForMs: 0, staleAfterMs: 3_600_000 },
};

/** An alert with what its clockwork needs; only `alert` leaves the engine. */
export interface TrackedAlert {
  readonly alert: Alert;
  readonly times: LifecycleTimes;
  /** A resolved signal came while keepFiringFor holds it: when it came. */
  readonly endingAt: Nanos | null;
  /** While pending anew: the episode before, whose end is perhaps still to be told. */
  readonly prior: Alert | null;
  /** When it is over by its source's own word; null = it did not say. Absent in a state that an earlier version wrote. */
  readonly expiresAt?: Nanos | null;
}

export type AlertChange = 'pending' | 'firing' | 'resolved' | 'updated' | 'dropped';

export interface LifecycleStep {
  /** Undefined where the alert is gone without ever having fired; after `dropped`, else, the episode before. */
  readonly tracked: TrackedAlert | undefined;
  readonly change: AlertChange | undefined;
}

const MAX_EVIDENCE = 50;

/** Labels that make an alert's identity: the signal's, its name, and `drill` so that an exercise never joins the real thing. */
export function identityLabels(signal: Pick<Signal, 'labels' | 'name' | 'drill'>): Labels {
  const labels = { alertname: signal.name, ...(signal.drill ? { drill: 'true' } : {}), ...signal.labels };
  // In order of their names: messages list them, and must not depend on who wrote the state in which order.
  return Object.fromEntries(Object.entries(labels).filter(([, v]) => v !== '').sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Folds a signal into the alert of its fingerprint (none, or one that has resolved = a new episode). */
export function foldSignal(before: TrackedAlert | undefined, signal: Signal, times: LifecycleTimes, now: Nanos, host: DigestHost): LifecycleStep {
  const open = before !== undefined && before.alert.state !== 'resolved' ? before : undefined;
  if (signal.status === 'resolved') return open === undefined ? { tracked: before, change: undefined } : beginEnd(open, signal, now);
  if (open === undefined) {
    const alert = alertOf(signal, now, host);
    return ripen({ alert, times, endingAt: null, prior: before?.alert ?? null, expiresAt: signal.expiresAt ?? null }, now, 'pending');
  }
  const a = open.alert;
  const alert: Alert = {
    ...a,
    annotations: signal.annotations,
    severity: signal.severity,
    confidence: Math.max(a.confidence, signal.confidence),
    techniques: [...new Set([...a.techniques, ...signal.techniques])],
    updatedAt: now,
    signals: a.signals + 1,
    evidence: mergeEvidence(a.evidence, signal.evidence),
    loss: signal.loss,
    score: signal.score,
  };
  return ripen({ ...open, alert, times, endingAt: null, expiresAt: signal.expiresAt ?? null }, now, 'updated');
}

/** Lets time pass: pending alerts fire, held and stale ones resolve. */
export function ageAlert(tracked: TrackedAlert, now: Nanos): LifecycleStep {
  const due = dueAt(tracked);
  if (due === null || now < due) return { tracked, change: undefined };
  if (tracked.alert.state === 'pending') {
    return staleAt(tracked) === due ? { tracked: drop(tracked), change: 'dropped' } : ripen(tracked, now, undefined);
  }
  return end(tracked, now, tracked.endingAt ?? now);
}

/** Ends an alert about which nobody will say anything any more. */
export function retireAlert(tracked: TrackedAlert, now: Nanos): LifecycleStep {
  if (tracked.alert.state === 'resolved') return { tracked, change: undefined };
  return tracked.alert.state === 'pending' ? { tracked: drop(tracked), change: 'dropped' } : end(tracked, now, now);
}

/** When something happens to this alert by time alone; null = never. */
export function dueAt(tracked: TrackedAlert): Nanos | null {
  const { alert, times } = tracked;
  if (alert.state === 'resolved') return null;
  const stale = staleAt(tracked);
  const next = alert.state === 'pending' ? alert.activeAt + nanosFromMs(times.forMs)
    : tracked.endingAt === null ? null : tracked.endingAt + nanosFromMs(times.keepFiringForMs);
  return next === null ? stale : stale === null || next <= stale ? next : stale;
}

function staleAt({ times, alert, expiresAt = null }: TrackedAlert): Nanos | null {
  const stale = times.staleAfterMs === null ? null : alert.updatedAt + nanosFromMs(times.staleAfterMs);
  return stale === null || (expiresAt !== null && expiresAt < stale) ? expiresAt : stale;
}

function ripen(tracked: TrackedAlert, now: Nanos, otherwise: AlertChange | undefined): LifecycleStep {
  const { alert, times } = tracked;
  if (alert.state !== 'pending' || now - alert.activeAt < nanosFromMs(times.forMs)) return { tracked, change: otherwise };
  return { tracked: { ...tracked, prior: null, alert: { ...alert, state: 'firing', firedAt: now } }, change: 'firing' };
}

/** A pending alert that goes leaves the episode before it, where there was one. */
function drop(tracked: TrackedAlert): TrackedAlert | undefined {
  return tracked.prior === null ? undefined : { ...tracked, alert: tracked.prior, prior: null };
}

function beginEnd(tracked: TrackedAlert, signal: Signal, now: Nanos): LifecycleStep {
  if (tracked.alert.state === 'pending') return { tracked: drop(tracked), change: 'dropped' };
  const alert: Alert = {
    ...tracked.alert,
    annotations: { ...tracked.alert.annotations, ...signal.annotations },
    evidence: mergeEvidence(tracked.alert.evidence, signal.evidence),
    updatedAt: now,
    signals: tracked.alert.signals + 1,
  };
  const ending: TrackedAlert = { ...tracked, alert, endingAt: tracked.endingAt ?? signal.time };
  if (tracked.times.keepFiringForMs > 0) return { tracked: ending, change: 'updated' };
  return end(ending, now, signal.time);
}

function end(tracked: TrackedAlert, now: Nanos, resolvedAt: Nanos): LifecycleStep {
  return { tracked: { ...tracked, endingAt: null, alert: { ...tracked.alert, state: 'resolved', resolvedAt, updatedAt: now } }, change: 'resolved' };
}

function alertOf(signal: Signal, now: Nanos, host: DigestHost): Alert {
  const labels = identityLabels(signal);
  return {
    schema: 1,
    fingerprint: fingerprintOf(labels, host),
    name: signal.name,
    kind: signal.kind,
    state: 'pending',
    labels,
    annotations: signal.annotations,
    severity: signal.severity,
    confidence: signal.confidence,
    techniques: signal.techniques,
    activeAt: signal.startsAt,
    firedAt: null,
    resolvedAt: null,
    updatedAt: now,
    signals: 1,
    evidence: signal.evidence.slice(-MAX_EVIDENCE),
    loss: signal.loss,
    score: signal.score,
    drill: signal.drill,
  };
}

/** Keeps the first pointers (how it began) and the newest, within the cap. */
function mergeEvidence(before: readonly EvidenceRef[], more: readonly EvidenceRef[]): readonly EvidenceRef[] {
  if (more.length === 0) return before;
  const all = [...before, ...more];
  return all.length <= MAX_EVIDENCE ? all : [...all.slice(0, MAX_EVIDENCE / 2), ...all.slice(-MAX_EVIDENCE / 2)];
}
