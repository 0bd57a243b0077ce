import type { Nanos } from '../../base/time.ts';
import type { CheckId, DatasetId, DegradedCause, EvidenceRef, ProbeResult, RecordId, Severity, StateChange, UplinkVerdict } from '../../model/index.ts';
import { BoundedMap } from '../../base/bounded-map.ts';
import { defineDetector, type Detector, type DetectorContext } from '../define-detector.ts';

export interface CheckStateOptions {
  /** Rounds of a check that its alert points to. */
  readonly rounds: number;
  /** Checks held at once. */
  readonly maxChecks: number;
}

type Trouble = 'down' | DegradedCause;

interface Check {
  /** What fires now, with when it began. */
  firing: Map<Trouble, Nanos>;
  /** Ids of the newest rounds with their times: the samples that prove it. */
  rounds: { id: RecordId; dataset: DatasetId; time: Nanos }[];
}

const SEVERITY: Readonly<Record<Trouble, Severity>> = { down: 'critical', loss: 'warning', latency: 'warning', jitter: 'warning', certificate: 'warning' };
const SNAPSHOT_VERSION = 1;

/**
 * Turns states of checks into signals: one for DOWN, one for each cause of DEGRADED, one for the monitor's own uplink.
 *
 * UNREACHABLE and INCONCLUSIVE raise nothing and resolve nothing: the target's own state is not known then (a parent's alert, or
 * the uplink's, tells what is). MAINTENANCE resolves nothing either; the alert core mutes it.
 */
class CheckStateDetector implements Detector {
  readonly #o: CheckStateOptions;
  readonly #checks: BoundedMap<CheckId, Check>;
  #uplinkLostAt: Nanos | null = null;

  constructor(options: CheckStateOptions) {
    this.#o = options;
    this.#checks = new BoundedMap(options.maxChecks);
  }

  get evicted(): number {
    return this.#checks.evicted;
  }

