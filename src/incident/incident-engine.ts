import { toHex } from '../base/bytes.ts';
import { WirewatchError } from '../base/errors.ts';
import { plural } from '../base/text.ts';
import { formatDurationMs, msOf, nanosFromMs, type Nanos } from '../base/time.ts';
import type { ActionRun, Alert, Incident, IncidentId, IncidentPhase, Severity, TimelineKind } from '../model/index.ts';
import type {
  DigestHost, IncidentConfig, IncidentEngineState, IncidentInput, IncidentOrder, IncidentOutput, IncidentStep, TrackedIncident,
} from './incident-state.ts';

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error', 'critical'];

/** NIST SP 800-61's order; people may go back, and skip. `closed` is reached by closing alone. */
export const OPEN_PHASES: readonly IncidentPhase[] = ['triage', 'contain', 'eradicate', 'recover'];

/**
 * Opens an incident for an alert or lets it join the one of its target, and keeps the timeline.
 *
 * One step in, new state and outputs out: no clock, no I/O, and a step that throws has changed nothing.
 */
export function stepIncidents(state: IncidentEngineState, input: IncidentInput, now: Nanos, config: IncidentConfig, host: DigestHost): IncidentStep {
  const step = new Step(state, now, config, host);
  step.take(input);
  return { state: { version: 1, incidents: step.incidents }, outputs: step.outputs, nextDeadline: nextDeadline(step.incidents, config) };
}

/** Key by which alerts join: the first of the configured labels, apart for drills; else the alert itself. */
export function joinKeyOf(alert: Alert, config: Pick<IncidentConfig, 'joinLabels'>): string {
  const label = config.joinLabels.find((name) => (alert.labels[name] ?? '') !== '');
  const key = label === undefined ? `alert:${alert.fingerprint}` : alert.labels[label];
  return alert.drill ? `drill:${key}` : key;
}

class Step {
  readonly incidents: Record<string, TrackedIncident>;
  readonly outputs: IncidentOutput[] = [];
  readonly #now: Nanos;
  readonly #config: IncidentConfig;
  readonly #host: DigestHost;

  constructor(state: IncidentEngineState, now: Nanos, config: IncidentConfig, host: DigestHost) {
    this.incidents = { ...state.incidents };
    this.#now = now;
    this.#config = config;
    this.#host = host;
  }

  take(input: IncidentInput): void {
    switch (input.kind) {
      case 'alert':
        if (input.change === 'firing') this.#fired(input.alert);
        else if (input.change === 'resolved') this.#resolved(input.alert);
        else if (input.change === 'updated') this.#updated(input.alert);
        return;
      case 'evidence':
        return this.#evidence(input.id, input.evidenceId, input.files, input.missing);
      case 'run':
        return this.#run(input.run);
      case 'line':
        if (this.incidents[input.id] !== undefined) this.#line(input.id, input.line, 'system', input.text, input.refs, input.time);
        return;
      case 'tick':
        return this.#tick();
      default:
        return this.#order(input);
    }
  }

  #fired(alert: Alert): void {
    const key = joinKeyOf(alert, this.#config);
    const open = Object.values(this.incidents)
      .filter(({ incident: i }) => i.joinKey === key && i.phase !== 'closed' && !this.#isOver(i))
      .sort((a, b) => (a.incident.openedAt < b.incident.openedAt ? -1 : 1))
      .at(-1);
    const id = open === undefined ? this.#open(alert, key) : this.#join(open, alert);
    this.outputs.push({ kind: 'link', incidentId: id, fingerprint: alert.fingerprint });
    // What is told of an action is no new trouble: it needs no bundle, and must not ask for the next action.
    if (alert.name.startsWith('action-')) return;
    this.#askForEvidence(id, alert);
    this.#askForPlans(id, alert);
  }

  #isOver(i: Incident): boolean {
    return i.mitigatedAt !== null && this.#now - i.mitigatedAt > nanosFromMs(this.#config.joinWindowMs);
  }

