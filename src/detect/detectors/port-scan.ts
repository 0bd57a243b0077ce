import { GenerationMap } from '../../base/generation-map.ts';
import { formatIp, type IpHex } from '../../base/ip.ts';
import { NS_PER_SECOND, type Nanos } from '../../base/time.ts';
import type { ConnState, DatasetId, FlowRecord, RecordId } from '../../model/index.ts';
import { defineDetector, type Detector, type DetectorContext } from '../define-detector.ts';
import { FirstSightings, KeyHash } from '../first-sightings.ts';
import { packetsBetween } from '../packet-filter.ts';

export interface PortScanOptions {
  /** Distinct ports of one host that fail, within the window: a vertical scan. */
  readonly ports: number;
  /** Distinct hosts that fail on one port, within the window: a horizontal scan. */
  readonly hosts: number;
  /** Length of the window, seconds. */
  readonly windowSeconds: number;
  /** Share of a source's attempts on that goal that must fail, 0..1: a busy client also fails now and then. */
  readonly failedShare: number;
  /** UDP needs this many times as many ports or hosts: silence is normal there. */
  readonly udpFactor: number;
  /** Pairs (source, goal) held at once. */
  readonly maxPairs: number;
}

/** An attempt got no service: no answer, refused, or torn down by the scanner before a byte was said. */
const FAILED: ReadonlySet<ConnState> = new Set(['S0', 'REJ', 'RSTOS0', 'SH', 'RSTRH']);

interface Goal {
  src: IpHex;
  /** Host that is scanned (vertical), or port (horizontal). */
  kind: 'vertical' | 'horizontal';
  host: IpHex | null;
  port: number | null;
  proto: number;
  dataset: DatasetId;
  /** Distinct ports or hosts that failed, with when they were last tried. */
  failed: Map<number | IpHex, Nanos>;
  answered: number;
  flows: RecordId[];
  frames: number[];
  first: Nanos;
  last: Nanos;
  firing: boolean;
}

const EVIDENCE = 200;
/** Beyond this many a scan is a scan; the exact number is not worth the memory. */
const MAX_DISTINCT = 4096;

function failedAttempt(flow: FlowRecord): boolean {
  if (flow.proto === 17) return flow.dstPackets === 0;
  if (FAILED.has(flow.connState)) return true;
  // A half-open scan finds an open port: SYN, SYN-ACK, RST, and nothing was said.
  return (flow.connState === 'RSTO' || flow.connState === 'RSTR') && (flow.srcBytes ?? 0) === 0 && (flow.dstBytes ?? 0) === 0;
}

class PortScanDetector implements Detector {
  readonly #o: PortScanOptions;
  /** Goals on which one port or host has failed so far. Their `values` count the attempts that were answered. */
  readonly #once: FirstSightings<number | IpHex>;
  readonly #goals: GenerationMap<number, Goal>;
  readonly #key = new KeyHash();

  constructor(options: PortScanOptions) {
    this.#o = options;
    this.#once = new FirstSightings(options.maxPairs);
    this.#goals = new GenerationMap(options.maxPairs);
  }

  get evicted(): number {
    return this.#once.evicted + this.#goals.evicted;
  }

  onFlow(flow: FlowRecord, ctx: DetectorContext): void {
    if (flow.proto !== 6 && flow.proto !== 17) return;
    // A stray reply whose beginning was not captured is no attempt.
    if (flow.proto === 6 && flow.connState === 'OTH') return;
    // Datagrams to a high port with no answer are replies, calls, games: only service ports count.
    if (flow.proto === 17 && (flow.dstPort >= 32_768 || flow.srcPort < 1024)) return;
    const failed = failedAttempt(flow);
    const key = this.#key;
    this.#attempt(key.begin(flow.proto).text(flow.srcIp).text(flow.dstIp).value, 'vertical', flow, flow.dstPort, failed, ctx);
    this.#attempt(key.begin(flow.proto).text(flow.srcIp).number(flow.dstPort).value, 'horizontal', flow, flow.dstIp, failed, ctx);
  }

  #attempt(key: number, kind: Goal['kind'], flow: FlowRecord, what: number | IpHex, failed: boolean, ctx: DetectorContext): void {
    let goal = this.#goals.touch(key);
    if (goal === undefined) {
      const met = this.#once.find(key);
      if (met < 0) {
        if (failed) this.#once.add(key, flow, what, 0);
        return;
      }
      if (!failed) {
        this.#once.values[met]++;
        return;
      }
      if (flow.time > this.#once.last[met]) this.#once.last[met] = flow.time;
      if (what === this.#once.whats[met]) return;
      goal = this.#goalOf(met, kind, flow);
      this.#once.remove(met);
      this.#goals.set(key, goal);
    } else if (!failed) {
      goal.answered++;
      return;
    }
    if (flow.time > goal.last) goal.last = flow.time;
    if (goal.failed.size < MAX_DISTINCT || goal.failed.has(what)) goal.failed.set(what, flow.time);
    if (goal.flows.length < EVIDENCE) {
      goal.flows.push(flow.id);
      goal.frames.push(flow.firstFrame);
    }
    if (!goal.firing) this.#judge(goal, goal.failed, ctx);
  }

  /** The goal that was met once, at `slot`, and that `flow` meets again. */
  #goalOf(slot: number, kind: Goal['kind'], flow: FlowRecord): Goal {
    const once = this.#once;
    const first = once.first[slot];
    return {
      src: flow.srcIp, kind, host: kind === 'vertical' ? flow.dstIp : null, port: kind === 'horizontal' ? flow.dstPort : null, proto: flow.proto,
      dataset: once.datasets[slot], failed: new Map([[once.whats[slot], first]]), answered: once.values[slot], flows: [once.ids[slot]],
      frames: [once.frames[slot]], first, last: once.last[slot], firing: false,
    };
  }

