import { readFileSync } from 'node:fs';
import os from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { PROBE_SCHEMA, recordId, type CheckId, type CheckState, type PathTrace, type ProbeResult, type TargetId, type UplinkVerdict, type VerdictStep } from '../model/index.ts';
import { confirmFailure, judgeRound, maintainRound, NEW_CHECK, nextRoundMs, type CheckMemory, type Confirmation, type Next, type RoundStep } from './check-state.ts';
import type { CheckSpec } from './check-spec.ts';
import { pathIdentity } from './path/path-identity.ts';
import { tracePath } from './path/trace-path.ts';
import { brokenOutcome, wallClock, type ProbeRunner } from './probe-runner.ts';
import type { ProberEvent, ProberPlan } from './prober-messages.ts';
import { createSlot, scheduleNext, type Slot } from './schedule.ts';
import { resolveTarget } from './resolve.ts';
import { isOnLink, judgeUplink } from './uplink.ts';

const MAX_CONCURRENT = 256;
const ANCHOR_TIMEOUT_MS = 1500;
/** An uplink verdict this young is shared by checks that fail together. */
const UPLINK_FRESH_MS = 700;
const UPLINK_RECHECK_MS = 5000;

interface Running {
  readonly spec: CheckSpec;
  readonly slot: Slot;
  memory: CheckMemory;
  busy: boolean;
  ordinal: number;
  lastResultAt: number;
  lastOk: boolean;
}

/**
 * Runs the checks of a plan on their schedule, judges the rounds, and asks whose fault a failure is before it says DOWN.
 *
 * Events go out in the order in which they happened; nothing here decides about alerts.
 */
export class Prober {
  readonly #runner: ProbeRunner;
  readonly #emit: (event: ProberEvent) => void;
  #plan: ProberPlan | null = null;
  readonly #checks = new Map<CheckId, Running>();
  readonly #abort = new AbortController();
  readonly #loop = monitorEventLoopDelay({ resolution: 10 });
  #timer: NodeJS.Timeout | undefined;
  #traceTimer: NodeJS.Timeout | undefined;
  #uplinkTimer: NodeJS.Timeout | undefined;
  #active = 0;
  #ordinal = 0;
  #uplink: { at: number; verdict: Promise<UplinkVerdict> } | null = null;
  #uplinkLost = false;
  #tracing = new Set<TargetId>();

  constructor(runner: ProbeRunner, emit: (event: ProberEvent) => void) {
    this.#runner = runner;
    this.#emit = emit;
    this.#loop.enable();
  }

