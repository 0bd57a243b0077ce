import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import type { ActionRun, Alert, EvidenceManifest, Incident, UplinkVerdict } from '../../model/index.ts';
import { defineScenario, type ScenarioContext } from '../define-scenario.ts';
import { createDrillNetwork, headerOf, type DrillMail, type DrillNetwork } from '../drill-network.ts';

/** Records as the API carries them: instants are digits. */
type Wire<T> = T extends bigint ? string : T extends string ? string : T extends readonly (infer E)[] ? readonly Wire<E>[] : T extends object ? { readonly [K in keyof T]: Wire<T[K]> } : T;

interface Overview {
  readonly checks: readonly { readonly checkId: string; readonly targetId: string; readonly state: string; readonly since: string | null; readonly reason: string; readonly rounds: readonly unknown[] }[];
  readonly captures: readonly { readonly state: string; readonly packets: number }[];
  readonly uplink: Wire<UplinkVerdict> | null;
}

interface Detail {
  readonly incident: Wire<Incident>;
  readonly alerts: readonly Wire<Alert>[];
  readonly evidence: readonly { readonly manifest: Wire<EvidenceManifest>; readonly manifestSha256: string; readonly captures: Readonly<Record<string, string>> }[];
  readonly actions: readonly Wire<ActionRun>[];
}

interface Frames {
  readonly rows: readonly { readonly time: string }[];
}

const TARGET = 'drill-target';
const FAULT = 'table inet wirewatch_drill { chain in { type filter hook input priority 0 ; counter drop ; } ; }';
const BEFORE_SECONDS = 10;
const AFTER_SECONDS = 6;
/** A search of the evidence ends after so many frames: a drill has a few hundred. */
const MAX_FRAMES = 2000;

const ms = (nanos: string): number => Number(BigInt(nanos) / 1_000_000n);

/** Where a program of this machine is, for an action names it by its whole path. */
function programPath(name: string): string {
  const found = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].map((dir) => path.join(dir, name)).find((file) => existsSync(file));
  if (found === undefined) throw new WirewatchError('WW_DRILL', `the program ${name} is missing`, { remedy: `install it: apt-get install ${name === 'ip' ? 'iproute2' : name === 'nft' ? 'nftables' : name}` });
  return found;
}

/** The program's configuration: everything as it would be in earnest, only quicker. */
function configOf(net: DrillNetwork, ctx: ScenarioContext, told: string): object {
  const [ip, nft, sh] = ['ip', 'nft', 'sh'].map(programPath);
  const { target, a1, a2, a3 } = net.address;
  return {
    version: 1,
    sensor: { id: 'drill' },
    listen: { port: 0 },
    capture: { enabled: 'yes', interfaces: ['eth0'] },
    evidence: { before: `${BEFORE_SECONDS}s`, after: `${AFTER_SECONDS}s` },
    targets: [{
      id: TARGET, name: 'Drill target', address: target, family: ctx.family,
      checks: [{ type: 'icmp', interval: '1s', timeout: '500ms', options: { count: 2, spacing: 50 }, hysteresis: { failAfter: 3, recoverAfter: 2, recheckInterval: '500ms' } }],
    }],
    anchors: [a1, a2, a3].map((address, i) => ({ name: `anchor ${i + 1}`, address, operator: `operator ${i + 1}` })),
    channels: { mail: net.smtp },
    alerting: {
      route: { receiver: 'operators', groupBy: ['alertname', 'target'], groupWait: '0s', groupInterval: '1s', repeatInterval: '1h' },
      receivers: { operators: { channels: ['mail'] } },
    },
    actions: {
      policy: { mode: 'auto' },
      rules: [{
        id: 'mend', action: 'run-command', matchers: ['alertname="check-down"', `target="${TARGET}"`],
        options: {
          // People hear of it before anything is changed: the remedy waits until the drill has seen the mail.
          precheck: [sh, '-c', 'until [ -e "$0" ]; do sleep 0.1; done', told],
          argv: [ip, 'netns', 'exec', ctx.lab.namespace('target'), nft, 'delete', 'table', 'inet', 'wirewatch_drill'],
          allow: [ip, sh], settleMs: 300,
        },
      }],
    },
  };
}

