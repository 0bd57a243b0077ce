// Services in memory with one outage and one beacon in them: the API, the console and their tests run on these without a network.
import { WirewatchError } from '../../src/base/errors.ts';
import { NS_PER_MS } from '../../src/base/time.ts';
import {
  compileStoredFlowFilter, KEPT_FIELDS, type ActionRun, type Alert, type AuditEvent, type CheckId, type CheckState, type DatasetId, type EvidenceId,
  type FlowRecord, type Incident, type IncidentId, type PathTrace, type TargetId, type TimelineEntry, type TimelineKind,
} from '../../src/model/index.ts';
import type { CheckOverview, EvidenceSummary, LiveEvent, NotificationDetail, RoundSummary, Services, Silence } from '../../src/pipeline/services.ts';
import { fixturePackets, tcpFrame } from './fixture-packets.ts';
import { memoryAccounts } from './memory-accounts.ts';
import { flowRecord, ip, T0 } from './records.ts';

export interface FixtureServices extends Services {
  /** What was written to the audit, oldest first. */
  readonly audited: AuditEvent[];
  /** Sends a live event to whoever listens. */
  emit(event: LiveEvent): void;
  /** A traffic event as the running program sends one every second. */
  tick(second: number): void;
  /** Listeners of live events. */
  listeners(): number;
}

const at = (second: number): bigint => T0 + BigInt(Math.round(second * 1000)) * NS_PER_MS;

function rounds(baseMs: number, lossFrom: number): RoundSummary[] {
  return Array.from({ length: 60 }, (_, i) => {
    const wave = baseMs * (1 + 0.15 * Math.sin(i / 3) + 0.1 * Math.sin(i * 1.7));
    const loss = i >= lossFrom ? Math.min(1, (i - lossFrom + 1) / 4) : i % 17 === 5 ? 0.1 : 0;
    const lost = loss === 1;
    return {
      time: at(i * 10 - 600), ok: !lost, loss,
      medianNs: lost ? null : wave * 1e6, minNs: lost ? null : wave * 0.8e6, maxNs: lost ? null : wave * (1.4 + (i % 7) / 5) * 1e6,
    };
  });
}

function check(id: string, title: string, target: string, probe: string, state: CheckState, baseMs: number, lossFrom = 99, reason = ''): CheckOverview {
  const all = rounds(baseMs, lossFrom);
  const last = all.at(-1)!;
  return {
    checkId: id as CheckId, targetId: `t-${id}` as TargetId, title, target, probe, state, since: at(state === 'UP' ? -86_400 : -60), reason,
    lastTime: last.time, lastRttNs: last.medianNs, lastLoss: last.loss, rounds: all,
  };
}

const INCIDENT = 'a1b2c3d4e5f60718' as IncidentId;
const CHECKS = [
  check('gw', 'Default gateway', '192.0.2.1', 'icmp', 'UP', 0.6),
  check('dns', 'Resolver', '2001:db8::53', 'dns', 'UP', 4.2),
  check('web', 'Web shop', 'https://shop.example.test', 'http', 'DEGRADED', 180, 99, 'latency 212 ms above 200 ms for 3 rounds'),
  check('files', 'File server', '198.51.100.7', 'icmp', 'DOWN', 12, 50, 'no answer to 10 of 10 probes in 3 rounds; uplink is connected'),
];

function pathOf(hops: readonly string[], reached: boolean, time: bigint): PathTrace {
  return {
    targetId: 't-files' as TargetId, address: '198.51.100.7', method: 'udp', time, reached, identity: hops.join('>'),
    hops: hops.map((a, i) => ({ ttl: i + 1, addresses: a === '*' ? [] : [a], sent: 3, received: a === '*' ? 0 : 3, rttNs: a === '*' ? [null, null, null] : [(i + 1) * 9e5, (i + 1) * 1e6, (i + 1) * 1.1e6] })),
  };
}

function alertOf(change: Partial<Alert>): Alert {
  return {
    schema: 1, fingerprint: 'f00dfeed00000001', name: 'check-down', kind: 'threshold', state: 'firing', labels: { check: 'files', target: '198.51.100.7' },
    annotations: { summary: 'File server does not answer' }, severity: 'critical', confidence: 1, techniques: [], activeAt: at(-90), firedAt: at(-60),
    resolvedAt: null, updatedAt: at(-10), signals: 4,
    evidence: [{ kind: 'frames', dataset: 'test-dataset' as DatasetId, ids: [], frames: [1, 2], filter: 'tcp', from: at(-120), to: at(-60) }],
    loss: 0, score: {}, drill: false, ...change,
  };
}

