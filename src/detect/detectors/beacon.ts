import { GenerationMap } from '../../base/generation-map.ts';
import { formatIp, type IpHex } from '../../base/ip.ts';
import { secondsOf, type Nanos, NS_PER_SECOND } from '../../base/time.ts';
import type { FlowRecord, ProtocolRecord, RecordId, DatasetId } from '../../model/index.ts';
import { beaconScore, type BeaconScore } from '../beacon-score.ts';
import { defineDetector, type Detector, type DetectorContext } from '../define-detector.ts';
import { FirstSightings, KeyHash } from '../first-sightings.ts';
import { packetsBetween } from '../packet-filter.ts';

export interface BeaconOptions {
  /** Connections that a pair needs before it is judged. */
  readonly minConnections: number;
  /** Score from which a pair is reported, 0..1, after the modifiers. */
  readonly threshold: number;
  /** Length of the window, hours. */
  readonly windowHours: number;
  /** Taken off the score where at least half of our hosts talk to the same destination: updates, time, sign-in. */
  readonly commonPenalty: number;
  /** Pairs held at once. */
  readonly maxPairs: number;
  /** Seconds between judgements on live traffic. */
  readonly judgeEverySeconds: number;
}

interface Pair {
  src: IpHex;
  dst: IpHex;
  port: number;
  proto: number;
  dataset: DatasetId;
  /** Start of each connection, whole seconds, ascending. */
  times: number[];
  sizes: number[];
  /** Newest flows, which the finding names. */
  recent: { id: RecordId; frame: number }[];
  name: string | null;
  firing: boolean;
  judged: number;
}

/** More than this in a day is a strobe, not a beacon (RITA); it is also the bound on what one pair may hold. */
const MAX_TIMES = 8192;
const EVIDENCE_FLOWS = 200;

function severityOf(score: number): 'critical' | 'error' | 'warning' {
  return score >= 0.95 ? 'critical' : score >= 0.9 ? 'error' : 'warning';
}

class BeaconDetector implements Detector {
  readonly #o: BeaconOptions;
  readonly #pairs: GenerationMap<number, Pair>;
  /** Pairs that have spoken once: too little for any judgement. Their `values` are the bytes sent. */
  readonly #once: FirstSightings<null>;
  readonly #key = new KeyHash();
  /** Of ours, who talked to whom: prevalence. Hosts are bounded by the pairs'. */
  readonly #hosts = new Set<IpHex>();
  readonly #callers = new GenerationMap<IpHex, Set<IpHex>>(100_000);
  #start = Number.POSITIVE_INFINITY;
  #end = 0;
  #lastJudged = 0;

  constructor(options: BeaconOptions) {
    this.#o = options;
    this.#pairs = new GenerationMap(options.maxPairs);
    this.#once = new FirstSightings(options.maxPairs);
  }

  get evicted(): number {
    return this.#pairs.evicted + this.#once.evicted;
  }

