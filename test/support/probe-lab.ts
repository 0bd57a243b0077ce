// A network with a monitor, two routers and two targets behind them: for tests of probes, of the prober's verdicts and of traces.
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lab } from '../../src/drill/lab.ts';
import type { CheckId, DatasetId, StateChange, TargetId, UplinkVerdict } from '../../src/model/index.ts';
import type { AnchorSpec, CheckSpec } from '../../src/probe/check-spec.ts';
import type { FromProber, ProberEvent, ProberPlan } from '../../src/probe/prober-messages.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** First and second target, by family. */
export const TARGETS = { v4: ['203.0.113.2', '203.0.113.130'], v6: ['2001:db8:3::2', '2001:db8:4::2'] } as const;
/** What a trace hears on the way, before the target. */
export const HOPS = { v4: ['192.0.2.1', '198.51.100.2'], v6: ['2001:db8:1::1', '2001:db8:2::2'] } as const;

/**
 * ```
 * mon ---- gw ---- core ---- one
 *                    `------ two
 * ```
 */
export function probeLab(prefix: string): Lab {
  const lab = new Lab(prefix);
  for (const host of ['mon', 'one', 'two']) lab.addHost(host);
  for (const router of ['gw', 'core']) lab.addRouter(router);
  const cable = (a: string, deviceA: string, addressesA: string[], b: string, deviceB: string, addressesB: string[]): void =>
    lab.link({ host: a, device: deviceA, addresses: addressesA }, { host: b, device: deviceB, addresses: addressesB });
  cable('mon', 'eth0', ['192.0.2.2/24', '2001:db8:1::2/64'], 'gw', 'inside', ['192.0.2.1/24', '2001:db8:1::1/64']);
  cable('gw', 'uplink', ['198.51.100.1/24', '2001:db8:2::1/64'], 'core', 'customer', ['198.51.100.2/24', '2001:db8:2::2/64']);
  cable('core', 'to-one', ['203.0.113.1/25', '2001:db8:3::1/64'], 'one', 'eth0', ['203.0.113.2/25', '2001:db8:3::2/64']);
  cable('core', 'to-two', ['203.0.113.129/25', '2001:db8:4::1/64'], 'two', 'eth0', ['203.0.113.130/25', '2001:db8:4::2/64']);
  lab.route('mon', '192.0.2.1', '2001:db8:1::1');
  lab.route('gw', '198.51.100.2', '2001:db8:2::2');
  lab.route('core', '198.51.100.1', '2001:db8:2::1');
  lab.route('one', '203.0.113.1', '2001:db8:3::1');
  lab.route('two', '203.0.113.129', '2001:db8:4::1');
  // Routers answer every probe: the kernel's limit on ICMP errors is not what is tested.
  for (const router of ['gw', 'core']) lab.run(router, ['sysctl', '-qw', 'net.ipv4.icmp_ratelimit=0', 'net.ipv6.icmp.ratelimit=0']);
  return lab;
}

/** Drops `percent` of the echo requests (both families) that reach a host; 0 lets all through again. */
export function dropEchoes(lab: Lab, host: string, percent: number): void {
  lab.run(host, ['nft', 'flush', 'ruleset']);
  if (percent === 0) return;
  const share = percent === 100 ? '' : `numgen random mod 100 < ${percent} `;
  lab.run(host, ['nft', `
table inet fault {
  chain input {
    type filter hook input priority 0
    icmp type echo-request ${share}drop
    icmpv6 type echo-request ${share}drop
  }
}`]);
}

export function icmpCheck(id: string, address: string, change: Partial<CheckSpec> = {}): CheckSpec {
  return {
    id: id as CheckId, targetId: id as TargetId, probe: 'icmp', options: { count: 3, spacing: 5 }, address, family: 'any', intervalMs: 400, timeoutMs: 250,
    thresholds: { loss: 0.5, lossRounds: 1, latencyOf: 'median' }, hysteresis: { failAfter: 3, recoverAfter: 2, recheckIntervalMs: 100 },
    parents: [], labels: {}, trace: false, ...change,
  };
}

export const anchor = (address: string, operator: string): AnchorSpec => ({ address, method: 'icmp', port: undefined, operator });

/** The prober process of the program, running on the lab's monitor; it keeps every event. */
export class LabProber {
  readonly events: ProberEvent[] = [];
  readonly ready: Promise<FromProber & { kind: 'ready' }>;
  readonly #child: ChildProcess;
  #request = 0;

  constructor(lab: Lab) {
    this.#child = spawn('ip', ['netns', 'exec', lab.namespace('mon'), process.execPath, path.join(root, 'src/probe/prober-process.ts')], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced',
    });
    this.ready = new Promise((resolve) => {
      this.#child.on('message', (raw) => {
        const message = raw as FromProber;
        if (message.kind === 'ready') resolve(message);
        if (message.kind !== 'batch') return;
        this.events.push(...message.events);
        this.#child.send({ kind: 'ack', batches: 1 });
      });
    });
  }

  plan(checks: readonly CheckSpec[], change: Partial<ProberPlan> = {}): void {
    const source = { dataset: 'lab' as DatasetId, sensorId: 's', siteId: 'default', linkId: 'prober', sampling: 1 };
    const plan: ProberPlan = { source, checks, anchors: [], gateways: ['192.0.2.1'], tracing: { enabled: false, intervalMs: 3_600_000, maxHops: 8 }, memories: {}, maintenance: [], ...change };
    this.#child.send({ kind: 'plan', plan });
  }

  /** Waits until `look` finds something in the events. */
  async until<T>(what: string, look: (events: readonly ProberEvent[]) => T | undefined | false, withinMs = 15_000): Promise<T> {
    const end = performance.now() + withinMs;
    for (;;) {
      const found = look(this.events);
      if (found !== undefined && found !== false) return found;
      if (performance.now() > end) throw new Error(`not within ${withinMs / 1000} s: ${what}; states: ${JSON.stringify(this.states().map((s) => `${s.checkId} ${s.to} ${s.hard}`))}`);
      await sleep(30);
    }
  }

  states(): StateChange[] {
    return this.events.flatMap((e) => (e.kind === 'state' ? [e.change] : []));
  }

  uplinks(): UplinkVerdict[] {
    return this.events.flatMap((e) => (e.kind === 'uplink' ? [e.verdict] : []));
  }

  /** The newest hard state of a check. */
  stateOf(id: string): string | undefined {
    return this.states().findLast((s) => s.checkId === id && s.hard)?.to;
  }

  /** One round outside the schedule, or one trace. */
  async ask(what: { readonly kind: 'run'; readonly checkId: string } | { readonly kind: 'trace'; readonly targetId: string }): Promise<FromProber & { kind: 'reply' }> {
    const request = ++this.#request;
    return await new Promise((resolve) => {
      const hear = (raw: unknown): void => {
        const message = raw as FromProber;
        if (message.kind !== 'reply' || message.request !== request) return;
        this.#child.off('message', hear);
        resolve(message);
      };
      this.#child.on('message', hear);
      this.#child.send({ ...what, request } as never);
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((done) => this.#child.once('exit', done));
    this.#child.disconnect();
    await gone;
  }
}