  /** Takes a new plan; checks that stay keep what they have been through. */
  configure(plan: ProberPlan): void {
    this.#plan = plan;
    const now = performance.now();
    const wanted = new Set(plan.checks.map((c) => c.id));
    for (const id of this.#checks.keys()) if (!wanted.has(id)) this.#checks.delete(id);
    for (const spec of plan.checks) {
      const old = this.#checks.get(spec.id);
      const slot = old !== undefined && old.spec.intervalMs === spec.intervalMs ? old.slot : createSlot(spec.id, spec.intervalMs, now);
      const memory = old?.memory ?? plan.memories[spec.id] ?? NEW_CHECK;
      this.#checks.set(spec.id, { spec, slot, memory, busy: old?.busy ?? false, ordinal: old?.ordinal ?? 0, lastResultAt: old?.lastResultAt ?? 0, lastOk: old?.lastOk ?? false });
    }
    this.#arm();
    clearInterval(this.#traceTimer);
    if (plan.tracing.enabled) {
      this.#traceTimer = setInterval(() => this.#traceAll(), plan.tracing.intervalMs);
      setTimeout(() => this.#traceAll(), 1000).unref();
    }
  }

  memories(): Record<string, CheckMemory> {
    return Object.fromEntries([...this.#checks].map(([id, c]) => [id, c.memory]));
  }

  stop(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#traceTimer);
    clearTimeout(this.#uplinkTimer);
    this.#loop.disable();
  }

  /** One round outside the schedule; the check's state is not touched. */
  async runOnce(id: CheckId): Promise<ProbeResult> {
    const check = this.#checks.get(id);
    if (check === undefined) throw new Error(`there is no check ${id}`);
    return await this.#round(check.spec);
  }

  async traceOnce(targetId: TargetId): Promise<PathTrace> {
    const check = [...this.#checks.values()].find((c) => c.spec.targetId === targetId);
    if (check === undefined) throw new Error(`there is no target ${targetId}`);
    return await this.#trace(check.spec);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    let next = Number.POSITIVE_INFINITY;
    for (const check of this.#checks.values()) if (!check.busy) next = Math.min(next, check.slot.dueMs);
    if (next === Number.POSITIVE_INFINITY || this.#abort.signal.aborted) return;
    this.#timer = setTimeout(() => this.#startDue(), Math.max(0, next - performance.now()));
  }

  #startDue(): void {
    const now = performance.now();
    const due = [...this.#checks.values()].filter((c) => !c.busy && c.slot.dueMs <= now).sort((a, b) => a.slot.dueMs - b.slot.dueMs);
    for (const check of due) {
      if (this.#active >= MAX_CONCURRENT) break;
      check.busy = true;
      this.#active++;
      void this.#runRound(check).finally(() => {
        this.#active--;
        check.busy = false;
        this.#arm();
      });
    }
    this.#arm();
  }

  async #runRound(check: Running): Promise<void> {
    const { spec } = check;
    const result = await this.#round(spec);
    if (this.#abort.signal.aborted || this.#checks.get(spec.id) !== check) return;
    check.lastResultAt = performance.now();
    check.lastOk = result.ok;
    this.#emit({ kind: 'result', result });
    const work = this.#plan?.maintenance.find((m) => m.startsAt <= result.time && result.time < m.endsAt && m.checks.includes(spec.id));
    const step = work === undefined ? judgeRound(check.memory, result, spec) : maintainRound(check.memory, result, spec, work.reason);
    check.memory = step.memory;
    let next: Next = step.next;
    if (step.change !== null) this.#emit({ kind: 'state', change: step.change });
    if (step.next === 'confirm') {
      const before = check.memory.state;
      const confirmed = await this.#confirm(check, result);
      if (this.#abort.signal.aborted || this.#checks.get(spec.id) !== check) return;
      check.memory = confirmed.memory;
      next = confirmed.memory.state === 'DOWN' ? 'wait' : 'recheck';
      if (confirmed.change !== null) this.#emit({ kind: 'state', change: confirmed.change });
      if (before !== check.memory.state) this.#traceSoon(spec);
    } else if (step.change !== null && step.change.hard && step.change.from !== 'UNKNOWN') {
      this.#traceSoon(spec);
    }
    if (result.ok && this.#uplinkLost && !this.#isLocal(String(result.notes.address ?? spec.address))) void this.#checkUplink();
    // A re-check counts from the end of the round; the grid itself never moves.
    scheduleNext(check.slot, performance.now(), next === 'wait' ? null : nextRoundMs(next, spec));
  }

  /** Asks whose fault a failure is; where it seems to be the target's, a last round tells whether it still is. */
  async #confirm(check: Running, result: ProbeResult): Promise<RoundStep> {
    const { spec } = check;
    const found = await this.#whoseFault(spec);
    if (found.verdict === 'INCONCLUSIVE') return confirmFailure(check.memory, result, spec, found);
    // The uplink may have come back while we asked: only a round that begins after it was seen to work convicts the target.
    const last = await this.#round(spec);
    this.#emit({ kind: 'result', result: last });
    if (last.ok || last.failure?.class === 'local') return judgeRound(check.memory, last, spec);
    const told = { time: last.time, step: 'recheck', outcome: `${last.failure?.class ?? 'timeout'}: ${last.failure?.message ?? 'no answer'}` };
    return confirmFailure(check.memory, last, spec, { ...found, steps: [...found.steps, told] });
  }

  async #round(spec: CheckSpec): Promise<ProbeResult> {
    const plan = this.#plan!;
    const time = wallClock();
    const started = process.hrtime.bigint();
    this.#loop.reset();
    const cut = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(spec.timeoutMs + 1000)]);
    const outcome = await this.#runner.run(spec.probe, { address: spec.address, family: spec.family }, spec.options, spec.timeoutMs, cut).catch(brokenOutcome);
    const delay = this.#loop.max;
    return {
      ...plan.source, kind: 'probe', schema: PROBE_SCHEMA, id: recordId(plan.source.dataset, ++this.#ordinal, 0), loss: null, time,
      checkId: spec.id, targetId: spec.targetId, probe: spec.probe, ...outcome,
      duration: process.hrtime.bigint() - started, loopDelayNs: Number.isFinite(delay) ? Math.round(delay) : 0,
    };
  }

  /** Before DOWN is said: the own uplink, the parents, a second method. Each step is kept. */
  async #whoseFault(spec: CheckSpec): Promise<Confirmation> {
    const steps: VerdictStep[] = [];
    const note = (name: string, outcome: string): void => void steps.push({ time: wallClock(), step: name, outcome });
    const resolved = await resolveTarget({ address: spec.address, family: spec.family }, spec.timeoutMs);
    const address = 'failure' in resolved ? null : resolved.addresses[0].address;
    if (address === null || !this.#isLocal(address)) {
      const verdict = await this.#askUplink(spec);
      note('uplink', `${verdict.verdict}: ${verdict.reason}${verdict.independent ? '' : ' (not sure: fewer than three independent anchors)'}`);
      this.#noteUplink(verdict);
      if (verdict.verdict === 'lost') return { verdict: 'INCONCLUSIVE', reason: `The monitor's own uplink is lost: ${verdict.reason}`, steps };
    } else {
      note('uplink', `not asked: ${address} is in a network of this machine`);
    }
    const parents = await this.#parentsDown(spec, note);
    if (parents !== null) return { verdict: 'UNREACHABLE', reason: `Its parents are down: ${parents}.`, steps };
    if (spec.probe === 'icmp' && address !== null) note('second_method', await this.#runner.lives(address, ANCHOR_TIMEOUT_MS));
    return { verdict: 'DOWN', reason: `${spec.hysteresis.failAfter === 1 ? 'A round' : `${spec.hysteresis.failAfter} rounds in a row`} failed, and the monitor is connected.`, steps };
  }

  async #parentsDown(spec: CheckSpec, note: (name: string, outcome: string) => void): Promise<string | null> {
    if (spec.parents.length === 0) return null;
    const states = await Promise.all(spec.parents.map(async (parent): Promise<readonly [TargetId, boolean]> => {
      const checks = [...this.#checks.values()].filter((c) => c.spec.targetId === parent);
      if (checks.length === 0) return [parent, false];
      // Asked now, not remembered: a parent that failed a second ago may not have had its turn.
      const results = await Promise.all(checks.map((c) => this.#round(c.spec)));
      const down = results.every((r) => !r.ok) || checks.every((c) => (['DOWN', 'UNREACHABLE'] as CheckState[]).includes(c.memory.state));
      return [parent, down];
    }));
    for (const [parent, down] of states) note('parent', `${parent} ${down ? 'does not answer' : 'answers'}`);
    return states.every(([, down]) => down) ? states.map(([p]) => p).join(', ') : null;
  }

  /** A fresh verdict about the own uplink, shared by those who ask at the same time. The suspect itself is no anchor. */
  #askUplink(suspect: CheckSpec | null): Promise<UplinkVerdict> {
    const now = performance.now();
    if (this.#uplink !== null && now - this.#uplink.at < UPLINK_FRESH_MS) return this.#uplink.verdict;
    const verdict = this.#measureUplink(suspect);
    this.#uplink = { at: now, verdict };
    return verdict;
  }

  async #measureUplink(suspect: CheckSpec | null): Promise<UplinkVerdict> {
    const plan = this.#plan!;
    const { signal } = this.#abort;
    const configured = plan.anchors.length > 0;
    // Without anchors the other targets beyond our own networks stand in for them, each its own operator.
    const stand = [...new Map([...this.#checks.values()].filter((c) => c.spec.targetId !== suspect?.targetId && !this.#isLocal(c.spec.address) && (c.spec.probe === 'icmp' || c.spec.probe === 'tcp')).map((c) => [c.spec.address, c.spec])).values()].slice(0, 5);
    const specs = configured ? plan.anchors : stand.map((c) => ({ address: c.address, method: c.probe as 'icmp' | 'tcp', port: (c.options as { port?: number } | undefined)?.port, operator: c.targetId }));
    const [anchors, gateway] = await Promise.all([
      Promise.all(specs.map(async (spec) => ({ spec, answered: await this.#runner.answers(spec.address, spec.method, spec.port, ANCHOR_TIMEOUT_MS, signal) }))),
      this.#gateway(signal),
    ]);
    return judgeUplink({ anchors, gateway, link: linkState() }, wallClock());
  }

  async #gateway(signal: AbortSignal): Promise<UplinkVerdict['gateway']> {
    const { gateways } = this.#plan!;
    if (gateways.length === 0) return 'none';
    const heard = await Promise.all(gateways.map((g) => this.#runner.answers(g, 'icmp', undefined, ANCHOR_TIMEOUT_MS, signal)));
    return heard.some(Boolean) ? 'answers' : 'silent';
  }

  #noteUplink(verdict: UplinkVerdict): void {
    const lost = verdict.verdict === 'lost';
    if (lost === this.#uplinkLost || verdict.verdict === 'unsure') return;
    this.#uplinkLost = lost;
    this.#emit({ kind: 'uplink', verdict });
    clearTimeout(this.#uplinkTimer);
    if (lost) this.#uplinkTimer = setTimeout(() => void this.#checkUplink(), UPLINK_RECHECK_MS);
  }

  async #checkUplink(): Promise<void> {
    clearTimeout(this.#uplinkTimer);
    this.#noteUplink(await this.#askUplink(null));
    if (this.#uplinkLost && !this.#abort.signal.aborted) this.#uplinkTimer = setTimeout(() => void this.#checkUplink(), UPLINK_RECHECK_MS);
  }

  #isLocal(address: string): boolean {
    return isOnLink(address, Object.values(os.networkInterfaces()).flatMap((list) => list ?? []));
  }

  #traceAll(): void {
    const seen = new Set<TargetId>();
    for (const { spec } of this.#checks.values()) {
      if (seen.has(spec.targetId)) continue;
      seen.add(spec.targetId);
      this.#traceSoon(spec);
    }
  }

  #traceSoon(spec: CheckSpec): void {
    if (!spec.trace || this.#plan?.tracing.enabled !== true || this.#tracing.has(spec.targetId) || this.#runner.modes.v4 !== 'raw') return;
    this.#tracing.add(spec.targetId);
    void this.#trace(spec)
      .then((trace) => this.#emit({ kind: 'path', trace }))
      .catch(() => undefined)
      .finally(() => this.#tracing.delete(spec.targetId));
  }

  async #trace(spec: CheckSpec): Promise<PathTrace> {
    const resolved = await resolveTarget({ address: spec.address, family: spec.family }, spec.timeoutMs);
    const time = wallClock();
    if ('failure' in resolved) return { targetId: spec.targetId, address: spec.address, method: 'icmp', time, reached: false, hops: [], identity: pathIdentity([]) };
    const { address, family } = resolved.addresses[0];
    return await tracePath(spec.targetId, address, family, { maxHops: this.#plan!.tracing.maxHops, probes: 3, timeoutMs: 1000 }, time, this.#abort.signal);
  }
}

/** Link state of the interface of the default route, from the kernel. */
function linkState(): UplinkVerdict['link'] {
  try {
    const name = readFileSync('/proc/net/route', 'utf8').split('\n').slice(1).map((l) => l.split('\t')).find((c) => c[1] === '00000000')?.[0];
    if (name === undefined) return 'unknown';
    const state = readFileSync(`/sys/class/net/${name}/operstate`, 'utf8').trim();
    return state === 'down' || state === 'lowerlayerdown' ? 'down' : 'up';
  } catch {
    return 'unknown';
  }
}
