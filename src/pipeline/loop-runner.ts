import { AlertEngine } from '../alert/alert-engine.ts';
import { EMPTY_ALERT_STATE, type AlertConfig, type AlertEngineState, type AlertInput, type AlertOutput } from '../alert/alert-state.ts';
import type { RegexEngine } from '../alert/matcher.ts';
import type { Host } from '../base/host.ts';
import { msOf, type Nanos } from '../base/time.ts';
import { WirewatchError } from '../base/errors.ts';
import { stepIncidents } from '../incident/incident-engine.ts';
import { EMPTY_INCIDENT_STATE, type IncidentConfig, type IncidentEngineState, type IncidentInput, type IncidentOrder, type IncidentOutput } from '../incident/incident-state.ts';
import type { Alert, Delivery, Incident, Notification, NotifyDecision, Signal, TimelineEntry } from '../model/index.ts';
import { stepOutbox } from '../notify/outbox.ts';
import { EMPTY_OUTBOX, type OutboxConfig, type OutboxOutput, type OutboxState, type OutboxStep } from '../notify/outbox-state.ts';
import type { NewAuditEvent, StateStore } from '../store/state-store.ts';
import { LoopInbox } from './loop-inbox.ts';
import { PersistedMachine } from './persisted-machine.ts';

/** Something to do after the step that asked for it is durable; kept until it is done, across crashes. */
export type LoopJob =
  | ({ readonly key: string } & Extract<IncidentOutput, { kind: 'freezeEvidence' }>)
  | ({ readonly key: string } & Extract<IncidentOutput, { kind: 'requestPlan' }>);

/** What happened, after it is durable: for live views and logs. */
export type LoopEvent =
  | { readonly kind: 'alert'; readonly alert: Alert; readonly change: string }
  | { readonly kind: 'incident'; readonly incident: Incident; readonly change: string }
  | { readonly kind: 'timeline'; readonly incidentId: string; readonly entry: TimelineEntry }
  | { readonly kind: 'notification'; readonly receiver: string; readonly notification: Notification }
  | { readonly kind: 'delivery'; readonly delivery: Delivery; readonly notification: Notification }
  | { readonly kind: 'decision'; readonly decision: NotifyDecision };

/** One input of the loop: for the alert core, for the incident core, or an order of a person. */
export type LoopInput =
  | { readonly to: 'alert'; readonly input: AlertInput }
  | { readonly to: 'incident'; readonly input: IncidentInput }
  | { readonly to: 'tick' }
  | { readonly to: 'job_done'; readonly key: string };

export interface LoopRunnerDeps {
  readonly store: StateStore;
  readonly host: Host;
  readonly regex: RegexEngine;
  now(): Nanos;
  /** Link into the console for an incident; null where there is no public address. */
  linkOf(incidentId: string): string | null;
  onEvent(event: LoopEvent): void;
  /** Begins a job; its end is told with `jobDone`. Called anew after a restart for jobs that were not done. */
  startJob(job: LoopJob): void;
  /** New messages are in the outbox. */
  wakeOutbox(): void;
  log(level: 'info' | 'warn' | 'error', text: string): void;
}

export interface LoopConfig {
  readonly alert: AlertConfig;
  readonly incident: IncidentConfig;
  readonly outbox: OutboxConfig;
}

/** Inputs wait at most this long for others, so that they share one commit (280 commits a second with full sync). */
const GROUP_MS = 20;
const STORE_RETRY_MS = 1000;
/** Inputs that wait while the disk is full; further signals are dropped and counted, orders refused. */
const MAX_QUEUE = 10_000;
/** Deadlines are kept to this; a tick costs a pass over the alerts. */
const LEAST_TICK_MS = 10;
const MOST_TICK_MS = 60_000;

interface Queued {
  readonly input: LoopInput;
  /** Its key in the inbox, for what has to be heard whatever happens. */
  readonly key?: string | undefined;
  readonly audit?: NewAuditEvent | undefined;
  resolve(): void;
  reject(error: unknown): void;
}

interface JobsState {
  readonly jobs: Readonly<Record<string, LoopJob>>;
}