  onProbe(result: ProbeResult): void {
    const check = this.#check(result.checkId);
    check.rounds.push({ id: result.id, dataset: result.dataset, time: result.time });
    if (check.rounds.length > this.#o.rounds) check.rounds.shift();
  }

  onState(change: StateChange, ctx: DetectorContext): void {
    if (!change.hard) return;
    const check = this.#check(change.checkId);
    if (change.to === 'UNREACHABLE' || change.to === 'INCONCLUSIVE' || change.to === 'MAINTENANCE' || change.to === 'UNKNOWN') return;
    const now: readonly Trouble[] = change.to === 'DOWN' ? ['down'] : change.causes;
    for (const [trouble, since] of check.firing) {
      // While a target is down its latency and loss are not news, and not over either.
      if (now.includes(trouble) || (change.to === 'DOWN' && trouble !== 'down')) continue;
      check.firing.delete(trouble);
      this.#emit(check, change, trouble, 'resolved', since, ctx);
    }
    for (const trouble of now) {
      if (check.firing.has(trouble)) continue;
      check.firing.set(trouble, change.time);
      this.#emit(check, change, trouble, 'firing', change.time, ctx);
    }
  }

  onUplink(verdict: UplinkVerdict, ctx: DetectorContext): void {
    if (verdict.verdict === 'unsure' || (verdict.verdict === 'lost') === (this.#uplinkLostAt !== null)) return;
    const lost = verdict.verdict === 'lost';
    const since = this.#uplinkLostAt ?? verdict.time;
    this.#uplinkLostAt = lost ? verdict.time : null;
    ctx.emit({
      kind: 'threshold', name: 'uplink-lost', status: lost ? 'firing' : 'resolved', time: verdict.time, startsAt: since,
      labels: { alertname: 'uplink-lost', target: 'uplink', name: 'uplink', host: 'this monitor' },
      annotations: {
        summary: lost ? 'The monitor has lost its own uplink: what lies beyond it is not judged.' : 'The monitor is connected again.',
        explanation: `${verdict.reason} Anchors: ${verdict.anchorsAnswered} of ${verdict.anchorsAsked} answered${verdict.independent ? '' : ' (fewer than three independent ones, so this is not sure)'}; gateway ${verdict.gateway}; link ${verdict.link}.`,
        remedy: 'Look at the cable, the gateway and the provider of the machine that Wirewatch runs on.',
      },
      severity: lost ? 'critical' : 'info', confidence: verdict.independent ? 0.99 : 0.7, techniques: [], evidence: [], loss: null,
      score: { anchors_asked: verdict.anchorsAsked, anchors_answered: verdict.anchorsAnswered },
    });
  }

  snapshot(): unknown {
    return {
      version: SNAPSHOT_VERSION,
      uplinkLostAt: this.#uplinkLostAt === null ? null : String(this.#uplinkLostAt),
      firing: [...this.#checks.entries()].filter(([, c]) => c.firing.size > 0).map(([id, c]) => [id, [...c.firing].map(([t, at]) => [t, String(at)])]),
    };
  }

  restore(snapshot: unknown): boolean {
    const s = snapshot as { version?: unknown; uplinkLostAt?: unknown; firing?: unknown };
    if (s?.version !== SNAPSHOT_VERSION || !Array.isArray(s.firing)) return false;
    this.#uplinkLostAt = typeof s.uplinkLostAt === 'string' ? BigInt(s.uplinkLostAt) : null;
    for (const [id, firing] of s.firing as [CheckId, [Trouble, string][]][]) {
      const check = this.#check(id);
      for (const [trouble, at] of firing) check.firing.set(trouble, BigInt(at));
    }
    return true;
  }

  #check(id: CheckId): Check {
    let check = this.#checks.touch(id);
    if (check === undefined) this.#checks.set(id, (check = { firing: new Map(), rounds: [] }));
    return check;
  }

  #emit(check: Check, change: StateChange, trouble: Trouble, status: 'firing' | 'resolved', since: Nanos, ctx: DetectorContext): void {
    const name = change.labels.name ?? change.targetId;
    const figures = Object.fromEntries(Object.entries(change.figures).map(([k, v]) => [k, formatFigure(v)]));
    ctx.emit({
      kind: 'threshold', name: `check-${trouble}`, status, time: change.time, startsAt: since,
      labels: { ...change.labels, alertname: `check-${trouble}`, target: change.targetId, check: change.checkId },
      annotations: { ...figures, summary: status === 'firing' ? sentence(trouble, name, figures) : `${name}: ${WORDS[trouble]} is over.`, explanation: change.reason, steps: change.steps.map((s) => `${s.step}: ${s.outcome}`).join('\n') },
      severity: status === 'firing' ? SEVERITY[trouble] : 'info', confidence: 1, techniques: [],
      evidence: evidenceOf(check), loss: null, score: { ...change.figures },
    });
  }
}

const WORDS: Readonly<Record<Trouble, string>> = { down: 'the outage', loss: 'the packet loss', latency: 'the high latency', jitter: 'the jitter', certificate: 'the warning about its certificate' };

function sentence(trouble: Trouble, name: string, figures: Readonly<Record<string, string>>): string {
  switch (trouble) {
    case 'down': return `${name} does not respond.`;
    case 'loss': return `${name} loses ${figures.loss_percent ?? '?'} % of its packets.`;
    case 'latency': return `${name} answers after ${figures.latency_ms ?? '?'} ms.`;
    case 'jitter': return `${name} answers unevenly: ${figures.jitter_ms ?? '?'} ms of jitter.`;
    case 'certificate': return `The certificate of ${name} ends in ${figures.certificate_days ?? '?'} days.`;
  }
}

/** Two decimals, as the script of seed 002 wrote them. */
function formatFigure(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

function evidenceOf(check: Check): EvidenceRef[] {
  if (check.rounds.length === 0) return [];
  const first = check.rounds[0];
  return [{ kind: 'probe', dataset: first.dataset, ids: check.rounds.map((r) => r.id), frames: [], filter: null, from: first.time, to: check.rounds[check.rounds.length - 1].time }];
}

export const checkState = defineDetector<CheckStateOptions>({
  name: 'check-state',
  title: 'States of checks and of the own uplink',
  techniques: [],
  defaults: { rounds: 20, maxChecks: 50_000 },
  optionHelp: { rounds: 'Newest rounds of a check that its alert points to.', maxChecks: 'Checks held at once.' },
  create: (options) => new CheckStateDetector(options),
});
export default checkState;