  #open(alert: Alert, joinKey: string): string {
    const first = this.#idOf(`${alert.fingerprint}\n${alert.activeAt}`);
    // A behaviour may come back with the beginning that it had: the second incident is told apart by when it was opened.
    const id = this.incidents[first] === undefined ? first : this.#idOf(`${alert.fingerprint}\n${alert.activeAt}\n${this.#now}`);
    const incident: Incident = {
      schema: 1, id, title: `${alert.drill ? '[DRILL] ' : ''}${alert.annotations.summary ?? `${alert.name} ${joinKey}`}`,
      phase: 'triage', severity: alert.severity, openedAt: this.#now, acknowledgedAt: null, acknowledgedBy: null, mitigatedAt: null,
      closedAt: null, assignee: null, alerts: [alert.fingerprint], joinKey, evidence: [], drill: alert.drill,
    };
    this.incidents[id] = { incident, nextSeq: 0, alertStates: { [alert.fingerprint]: 'firing' }, touchedAt: this.#now, frozen: 0 };
    this.outputs.push({ kind: 'incident', incident, change: 'opened' });
    this.#line(id, 'opened', 'system', `Opened: ${incident.title}`, { alert: alert.fingerprint });
    this.#line(id, 'alert', 'system', alertText(alert), { alert: alert.fingerprint }, alert.firedAt ?? this.#now);
    return id;
  }

  #idOf(text: string): IncidentId {
    return toHex(this.#host.sha256(this.#host.encodeUtf8(`incident\n${text}`))).slice(0, 16) as IncidentId;
  }