/** The states that one group of inputs leads to, before they are durable. */
interface Draft {
  alert: AlertEngineState;
  incident: IncidentEngineState;
  outbox: OutboxState;
  jobs: Record<string, LoopJob>;
  readonly writes: (() => void)[];
  readonly events: LoopEvent[];
  readonly newJobs: LoopJob[];
  /** When alerts and incidents have to be looked at again; a group that steps one of them leaves the other's as it is. */
  alertDeadline: Nanos | null;
  incidentDeadline: Nanos | null;
  messages: boolean;
}

/**
 * From signals to people: alert core, incident core, outbox, in one transaction a group of inputs.
 *
 * Input, states, documents and messages become durable together; only then do messages leave, evidence is frozen, plans are made
 * and live views are told. What a crash interrupts between is taken up again at the next start. The cores are pure, so a group
 * whose transaction fails (full disk) has changed nothing and is tried again.
 */
export class LoopRunner {
  readonly #deps: LoopRunnerDeps;
  readonly #alerts: PersistedMachine<AlertEngineState>;
  readonly #incidents: PersistedMachine<IncidentEngineState>;
  readonly #outbox: PersistedMachine<OutboxState>;
  readonly #jobs: PersistedMachine<JobsState>;
  readonly #inbox: LoopInbox<LoopInput>;
  #config: LoopConfig;
  #engine: AlertEngine;
  #queue: Queued[] = [];
  #group: NodeJS.Timeout | undefined;
  #tick: NodeJS.Timeout | undefined;
  #stopped = true;
  #deadlines: Pick<Draft, 'alertDeadline' | 'incidentDeadline'> = { alertDeadline: null, incidentDeadline: null };
  #retryAt = 0;
  #storeFailed = false;
  /** Signals given up because the queue was full. */
  dropped = 0;
  /** Transactions and inputs in them, for metrics. */
  commits = 0;
  inputs = 0;

  /** Reads the stored states. Throws a `WirewatchError` for a configuration that does not fit. */
  constructor(config: LoopConfig, deps: LoopRunnerDeps) {
    this.#deps = deps;
    this.#config = config;
    this.#engine = new AlertEngine(config.alert, { host: deps.host, regex: deps.regex });
    this.#alerts = new PersistedMachine(deps.store, 'alert', EMPTY_ALERT_STATE);
    this.#incidents = new PersistedMachine(deps.store, 'incident', EMPTY_INCIDENT_STATE);
    this.#outbox = new PersistedMachine(deps.store, 'outbox', EMPTY_OUTBOX);
    this.#jobs = new PersistedMachine<JobsState>(deps.store, 'jobs', { jobs: {} });
    this.#inbox = new LoopInbox(deps.store);
  }

  get alertState(): AlertEngineState {
    return this.#alerts.state;
  }

  get incidentState(): IncidentEngineState {
    return this.#incidents.state;
  }

  get outboxState(): OutboxState {
    return this.#outbox.state;
  }

