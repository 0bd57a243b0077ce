import { wilsonInterval } from '../../base/statistics.ts';
import type { PathTrace } from '../../model/index.ts';

/**
 * What a hop's silence means.
 *
 * - `clean`: it answers all.
 * - `silent`: it never answers, and what lies behind it does: it does not speak to tracers.
 * - `rate_limited`: it answers some, and what lies behind it answers more: it saves itself the work, no packet is lost.
 * - `loss`: what is missing here is missing at every hop behind it and at the target: packets are lost here or just before.
 * - `beyond`: nothing answers from here on, in no round.
 */
export type HopVerdict = 'clean' | 'silent' | 'rate_limited' | 'loss' | 'beyond';

export interface HopStatistics {
  readonly ttl: number;
  readonly addresses: readonly string[];
  readonly sent: number;
  readonly received: number;
  readonly lossRatio: number;
  /** Probes unanswered here and at all hops behind it in their round: lost on the way there. Counted at the first such hop. */
  readonly lostForward: number;
  /** Unanswered here, while a hop behind it answered in the same round: the answer was lost, or never sent. */
  readonly unanswered: number;
  /** Nanoseconds; NaN where nothing answered. */
  readonly lastNs: number;
  readonly bestNs: number;
  readonly averageNs: number;
  readonly worstNs: number;
  readonly deviationNs: number;
  readonly verdict: HopVerdict;
}

interface Hop {
  readonly addresses: Set<string>;
  sent: number;
  received: number;
  lostForward: number;
  unanswered: number;
  lastNs: number;
  bestNs: number;
  worstNs: number;
  sum: number;
  sumOfSquares: number;
}

const newHop = (): Hop => ({ addresses: new Set(), sent: 0, received: 0, lostForward: 0, unanswered: 0, lastNs: Number.NaN, bestNs: Number.POSITIVE_INFINITY, worstNs: Number.NEGATIVE_INFINITY, sum: 0, sumOfSquares: 0 });
const MAX_ADDRESSES = 16;

/** Adds up the rounds of one path, as mtr shows them. Numbers of a path that became longer or shorter are not mixed: it begins anew. */
export class PathStatistics {
  /** Rounds in these numbers. */
  rounds = 0;
  /** Times that the path changed its length, and the numbers began anew. */
  resets = 0;
  #hops: Hop[] = [];
  #length = 0;

  add(trace: PathTrace): void {
    // A round in which the target was not reached has no length to compare.
    if (trace.reached && this.#length > 0 && trace.hops.length !== this.#length) {
      if (trace.hops.length < this.#length && this.#wasTarget(trace.hops.length, trace.address)) this.#hops.length = trace.hops.length;
      else {
        this.#hops = [];
        this.rounds = 0;
        this.resets++;
      }
    }
    if (trace.reached) this.#length = trace.hops.length;
    const probes = Math.max(0, ...trace.hops.map((h) => h.rttNs.length));
    for (let i = 0; i < probes; i++) this.#addRound(trace, i);
  }

  hops(): HopStatistics[] {
    const end = this.#hops.findLastIndex((h) => h.received > 0);
    return this.#hops.map((h, i) => ({
      ttl: i + 1, addresses: [...h.addresses], sent: h.sent, received: h.received, lossRatio: h.sent === 0 ? 0 : 1 - h.received / h.sent, lostForward: h.lostForward, unanswered: h.unanswered,
      lastNs: h.lastNs, bestNs: h.received === 0 ? Number.NaN : h.bestNs, worstNs: h.received === 0 ? Number.NaN : h.worstNs, averageNs: h.sum / h.received,
      deviationNs: Math.sqrt(Math.max(0, h.sumOfSquares / h.received - (h.sum / h.received) ** 2)),
      verdict: i > end ? 'beyond' : this.#verdict(i, end),
    }));
  }

  /** Did nobody but the target ever answer from that hop on? Then it was as near all the time, and its first answers were lost. */
  #wasTarget(ttl: number, target: string): boolean {
    return this.#hops.slice(ttl - 1).every((h) => [...h.addresses].every((a) => a === target));
  }

  #addRound(trace: PathTrace, probe: number): void {
    this.rounds++;
    const length = Math.max(trace.hops.length, trace.reached ? 0 : this.#length);
    while (this.#hops.length < length) this.#hops.push(newHop());
    const rtts = Array.from({ length }, (_, i) => trace.hops[i]?.rttNs[probe] ?? null);
    const lastHeard = rtts.findLastIndex((r) => r !== null);
    rtts.forEach((rtt, i) => {
      const hop = this.#hops[i];
      hop.sent++;
      for (const address of trace.hops[i]?.addresses ?? []) if (hop.addresses.size < MAX_ADDRESSES) hop.addresses.add(address);
      if (rtt !== null) {
        hop.received++;
        hop.lastNs = rtt;
        hop.bestNs = Math.min(hop.bestNs, rtt);
        hop.worstNs = Math.max(hop.worstNs, rtt);
        hop.sum += rtt;
        hop.sumOfSquares += rtt * rtt;
      } else if (i < lastHeard) hop.unanswered++;
      else if (i === lastHeard + 1) hop.lostForward++;
    });
  }

  /** Loss is real where it persists: every hop behind that speaks at all lacks at least as much, within what chance allows. */
  #verdict(at: number, end: number): HopVerdict {
    const hop = this.#hops[at];
    if (hop.received === hop.sent) return 'clean';
    if (hop.received === 0) return 'silent';
    const [low] = wilsonInterval(hop.sent - hop.received, hop.sent);
    for (let i = at + 1; i <= end; i++) {
      const behind = this.#hops[i];
      if (behind.received === 0) continue;
      const [, high] = wilsonInterval(behind.sent - behind.received, behind.sent);
      if (behind.received === behind.sent || high < low) return 'rate_limited';
    }
    return 'loss';
  }
}
