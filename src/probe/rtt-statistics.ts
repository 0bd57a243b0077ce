import { medianOfSorted, percentileOfSorted, wilsonInterval } from '../base/statistics.ts';
import { estimateMos } from './mos.ts';

/** What a burst's samples say. Times in nanoseconds; NaN where nothing answered. */
export interface RttStatistics {
  readonly sent: number;
  readonly received: number;
  readonly lossRatio: number;
  /** 95 % confidence of the loss (Wilson): 1 of 20 is 1 to 24 %. */
  readonly lossLow: number;
  readonly lossHigh: number;
  readonly minNs: number;
  readonly averageNs: number;
  readonly medianNs: number;
  readonly p95Ns: number;
  readonly maxNs: number;
  /** Smoothed jitter of RFC 3550 §6.4.1, over neighbouring answered probes. */
  readonly jitterNs: number;
  /** Mean absolute difference of neighbouring answered probes (IPDV, RFC 3393). */
  readonly ipdvNs: number;
  /** Delay variation of RFC 5481 §4.2: each sample less the least one, at its median, 95th and 99th percentile. */
  readonly pdv50Ns: number;
  readonly pdv95Ns: number;
  readonly pdv99Ns: number;
}

export function rttStatistics(samples: readonly (number | null)[]): RttStatistics {
  const answered = samples.filter((s): s is number => s !== null);
  const sorted = answered.toSorted((a, b) => a - b);
  let jitter = 0;
  let variation = 0;
  let pairs = 0;
  for (let i = 1; i < samples.length; i++) {
    const [a, b] = [samples[i - 1], samples[i]];
    if (a === null || b === null) continue;
    const d = Math.abs(b - a);
    jitter += (d - jitter) / 16;
    variation += d;
    pairs++;
  }
  const lost = samples.length - answered.length;
  const [lossLow, lossHigh] = wilsonInterval(lost, samples.length);
  return {
    sent: samples.length, received: answered.length, lossRatio: samples.length === 0 ? 0 : lost / samples.length, lossLow, lossHigh,
    minNs: sorted[0] ?? Number.NaN, averageNs: answered.reduce((sum, v) => sum + v, 0) / answered.length, medianNs: medianOfSorted(sorted),
    p95Ns: percentileOfSorted(sorted, 0.95), maxNs: sorted.at(-1) ?? Number.NaN,
    pdv50Ns: percentileOfSorted(sorted, 0.5) - (sorted[0] ?? Number.NaN), pdv95Ns: percentileOfSorted(sorted, 0.95) - (sorted[0] ?? Number.NaN),
    pdv99Ns: percentileOfSorted(sorted, 0.99) - (sorted[0] ?? Number.NaN),
    jitterNs: pairs === 0 ? Number.NaN : jitter, ipdvNs: pairs === 0 ? Number.NaN : variation / pairs,
  };
}

/** The same as named measurements in base units; what is not known is left out. */
export function rttMeasurements(s: RttStatistics): Record<string, number> {
  const seconds: Record<string, number> = {
    rtt_min_seconds: s.minNs, rtt_average_seconds: s.averageNs, rtt_median_seconds: s.medianNs, rtt_p95_seconds: s.p95Ns, rtt_max_seconds: s.maxNs,
    jitter_seconds: s.jitterNs, ipdv_seconds: s.ipdvNs, ...(s.received > 1 ? { pdv_p50_seconds: s.pdv50Ns, pdv_p95_seconds: s.pdv95Ns, pdv_p99_seconds: s.pdv99Ns } : {}),
  };
  const out: Record<string, number> = { loss_ratio: s.lossRatio, loss_low_ratio: s.lossLow, loss_high_ratio: s.lossHigh };
  for (const [name, ns] of Object.entries(seconds)) if (!Number.isNaN(ns)) out[name] = ns / 1e9;
  // One sample has no jitter: a score of it would be a guess.
  if (!Number.isNaN(s.ipdvNs)) {
    const quality = estimateMos(s.averageNs / 1e6, s.ipdvNs / 1e6, s.lossRatio);
    out.mos = quality.mos;
    out.r_factor = quality.r;
  }
  return out;
}