  #judge(goal: Goal, failed: Map<number | IpHex, Nanos>, ctx: DetectorContext): void {
    const needed = (goal.kind === 'vertical' ? this.#o.ports : this.#o.hosts) * (goal.proto === 17 ? this.#o.udpFactor : 1);
    if (failed.size < needed) return;
    this.#forgetBefore(goal, failed, goal.last - BigInt(this.#o.windowSeconds) * NS_PER_SECOND);
    const share = failed.size / (failed.size + goal.answered);
    if (failed.size < needed || share < this.#o.failedShare) return;
    goal.firing = true;
    this.#emit(goal, 'firing', share, ctx);
  }

  #forgetBefore(goal: Goal, failed: Map<number | IpHex, Nanos>, before: Nanos): void {
    let first = goal.last;
    for (const [what, at] of failed) {
      if (at < before) failed.delete(what);
      else if (at < first) first = at;
    }
    goal.first = first;
  }

  onTick(now: Nanos, ctx: DetectorContext): void {
    const before = now - BigInt(this.#o.windowSeconds) * NS_PER_SECOND;
    this.#once.expire(before);
    for (const [key, goal] of this.#goals.entries()) {
      if (goal.last >= before) continue;
      if (goal.firing) this.#emit(goal, 'resolved', 0, ctx);
      this.#goals.delete(key);
    }
  }

  #emit(goal: Goal, status: 'firing' | 'resolved', share: number, ctx: DetectorContext): void {
    const src = formatIp(goal.src);
    const transport = goal.proto === 17 ? 'UDP' : 'TCP';
    const vertical = goal.kind === 'vertical';
    const target = vertical && goal.host !== null ? formatIp(goal.host) : `port ${goal.port}`;
    const count = goal.failed.size;
    const things = vertical ? `${count} ${transport} ports of ${target}` : `${count} hosts on ${transport} ${target}`;
    const evidenceOf = { dataset: goal.dataset, from: goal.first, to: goal.last };
    ctx.emit({
      kind: 'detection',
      name: 'port-scan',
      status,
      time: goal.last,
      startsAt: goal.first,
      labels: {
        alertname: 'port-scan', scan: goal.kind, src, proto: transport.toLowerCase(),
        ...(vertical ? { dst: target } : { dst_port: String(goal.port) }),
      },
      annotations: {
        summary: status === 'firing' ? `${src} tries ${things} without getting service.` : `${src} no longer scans ${target}.`,
        explanation: `${Math.round(share * 100)} % of its attempts there failed; ${goal.answered} were answered.`,
        remedy: 'Ask who runs the source. An inventory scanner belongs into the exceptions of the detector; anything else is a host to isolate.',
      },
      severity: status === 'resolved' ? 'info' : count >= 4 * this.#o.ports ? 'error' : 'warning',
      confidence: status === 'resolved' ? 1 : Math.min(0.99, share * (1 - 1 / count)),
      techniques: [vertical ? 'T1046' : 'T1018'],
      evidence: [{ kind: 'flow', ids: goal.flows.slice(), frames: goal.frames.slice(), filter: packetsBetween(goal.src, goal.host, goal.proto, goal.port), ...evidenceOf }],
      loss: ctx.loss,
      score: { failed: count, answered: goal.answered, failed_share: share },
    });
  }
}

export const portScan = defineDetector<PortScanOptions>({
  name: 'port-scan',
  title: 'Vertical and horizontal scans',
  techniques: ['T1046', 'T1018'],
  defaults: { ports: 20, hosts: 20, windowSeconds: 3600, failedShare: 0.7, udpFactor: 2, maxPairs: 50_000 },
  optionHelp: {
    ports: 'Distinct ports of one host that fail within the window.',
    hosts: 'Distinct hosts that fail on one port within the window.',
    windowSeconds: 'Length of the window, seconds.',
    failedShare: 'Share of the attempts that must fail, 0 to 1.',
    udpFactor: 'UDP needs this many times as many.',
    maxPairs: 'Pairs of source and goal held at once; beyond it the quietest is given up and counted.',
  },
  create: (options) => new PortScanDetector(options),
});
export default portScan;
