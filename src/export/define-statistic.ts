import type { Packet } from '../wire/packet.ts';
import type { Registry } from '../wire/registry.ts';

export interface StatisticOptions {
  /** Length of an interval of traffic over time. */
  readonly intervalSeconds: number;
  /** Rows that a ranking shows. */
  readonly top: number;
}

/** One count under way: every packet that the filter takes, then the result in the forms that people and programs want. */
export interface StatisticRun {
  packet(p: Packet): void;
  /** For people: aligned lines, empty where nothing was counted. */
  text(): string;
  /** Plain data, the same whatever the form. */
  json(): unknown;
  /** A picture, for those that people would rather look at. */
  svg?(): string;
}

/** One way to count packets: one file in export/statistics exports one of these. */
export interface Statistic {
  readonly name: string;
  readonly title: string;
  /** Names that tshark's `-z` has for it, without their arguments. */
  readonly taps: readonly string[];
  /** Left out unless asked for by name: long, or of use only with a filter. */
  readonly onlyOnDemand?: boolean;
  /** Fields that packets must keep; those that the registry lacks are passed over. */
  readonly fields: readonly string[];
  /** Needs what dissectors note. */
  readonly experts?: boolean;
  /** Needs every value of a packet (its columns). */
  readonly tree?: boolean;
  create(registry: Registry, options: StatisticOptions): StatisticRun;
}

export function defineStatistic(statistic: Statistic): Statistic {
  return statistic;
}

/** Rows under their heads: numbers to the right, texts to the left. */
export function tableText(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  if (rows.length === 0) return '';
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((row) => String(row[i]).length)));
  const line = (cells: readonly (string | number)[]): string => cells.map((c, i) => (typeof c === 'number' ? String(c).padStart(widths[i]) : String(c).padEnd(widths[i]))).join('  ').trimEnd();
  return `${line(head)}\n${rows.map((row) => `${line(row)}\n`).join('')}`;
}

/** Counts by key, with a limit: what comes beyond it is counted as one sum. */
export class Tally {
  readonly counts = new Map<string, number>();
  beyond = 0;
  readonly #most: number;

  constructor(most = 100_000) {
    this.#most = most;
  }

  add(key: string, n = 1): void {
    const now = this.counts.get(key);
    if (now === undefined && this.counts.size >= this.#most) this.beyond += n;
    else this.counts.set(key, (now ?? 0) + n);
  }

  /** The largest counts, ties by key. */
  top(n: number): { readonly key: string; readonly count: number }[] {
    return [...this.counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, n).map(([key, count]) => ({ key, count }));
  }
}

/** Seconds since the first packet that was counted, and how long the counting lasted. */
export class Elapsed {
  #origin = 0;
  #first = 0;
  #started = false;
  duration = 0;

  of(p: Packet): number {
    if (!this.#started) {
      this.#started = true;
      this.#origin = p.seconds;
      this.#first = p.nanoseconds / 1e9;
    }
    const now = p.seconds - this.#origin + p.nanoseconds / 1e9 - this.#first;
    if (now > this.duration) this.duration = now;
    return now;
  }
}