const ALERTS = [
  alertOf({}),
  alertOf({
    fingerprint: 'f00dfeed00000002', name: 'beacon', kind: 'detection', severity: 'warning', confidence: 0.87, techniques: ['T1071.001', 'T1573'],
    labels: { src: '10.1.2.3', dst: '203.0.113.9' }, annotations: { summary: '10.1.2.3 calls 203.0.113.9 every 60 s' },
    score: { interval: 0.93, bytes: 0.88, duration: 0.74, histogram: 0.91 },
    evidence: [{ kind: 'flow', dataset: 'test-dataset' as DatasetId, ids: [], frames: [], filter: 'ip.addr == 10.1.2.3 && ip.addr == 203.0.113.9', from: at(-3600), to: at(0) }],
  }),
];

function manifestOf(): EvidenceSummary {
  return {
    manifest: {
      schema: 1, id: 'ev-0001' as EvidenceId, incidentId: INCIDENT, createdAt: at(-58), from: at(-180), to: at(-30), sensorId: 's1',
      missing: ['samples of the second sensor: none is configured'],
      files: [
        { path: 'packets.pcapng', bytes: 4096, sha256: 'ab'.repeat(32), kind: 'packets', description: 'packets of the target, 2 min before to 30 s after' },
        { path: 'samples.jsonl', bytes: 812, sha256: 'cd'.repeat(32), kind: 'samples', description: 'every probe sample of the check' },
        { path: 'path.json', bytes: 1290, sha256: 'ef'.repeat(32), kind: 'path', description: 'path before and after' },
      ],
    },
    verdict: 'unverified', verifiedAt: null, manifestSha256: '12'.repeat(32), captures: { 'packets.pcapng': 'evidence:ev-0001/packets.pcapng' },
  };
}

