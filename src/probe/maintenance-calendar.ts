import { WirewatchError } from '../base/errors.ts';
import { daysFromCivil, civilFromDays, type Nanos } from '../base/time.ts';

/** Recurring planned work by the wall clock of a place. */
export interface MaintenanceCalendar {
  /** `02:00`: when it begins there. */
  readonly start: string;
  readonly durationMs: number;
  /** 0 = Sunday; none = every day. */
  readonly weekdays: readonly number[];
  /** 1 to 31, -1 = the last day; none = every day. */
  readonly daysOfMonth: readonly number[];
  /** IANA name. */
  readonly timezone: string;
}

export interface Occurrence {
  readonly startsAt: Nanos;
  readonly endsAt: Nanos;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Occurrences that one question may have: a window a day for ten years. */
const MAX_OCCURRENCES = 3700;

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timezone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timezone);
  if (clock === undefined) {
    try {
      clock = new Intl.DateTimeFormat('en-US', { timeZone: timezone, calendar: 'gregory', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
    } catch (cause) {
      throw new WirewatchError('WW_CONFIG_VALUE', `there is no time zone ${timezone}`, { where: timezone, remedy: 'Write an IANA name, such as Europe/Berlin.', cause });
    }
    clocks.set(timezone, clock);
  }
  return clock;
}

/** What the clocks there show at an instant, as if it were UTC; milliseconds. */
function wallOf(timezone: string, ms: number): number {
  const parts = new Map(clockOf(timezone).formatToParts(ms).map((p) => [p.type, Number(p.value)]));
  const get = (part: Intl.DateTimeFormatPartTypes): number => parts.get(part) ?? 0;
  return daysFromCivil(get('year'), get('month'), get('day')) * DAY_MS + (get('hour') * 60 + get('minute')) * MINUTE_MS + get('second') * 1000;
}

/**
 * The instant at which the clocks there show `wall`. A time that comes twice is its first; one that is skipped is taken with the
 * offset from before the change, so that 02:30 becomes 03:30 (RFC 5545 §3.3.5).
 */
export function instantOf(timezone: string, wall: number): number {
  const before = wallOf(timezone, wall - DAY_MS) - (wall - DAY_MS);
  const after = wallOf(timezone, wall + DAY_MS) - (wall + DAY_MS);
  const early = wall - before;
  if (wallOf(timezone, early) === wall) return early;
  const late = wall - after;
  return wallOf(timezone, late) === wall ? late : early;
}

/** When the work takes place between two instants, in order; what began before and still lasts is in it. Lengths are of real time. */
export function maintenanceBetween(calendar: MaintenanceCalendar, from: Nanos, to: Nanos): Occurrence[] {
  const begins = /^(\d{2}):(\d{2})$/.exec(calendar.start);
  if (begins === null || Number(begins[1]) > 23 || Number(begins[2]) > 59) throw new WirewatchError('WW_CONFIG_VALUE', `not a time of day: ${calendar.start}`, { where: calendar.start, remedy: 'Write HH:MM.' });
  const minutes = Number(begins[1]) * 60 + Number(begins[2]);
  const fromMs = Number(from / 1_000_000n);
  const toMs = Number(to / 1_000_000n);
  const firstDay = Math.floor(wallOf(calendar.timezone, fromMs - calendar.durationMs) / DAY_MS) - 1;
  const lastDay = Math.floor(wallOf(calendar.timezone, toMs) / DAY_MS) + 1;
  const found: Occurrence[] = [];
  for (let day = firstDay; day <= lastDay && found.length < MAX_OCCURRENCES; day++) {
    if (!isDayOf(calendar, day)) continue;
    const start = instantOf(calendar.timezone, day * DAY_MS + minutes * MINUTE_MS);
    if (start < toMs && start + calendar.durationMs > fromMs) found.push({ startsAt: BigInt(start) * 1_000_000n, endsAt: BigInt(start + calendar.durationMs) * 1_000_000n });
  }
  return found;
}

function isDayOf(calendar: MaintenanceCalendar, day: number): boolean {
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  if (calendar.weekdays.length > 0 && !calendar.weekdays.includes(weekday)) return false;
  if (calendar.daysOfMonth.length === 0) return true;
  const [year, month, dayOfMonth] = civilFromDays(day);
  const length = daysFromCivil(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - daysFromCivil(year, month, 1);
  return calendar.daysOfMonth.some((d) => (d < 0 ? length + d + 1 : d) === dayOfMonth);
}
