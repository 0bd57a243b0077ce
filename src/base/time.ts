/**
 * Instants as integer nanoseconds since the epoch, UTC.
 *
 * Records carry `Nanos`; the packet path keeps two integers (seconds, nanoseconds) instead, because a bigint allocates.
 */
export type Nanos = bigint;

export const NS_PER_SECOND = 1_000_000_000n;
export const NS_PER_MS = 1_000_000n;

/** Joins the packet path's two integers. */
export function nanosOf(seconds: number, nanoseconds: number): Nanos {
  return BigInt(seconds) * NS_PER_SECOND + BigInt(nanoseconds);
}

/** Nanoseconds of a count of milliseconds (fractions are kept to the nanosecond). */
export function nanosFromMs(ms: number): Nanos {
  const whole = Math.trunc(ms);
  return BigInt(whole) * NS_PER_MS + BigInt(Math.round((ms - whole) * 1e6));
}

/** Milliseconds as a double: exact to about a quarter microsecond for instants of this century. */
export function msOf(t: Nanos): number {
  return Number(t / NS_PER_MS) + Number(t % NS_PER_MS) / 1e6;
}

/** Seconds as a double, for durations and statistics. */
export function secondsOf(t: Nanos): number {
  return Number(t / NS_PER_SECOND) + Number(t % NS_PER_SECOND) / 1e9;
}

/** ISO 8601 in UTC with `digits` decimals of the second (0 to 9), for instants from year 1 to 9999 (RFC 3339). */
export function isoTime(t: Nanos, digits = 6): string {
  let seconds = t / NS_PER_SECOND;
  let fraction = t % NS_PER_SECOND;
  if (fraction < 0n) {
    fraction += NS_PER_SECOND;
    seconds -= 1n;
  }
  const days = Number(seconds >= 0n ? seconds / 86_400n : (seconds - 86_399n) / 86_400n);
  const second = Number(seconds - BigInt(days) * 86_400n);
  const [y, m, d] = civilFromDays(days);
  const clock = [second / 3600, (second % 3600) / 60, second % 60].map((v) => String(Math.trunc(v)).padStart(2, '0')).join(':');
  const date = `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
  const decimals = digits === 0 ? '' : `.${String(fraction).padStart(9, '0').slice(0, digits)}`;
  return `${date}T${clock}${decimals}Z`;
}

/** Gregorian year, month and day of a count of days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
export function civilFromDays(days: number): [number, number, number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return [yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - Math.floor((153 * mp + 2) / 5) + 1];
}

/** Days since 1970-01-01 of a date of the Gregorian calendar; the inverse of `civilFromDays`. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const yearOfEra = y - era * 400;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

/** `2026-11-21` for an instant: the name of the day file that it belongs to. */
export function dayOf(t: Nanos): string {
  return isoTime(t, 0).slice(0, 10);
}

const UNIT_MS: Record<string, number> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of a text such as `90s`, `1h30m`, `250ms`, `2d`; undefined where it is not a duration. */
export function parseDurationMs(text: string): number | undefined {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d|w)/g)];
  if (parts.length === 0 || parts.map((p) => p[0]).join('') !== text.trim()) return undefined;
  return parts.reduce((sum, p) => sum + Number(p[1]) * UNIT_MS[p[2]], 0);
}

/** A duration as people write it: `1h 4m`, `2.50 s`, `350 ms`. */
export function formatDurationMs(ms: number): string {
  if (ms < 1000) return `${Number(ms.toPrecision(3))} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes}m ${Math.round((ms % 60_000) / 1000)}s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours}h ${minutes % 60}m` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}
