import { createHash } from 'node:crypto';
import { Cron } from 'croner';
import { compileMatchers, parseMatcher, type RegexEngine } from '../alert/matcher.ts';
import type { MaintenanceWindow, Silence } from '../alert/mute.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import { nanosFromMs, type Nanos } from '../base/time.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { CheckSpec } from '../probe/check-spec.ts';
import type { MaintenancePlan } from '../probe/prober-messages.ts';

/** Windows are made this far ahead; they are made anew long before that is over. */
const AHEAD_MS = 48 * 3_600_000;
const MAX_WINDOWS = 200;

function idOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 16);
}

/** The windows that are open at `nowMs` or begin within two days, by the schedules' own time zones (daylight saving included). */
export function maintenanceWindows({ config }: LoadedConfig, nowMs: number): MaintenanceWindow[] {
  return config.alerting.maintenance.flatMap((entry) => {
    const schedule = new Cron(entry.schedule, { timezone: entry.timezone, paused: true });
    const windows: MaintenanceWindow[] = [];
    let from = new Date(nowMs - entry.duration);
    for (let i = 0; i < MAX_WINDOWS; i++) {
      const begin = schedule.nextRun(from);
      if (begin === null || begin.getTime() > nowMs + AHEAD_MS) break;
      const startsAt = nanosFromMs(begin.getTime());
      windows.push({ id: `maintenance-${idOf(entry)}-${startsAt}`, matchers: entry.matchers.map(parseMatcher), startsAt, endsAt: startsAt + nanosFromMs(entry.duration), reason: entry.reason });
      from = begin;
    }
    schedule.stop();
    return windows;
  });
}

/** Silences of the configuration that are not over; equal entries have equal ids, so that a restart makes none twice. */
export function configuredSilences({ config }: LoadedConfig, now: Nanos): Silence[] {
  return config.alerting.silences
    .map((entry): Silence => ({
      id: `config-${idOf(entry)}`, matchers: entry.matchers.map(parseMatcher), startsAt: nanosFromMs(Date.parse(entry.from)), endsAt: nanosFromMs(Date.parse(entry.to)),
      createdBy: 'configuration', comment: entry.comment,
    }))
    .filter((s) => s.endsAt > now);
}

/** Which checks those windows are about: by the labels that their alerts would carry. The prober measures them and does not judge. */
export function maintainedChecks(windows: readonly MaintenanceWindow[], checks: readonly CheckSpec[], regex: RegexEngine): MaintenancePlan[] {
  return windows.map((w) => {
    const matches = compileMatchers(w.matchers, regex);
    const ids = checks.filter((c) => matches({ host: c.address, name: c.targetId, ...c.labels, probe: c.probe, target: c.targetId, check: c.id })).map((c) => c.id);
    return { checks: ids, startsAt: w.startsAt, endsAt: w.endsAt, reason: w.reason };
  });
}
