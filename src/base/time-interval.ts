import { WirewatchError } from './errors.ts';
import { msOf, type Nanos } from './time.ts';

/** Both ends included. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** A recurring time, as Alertmanager has it: every part that is given must hold; of each part one span. */
export interface TimeInterval {
  /** Minutes since midnight, the end excluded. */
  readonly times: readonly Span[];
  /** 0 = Sunday. */
  readonly weekdays: readonly Span[];
  /** 1 to 31, or from the end of the month: -1 is its last day. */
  readonly daysOfMonth: readonly Span[];
  readonly months: readonly Span[];
  readonly years: readonly Span[];
  /** IANA name; the wall clock there counts, across changes of summer time. */
  readonly timezone: string;
}

/** The same as people write it. */
export interface TimeIntervalText {
  /** `09:00-17:30`; 24:00 ends the day. */
  readonly times?: readonly string[] | undefined;
  /** `monday:friday`, `saturday`. */
  readonly weekdays?: readonly string[] | undefined;
  /** `1:5`, `-3:-1`, `15`. */
  readonly daysOfMonth?: readonly string[] | undefined;
  /** `january:march`, `6`. */
  readonly months?: readonly string[] | undefined;
  /** `2026:2030`. */
  readonly years?: readonly string[] | undefined;
  readonly timezone?: string | undefined;
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];

function refuse(text: string, why: string): never {
  throw new WirewatchError('WW_CONFIG_VALUE', `not a time interval: ${text}: ${why}`, { where: text });
}

function minuteOf(text: string): number {
  const found = /^(\d{2}):(\d{2})$/.exec(text);
  const minute = found === null ? Number.NaN : Number(found[1]) * 60 + Number(found[2]);
  if (found === null || Number(found[2]) > 59 || minute > 1440) return refuse(text, 'a time is HH:MM, up to 24:00');
  return minute;
}

function timeSpan(text: string): Span {
  const [from, to, rest] = text.split('-').map((part) => minuteOf(part.trim()));
  if (to === undefined || rest !== undefined || to <= from) return refuse(text, 'write 09:00-17:00; one over midnight is two');
  return { from, to };
}

function span(text: string, low: number, high: number, names: readonly string[], base: number): Span {
  const one = (part: string): number => {
    const named = names.indexOf(part.trim().toLowerCase());
    return named >= 0 ? named + base : /^\s*-?\d+\s*$/.test(part) && (base > 0 || names.length === 0) ? Number(part) : refuse(text, names.length === 0 ? 'it is a number' : `it is one of ${names.join(', ')}`);
  };
  const parts = text.split(':').map(one);
  const [from, to = from] = parts;
  const fits = (n: number): boolean => n >= low && n <= high && n !== (low < 0 ? 0 : Number.NaN);
  if (parts.length > 2 || !fits(from) || !fits(to)) refuse(text, `it lies between ${low} and ${high}`);
  // Days counted from either end cannot be compared before the month is known.
  if (from > to && Math.sign(from) === Math.sign(to)) refuse(text, 'it ends before it begins');
  if (from < 0 && to > 0) refuse(text, 'it begins at the end of the month and ends at its beginning');
  return { from, to };
}

/** Throws WW_CONFIG_VALUE for what is not well formed. */
export function parseTimeInterval(text: TimeIntervalText): TimeInterval {
  const timezone = text.timezone ?? 'UTC';
  clockOf(timezone);
  return {
    times: (text.times ?? []).map(timeSpan),
    weekdays: (text.weekdays ?? []).map((t) => span(t, 0, 6, WEEKDAYS, 0)),
    daysOfMonth: (text.daysOfMonth ?? []).map((t) => span(t, -31, 31, [], 1)),
    months: (text.months ?? []).map((t) => span(t, 1, 12, MONTHS, 1)),
    years: (text.years ?? []).map((t) => span(t, 1, 9999, [], 1)),
    timezone,
  };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** The wall clock of a time zone; there are as many as the configuration names. */
function clockOf(timezone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timezone);
  if (clock !== undefined) return clock;
  try {
    clock = new Intl.DateTimeFormat('en-US', { timeZone: timezone, calendar: 'gregory', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', weekday: 'long' });
  } catch (cause) {
    throw new WirewatchError('WW_CONFIG_VALUE', `there is no time zone ${timezone}`, { where: timezone, remedy: 'Write an IANA name, such as Europe/Berlin.', cause });
  }
  clocks.set(timezone, clock);
  return clock;
}

/** Whether an instant lies in the interval. */
export function isWithin(interval: TimeInterval, now: Nanos): boolean {
  const parts = new Map(clockOf(interval.timezone).formatToParts(Math.floor(msOf(now))).map((p) => [p.type, p.value]));
  const number = (part: Intl.DateTimeFormatPartTypes): number => Number(parts.get(part));
  const [year, month, day] = [number('year'), number('month'), number('day')];
  const minute = number('hour') * 60 + number('minute');
  const any = (spans: readonly Span[], holds: (s: Span) => boolean): boolean => spans.length === 0 || spans.some(holds);
  const between = (n: number) => (s: Span): boolean => n >= s.from && n <= s.to;
  const length = daysIn(year, month);
  const dayOf = (n: number): number => (n < 0 ? length + n + 1 : n);
  return any(interval.times, (s) => minute >= s.from && minute < s.to)
    && any(interval.weekdays, between(WEEKDAYS.indexOf((parts.get('weekday') ?? '').toLowerCase())))
    && any(interval.daysOfMonth, (s) => day >= dayOf(s.from) && day <= dayOf(s.to))
    && any(interval.months, between(month))
    && any(interval.years, between(year));
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Named intervals; a name may stand for several. */
export type TimeIntervals = Readonly<Record<string, readonly TimeInterval[]>>;

/**
 * What keeps a route's messages back now: the name of a mute interval that holds, `outside NAME` where none of its active ones does;
 * undefined = nothing does. An unknown name (its definition was taken out) holds nothing back.
 */
export function heldBackBy(active: readonly string[], mute: readonly string[], known: TimeIntervals, now: Nanos): string | undefined {
  const holds = (name: string): boolean => (known[name] ?? []).some((interval) => isWithin(interval, now));
  const defined = active.filter((name) => known[name] !== undefined);
  if (defined.length > 0 && !defined.some(holds)) return `outside ${defined.join(', ')}`;
  return mute.find(holds);
}