  onFlow(flow: FlowRecord): void {
    // A beacon leaves our network; what stays inside is monitoring, backup, printing.
    if (flow.direction !== 'outbound' || (flow.proto !== 6 && flow.proto !== 17)) return;
    const at = Math.floor(secondsOf(flow.time));
    this.#start = Math.min(this.#start, at);
    this.#end = Math.max(this.#end, at);
    if (this.#hosts.size < 100_000) this.#hosts.add(flow.srcIp);
    let callers = this.#callers.touch(flow.dstIp);
    if (callers === undefined) this.#callers.set(flow.dstIp, (callers = new Set()));
    if (callers.size < 10_000) callers.add(flow.srcIp);
    const key = this.#keyOf(flow);
    let pair = this.#pairs.touch(key);
    if (pair === undefined) {
      const met = this.#once.find(key);
      if (met < 0) {
        this.#once.add(key, flow, null, flow.srcIpBytes);
        return;
      }
      pair = {
        src: flow.srcIp, dst: flow.dstIp, port: flow.dstPort, proto: flow.proto, dataset: this.#once.datasets[met],
        times: [Math.floor(secondsOf(this.#once.first[met]))], sizes: [this.#once.values[met]],
        recent: [{ id: this.#once.ids[met], frame: this.#once.frames[met] }], name: null, firing: false, judged: 0,
      };
      this.#once.remove(met);
      this.#pairs.set(key, pair);
    }
    insertByTime(pair, at, flow);
  }

  #keyOf(r: FlowRecord | ProtocolRecord): number {
    return this.#key.begin(r.proto).text(r.srcIp).text(r.dstIp).number(r.dstPort).value;
  }

  onRecord(record: ProtocolRecord): void {
    const name = record.kind === 'tls' ? record.serverName : record.kind === 'http' ? record.host : null;
    if (name === null || name === '') return;
    const key = this.#keyOf(record);
    const pair = this.#pairs.get(key);
    if (pair !== undefined) pair.name ??= name;
    else this.#names.set(key, name);
  }

  /** Names whose flow has not ended yet: the record comes before the flow that carried it. */
  readonly #names = new GenerationMap<number, string>(50_000);

  onTick(now: Nanos, ctx: DetectorContext): void {
    const second = Math.floor(secondsOf(now));
    if (second - this.#lastJudged < this.#o.judgeEverySeconds) return;
    this.#lastJudged = second;
    this.#expire(second - this.#o.windowHours * 3600, ctx);
    this.#judge(ctx);
  }

  onEnd(_now: Nanos, ctx: DetectorContext): void {
    this.#judge(ctx);
  }

  #expire(before: number, ctx: DetectorContext): void {
    this.#once.expire(BigInt(before) * NS_PER_SECOND);
    for (const [key, pair] of this.#pairs.entries()) {
      const keep = pair.times.findIndex((t) => t >= before);
      if (keep === 0) continue;
      if (keep < 0) {
        if (pair.firing) this.#emit(pair, null, ctx);
        this.#pairs.delete(key);
        continue;
      }
      pair.times.splice(0, keep);
      pair.sizes.splice(0, keep);
    }
    if (this.#start < before) this.#start = before;
  }

  #judge(ctx: DetectorContext): void {
    for (const [key, pair] of this.#pairs.entries()) {
      pair.name ??= this.#names.get(key) ?? null;
      if (pair.times.length < this.#o.minConnections || pair.times.length === pair.judged || pair.times.length >= MAX_TIMES) continue;
      pair.judged = pair.times.length;
      const parts = beaconScore(pair.times, pair.sizes, this.#start, this.#end);
      const prevalence = (this.#callers.get(pair.dst)?.size ?? 1) / Math.max(1, this.#hosts.size);
      // With fewer than three hosts of ours, prevalence says nothing.
      const common = this.#hosts.size >= 3 && prevalence >= 0.5;
      const score = common ? parts.score - this.#o.commonPenalty : parts.score;
      if (score >= this.#o.threshold && !pair.firing) {
        pair.firing = true;
        this.#emit(pair, { ...parts, score }, ctx, prevalence);
      }
    }
  }

  #emit(pair: Pair, parts: BeaconScore | null, ctx: DetectorContext, prevalence = 0): void {
    const first = BigInt(pair.times[0] ?? this.#end) * NS_PER_SECOND;
    const last = BigInt(pair.times.at(-1) ?? this.#end) * NS_PER_SECOND;
    const src = formatIp(pair.src);
    const dst = formatIp(pair.dst);
    const where = pair.name === null ? `${dst}:${pair.port}` : `${pair.name} (${dst}:${pair.port})`;
    const web = pair.port === 80 || pair.port === 443 || pair.port === 8080;
    ctx.emit({
      kind: 'detection',
      name: 'beacon',
      status: parts === null ? 'resolved' : 'firing',
      time: last,
      startsAt: first,
      labels: { alertname: 'beacon', src, dst, dst_port: String(pair.port), proto: pair.proto === 6 ? 'tcp' : 'udp', ...(pair.name === null ? {} : { domain: pair.name }) },
      annotations: {
        summary:
          parts === null
            ? `${src} no longer calls ${where}.`
            : `${src} calls ${where} every ${Math.round(parts.interval)} s: ${parts.connections} connections, score ${parts.score.toFixed(3)}.`,
        explanation:
          parts === null
            ? 'No connection in the window.'
            : `Even intervals ${parts.ts}, even request sizes ${parts.ds}, persistence ${parts.dur}, spread over the window ${parts.hist} (RITA's four parts, each 0 to 1); ${Math.round(prevalence * 100)} % of our hosts talk to this destination.`,
        remedy: 'Look at the process behind the connection on the source host. If it is known software, add the destination to the exceptions of the detector with a reason.',
      },
      severity: parts === null ? 'info' : severityOf(parts.score),
      confidence: parts === null ? 1 : Math.min(1, Math.max(0, parts.score)),
      techniques: web ? ['T1071.001'] : ['T1071', 'T1571'],
      evidence: [
        {
          kind: 'flow', dataset: pair.dataset, ids: pair.recent.map((r) => r.id), frames: pair.recent.map((r) => r.frame).sort((a, b) => a - b),
          filter: packetsBetween(pair.src, pair.dst, pair.proto, pair.port),
          from: first, to: last,
        },
      ],
      loss: ctx.loss,
      score: parts === null ? {} : {
        score: parts.score, timing: parts.ts, size: parts.ds, duration: parts.dur, histogram: parts.hist,
        interval_seconds: parts.interval, connections: parts.connections, prevalence,
      },
    });
    if (parts === null) pair.firing = false;
  }
}

/** Flows end out of order; keeps the pair's lists by start time. */
function insertByTime(pair: Pair, at: number, flow: FlowRecord): void {
  let i = pair.times.length;
  while (i > 0 && pair.times[i - 1] > at) i--;
  pair.times.splice(i, 0, at);
  pair.sizes.splice(i, 0, flow.srcIpBytes);
  pair.recent.push({ id: flow.id, frame: flow.firstFrame });
  if (pair.recent.length > EVIDENCE_FLOWS) pair.recent.shift();
  if (pair.times.length > MAX_TIMES) {
    pair.times.shift();
    pair.sizes.shift();
  }
}

export const beacon = defineDetector<BeaconOptions>({
  name: 'beacon',
  title: 'Beaconing to a command-and-control server',
  techniques: ['T1071', 'T1071.001', 'T1571'],
  defaults: { minConnections: 20, threshold: 0.8, windowHours: 24, commonPenalty: 0.25, maxPairs: 50_000, judgeEverySeconds: 60 },
  optionHelp: {
    minConnections: 'Connections of one pair of hosts before it is judged.',
    threshold: 'Score from which a pair is reported, 0 to 1.',
    windowHours: 'Hours that are judged together.',
    commonPenalty: 'Taken off the score where at least half of our hosts talk to the destination.',
    maxPairs: 'Pairs held at once; beyond it the quietest is given up and counted.',
    judgeEverySeconds: 'Seconds between judgements on live traffic.',
  },
  create: (options) => new BeaconDetector(options),
});
export default beacon;
