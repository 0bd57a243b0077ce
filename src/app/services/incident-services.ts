import { signalOfPosted } from '../../alert/posted-alert.ts';
import { WirewatchError } from '../../base/errors.ts';
import type { Nanos } from '../../base/time.ts';
import type { IncidentOrder } from '../../incident/incident-state.ts';
import type { ActionRun, Alert, Delivery, Incident, Notification, NotifyDecision, PathTrace, TimelineEntry } from '../../model/index.ts';
import type { LoopRunner } from '../../pipeline/loop-runner.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import type { ActionService, AlertService, EvidenceSummary, IncidentService, NotificationDetail, NotificationService } from '../../pipeline/services.ts';
import type { RespondRunner } from '../../respond/respond-runner.ts';
import type { StateStore } from '../../store/state-store.ts';
import { pageOf } from './paging.ts';

export interface IncidentServicesDeps {
  readonly store: StateStore;
  readonly loop: LoopRunner;
  now(): Nanos;
  readonly respond: () => RespondRunner;
  readonly evidence: (incidentId: string) => Promise<readonly EvidenceSummary[]>;
  /** Sends past routing; deliveries as they then stand. */
  readonly sendTest: (receiver: string, actor: string) => Promise<readonly Delivery[]>;
}

const MANY = 10_000;

export function alertService({ store, loop, now }: IncidentServicesDeps): AlertService {
  return {
    list: async ({ state, ...page }) => pageOf<Alert>(store, { kind: 'alert', ...(state === null ? {} : { state }) }, page),
    async get(fingerprint) {
      const [found] = store.find<Alert>({ kind: 'alert', parent: fingerprint, limit: 1 });
      if (found === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no alert ${fingerprint}`);
      return found.body;
    },
    async accept(posted) {
      const signals = posted.map((alert) => signalOfPosted(alert, now(), nodeHost));
      await Promise.all(signals.map((signal) => loop.give({ to: 'alert', input: { kind: 'signal', signal } })));
    },
  };
}

/** Which incidents of a query; a list runs from new to old, the open ones first on their own. */
export function incidentService(deps: IncidentServicesDeps): IncidentService {
  const { store, loop } = deps;

  function getIncident(id: string): Incident {
    const found = store.get<Incident>('incident', id);
    if (found === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no incident ${id}`);
    return found.body;
  }

  /** Who ordered it stands in the timeline; the audit event is the route's, which knows the address. */
  async function order(given: IncidentOrder): Promise<Incident> {
    getIncident(given.id);
    await loop.order(given);
    return getIncident(given.id);
  }

  const timelineOf = (id: string): TimelineEntry[] => store.find<TimelineEntry>({ kind: 'timeline', parent: id, order: 'asc', limit: MANY }).map((d) => d.body).sort((a, b) => a.seq - b.seq);

  return {
    async list({ phase, status, ...page }) {
      const wanted = (i: Incident): boolean => (phase === null || i.phase === phase) && (status === 'all' || (status === 'closed') === (i.phase === 'closed'));
      return pageOf<Incident>(store, { kind: 'incident', ...(phase === null ? {} : { state: phase }) }, page, (d) => wanted(d.body));
    },
    async get(id) {
      const incident = getIncident(id);
      const targets = new Set(incident.alerts.flatMap((f) => store.find<Alert>({ kind: 'alert', parent: f, limit: 1 }).map((d) => d.body.labels.target ?? '')));
      const paths = [...targets].flatMap((t) => store.find<PathTrace>({ kind: 'path', parent: t, limit: 50 }).map((d) => d.body));
      return {
        incident,
        timeline: timelineOf(id),
        alerts: incident.alerts.flatMap((f) => store.find<Alert>({ kind: 'alert', parent: f, limit: 1 }).map((d) => d.body)),
        evidence: await deps.evidence(id),
        notifications: store.find<Notification>({ kind: 'notification', parent: id, order: 'asc', limit: MANY }).map((d) => notificationDetail(store, d.body)),
        actions: store.find<ActionRun>({ kind: 'run', parent: id, order: 'asc', limit: MANY }).map((d) => d.body),
        paths: {
          before: paths.filter((p) => p.time < incident.openedAt).sort((a, b) => (a.time < b.time ? 1 : -1))[0] ?? null,
          after: paths.filter((p) => p.time >= incident.openedAt).sort((a, b) => (a.time < b.time ? -1 : 1))[0] ?? null,
        },
      };
    },
    acknowledge: (id, actor) => order({ kind: 'acknowledge', id, actor }),
    assign: (id, assignee, actor) => order({ kind: 'assign', id, actor, assignee }),
    async note(id, text, actor) {
      await order({ kind: 'note', id, actor, text });
      return timelineOf(id).findLast((e) => e.kind === 'note' && e.actor === actor)!;
    },
    phase: (id, phase, actor) => order({ kind: 'phase', id, actor, phase }),
    close: (id, resolution, actor) => order({ kind: 'close', id, actor, text: resolution }),
  };
}

function notificationDetail(store: StateStore, notification: Notification): NotificationDetail {
  const deliveries = store.find<Delivery>({ kind: 'delivery', parent: notification.id, order: 'asc', limit: MANY }).map((d) => d.body);
  return { notification, deliveries };
}

export function notificationService({ store, sendTest }: IncidentServicesDeps): NotificationService {
  return {
    async list({ incidentId, ...page }) {
      const found = pageOf<Notification>(store, { kind: 'notification', ...(incidentId === null ? {} : { parent: incidentId }) }, page);
      return { cursor: found.cursor, rows: found.rows.map((n) => notificationDetail(store, n)) };
    },
    decisions: async ({ fingerprint, ...page }) => pageOf<NotifyDecision>(store, { kind: 'decision' }, page, (d) => fingerprint === null || d.body.fingerprints.includes(fingerprint)),
    test: sendTest,
  };
}

export function actionService({ store, respond }: IncidentServicesDeps): ActionService {
  function getRun(id: string): ActionRun {
    const found = store.get<ActionRun>('run', id);
    if (found === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no run ${id}`);
    return found.body;
  }
  async function decide(input: Parameters<RespondRunner['give']>[0] & { runId: string; actor: string }): Promise<ActionRun> {
    getRun(input.runId);
    await respond().give(input);
    return getRun(input.runId);
  }
  return {
    list: async ({ waiting, ...page }) => pageOf<ActionRun>(store, { kind: 'run', ...(waiting ? { state: 'waiting_approval' } : {}) }, page),
    get: async (id) => getRun(id),
    approve: (runId, actor) => decide({ kind: 'approve', runId, actor }),
    reject: (runId, text, actor) => decide({ kind: 'reject', runId, actor, text }),
    revert: (runId, actor) => decide({ kind: 'revert', runId, actor }),
  };
}