  /** Takes up what an earlier life left. */
  start(): void {
    this.#stopped = false;
    for (const [key, input] of this.#inbox.left) this.#hear(key, input);
    for (const job of Object.values(this.#jobs.state.jobs)) this.#deps.startJob(job);
    this.#push({ to: 'tick' });
  }

  /** Writes what waits and stops ticking. */
  async stop(): Promise<void> {
    this.#flush();
    this.#stopped = true;
    clearTimeout(this.#group);
    clearTimeout(this.#tick);
    for (const { reject } of this.#queue.splice(0)) reject(new WirewatchError('WW_NOT_RUNNING', 'the program is ending'));
    await Promise.resolve();
  }

  /** The configuration changed: routes, receivers and playbooks from here on. */
  reconfigure(config: LoopConfig): void {
    const engine = new AlertEngine(config.alert, { host: this.#deps.host, regex: this.#deps.regex });
    this.#flush();
    this.#config = config;
    this.#engine = engine;
    this.#push({ to: 'alert', input: { kind: 'reroute' } });
  }

  /** Not awaited: a detector cannot wait. */
  signal(signal: Signal): void {
    this.#push({ to: 'alert', input: { kind: 'signal', signal } });
  }

  /** Durable when it resolves; rejects with the `WirewatchError` of an input that does not fit. */
  give(input: LoopInput, audit?: NewAuditEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) return reject(new WirewatchError('WW_NOT_RUNNING', 'the program is ending'));
      if (this.#queue.length >= MAX_QUEUE) return reject(new WirewatchError('WW_STORE_FULL', 'the state store cannot be written; the order was not taken'));
      this.#queue.push({ input, audit, resolve, reject });
      this.#schedule();
    });
  }

  /** What a person orders for an incident; an audit event goes into the same transaction. */
  order(order: IncidentOrder, audit?: NewAuditEvent): Promise<void> {
    return this.give({ to: 'incident', input: order }, audit);
  }

  jobDone(key: string): void {
    this.#push({ to: 'job_done', key });
  }

  /**
   * What another machine writes (`write`, inside the transaction) and what the loop has to hear of it become durable together: a
   * crash between the two loses neither a line of a timeline nor word of a message that nobody took.
   */
  commitWith(write: () => void, inputs: readonly LoopInput[]): void {
    this.#flush();
    this.#commitWith(write, inputs);
  }

  /** What waits has gone first, so that all write the one state in turn. */
  #commitWith(write: () => void, inputs: readonly LoopInput[]): void {
    const inbox = this.#inbox.adding(inputs);
    this.#deps.store.transaction('full', () => {
      write();
      this.#inbox.write(inbox);
    });
    this.#inbox.adopt(inbox);
    if (!this.#stopped) for (const [key, input] of inbox.heard) this.#hear(key, input);
  }

  /** The outbox runner's store: its steps are transactions of their own, with what they mean for timelines and the alert core. */
  updateOutbox(step: (state: OutboxState) => OutboxStep): OutboxStep {
    this.#flush();
    const result = step(this.#outbox.state);
    const write = (): void => {
      this.#outbox.write(result.state);
      for (const output of result.outputs) this.#putDelivery(output);
    };
    this.#commitWith(write, result.outputs.flatMap((output) => this.#heardOf(output)));
    this.#outbox.adopt(result.state);
    return result;
  }

  /** What the outbox did, for live views and logs. */
  onOutboxOutputs(outputs: readonly OutboxOutput[]): void {
    for (const output of outputs) if (output.kind === 'delivery') this.#deps.onEvent(output);
  }

  #heardOf(output: OutboxOutput): LoopInput[] {
    if (output.kind === 'undelivered') return output.groupKeys.map((groupKey) => ({ to: 'alert', input: { kind: 'undelivered', groupKey } }));
    if (output.kind !== 'delivery') return [];
    const { delivery, notification } = output;
    if (notification.incidentId === null || delivery.state === 'queued' || delivery.state === 'sending') return [];
    const last = delivery.attempts.at(-1);
    const text = `${delivery.channel}: ${delivery.state}${last === undefined ? '' : ` (${last.outcome})`}: ${notification.subject}`;
    const refs = { notification: notification.id, delivery: delivery.id };
    return [{ to: 'incident', input: { kind: 'line', id: notification.incidentId, time: last?.time ?? this.#deps.now(), line: 'delivery', text, refs } }];
  }

  #putDelivery(output: OutboxOutput): void {
    if (output.kind !== 'delivery') return;
    const { delivery, notification } = output;
    const time = delivery.attempts.at(-1)?.time ?? notification.createdAt;
    this.#deps.store.put({ kind: 'delivery', id: delivery.id, parent: notification.id, time, state: delivery.state, body: delivery });
    this.#putNotification(notification);
  }

  #putNotification(notification: Notification): void {
    this.#deps.store.put({
      kind: 'notification', id: notification.id, parent: notification.incidentId ?? '', time: notification.createdAt, state: notification.status, body: notification,
    });
  }

  #push(input: LoopInput): void {
    if (this.#stopped) return;
    if (this.#queue.length >= MAX_QUEUE && input.to !== 'tick') {
      this.dropped++;
      return;
    }
    this.#hear(undefined, input);
  }

  #hear(key: string | undefined, input: LoopInput): void {
    this.#queue.push({ input, key, resolve: () => undefined, reject: (error) => this.#deps.log('error', `${input.to}: ${(error as Error).message}`) });
    this.#schedule();
  }

  #schedule(): void {
    this.#group ??= setTimeout(() => this.#flush(), Math.max(GROUP_MS, this.#retryAt - performance.now()));
  }

  /** One transaction for everything that waits. */
  #flush(): void {
    clearTimeout(this.#group);
    this.#group = undefined;
    if (this.#queue.length === 0 || performance.now() < this.#retryAt) {
      if (this.#queue.length > 0) this.#schedule();
      return;
    }
    const group = this.#queue;
    this.#queue = [];
    const draft: Draft = {
      alert: this.#alerts.state, incident: this.#incidents.state, outbox: this.#outbox.state, jobs: { ...this.#jobs.state.jobs },
      writes: [], events: [], newJobs: [], ...this.#deadlines, messages: false,
    };
    const accepted: Queued[] = [];
    for (const queued of group) {
      const before = { ...draft, jobs: { ...draft.jobs } };
      const lengths = [draft.writes.length, draft.events.length, draft.newJobs.length];
      try {
        this.#take(draft, queued.input);
        if (queued.audit !== undefined) draft.writes.push(() => void this.#deps.store.appendAudit(queued.audit!));
        accepted.push(queued);
      } catch (error) {
        Object.assign(draft, before);
        [draft.writes.length, draft.events.length, draft.newJobs.length] = lengths;
        queued.reject(error);
        // It was heard, and leaves the inbox with the others.
        if (queued.key !== undefined) accepted.push(queued);
      }
    }
    if (accepted.length === 0) return;
    const jobs: JobsState = { jobs: draft.jobs };
    const inbox = this.#inbox.without(accepted.map(({ key }) => key));
    try {
      this.#deps.store.transaction('full', () => {
        this.#alerts.write(draft.alert);
        this.#incidents.write(draft.incident);
        this.#outbox.write(draft.outbox);
        this.#jobs.write(jobs);
        this.#inbox.write(inbox);
        for (const write of draft.writes) write();
      });
    } catch (error) {
      return this.#storeError(error, accepted);
    }
    if (this.#storeFailed) this.#deps.log('info', 'the state store can be written again');
    this.#storeFailed = false;
    this.#alerts.adopt(draft.alert);
    this.#incidents.adopt(draft.incident);
    this.#outbox.adopt(draft.outbox);
    this.#jobs.adopt(jobs);
    this.#inbox.adopt(inbox);
    this.#deadlines = { alertDeadline: draft.alertDeadline, incidentDeadline: draft.incidentDeadline };
    this.commits++;
    this.inputs += accepted.length;
    for (const { resolve } of accepted) resolve();
    for (const event of draft.events) this.#deps.onEvent(event);
    for (const job of draft.newJobs) this.#deps.startJob(job);
    if (draft.messages) this.#deps.wakeOutbox();
    this.#scheduleTick();
  }

  #storeError(error: unknown, group: Queued[]): void {
    if (!this.#storeFailed) this.#deps.log('error', `the state store cannot be written: ${(error as Error).message}; ${group.length} inputs wait`);
    this.#storeFailed = true;
    this.#queue = [...group, ...this.#queue];
    this.#retryAt = performance.now() + STORE_RETRY_MS;
    this.#schedule();
  }

  #scheduleTick(): void {
    if (this.#stopped) return;
    clearTimeout(this.#tick);
    const { alertDeadline, incidentDeadline } = this.#deadlines;
    const deadline = alertDeadline === null || (incidentDeadline !== null && incidentDeadline < alertDeadline) ? incidentDeadline : alertDeadline;
    const wait = deadline === null ? MOST_TICK_MS : Math.min(MOST_TICK_MS, Math.max(LEAST_TICK_MS, Math.ceil(msOf(deadline - this.#deps.now()))));
    this.#tick = setTimeout(() => this.#push({ to: 'tick' }), wait);
  }

  #take(draft: Draft, input: LoopInput): void {
    const now = this.#deps.now();
    switch (input.to) {
      case 'alert':
        return this.#stepAlert(draft, input.input, now);
      case 'incident':
        return this.#stepIncident(draft, input.input, now);
      case 'tick':
        this.#stepAlert(draft, { kind: 'tick' }, now);
        return this.#stepIncident(draft, { kind: 'tick' }, now);
      case 'job_done':
        delete draft.jobs[input.key];
    }
  }

  #stepAlert(draft: Draft, input: AlertInput, now: Nanos): void {
    const step = this.#engine.step(draft.alert, input, now);
    draft.alert = step.state;
    draft.alertDeadline = step.nextDeadline;
    for (const output of step.outputs) this.#alertOutput(draft, output, now);
  }

  #alertOutput(draft: Draft, output: AlertOutput, now: Nanos): void {
    const { store } = this.#deps;
    switch (output.kind) {
      case 'alert': {
        const { alert, change } = output;
        draft.writes.push(() => store.put({ kind: 'alert', id: `${alert.fingerprint}-${alert.activeAt}`, parent: alert.fingerprint, time: alert.activeAt, state: alert.state, body: alert }));
        draft.events.push({ kind: 'alert', alert, change });
        return this.#stepIncident(draft, { kind: 'alert', alert, change }, now);
      }
      case 'notification': {
        const { receiver, notification } = output;
        const step = stepOutbox(draft.outbox, { kind: 'notify', receiver, notification }, now, this.#config.outbox, this.#deps.host);
        draft.outbox = step.state;
        draft.messages = true;
        draft.writes.push(() => this.#putNotification(notification));
        for (const o of step.outputs) draft.writes.push(() => this.#putDelivery(o));
        draft.events.push({ kind: 'notification', receiver, notification });
        if (notification.incidentId !== null) {
          const text = `${receiver} is told (${notification.reason}): ${notification.subject}`;
          this.#stepIncident(draft, { kind: 'line', id: notification.incidentId, time: now, line: 'notification', text, refs: { notification: notification.id } }, now);
        }
        return;
      }
      case 'decision': {
        const { decision } = output;
        draft.writes.push(() => store.put({ kind: 'decision', id: decision.id, parent: decision.groupKey, time: decision.time, state: decision.reason, body: decision }));
        draft.events.push({ kind: 'decision', decision });
      }
    }
  }

  #stepIncident(draft: Draft, input: IncidentInput, now: Nanos): void {
    const step = stepIncidents(draft.incident, input, now, this.#config.incident, this.#deps.host);
    draft.incident = step.state;
    draft.incidentDeadline = step.nextDeadline;
    const { store } = this.#deps;
    for (const output of step.outputs) {
      switch (output.kind) {
        case 'incident': {
          const { incident, change } = output;
          draft.writes.push(() => store.put({ kind: 'incident', id: incident.id, parent: '', time: incident.openedAt, state: incident.phase, body: incident }));
          draft.events.push({ kind: 'incident', incident, change });
          break;
        }
        case 'timeline': {
          const { incidentId, entry } = output;
          draft.writes.push(() => store.put({
            kind: 'timeline', id: `${incidentId}/${String(entry.seq).padStart(8, '0')}`, parent: incidentId, time: entry.time, state: entry.kind, body: entry,
          }));
          draft.events.push({ kind: 'timeline', incidentId, entry });
          break;
        }
        case 'link':
          this.#stepAlert(draft, { kind: 'incident', fingerprint: output.fingerprint, incidentId: output.incidentId, link: this.#deps.linkOf(output.incidentId) }, now);
          break;
        case 'freezeEvidence':
          this.#addJob(draft, { key: `evidence/${output.incidentId}/${output.alert.fingerprint}/${output.alert.activeAt}`, ...output });
          break;
        case 'requestPlan':
          this.#addJob(draft, { key: `plan/${output.incidentId}/${output.action}/${output.subject}/${now}`, ...output });
      }
    }
  }

  #addJob(draft: Draft, job: LoopJob): void {
    if (draft.jobs[job.key] !== undefined) return;
    draft.jobs[job.key] = job;
    draft.newJobs.push(job);
  }
}
