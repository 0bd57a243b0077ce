import { nanosFromMs, type Nanos } from '../base/time.ts';
import type { NotifyReason } from '../model/index.ts';

/** What a receiver was last told about a group. */
export interface NotifyLogEntry {
  /** When. */
  readonly time: Nanos;
  /** Fingerprints told as firing, and not yet told as resolved. */
  readonly firing: readonly string[];
  /** Fingerprints told as resolved. */
  readonly resolved: readonly string[];
}

/** What the group looks like now. */
export interface GroupView {
  /** Firing and not muted. */
  readonly firing: readonly string[];
  /** Firing, but silenced, inhibited or in maintenance. */
  readonly muted: readonly string[];
  readonly resolved: readonly string[];
}

export interface DedupOptions {
  readonly repeatIntervalMs: number;
  readonly sendResolved: boolean;
}

export interface DedupVerdict {
  readonly notify: boolean;
  readonly reason: NotifyReason;
}

const no = (reason: NotifyReason): DedupVerdict => ({ notify: false, reason });
const yes = (reason: NotifyReason): DedupVerdict => ({ notify: true, reason });

/**
 * Alertmanager's deduplication table, row by row, with one deliberate difference: a muted alert that was told as firing is not
 * taken for resolved, and its later resolve is told although it is muted (alertmanager#226).
 *
 * `entry` is undefined where the receiver was never told about this group. Rows in the order of the tests in dedup.test.ts.
 */
export function decideNotify(entry: NotifyLogEntry | undefined, now: Nanos, group: GroupView, options: DedupOptions): DedupVerdict {
  if (entry === undefined) return group.firing.length > 0 ? yes('first') : no('never_told');
  if (group.firing.some((f) => !entry.firing.includes(f))) return yes(entry.firing.length === 0 ? 'first' : 'new_alerts');
  const stillFiring = group.firing.length > 0 || group.muted.some((f) => entry.firing.includes(f));
  if (!stillFiring) return entry.firing.length > 0 ? yes('resolved') : no(group.resolved.length > 0 ? 'never_told' : 'nothing_new');
  if (options.sendResolved && group.resolved.some((f) => !entry.resolved.includes(f))) return yes('resolved');
  if (group.firing.length > 0 && now - entry.time >= nanosFromMs(options.repeatIntervalMs)) return yes('repeat');
  return no('nothing_new');
}