/** The mail server's first mail about the target that fits. */
function mailAbout(net: DrillNetwork, resolved: boolean): DrillMail | undefined {
  return net.mails.seen.find((mail) => 'raw' in mail && mail.raw.includes('Drill target') && isResolved(mail) === resolved);
}

function isResolved(mail: DrillMail): boolean {
  return /resolved|recovered|answers again/i.test(headerOf(mail, 'Subject'));
}

/** Checks what every mail of a drill must be, and says it. */
function mailProof(mail: DrillMail): { atMs: number; detail: string } {
  const subject = headerOf(mail, 'Subject');
  if (!subject.startsWith('[DRILL]')) throw new Error(`the mail is not marked as a drill: ${subject}`);
  if (headerOf(mail, 'X-Wirewatch-Drill') !== 'true') throw new Error('the mail has no header X-Wirewatch-Drill');
  if (!mail.tls) throw new Error('the mail came in the clear');
  return { atMs: Date.parse(mail.receivedAt), detail: `"${subject}" to ${mail.to.join(', ')} over TLS, signed in as ${mail.user}` };
}

export const targetDown = defineScenario({
  name: 'target-down',
  title: 'a target stops answering, and a remedy mends it',
  stages: [
    { name: 'watching', limitMs: null },
    { name: 'state', limitMs: 12_000 },
    { name: 'alert', limitMs: 13_000 },
    { name: 'incident', limitMs: 13_000 },
    { name: 'mail', limitMs: 20_000 },
    { name: 'action', limitMs: 32_000 },
    { name: 'recovery', limitMs: 37_000 },
    { name: 'resolve', limitMs: 40_000 },
    { name: 'resolve-mail', limitMs: 45_000 },
    { name: 'evidence', limitMs: 50_000 },
  ],
  async run(ctx) {
    const net = await createDrillNetwork(ctx.lab, ctx.family, ctx.dir);
    const told = path.join(ctx.dir, 'told');
    const { api } = await ctx.startProgram('mon', configOf(net, ctx, told));
    const overview = (): Promise<Overview> => api.get<Overview>('/overview');
    const check = async (): Promise<Overview['checks'][number]> => {
      const found = (await overview()).checks.find((c) => c.targetId === TARGET);
      if (found === undefined) throw new Error('the program does not know the target');
      return found;
    };

    const watching = await ctx.stage('watching', async () => {
      const { checks, captures, uplink } = await overview();
      const [c] = checks.filter((x) => x.targetId === TARGET);
      const packets = captures.reduce((n, x) => n + x.packets, 0);
      if (c?.state !== 'UP' || c.rounds.length < 4 || packets === 0 || uplink?.verdict === 'lost') throw new Error(`the check is ${c?.state}, ${packets} packets were captured, the uplink is ${uplink?.verdict ?? 'not judged'}`);
      return { detail: `${net.address.target} is UP after ${c.rounds.length} rounds, ${packets} packets captured` };
    });
    if (!watching) return;

    ctx.faultBegins();
    ctx.lab.run('target', ['nft', FAULT]);

    let incidentId: string | undefined;
    const detail = async (): Promise<Detail> => {
      if (incidentId === undefined) throw new Error('there is no incident');
      return await api.get<Detail>(`/incidents/${incidentId}`);
    };
    await ctx.stage('state', async () => {
      const { state, since, reason } = await check();
      return state === 'DOWN' && since !== null ? { atMs: ms(since), detail: `UP -> DOWN: ${reason}` } : undefined;
    });
    await ctx.stage('alert', async () => {
      const { rows } = await api.get<{ rows: readonly Wire<Alert>[] }>('/alerts');
      const alert = rows.find((a) => a.name === 'check-down' && a.labels.target === TARGET);
      if (alert === undefined || alert.firedAt === null) return undefined;
      if (!alert.drill) throw new Error('the alert is not marked as a drill');
      return { atMs: ms(alert.firedAt), detail: `${alert.name} ${alert.severity}, fingerprint ${alert.fingerprint}, marked DRILL` };
    });
    await ctx.stage('incident', async () => {
      const { rows } = await api.get<{ rows: readonly Wire<Incident>[] }>('/incidents', { status: 'all' });
      if (rows.length === 0) return undefined;
      const [incident] = rows;
      if (!incident.drill) throw new Error('the incident is not marked as a drill');
      incidentId = incident.id;
      return { atMs: ms(incident.openedAt), detail: `${incident.id}: ${incident.title}` };
    });
    await ctx.stage('mail', async () => {
      const mail = mailAbout(net, false);
      return mail === undefined ? undefined : mailProof(mail);
    });
    writeFileSync(told, '');
    await ctx.stage('action', async () => {
      const [run] = (await detail()).actions;
      if (run === undefined || run.endedAt === null) return undefined;
      if (run.state !== 'succeeded') throw new Error(`run ${run.id} ${run.state} (${run.reason}): ${run.log.at(-1)?.text ?? ''}`);
      if (!run.plan.drill) throw new Error('the run is not marked as a drill');
      return { atMs: ms(run.endedAt), detail: `${run.plan.action} ${run.id} ${run.state}: ${run.log.at(-1)?.text ?? ''}` };
    });
    let mendedAtMs = Number.POSITIVE_INFINITY;
    await ctx.stage('recovery', async () => {
      const { state, since, reason } = await check();
      if (state !== 'UP' || since === null) return undefined;
      mendedAtMs = ms(since);
      return { atMs: mendedAtMs, detail: `DOWN -> UP: ${reason}` };
    });
    await ctx.stage('resolve', async () => {
      const { incident, alerts } = await detail();
      const alert = alerts.find((a) => a.name === 'check-down');
      if (alert?.state !== 'resolved' || alert.resolvedAt === null || incident.mitigatedAt === null) return undefined;
      return { atMs: Math.max(ms(alert.resolvedAt), ms(incident.mitigatedAt)), detail: `the alert is resolved, incident ${incident.id} is mitigated` };
    });
    await ctx.stage('resolve-mail', async () => {
      const mail = mailAbout(net, true);
      return mail === undefined ? undefined : mailProof(mail);
    });
    await ctx.stage('evidence', async () => {
      const [bundle] = (await detail()).evidence;
      if (bundle === undefined) return undefined;
      const { manifest, manifestSha256, captures } = bundle;
      const verdict = await api.post<{ ok: boolean; files: readonly { path: string; ok: boolean; problem: string | null }[] }>(`/evidence/${manifest.id}/verify`);
      const damaged = verdict.files.find((f) => !f.ok);
      if (!verdict.ok) throw new Error(`${damaged?.path ?? 'the bundle'} is damaged: ${damaged?.problem ?? 'no reason given'}`);
      const capture = captures['packets.pcapng'];
      if (capture === undefined) throw new Error(`${manifest.id} has no packets: ${manifest.missing.join('; ')}`);
      const family = ctx.family === 'ipv4' ? 'ip' : 'ipv6';
      const { rows } = await api.get<Frames>(`/captures/${encodeURIComponent(capture)}/frames`, { filter: `${family}.addr == ${net.address.target}`, limit: MAX_FRAMES });
      const before = rows.filter((r) => ms(r.time) < ctx.faultAtMs).length;
      const during = rows.filter((r) => ms(r.time) >= ctx.faultAtMs && ms(r.time) < mendedAtMs).length;
      if (before === 0 || during === 0) throw new Error(`the evidence has ${before} packets of the target from before the fault and ${during} from during it`);
      return { atMs: ms(manifest.createdAt), detail: `${manifest.id} verified (${manifest.files.length} files, sha256 ${manifestSha256}); packets of the target: ${before} before the fault, ${during} while it lasted` };
    });
  },
});

export default targetDown;
