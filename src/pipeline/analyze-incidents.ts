import { AlertEngine } from '../alert/alert-engine.ts';
import { EMPTY_ALERT_STATE, type AlertEngineState, type AlertInput, type AlertOutput } from '../alert/alert-state.ts';
import { re2Engine } from '../filter/regex.ts';
import { stepIncidents } from '../incident/incident-engine.ts';
import { EMPTY_INCIDENT_STATE, INCIDENT_DEFAULTS, type IncidentEngineState, type IncidentInput } from '../incident/incident-state.ts';
import type { Alert, Incident, Notification, Signal, TimelineEntry } from '../model/index.ts';
import type { Nanos } from '../base/time.ts';
import { nodeHost } from './node-host.ts';

/** What a replay made of its signals. */
export interface IncidentAnalysisResult {
  readonly alerts: readonly Alert[];
  readonly incidents: readonly Incident[];
  readonly timeline: readonly { readonly incidentId: string; readonly entry: TimelineEntry }[];
  readonly notifications: readonly Notification[];
}

const MAX_ALERTS = 10_000;

/**
 * Runs signals through the alert and the incident core, with the signals' own times as the clock: what the running program would
 * have opened and told. Nothing is sent, nothing is frozen, no action is planned.
 */
export class IncidentAnalysis {
  readonly #engine = new AlertEngine(
    {
      route: { receiver: 'replay', groupBy: ['alertname', 'target', 'src', 'mac'], groupWaitMs: 5000 },
      receivers: [{ name: 'replay' }], inhibit: [], lifecycle: [], maxAlerts: MAX_ALERTS,
    },
    { host: nodeHost, regex: (pattern) => re2Engine.compile(pattern) },
  );
  #alerts: AlertEngineState = EMPTY_ALERT_STATE;
  #incidents: IncidentEngineState = EMPTY_INCIDENT_STATE;
  readonly #alertsByFingerprint = new Map<string, Alert>();
  readonly #incidentsById = new Map<string, Incident>();
  readonly #timeline: { incidentId: string; entry: TimelineEntry }[] = [];
  readonly #notifications: Notification[] = [];
  #now: Nanos = 0n;
  #deadline: Nanos | null = null;

  signal(signal: Signal): void {
    this.#runUntil(signal.time);
    this.#alertStep({ kind: 'signal', signal });
  }

  /** Lets what waits happen (group_wait and the like), and returns what there is. */
  finish(): IncidentAnalysisResult {
    this.#runUntil(this.#now + 60_000_000_000n);
    const byTime = (a: { openedAt: Nanos; id: string }, b: { openedAt: Nanos; id: string }): number => (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : a.id < b.id ? -1 : 1);
    return { alerts: [...this.#alertsByFingerprint.values()], incidents: [...this.#incidentsById.values()].sort(byTime), timeline: this.#timeline, notifications: this.#notifications };
  }

  #runUntil(time: Nanos): void {
    while (this.#deadline !== null && this.#deadline <= time) {
      this.#now = this.#deadline > this.#now ? this.#deadline : this.#now;
      const before = this.#deadline;
      this.#alertStep({ kind: 'tick' });
      // A core that asks for the same instant again has nothing more to do in it.
      if (this.#deadline !== null && this.#deadline <= before) this.#deadline = before + 1n;
    }
    if (time > this.#now) this.#now = time;
  }

  #alertStep(input: AlertInput): void {
    const step = this.#engine.step(this.#alerts, input, this.#now);
    this.#alerts = step.state;
    this.#deadline = step.nextDeadline;
    for (const output of step.outputs) this.#take(output);
  }

  #take(output: AlertOutput): void {
    if (output.kind === 'notification') this.#notifications.push(output.notification);
    if (output.kind !== 'alert') return;
    this.#alertsByFingerprint.set(output.alert.fingerprint, output.alert);
    this.#incidentStep({ kind: 'alert', alert: output.alert, change: output.change });
  }

  #incidentStep(input: IncidentInput): void {
    const step = stepIncidents(this.#incidents, input, this.#now, INCIDENT_DEFAULTS, nodeHost);
    this.#incidents = step.state;
    for (const output of step.outputs) {
      if (output.kind === 'incident') this.#incidentsById.set(output.incident.id, output.incident);
      else if (output.kind === 'timeline') this.#timeline.push({ incidentId: output.incidentId, entry: output.entry });
      else if (output.kind === 'link') this.#alertStep({ kind: 'incident', fingerprint: output.fingerprint, incidentId: output.incidentId, link: null });
    }
  }
}
