import { nanosFromMs, type Nanos } from '../base/time.ts';
import type { Alert, MuteVerdict, NotifiedAlert, Notification, NotifyDecision, NotifyReason, Severity } from '../model/index.ts';
import type { AlertEngineState, AlertGroup, AlertOutput, ReceiverConfig } from './alert-state.ts';
import { decideNotify } from './dedup.ts';
import { digestOf, type DigestHost } from './fingerprint.ts';
import { findInhibitor, indexInhibitors, matchLabels, silenceState, type CompiledInhibitRule, type InhibitIndex, type MuteMatcher } from './mute.ts';
import { renderMessage } from './template.ts';
import { heldBackBy, type TimeIntervals } from '../base/time-interval.ts';

/** What a flush needs besides the state. */
export interface FlushRules {
  readonly inhibit: readonly CompiledInhibitRule[];
  readonly mutes: MuteMatcher;
  readonly receivers: ReadonlyMap<string, ReceiverConfig>;
  readonly intervals: TimeIntervals;
  readonly host: DigestHost;
}

export interface FlushedGroup {
  readonly group: AlertGroup;
  /** Who stays in the group: those that fire. */
  readonly members: readonly string[];
  /** The new log entry; undefined = as before. */
  readonly told: AlertEngineState['told'][string] | undefined;
  readonly outputs: readonly AlertOutput[];
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error', 'critical'];

/** Decides for each due group whether its receiver is told, and what; one inhibition index serves them all. */
export function flushGroups(state: AlertEngineState, due: readonly AlertGroup[], rules: FlushRules, now: Nanos): FlushedGroup[] {
  const firing = Object.values(state.alerts)
    .filter((t) => t.alert.state === 'firing')
    .map((t) => ({ fingerprint: t.alert.fingerprint, labels: matchLabels(t.alert) }));
  const index = indexInhibitors(rules.inhibit, firing);
  return due.map((group) => flushOne(state, group, index, rules, now));
}

function flushOne(state: AlertEngineState, group: AlertGroup, index: InhibitIndex, rules: FlushRules, now: Nanos): FlushedGroup {
  // One that is pending again is, for who was told, the episode before: ended.
  const alerts = group.members.map((f) => state.alerts[f]).flatMap((t) => (t === undefined ? [] : [t.alert.state === 'pending' && t.prior !== null ? t.prior : t.alert]));
  const muted: NotifyDecision['muted'][number][] = [];
  const firing: Alert[] = [];
  const heldBack = heldBackBy(group.activeIntervals ?? [], group.muteIntervals ?? [], rules.intervals, now);
  for (const alert of alerts) {
    if (alert.state !== 'firing') continue;
    const verdict = muteOf(state, alert, index, heldBack, rules, now);
    if (verdict === undefined) firing.push(alert);
    else muted.push({ fingerprint: alert.fingerprint, ...verdict });
  }
  const resolved = alerts.filter((a) => a.state === 'resolved');
  const entry = state.told[group.key];
  const receiver = rules.receivers.get(group.receiver);
  const sendResolved = receiver?.sendResolved ?? true;
  const view = { firing: firing.map((a) => a.fingerprint), muted: muted.map((m) => m.fingerprint), resolved: resolved.map((a) => a.fingerprint) };
  const verdict = decideNotify(entry, now, view, { repeatIntervalMs: group.repeatIntervalMs, sendResolved });

  // Who was never told that it fires is not told that it ended; nor who asked not to be.
  const endings = sendResolved ? resolved.filter((a) => entry?.firing.includes(a.fingerprint) === true || firing.length > 0) : [];
  const told = [...firing, ...endings];
  const sent = verdict.notify && told.length > 0 && receiver !== undefined;
  const notification = sent ? notificationOf(state, group, receiver, verdict.reason, firing, told, rules.host, now) : undefined;
  const decision: NotifyDecision = {
    schema: 1,
    id: digestOf(rules.host, `decision\n${group.key}\n${group.receiver}\n${now}`, 32),
    time: now,
    groupKey: group.key,
    receiver: group.receiver,
    sent,
    reason: receiver === undefined ? 'no_route' : sent ? verdict.reason : (keptBackBy(view.firing.length, muted) ?? verdict.reason),
    notificationId: notification?.id ?? null,
    fingerprints: alerts.map((a) => a.fingerprint),
    muted,
  };
  const outputs: AlertOutput[] = [];
  if (notification !== undefined) outputs.push({ kind: 'notification', receiver: group.receiver, notification });
  outputs.push({ kind: 'decision', decision });
  const stillTold = view.muted.filter((f) => entry?.firing.includes(f) === true);
  return {
    group,
    members: alerts.filter((a) => a.state === 'firing').map((a) => a.fingerprint),
    told: verdict.notify && receiver !== undefined
      ? { time: now, firing: [...view.firing, ...stillTold], resolved: view.resolved, forgetAt: now + nanosFromMs(2 * group.repeatIntervalMs) }
      : undefined,
    outputs,
  };
}

/** The stored reason of a silence that came from muting alone. */
function keptBackBy(unmuted: number, muted: readonly MuteVerdict[]): NotifyReason | undefined {
  return unmuted === 0 && muted.length > 0 ? muted[0].reason : undefined;
}

function muteOf(state: AlertEngineState, alert: Alert, index: InhibitIndex, heldBack: string | undefined, rules: FlushRules, now: Nanos): MuteVerdict | undefined {
  const labels = matchLabels(alert);
  const inhibitor = findInhibitor(index, { fingerprint: alert.fingerprint, labels });
  if (inhibitor !== undefined) return { reason: 'inhibited', by: inhibitor };
  if (heldBack !== undefined) return { reason: 'muted', by: heldBack };
  for (const window of Object.values(state.windows)) {
    if (silenceState(window, now) === 'active' && rules.mutes.matches(window.matchers, labels)) return { reason: 'maintenance', by: window.id };
  }
  for (const silence of Object.values(state.silences)) {
    if (silenceState(silence, now) === 'active' && rules.mutes.matches(silence.matchers, labels)) return { reason: 'silenced', by: silence.id };
  }
  return undefined;
}

function notificationOf(
  state: AlertEngineState, group: AlertGroup, receiver: ReceiverConfig, reason: NotifyReason,
  firing: readonly Alert[], told: readonly Alert[], host: DigestHost, now: Nanos,
): Notification {
  const alerts = told.map(notified);
  const status = firing.length > 0 ? 'firing' : 'resolved';
  const severity = (firing.length > 0 ? firing : told).map((a) => a.severity).reduce((a, b) => (SEVERITIES.indexOf(b) > SEVERITIES.indexOf(a) ? b : a));
  const incident = told.map((a) => state.incidents[a.fingerprint]).find((i) => i !== undefined);
  const drill = told.some((a) => a.drill);
  const subject = { status, severity, alerts, incidentId: incident?.id ?? null, link: incident?.link ?? null, drill } as const;
  return {
    schema: 1,
    id: digestOf(host, `notification\n${group.key}\n${group.receiver}\n${reason}\n${now}`, 32),
    groupKey: group.key,
    groupLabels: group.labels,
    receiver: group.receiver,
    reason,
    ...subject,
    ...renderMessage(receiver.templates ?? [], subject),
    createdAt: now,
  };
}

function notified(a: Alert): NotifiedAlert {
  const resolved = a.state === 'resolved';
  return {
    fingerprint: a.fingerprint, status: resolved ? 'resolved' : 'firing', labels: a.labels, annotations: a.annotations,
    startsAt: a.activeAt, endsAt: resolved ? a.resolvedAt : null,
  };
}
