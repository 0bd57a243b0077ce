/**
 * When each check's rounds begin: on a grid of its interval, shifted by a share that its id decides, so that checks are spread.
 *
 * Pure; times are milliseconds of a monotonic clock. A round that is late does not move the grid: nothing drifts. Rounds that
 * were missed altogether (the machine slept) are skipped and counted, not made up for.
 */
export interface Slot {
  readonly id: string;
  readonly intervalMs: number;
  /** Beginning of the grid. */
  readonly originMs: number;
  dueMs: number;
  skipped: number;
}

/** A number 0..1 that follows from the id alone (FNV-1a). */
export function spreadOf(id: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) h = Math.imul(h ^ id.charCodeAt(i), 0x01000193);
  return (h >>> 0) / 2 ** 32;
}

/** The first round comes within `firstWithinMs`, or one interval, whichever is sooner. */
export function createSlot(id: string, intervalMs: number, nowMs: number, firstWithinMs = 2000): Slot {
  const originMs = nowMs + spreadOf(id) * Math.min(intervalMs, firstWithinMs);
  return { id, intervalMs, originMs, dueMs: originMs, skipped: 0 };
}

/** Sets the round after one that began at `dueMs`: the next on the grid, or earlier for a re-check. */
export function scheduleNext(slot: Slot, nowMs: number, recheckMs: number | null): void {
  const periods = Math.floor((nowMs - slot.originMs) / slot.intervalMs) + 1;
  const next = slot.originMs + Math.max(1, periods) * slot.intervalMs;
  slot.skipped += Math.max(0, Math.round((next - slot.dueMs) / slot.intervalMs) - 1);
  slot.dueMs = recheckMs === null ? next : Math.min(next, nowMs + recheckMs);
}