export function createFixtureServices(): FixtureServices {
  const auth = memoryAccounts();
  const audited: AuditEvent[] = [];
  const listeners = new Set<(event: LiveEvent) => void>();
  const emit = (event: LiveEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const web = ip('203.0.113.9');
  const web6 = ip('2001:db8::9');
  const client = ip('10.1.2.3');
  const client6 = ip('2001:db8:1::3');
  const request = 'GET /report HTTP/1.1\r\nHost: shop.example.test\r\nUser-Agent: curl/8.0\r\n\r\n';
  const frames = [
    tcpFrame(1, at(-100), client, web, 50_001, 80, 'SYN', ''),
    tcpFrame(2, at(-99.9), client, web, 50_001, 80, 'PSH, ACK', request),
    tcpFrame(3, at(-99.8), client6, web6, 50_002, 80, 'SYN', ''),
    tcpFrame(4, at(-99.7), client6, web6, 50_002, 80, 'PSH, ACK', request),
  ];
  const flows: FlowRecord[] = Array.from({ length: 2500 }, (_, i) => flowRecord(-i * 1.5, {
    srcIp: i % 3 === 0 ? client6 : client, dstIp: i % 3 === 0 ? web6 : i % 5 === 0 ? ip('198.51.100.7') : web, dstPort: [443, 80, 53, 22][i % 4], proto: i % 4 === 2 ? 17 : 6,
    service: [['ssl'], ['http'], ['dns'], []][i % 4], srcBytes: 300 + 37 * (i % 50), dstBytes: 9000 * (i % 11), connState: i % 9 === 0 ? 'S0' : 'SF',
  }));
  let incident: Incident = {
    schema: 1, id: INCIDENT, title: 'File server does not answer', phase: 'triage', severity: 'critical', openedAt: at(-60), acknowledgedAt: null, acknowledgedBy: null,
    mitigatedAt: null, closedAt: null, assignee: null, alerts: ALERTS.map((a) => a.fingerprint), joinKey: 't-files', evidence: ['ev-0001'], drill: false,
  };
  const closed: Incident = { ...incident, id: '00000000deadbeef' as IncidentId, title: 'Port scan from 203.0.113.77', severity: 'warning', phase: 'closed', openedAt: at(-90_000), closedAt: at(-80_000), alerts: [], evidence: [] };
  const timeline: TimelineEntry[] = [];
  const line = (second: number, kind: TimelineKind, actor: string, text: string, refs: Record<string, string> = {}): TimelineEntry => {
    const entry = { seq: timeline.length + 1, time: at(second), recordedAt: at(second), kind, actor, text, refs };
    timeline.push(entry);
    return entry;
  };
  line(-60, 'opened', 'system', 'opened by check-down on File server');
  line(-60, 'alert', 'system', 'check-down fires: no answer to 10 of 10 probes', { alert: 'f00dfeed00000001' });
  line(-58, 'evidence', 'system', 'bundle ev-0001 with packets, samples and path', { evidence: 'ev-0001' });
  line(-57, 'path', 'system', 'path changed after hop 2 (192.0.2.254)');
  line(-56, 'notification', 'system', 'on-call told: first', { notification: 'n-1' });
  line(-55, 'delivery', 'system', 'mail to noc@example.test delivered');
  line(-50, 'plan', 'system', 'restart of the switch port waits for approval');
  let run: ActionRun = {
    schema: 1, id: 'run-1', state: 'waiting_approval', reason: 'none', log: [{ time: at(-50), text: 'precheck passed: uplink connected' }], approvedBy: null, startedAt: null, endedAt: null,
    plan: {
      schema: 1, id: 'plan-1', action: 'run-command', incidentId: INCIDENT, subject: '198.51.100.7', steps: ['Run /usr/local/bin/bounce-port sw1 12.', 'Wait 10 s.', 'Verify with check files.'], impact: 'low',
      options: {}, facts: { port: 'sw1/12', state: 'up' }, revertable: true, verifyCheckId: 'files', createdAt: at(-50), drill: false,
    },
  };
  const notification: NotificationDetail = {
    notification: {
      schema: 1, id: 'n-1', groupKey: 'target=t-files', groupLabels: { target: 't-files' }, receiver: 'on-call', reason: 'first', status: 'firing', severity: 'critical', subject: '[FIRING] File server does not answer', body: 'No answer to 10 of 10 probes.',
      incidentId: INCIDENT, link: `/incidents/${INCIDENT}`, createdAt: at(-56), drill: false,
      alerts: [{ fingerprint: 'f00dfeed00000001', status: 'firing', labels: {}, annotations: {}, startsAt: at(-90), endsAt: null }],
    },
    deliveries: [{
      schema: 1, id: 'd-1', notificationId: 'n-1', receiver: 'on-call', position: 0, channel: 'smtp', state: 'delivered',
      attempts: [{ time: at(-56), outcome: 'retry: 451 try again' }, { time: at(-55), outcome: 'delivered: 250 ok' }], nextAttemptAt: null, deadlineAt: at(300), deliveredAt: at(-55),
    }],
  };
  const evidence = manifestOf();
  let verdict: EvidenceSummary['verdict'] = 'unverified';
  const silences: Silence[] = [];
  const evidenceNow = (): EvidenceSummary => ({ ...evidence, verdict, verifiedAt: verdict === 'unverified' ? null : at(0) });
  const traffic = (i: number) => ({ time: at(i), bitsPerSecond: 4e6 + 2e6 * Math.sin(i / 9) + 5e5 * Math.sin(i), packetsPerSecond: 800 + 300 * Math.sin(i / 9), flowsPerSecond: 12 + 4 * Math.sin(i / 5), droppedPerSecond: 0 });
  const captures = [{ linkId: 'eth0', kind: 'live' as const, state: 'running' as const, detail: null, packets: 1_204_553, bytes: 934_222_111, dropped: 0, loss: 0 }];
  const ofIncident = (id: string): Incident => {
    const found = [incident, closed].find((i) => i.id === id);
    if (found === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no incident ${id}`);
    return found;
  };
  const change = (id: string, kind: TimelineKind, actor: string, text: string, fields: Partial<Incident>): Incident => {
    ofIncident(id);
    line(0, kind, actor, text);
    incident = { ...incident, ...fields };
    emit({ type: 'incident', id: incident.id });
    return incident;
  };
  const known = <T>(found: T | undefined, what: string): T => {
    if (found === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no ${what}`);
    return found;
  };
  const page = <T>(rows: readonly T[]) => ({ rows, cursor: null });
  const move = (fields: Partial<ActionRun>, text: string): ActionRun => {
    run = { ...run, ...fields, log: [...run.log, { time: at(0), text }] };
    emit({ type: 'action', id: run.id, state: run.state });
    return run;
  };
  const content = (fileName: string) => ({
    fileName, mediaType: 'application/octet-stream', bytes: 4,
    content: (async function* () {
      yield new Uint8Array([1, 2, 3, 4]);
    })(),
  });
  const drillReport = { id: 'drill-1', scenario: 'target-down', state: 'passed' as const, startedAt: at(-20), endedAt: at(-1), startedBy: 'cli:0', stages: [{ name: 'state', state: 'passed' as const, afterMs: 1800, detail: 'DOWN' }] };

  return {
    ...auth,
    audited,
    emit,
    listeners: () => listeners.size,
    tick: (second) => emit({ type: 'traffic', sample: traffic(second), captures }),
    health: { get: async () => ({ status: 'ok', version: '0.1.0', uptimeSeconds: 60, parts: { prober: { state: 'running' } } }) },
    overview: {
      get: async () => ({
        now: at(0), checks: CHECKS, captures, traffic: Array.from({ length: 120 }, (_, i) => traffic(i - 119)), openIncidents: incident.phase === 'closed' ? 0 : 1, firingAlerts: 2, demo: true,
        uplink: { time: at(0), verdict: 'connected', anchorsAsked: 3, anchorsAnswered: 3, independent: true, gateway: 'answers', link: 'up', reason: '3 of 3 anchors answer' },
      }),
      check: async (id) => ({ check: known(CHECKS.find((c) => c.checkId === id), `check ${id}`), results: [], changes: [], paths: [] }),
    },
    filters: {
      fields: async () => KEPT_FIELDS.map((k) => ({ name: k.field.name, title: k.field.title, type: k.field.type })).sort((a, b) => (a.name < b.name ? -1 : 1)),
      check: async (_scope, text) => {
        try {
          compileStoredFlowFilter(text);
          return { ok: true, error: null };
        } catch (error) {
          if (!(error instanceof WirewatchError)) throw error;
          return { ok: false, error: { code: error.code, message: error.message, where: error.where ?? null, remedy: error.remedy ?? null } };
        }
      },
    },
    flows: {
      search: async (query) => {
        const filter = compileStoredFlowFilter(query.filter);
        const found = flows.filter((flow) => filter.matches({ flow, records: [] }));
        const from = Number(query.cursor ?? 0);
        return { rows: found.slice(from, from + query.limit), cursor: from + query.limit < found.length ? String(from + query.limit) : null, scanned: flows.length };
      },
      get: async (id) => known(flows.find((f) => f.id === id), `flow ${id}`),
      packets: async () => [{ capture: 'evidence:ev-0001/packets.pcapng', title: 'evidence of File server does not answer', filter: 'tcp' }],
    },
    records: { search: async () => ({ rows: [], cursor: null, scanned: 0 }) },
    packets: fixturePackets('evidence:ev-0001/packets.pcapng', INCIDENT, frames),
    alerts: { list: async (q) => page(ALERTS.filter((a) => q.state === null || a.state === q.state)), get: async (id) => known(ALERTS.find((a) => a.fingerprint === id), `alert ${id}`), accept: async () => undefined },
    incidents: {
      list: async (q) => page([incident, closed].filter((i) => q.status === 'all' || (i.phase === 'closed') === (q.status === 'closed'))),
      get: async (id) => ({
        incident: ofIncident(id), timeline: id === INCIDENT ? timeline : [], alerts: id === INCIDENT ? ALERTS : [], evidence: id === INCIDENT ? [evidenceNow()] : [],
        notifications: id === INCIDENT ? [notification] : [], actions: id === INCIDENT ? [run] : [],
        paths: { before: pathOf(['192.0.2.1', '192.0.2.254', '198.51.100.1', '198.51.100.7'], true, at(-900)), after: pathOf(['192.0.2.1', '192.0.2.254', '*', '*'], false, at(-57)) },
      }),
      acknowledge: async (id, actor) => change(id, 'acknowledged', actor, 'acknowledged', { acknowledgedAt: at(0), acknowledgedBy: actor }),
      assign: async (id, assignee, actor) => change(id, 'assigned', actor, `assigned to ${assignee ?? 'nobody'}`, { assignee }),
      note: async (id, text, actor) => {
        change(id, 'note', actor, text, {});
        return timeline.at(-1)!;
      },
      phase: async (id, phase, actor) => change(id, 'phase', actor, `moved to ${phase}`, { phase }),
      close: async (id, resolution, actor) => change(id, 'closed', actor, resolution, { phase: 'closed', closedAt: at(0) }),
    },
    evidence: {
      list: async () => page([evidenceNow()]),
      get: async (id) => known(id === 'ev-0001' ? evidenceNow() : undefined, `bundle ${id}`),
      verify: async (id) => {
        verdict = 'intact';
        return { id, ok: true, verifiedAt: at(0), files: evidence.manifest.files.map((f) => ({ path: f.path, ok: true, problem: null })) };
      },
      file: async (_id, path) => content(path),
      archive: async (id) => content(`${id}.tar`),
    },
    notifications: {
      list: async () => page([notification]),
      decisions: async () => page([{ schema: 1, id: 'x-1', time: at(-30), groupKey: 'target=t-files', receiver: 'on-call', sent: false, reason: 'nothing_new', notificationId: null, fingerprints: ['f00dfeed00000001'], muted: [] }]),
      test: async () => [...notification.deliveries],
    },
    actions: {
      list: async (q) => page(q.waiting && run.state !== 'waiting_approval' ? [] : [run]),
      get: async (id) => known(id === run.id ? run : undefined, `action ${id}`),
      approve: async (_id, actor) => move({ state: 'succeeded', reason: 'verified', approvedBy: actor, startedAt: at(0), endedAt: at(0) }, 'done and verified'),
      reject: async (_id, reason) => move({ state: 'rejected', reason: 'rejected' }, reason),
      revert: async () => move({ state: 'reverted' }, 'reverted'),
    },
    silences: {
      list: async () => silences,
      create: async (silence, actor) => {
        silences.push({ ...silence, id: `s-${silences.length + 1}`, createdBy: actor, state: 'active' });
        return silences.at(-1)!;
      },
      expire: async (id) => ({ ...known(silences.find((s) => s.id === id), `silence ${id}`), state: 'expired' }),
    },
    config: {
      get: async () => ({ path: '/etc/wirewatch/wirewatch.yaml', loadedAt: at(-500), sha256: '34'.repeat(32), text: 'version: 1\ntargets:\n  - name: File server\n    address: 198.51.100.7\nchannels:\n  - type: smtp\n    password: ********\n', problems: [] }),
      check: async () => [{ code: 'WW_CONFIG_VALUE', message: 'unknown key "tagets"', where: '/etc/wirewatch/wirewatch.yaml:2:1', remedy: 'did you mean "targets"?', severity: 'error' }],
      reload: async () => { throw new WirewatchError('WW_CONFIG_VALUE', 'unknown key "tagets"', { where: '/etc/wirewatch/wirewatch.yaml:2:1', remedy: 'did you mean "targets"?' }); },
    },
    audit: {
      list: async (q) => page(audited.filter((e) => (q.actor === null || e.actor === q.actor) && (q.action === null || e.action.startsWith(q.action))).reverse().slice(0, q.limit)),
      verify: async () => ({ ok: true, events: audited.length, brokenAt: null, problem: null }),
      write: async (event) => {
        audited.push({ ...event, seq: audited.length + 1, time: at(audited.length), previous: '0'.repeat(64), hash: '1'.repeat(64) });
        return audited.at(-1)!;
      },
    },
    doctor: { run: async () => [{ check: 'raw-socket', title: 'ICMP probes', verdict: 'problem', detail: 'the process may not send ICMP', remedy: 'sudo setcap cap_net_raw+ep $(command -v node)' }] },
    drill: {
      scenarios: async () => [{ name: 'target-down', title: 'A target stops answering' }],
      list: async () => [drillReport],
      start: async () => drillReport,
      get: async (id) => known(id === drillReport.id ? drillReport : undefined, `drill ${id}`),
    },
    mail: { list: async () => [{ id: 'm-1', receivedAt: at(-55), from: 'wirewatch@example.test', to: ['noc@example.test'], subject: '[FIRING] File server does not answer', text: 'No answer to 10 of 10 probes.', tls: 'TLSv1.3' }] },
    events: {
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}