  #join(open: TrackedIncident, alert: Alert): string {
    const before = open.incident;
    const incident: Incident = {
      ...before,
      alerts: before.alerts.includes(alert.fingerprint) ? before.alerts : [...before.alerts, alert.fingerprint],
      severity: worse(before.severity, alert.severity),
      mitigatedAt: null,
    };
    this.#put(incident, { alertStates: { ...open.alertStates, [alert.fingerprint]: 'firing' } });
    this.#line(before.id, 'alert', 'system', alertText(alert), { alert: alert.fingerprint }, alert.firedAt ?? this.#now);
    if (incident.severity !== before.severity) this.#line(before.id, 'severity', 'system', `Severity ${before.severity} -> ${incident.severity}`, {});
    return before.id;
  }

  #updated(alert: Alert): void {
    const found = this.#ofAlert(alert.fingerprint);
    if (found === undefined || alert.state !== 'firing') return;
    const severity = worse(found.incident.severity, alert.severity);
    if (severity === found.incident.severity) return;
    this.#put({ ...found.incident, severity });
    this.#line(found.incident.id, 'severity', 'system', `Severity ${found.incident.severity} -> ${severity}`, { alert: alert.fingerprint });
  }

  #resolved(alert: Alert): void {
    const found = this.#ofAlert(alert.fingerprint);
    if (found === undefined) return;
    const alertStates = { ...found.alertStates, [alert.fingerprint]: 'resolved' as const };
    const all = Object.values(alertStates).every((s) => s === 'resolved');
    const at = alert.resolvedAt ?? this.#now;
    this.#put({ ...found.incident, mitigatedAt: all ? at : found.incident.mitigatedAt }, { alertStates });
    const lasted = formatDurationMs(msOf(at - alert.activeAt));
    this.#line(found.incident.id, 'alert_resolved', 'system', `Resolved: ${alert.annotations.summary ?? alert.name} (lasted ${lasted})`, { alert: alert.fingerprint }, at);
  }

  #askForEvidence(id: string, alert: Alert): void {
    const tracked = this.incidents[id];
    if (tracked.frozen >= this.#config.maxEvidence) return;
    this.incidents[id] = { ...tracked, frozen: tracked.frozen + 1 };
    const began = alert.evidence.reduce((first, ref) => (ref.from < first ? ref.from : first), alert.activeAt);
    this.outputs.push({
      kind: 'freezeEvidence', incidentId: id, alert, refs: alert.evidence, drill: alert.drill,
      from: began - nanosFromMs(this.#config.evidenceBeforeMs), to: this.#now + nanosFromMs(this.#config.evidenceAfterMs),
    });
  }

  #askForPlans(id: string, alert: Alert): void {
    const labels: Record<string, string> = { severity: alert.severity, ...alert.labels };
    for (const rule of this.#config.playbook) {
      if (!Object.entries(rule.labels).every(([k, v]) => labels[k] === v)) continue;
      this.outputs.push({
        kind: 'requestPlan', incidentId: id, action: rule.action, options: rule.options, labels: alert.labels,
        subject: alert.labels.target ?? this.incidents[id].incident.joinKey, checkId: alert.labels.check ?? null, drill: alert.drill,
      });
    }
  }

  #evidence(id: string, evidenceId: string | null, files: number, missing: readonly string[]): void {
    const tracked = this.incidents[id];
    if (tracked === undefined) return;
    const lacking = missing.length === 0 ? '' : `; missing: ${missing.join('; ')}`;
    if (evidenceId === null) return this.#line(id, 'evidence', 'system', `Evidence could not be kept${lacking}`, {});
    if (!tracked.incident.evidence.includes(evidenceId)) this.#put({ ...tracked.incident, evidence: [...tracked.incident.evidence, evidenceId] });
    this.#line(id, 'evidence', 'system', `Evidence kept: ${plural(files, 'file')}${lacking}`, { evidence: evidenceId });
  }

  #run(run: ActionRun): void {
    const id = run.plan.incidentId;
    if (this.incidents[id] === undefined) return;
    const what = `${run.plan.action} on ${run.plan.subject}`;
    const kind: TimelineKind = run.state === 'planned' || run.state === 'waiting_approval' ? 'plan'
      : run.state === 'verifying' || run.state === 'succeeded' ? 'verify'
      : run.state === 'reverting' || run.state === 'reverted' || run.state === 'revert_failed' ? 'revert' : 'action';
    const why = run.reason === 'none' ? '' : ` (${run.reason})`;
    this.#line(id, kind, run.state === 'approved' && run.approvedBy !== null ? run.approvedBy : 'system', `Action ${what}: ${run.state}${why}`, { run: run.id, plan: run.plan.id });
  }

  #order(order: IncidentOrder): void {
    const tracked = this.incidents[order.id];
    if (tracked === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no incident ${order.id} that can still change`);
    const before = tracked.incident;
    const closed = before.phase === 'closed';
    if (closed && order.kind !== 'reopen' && order.kind !== 'note') throw new WirewatchError('WW_CONFLICT', 'the incident is closed', { remedy: 'Reopen it first.' });
    switch (order.kind) {
      case 'acknowledge':
        // The first to say so stays: who answered the page, and when, is what the times to acknowledge are made of.
        if (before.acknowledgedAt !== null) throw new WirewatchError('WW_CONFLICT', `${before.acknowledgedBy} has acknowledged it already`);
        this.#put({ ...before, acknowledgedAt: this.#now, acknowledgedBy: order.actor });
        return this.#line(order.id, 'acknowledged', order.actor, `Acknowledged after ${formatDurationMs(msOf(this.#now - before.openedAt))}`, {});
      case 'assign':
        this.#put({ ...before, assignee: order.assignee });
        return this.#line(order.id, 'assigned', order.actor, order.assignee === null ? 'Assigned to nobody' : `Assigned to ${order.assignee}`, {});
      case 'note':
        if (order.text.trim() === '') throw new WirewatchError('WW_ARGUMENT', 'the note is empty');
        return this.#line(order.id, 'note', order.actor, order.text, {});
      case 'phase':
        if (!OPEN_PHASES.includes(order.phase)) throw new WirewatchError('WW_ARGUMENT', `not a phase of an open incident: ${order.phase}`, { remedy: `One of ${OPEN_PHASES.join(', ')}; or close it.` });
        if (order.phase === before.phase) throw new WirewatchError('WW_CONFLICT', `the incident is in phase ${order.phase} already`);
        this.#put({ ...before, phase: order.phase });
        return this.#line(order.id, 'phase', order.actor, `${before.phase} -> ${order.phase}${order.text === undefined ? '' : `: ${order.text}`}`, {});
      case 'severity':
        this.#put({ ...before, severity: order.severity });
        return this.#line(order.id, 'severity', order.actor, `Severity ${before.severity} -> ${order.severity}`, {});
      case 'close':
        return this.#close(before, order.actor, order.text);
      case 'reopen':
        if (!closed) throw new WirewatchError('WW_CONFLICT', 'the incident is open');
        this.#put({ ...before, phase: 'triage', closedAt: null }, {}, 'reopened');
        return this.#line(order.id, 'reopened', order.actor, `Reopened: ${order.text}`, {});
    }
  }

  #close(before: Incident, actor: string, text: string): void {
    this.#put({ ...before, phase: 'closed', closedAt: this.#now }, {}, 'closed');
    this.#line(before.id, 'closed', actor, `Closed: ${text}`, {});
    const closed = Object.values(this.incidents).filter((t) => t.incident.phase === 'closed');
    closed.sort((a, b) => (a.touchedAt < b.touchedAt ? -1 : a.touchedAt > b.touchedAt ? 1 : a.incident.id < b.incident.id ? -1 : 1));
    for (const old of closed.slice(0, Math.max(0, closed.length - this.#config.maxClosed))) delete this.incidents[old.incident.id];
  }

  #tick(): void {
    for (const id of Object.keys(this.incidents).sort()) {
      const due = autoCloseAt(this.incidents[id], this.#config);
      if (due === null || this.#now < due) continue;
      this.#close(this.incidents[id].incident, 'system', `nothing happened for ${formatDurationMs(this.#config.autoCloseAfterMs ?? 0)} after it was mitigated`);
    }
  }

  /** An alert belongs to the newest open incident that holds it. */
  #ofAlert(fingerprint: string): TrackedIncident | undefined {
    return Object.values(this.incidents)
      .filter((t) => t.alertStates[fingerprint] === 'firing')
      .sort((a, b) => (a.incident.openedAt < b.incident.openedAt ? -1 : 1))
      .at(-1);
  }

  #put(incident: Incident, over: Partial<TrackedIncident> = {}, change: 'updated' | 'closed' | 'reopened' = 'updated'): void {
    this.incidents[incident.id] = { ...this.incidents[incident.id], ...over, incident, touchedAt: this.#now };
    this.outputs.push({ kind: 'incident', incident, change });
  }

  #line(id: string, kind: TimelineKind, actor: string, text: string, refs: Readonly<Record<string, string>>, time: Nanos = this.#now): void {
    const tracked = this.incidents[id];
    this.incidents[id] = { ...tracked, nextSeq: tracked.nextSeq + 1, touchedAt: this.#now };
    this.outputs.push({ kind: 'timeline', incidentId: id, entry: { seq: tracked.nextSeq, time, recordedAt: this.#now, kind, actor, text, refs } });
  }
}

function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(b) > SEVERITIES.indexOf(a) ? b : a;
}

function alertText(alert: Alert): string {
  const sure = alert.confidence < 1 ? `, confidence ${alert.confidence.toFixed(2)}` : '';
  return `${alert.name} (${alert.severity}${sure}): ${alert.annotations.description ?? alert.annotations.summary ?? 'firing'}`;
}

function autoCloseAt({ incident, touchedAt }: TrackedIncident, config: IncidentConfig): Nanos | null {
  if (config.autoCloseAfterMs === null || incident.mitigatedAt === null || incident.phase === 'closed') return null;
  return touchedAt + nanosFromMs(config.autoCloseAfterMs);
}

function nextDeadline(incidents: Readonly<Record<string, TrackedIncident>>, config: IncidentConfig): Nanos | null {
  let next: Nanos | null = null;
  for (const tracked of Object.values(incidents)) {
    const at = autoCloseAt(tracked, config);
    if (at !== null && (next === null || at < next)) next = at;
  }
  return next;
}
