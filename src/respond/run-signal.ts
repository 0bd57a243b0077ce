import { toHex } from '../base/bytes.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import type { Nanos } from '../base/time.ts';
import type { ActionRun, Alert, Severity, Signal } from '../model/index.ts';
import type { DigestHost } from './respond-state.ts';

/**
 * What a person has to hear of a run: that it waits for approval, or that it did not help.
 *
 * The signals go the way of all others, so that routes, silences and the outbox hold for them too, and they join the incident of
 * their target. `action-approval` has both edges; `action-failed` ends when an action on that target succeeds, when the outage that it was meant
 * to end is over (`failureOver`), or by staleness.
 * Undefined where the run's state is no news.
 */
export function signalOfRun(run: ActionRun, now: Nanos, host: DigestHost): Signal | undefined {
  switch (run.state) {
    case 'waiting_approval':
      return signal(run, now, host, 'action-approval', 'firing', 'warning', `${run.plan.action} on ${run.plan.subject} waits for approval: ${run.plan.steps.join(' ')}`);
    case 'rejected':
      return signal(run, now, host, 'action-approval', 'resolved', 'warning', `${run.plan.action} on ${run.plan.subject} was not approved`);
    case 'approved':
    case 'refused':
      // Without a person's approval nobody was asked.
      return run.approvedBy === null
        ? undefined
        : signal(run, now, host, 'action-approval', 'resolved', 'warning', `${run.plan.action} on ${run.plan.subject} was approved by ${run.approvedBy}${run.state === 'refused' ? `, and refused (${run.reason})` : ''}`);
    case 'failed':
    case 'reverted':
      return signal(run, now, host, 'action-failed', 'firing', 'error', `${run.plan.action} on ${run.plan.subject} did not help (${run.reason}): ${lastWord(run)}`);
    case 'revert_failed':
      return signal(run, now, host, 'action-failed', 'firing', 'critical', `${run.plan.action} on ${run.plan.subject} could not be undone (${run.reason}): ${lastWord(run)}`);
    case 'succeeded':
      return signal(run, now, host, 'action-failed', 'resolved', 'error', `${run.plan.action} on ${run.plan.subject} helped`);
    default:
      return undefined;
  }
}

/**
 * The end of an `action-failed` alert of a target whose outage is over without the action's help: nobody need hear of it any longer,
 * and its incident must not stay open for it. One that could not be undone (critical) stays: a person has to put it right.
 */
export function failureOver(failure: Alert, now: Nanos, host: DigestHost): Signal | undefined {
  if (failure.name !== 'action-failed' || failure.state === 'resolved' || failure.severity === 'critical') return undefined;
  const id = toHex(host.sha256(host.encodeUtf8(`signal\n${canonicalJson({ over: failure.fingerprint, activeAt: failure.activeAt, now })}`))).slice(0, 32);
  return {
    schema: 1, id, kind: failure.kind, name: failure.name, status: 'resolved', time: now, startsAt: failure.activeAt, labels: failure.labels,
    annotations: failure.annotations, severity: failure.severity, confidence: 1, techniques: [], evidence: [], loss: null, score: {}, drill: failure.drill,
  };
}

function lastWord(run: ActionRun): string {
  return run.log.at(-1)?.text ?? '';
}

function signal(run: ActionRun, now: Nanos, host: DigestHost, name: string, status: Signal['status'], severity: Severity, summary: string): Signal {
  const labels = { alertname: name, target: run.plan.subject, action: run.plan.action };
  const id = toHex(host.sha256(host.encodeUtf8(`signal\n${canonicalJson({ name, labels, now, status, run: run.id })}`))).slice(0, 32);
  return {
    schema: 1, id, kind: name === 'action-approval' ? 'threshold' : 'detection', name, status, time: now, startsAt: run.startedAt ?? run.plan.createdAt, labels,
    annotations: { summary, incident: run.plan.incidentId, run: run.id }, severity, confidence: 1, techniques: [], evidence: [], loss: null, score: {}, drill: run.plan.drill,
  };
}
