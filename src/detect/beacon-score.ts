import { medianOfSorted, populationDeviation, meanOf } from '../base/statistics.ts';

/**
 * RITA's beacon score (version 5), written anew from its published formula.
 *
 * A beacon calls home at even intervals (`ts`), sends requests of even size (`ds`), does so all day (`dur`) and evenly through
 * the day (`hist`). Each part is 0..1, the score is their mean. Times are whole seconds.
 */
export interface BeaconScore {
  readonly score: number;
  readonly ts: number;
  readonly ds: number;
  readonly dur: number;
  readonly hist: number;
  /** Median interval, seconds. */
  readonly interval: number;
  readonly connections: number;
}

/** Bins of the histogram: hours of the day at RITA; here the window in 24 parts, so that a short capture is judged too. */
const BINS = 24;
const MIN_INTERVALS = 3;

const round3 = (v: number): number => Math.round(v * 1000) / 1000;
const ceil3 = (v: number): number => Math.ceil(v * 1000) / 1000;

/** First and third quartile: medians of the halves, without the middle element where the count is odd. */
export function quartiles(sorted: readonly number[]): { q1: number; q2: number; q3: number } {
  const n = sorted.length;
  const half = n >> 1;
  return {
    q1: medianOfSorted(sorted.slice(0, half)),
    q2: medianOfSorted(sorted),
    q3: medianOfSorted(sorted.slice(n % 2 === 0 ? half : half + 1)),
  };
}

/** Bowley's skewness; 0 where the quartiles are too close to say (RITA: less than 10 apart, or the median on one of them). */
export function bowleySkew(sorted: readonly number[]): number {
  const { q1, q2, q3 } = quartiles(sorted);
  if (q3 - q1 < 10 || q2 === q1 || q2 === q3) return 0;
  return (q1 + q3 - 2 * q2) / (q3 - q1);
}

/** How little the values scatter: even skew and small median absolute deviation, each half. `fallback` where the median is below 1. */
export function regularity(values: readonly number[], fallback: number): number {
  if (values.length < MIN_INTERVALS) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const median = medianOfSorted(sorted);
  const deviations = sorted.map((v) => Math.abs(v - median)).sort((a, b) => a - b);
  const mad = median >= 1 ? Math.max(0, (median - medianOfSorted(deviations)) / median) : fallback;
  return round3((1 - Math.abs(bowleySkew(sorted)) + mad) / 2);
}

/** Counts of the times in `BINS` equal parts of `[start, end]`. */
export function histogram(times: readonly number[], start: number, end: number): number[] {
  const bins = Array.from({ length: BINS }, () => 0);
  const width = (end - start) / BINS;
  for (const t of times) bins[width <= 0 ? 0 : Math.min(BINS - 1, Math.max(0, Math.floor((t - start) / width)))]++;
  return bins;
}

/** Evenness over the window: 1 - coefficient of variation, or how well two levels explain the bins. */
export function histogramScore(bins: readonly number[]): number {
  const mean = meanOf(bins);
  const cv = mean === 0 ? 2 : populationDeviation(bins) / mean;
  const even = cv > 1 ? 0 : round3(1 - cv);
  const used = bins.filter((b) => b > 0);
  if (used.length < 11) return even;
  const size = Math.ceil(Math.max(...bins) * 0.05);
  const frequency = new Map<number, number>();
  for (const b of used) frequency.set(Math.floor(b / size), (frequency.get(Math.floor(b / size)) ?? 0) + 1);
  const top = [...frequency.values()].sort((a, b) => b - a);
  const fit = Math.min(1, (top[0] + (top[1] ?? 0)) / Math.max(used.length - 1, 1));
  return Math.max(even, round3(fit));
}

/** Longest run of non-empty bins; the window wraps as a day does. */
function longestRun(bins: readonly number[]): number {
  let best = 0;
  let run = 0;
  for (let i = 0; i < 2 * bins.length; i++) {
    run = bins[i % bins.length] > 0 ? run + 1 : 0;
    best = Math.max(best, run);
  }
  return Math.min(best, bins.length);
}

export function durationScore(bins: readonly number[], first: number, last: number, start: number, end: number): number {
  if (bins.filter((b) => b > 0).length < 6 || end <= start) return 0;
  const coverage = Math.min(1, ceil3((last - first) / (end - start)));
  const consistency = Math.min(1, ceil3(longestRun(bins) / 12));
  return Math.max(coverage, consistency);
}

/**
 * Scores one pair of hosts.
 *
 * @param times start of each connection, whole seconds, ascending; equal ones count once
 * @param sizes originator bytes of each connection
 * @param start first and last instant of the data that is judged, seconds: the window, not the pair's own span
 */
export function beaconScore(times: readonly number[], sizes: readonly number[], start: number, end: number): BeaconScore {
  const intervals: number[] = [];
  for (let i = 1; i < times.length; i++) if (times[i] > times[i - 1]) intervals.push(times[i] - times[i - 1]);
  const ts = regularity(intervals, 1);
  const ds = regularity(sizes, 0);
  const bins = histogram(times, start, end);
  const hist = histogramScore(bins);
  const dur = durationScore(bins, times[0], times[times.length - 1], start, end);
  const sorted = intervals.toSorted((a, b) => a - b);
  return { score: round3((ts + ds + dur + hist) / 4), ts, ds, dur, hist, interval: medianOfSorted(sorted), connections: times.length };
}
