/** One pair of windows over which an error budget burns too fast (Google's SRE workbook, chapter 5). */
export interface BurnWindow {
  readonly severity: 'page' | 'ticket';
  /** Share of the whole period's budget that is gone when it fires. */
  readonly budget: number;
  readonly longMs: number;
  readonly shortMs: number;
}

const HOUR = 3_600_000;

export const BURN_WINDOWS: readonly BurnWindow[] = [
  { severity: 'page', budget: 0.02, longMs: HOUR, shortMs: HOUR / 12 },
  { severity: 'page', budget: 0.05, longMs: 6 * HOUR, shortMs: HOUR / 2 },
  { severity: 'ticket', budget: 0.1, longMs: 24 * HOUR, shortMs: 2 * HOUR },
  { severity: 'ticket', budget: 0.1, longMs: 72 * HOUR, shortMs: 6 * HOUR },
];

/** How many times faster than evenly the budget burns where `budget` of it goes within the long window. */
export function burnFactor(window: BurnWindow, periodMs: number): number {
  return (window.budget * periodMs) / window.longMs;
}

/** Rounds of a window. What was inconclusive, under maintenance or not measured is in neither number. */
export interface Rounds {
  readonly bad: number;
  readonly total: number;
}

/** Error rate over what the objective allows: 1 = the budget lasts exactly the period. 0 where nothing was measured. */
export function burnRate(rounds: Rounds, objective: number): number {
  return rounds.total === 0 ? 0 : rounds.bad / rounds.total / (1 - objective);
}

/** With fewer bad rounds than this in a window nothing fires: one lost round of thirty is 33 times the budget of 99.9 %. */
export const LEAST_BAD = 3;

export interface Burn {
  readonly window: BurnWindow;
  readonly factor: number;
  readonly long: number;
  readonly short: number;
  readonly fires: boolean;
}

/**
 * Judges all pairs of windows: one fires where the long and the short one both burn faster than its factor, and both hold so many
 * bad rounds. The short one ends the alert soon after the trouble.
 *
 * @param count rounds of the last so many milliseconds
 */
export function judgeBurn(objective: number, periodMs: number, count: (windowMs: number) => Rounds, leastBad = LEAST_BAD): Burn[] {
  return BURN_WINDOWS.map((window) => {
    const factor = burnFactor(window, periodMs);
    const [long, short] = [count(window.longMs), count(window.shortMs)];
    const [longRate, shortRate] = [burnRate(long, objective), burnRate(short, objective)];
    return { window, factor, long: longRate, short: shortRate, fires: longRate > factor && shortRate > factor && long.bad >= leastBad && short.bad >= leastBad };
  });
}
