import type { CheckState } from '../model/index.ts';
import type { Nanos } from '../base/time.ts';

/** From this instant on the check was in this state; `null` = nobody measured (the monitor was off). */
export interface StateSince {
  readonly time: Nanos;
  readonly state: CheckState | null;
}

/** Time spent, in nanoseconds. Only the first three count for availability. */
export interface Availability {
  readonly up: Nanos;
  readonly degraded: Nanos;
  readonly down: Nanos;
  /** The monitor or the way there was at fault, or nothing is known: INCONCLUSIVE, UNREACHABLE, UNKNOWN. */
  readonly unknown: Nanos;
  readonly maintenance: Nanos;
  /** Nobody measured. */
  readonly gap: Nanos;
  /** (up + degraded) of what counts; NaN where nothing does. */
  readonly ratio: number;
  /** Share of the period that counts: what the ratio rests on. */
  readonly coverage: number;
  /** Times that the check went down, a state that lasts from before the period included. */
  readonly outages: number;
  /** Longest time down in a row, interrupted by nothing that counts: a gap in the middle neither ends it nor adds to it. */
  readonly longestOutage: Nanos;
}

/**
 * Availability of a period from the changes of state, ordered by time; what holds before the first of them is a gap.
 *
 * INCONCLUSIVE, UNREACHABLE, UNKNOWN, maintenance and gaps are neither up nor down: they leave the sum, and `coverage` says so.
 */
export function availabilityOf(states: readonly StateSince[], from: Nanos, to: Nanos): Availability {
  const time = { up: 0n, degraded: 0n, down: 0n, unknown: 0n, maintenance: 0n, gap: 0n };
  let outages = 0;
  let current = 0n;
  let longest = 0n;
  let wasDown = false;
  const spend = (state: CheckState | null, begins: Nanos, ends: Nanos): void => {
    const start = begins > from ? begins : from;
    const end = ends < to ? ends : to;
    if (end <= start) return;
    const span = end - start;
    time[bucketOf(state)] += span;
    if (state === 'DOWN') {
      if (!wasDown) outages++;
      current = wasDown ? current + span : span;
      wasDown = true;
      if (current > longest) longest = current;
    } else if (state === 'UP' || state === 'DEGRADED') wasDown = false;
  };
  spend(null, from, states[0]?.time ?? to);
  for (let i = 0; i < states.length; i++) spend(states[i].state, states[i].time, states[i + 1]?.time ?? to);
  const counted = time.up + time.degraded + time.down;
  const share = (part: Nanos, whole: Nanos): number => (whole <= 0n ? Number.NaN : Number((part * 1_000_000_000_000n) / whole) / 1e12);
  return { ...time, ratio: share(time.up + time.degraded, counted), coverage: to > from ? share(counted, to - from) : 0, outages, longestOutage: longest };
}

function bucketOf(state: CheckState | null): 'up' | 'degraded' | 'down' | 'unknown' | 'maintenance' | 'gap' {
  switch (state) {
    case null: return 'gap';
    case 'UP': return 'up';
    case 'DEGRADED': return 'degraded';
    case 'DOWN': return 'down';
    case 'MAINTENANCE': return 'maintenance';
    default: return 'unknown';
  }
}

export interface ErrorBudget {
  /** Time down that the objective allows in the whole period. */
  readonly allowed: Nanos;
  readonly spent: Nanos;
  /** Negative where it is overspent. */
  readonly left: Nanos;
  /** 1 = all of it is left, below 0 = overspent. */
  readonly leftRatio: number;
}

/** Error budget of an objective (0.999) over a period: what of it is spent. Time that does not count spends nothing. */
export function errorBudget(objective: number, period: Nanos, availability: Pick<Availability, 'down'>): ErrorBudget {
  const allowed = BigInt(Math.round(Number(period) * (1 - objective)));
  const left = allowed - availability.down;
  return { allowed, spent: availability.down, left, leftRatio: allowed === 0n ? (availability.down === 0n ? 1 : Number.NEGATIVE_INFINITY) : Number(left) / Number(allowed) };
}
