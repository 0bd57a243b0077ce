import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldBackBy, isWithin, parseTimeInterval, type TimeIntervalText } from './time-interval.ts';

const ns = (iso: string): bigint => BigInt(Date.parse(iso)) * 1_000_000n;

const BUSINESS = { weekdays: ['monday:friday'], times: ['09:00-17:00'] };
const rows: [title: string, interval: TimeIntervalText, instant: string, holds: boolean][] = [
  ['an interval without parts is always', {}, '2026-11-27T03:00:00Z', true],
  ['a time begins with its first minute', { times: ['09:00-17:00'] }, '2026-11-27T09:00:00Z', true],
  ['and ends before its last', { times: ['09:00-17:00'] }, '2026-11-27T17:00:00Z', false],
  ['seconds do not end it early', { times: ['09:00-17:00'] }, '2026-11-27T16:59:59.999Z', true],
  ['24:00 is the end of the day', { times: ['23:00-24:00'] }, '2026-11-27T23:59:59Z', true],
  ['one of several times is enough', { times: ['00:00-01:00', '12:00-13:00'] }, '2026-11-27T12:30:00Z', true],
  ['all parts must hold: a Friday in time', BUSINESS, '2026-11-27T10:00:00Z', true],
  ['a Saturday in time is not', BUSINESS, '2026-11-28T10:00:00Z', false],
  ['a Friday out of time is not', BUSINESS, '2026-11-27T18:00:00Z', false],
  ['Sunday is the first weekday', { weekdays: ['sunday'] }, '2026-11-29T10:00:00Z', true],
  ['days from the beginning', { daysOfMonth: ['1:5'] }, '2026-11-05T00:00:00Z', true],
  ['the last day of a month of thirty', { daysOfMonth: ['-1'] }, '2026-11-30T12:00:00Z', true],
  ['the last day of February in a common year', { daysOfMonth: ['-1'] }, '2026-02-28T12:00:00Z', true],
  ['is not the 28th in a leap year', { daysOfMonth: ['-1'] }, '2028-02-28T12:00:00Z', false],
  ['the last three days', { daysOfMonth: ['-3:-1'] }, '2026-11-28T12:00:00Z', true],
  ['and not the fourth from the end', { daysOfMonth: ['-3:-1'] }, '2026-11-27T12:00:00Z', false],
  ['from a day to the end', { daysOfMonth: ['20:-1'] }, '2026-02-28T12:00:00Z', true],
  ['a day that the month lacks', { daysOfMonth: ['30:31'] }, '2026-02-28T12:00:00Z', false],
  ['months by name', { months: ['january:march'] }, '2026-03-31T12:00:00Z', true],
  ['months by number', { months: ['4'] }, '2026-03-31T12:00:00Z', false],
  ['years', { years: ['2026:2027'] }, '2028-01-01T00:00:00Z', false],
  ['the wall clock of the place counts, in winter', { ...BUSINESS, timezone: 'Europe/Berlin' }, '2026-11-27T08:00:00Z', true],
  ['and in summer', { ...BUSINESS, timezone: 'Europe/Berlin' }, '2026-07-03T07:00:00Z', true],
  ['an hour too early in winter', { ...BUSINESS, timezone: 'Europe/Berlin' }, '2026-11-27T07:00:00Z', false],
  // The night on which Chicago's clocks go forward: 02:00 does not exist, 03:00 CDT is 08:00 UTC.
  ['an hour that does not exist is skipped', { times: ['02:00-03:00'], timezone: 'America/Chicago' }, '2026-03-08T08:00:00Z', false],
  // And back: 01:30 comes twice.
  ['an hour that comes twice holds the first time', { times: ['01:00-02:00'], timezone: 'America/Chicago' }, '2026-11-01T06:30:00Z', true],
  ['and the second', { times: ['01:00-02:00'], timezone: 'America/Chicago' }, '2026-11-01T07:30:00Z', true],
  ['a date line away it is another day', { weekdays: ['saturday'], timezone: 'Pacific/Auckland' }, '2026-11-27T12:00:00Z', true],
];

for (const [title, interval, instant, holds] of rows) {
  test(`time interval: ${title}`, () => assert.equal(isWithin(parseTimeInterval(interval), ns(instant)), holds));
}

test('what is not a time interval is refused with the text', () => {
  const wrong: TimeIntervalText[] = [
    { times: ['9:00-17:00'] }, { times: ['17:00-09:00'] }, { times: ['09:00-24:01'] }, { times: ['09:00'] }, { weekdays: ['monday:someday'] }, { weekdays: ['friday:monday'] }, { weekdays: ['1:5'] },
    { daysOfMonth: ['0'] }, { daysOfMonth: ['32'] }, { daysOfMonth: ['-1:5'] }, { daysOfMonth: ['5:1'] }, { months: ['13'] }, { months: ['march:january'] }, { years: ['x'] }, { timezone: 'Europe/Nowhere' },
  ];
  for (const interval of wrong) assert.throws(() => parseTimeInterval(interval), { code: 'WW_CONFIG_VALUE' }, JSON.stringify(interval));
});

test('a route is held back by a mute interval that holds, or outside all of its active ones', () => {
  const known = { business: [parseTimeInterval(BUSINESS)], lunch: [parseTimeInterval({ times: ['12:00-13:00'] })] };
  const at = (active: string[], mute: string[], instant: string): string | undefined => heldBackBy(active, mute, known, ns(instant));
  assert.equal(at([], [], '2026-11-27T12:30:00Z'), undefined);
  assert.equal(at(['business'], [], '2026-11-27T12:30:00Z'), undefined);
  assert.equal(at(['business'], [], '2026-11-28T12:30:00Z'), 'outside business');
  assert.equal(at(['business', 'lunch'], [], '2026-11-28T12:30:00Z'), undefined);
  assert.equal(at(['business'], ['lunch'], '2026-11-27T12:30:00Z'), 'lunch');
  assert.equal(at(['gone'], ['gone'], '2026-11-27T12:30:00Z'), undefined);
});
