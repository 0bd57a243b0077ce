import { randomBytes } from 'node:crypto';
import { WirewatchError } from '../base/errors.ts';
import { secondsOf } from '../base/time.ts';
import type { ConfigHolder } from '../config/config-holder.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { CheckId, PathTrace, ProbeResult, StateChange } from '../model/index.ts';
import type { CaughtMail, DoctorFinding, DrillService, Health, LiveEvent, MailService, Services } from '../pipeline/services.ts';
import { unpackRecords, type ColumnBatch } from '../store/column-batch.ts';
import type { App } from './create-app.ts';
import { accountStore, sessionStore, tokenStore } from './services/account-stores.ts';
import { evidenceService } from './services/evidence-service.ts';
import { actionService, alertService, incidentService, notificationService } from './services/incident-services.ts';
import { auditService, ConfigFacade, silenceService } from './services/operation-services.ts';
import { PacketFacade } from './services/packet-service.ts';
import { filterService, flowService, recordService } from './services/record-services.ts';

export interface ServicesOptions {
  readonly version: string;
  readonly holder: ConfigHolder;
  /** Reads the configuration anew, without taking it. */
  read(): LoadedConfig;
  runDoctor(): Promise<readonly DoctorFinding[]>;
  readonly drill: DrillService;
  readonly mail?: { list(): Promise<readonly CaughtMail[]> };
  readonly demo: boolean;
}

/** Everything that the program offers to the API, over the parts of a running app. */
export function createServices(app: App, options: ServicesOptions): Services {
  const { store, loop, telemetry, live, now } = app;
  const evidence = evidenceService(store, app.evidenceRoot, now);
  const packets = new PacketFacade(evidence, app.evidenceRoot);
  const records = {
    telemetry, packetFields: () => packets.fields(), checkPacketFilter: (text: string) => packets.checkFilter(text), packetsOf: (flow: Parameters<PacketFacade['packetsOf']>[0]) => packets.packetsOf(flow),
  };
  const incidents = { store, loop, now, respond: app.respond, evidence: (id: string) => evidence.ofIncident(id), sendTest: app.sendTest };

  async function resultsOf(checkId: string, from: bigint, to: bigint): Promise<ProbeResult[]> {
    const out: ProbeResult[] = [];
    for await (const batch of telemetry.query({ table: 'probe', from, to, where: { sql: 'f."check_id" = ?', params: [checkId] }, order: 'desc', limit: 5000 })) {
      out.push(...unpackRecords(batch as ColumnBatch & { table: 'probe' }));
    }
    return out.reverse();
  }

  async function changesOf(checkId: string, from: bigint, to: bigint): Promise<StateChange[]> {
    const out: StateChange[] = [];
    for await (const batch of telemetry.query({ table: 'states', from, to, where: { sql: 'f."check_id" = ?', params: [checkId] }, limit: 5000 })) {
      out.push(...unpackRecords(batch as ColumnBatch & { table: 'states' }));
    }
    return out;
  }

  return {
    health: { get: async () => healthOf(app, options.version) },
    overview: {
      async get() {
        return {
          now: now(), checks: live.checks, captures: live.captures, traffic: live.traffic, uplink: live.uplink,
          openIncidents: store.count('incident') - store.count('incident', 'closed'), firingAlerts: Object.values(loop.alertState.alerts).filter((t) => t.alert.state === 'firing').length,
          demo: options.demo,
        };
      },
      async check(id, from, to) {
        const check = live.check(id as CheckId);
        if (check === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no check ${id}`);
        const [results, changes] = await Promise.all([resultsOf(id, from, to), changesOf(id, from, to)]);
        const paths = store.find<PathTrace>({ kind: 'path', parent: check.targetId, from, to, order: 'asc', limit: 500 }).map((d) => d.body);
        return { check, results, changes, paths };
      },
    },
    filters: filterService(records),
    flows: flowService(records),
    records: recordService(records),
    packets,
    alerts: alertService(incidents),
    incidents: incidentService(incidents),
    evidence,
    notifications: notificationService(incidents),
    actions: actionService(incidents),
    silences: silenceService(loop, now, (n) => randomBytes(n)),
    config: new ConfigFacade(options.holder, () => options.read(), store, now),
    audit: auditService(store, now),
    accounts: accountStore(store),
    sessions: sessionStore(store),
    tokens: tokenStore(store),
    doctor: { run: () => options.runDoctor() },
    drill: options.drill,
    mail: (options.mail as MailService | undefined) ?? null,
    events: { subscribe: (listener: (event: LiveEvent) => void) => live.subscribe(listener) },
  };
}

/** What each part says of itself; degraded where one does not do its work. */
export function healthOf(app: App, version: string): Health {
  const { ready, full, backlogRows, restarts, dropped, error } = app.telemetry.state;
  const lost = Object.values(dropped).reduce((a, b) => a + b, 0);
  const parts: Record<string, { state: string; detail?: string }> = {
    store: {
      state: full ? 'full' : ready ? 'running' : 'starting',
      detail: [`${backlogRows} rows wait`, `${lost} dropped`, `${restarts} restarts`, ...(error === null ? [] : [error])].join(', '),
    },
    prober: {
      state: app.probing.state.running ? 'running' : 'stopped',
      detail: `${app.live.checks.length} checks, ${app.probing.dropped} results dropped, ICMP ${app.probing.icmp === null ? 'not known yet' : `${app.probing.icmp.v4} and ${app.probing.icmp.v6} (IPv6)`}`,
    },
    outbox: { state: 'running', detail: `${Object.keys(app.loop.outboxState.items).length} messages wait` },
    detectors: { state: 'running', detail: `${app.watching.signals} signals, ${app.watching.state.late} late records` },
    loop: { state: app.loop.dropped > 0 ? 'dropping' : 'running', detail: `${app.loop.commits} commits, ${app.loop.dropped} signals dropped` },
    ...Object.fromEntries(app.live.captures.map((c) => [`capture ${c.linkId}`, { state: c.state, detail: c.detail ?? `${c.packets} packets, ${c.dropped} dropped` }])),
  };
  const well = ready && !full && app.probing.state.running && app.loop.dropped === 0 && !app.live.captures.some((c) => c.state === 'failed');
  return { status: well ? 'ok' : 'degraded', version, uptimeSeconds: secondsOf(app.now() - app.startedAt), parts };
}
