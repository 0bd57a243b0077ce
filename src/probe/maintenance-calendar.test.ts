import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maintenanceBetween, type MaintenanceCalendar } from './maintenance-calendar.ts';

const ns = (iso: string): bigint => BigInt(Date.parse(iso)) * 1_000_000n;
const iso = (t: bigint): string => new Date(Number(t / 1_000_000n)).toISOString().replace('.000', '');
const HOUR = 3_600_000;
const calendar = (start: string, hours: number, timezone: string, change: Partial<MaintenanceCalendar> = {}): MaintenanceCalendar => ({ start, durationMs: hours * HOUR, weekdays: [], daysOfMonth: [], timezone, ...change });

const rows: [title: string, c: MaintenanceCalendar, from: string, to: string, expected: string[]][] = [
  ['a night in UTC', calendar('02:00', 1, 'UTC'), '2026-11-27T00:00:00Z', '2026-11-28T00:00:00Z', ['2026-11-27T02:00:00Z/2026-11-27T03:00:00Z']],
  ['Berlin in winter is an hour ahead', calendar('02:00', 1, 'Europe/Berlin'), '2026-01-10T00:00:00Z', '2026-01-10T23:00:00Z', ['2026-01-10T01:00:00Z/2026-01-10T02:00:00Z']],
  ['and in summer two', calendar('02:00', 1, 'Europe/Berlin'), '2026-07-10T00:00:00Z', '2026-07-10T23:00:00Z', ['2026-07-10T00:00:00Z/2026-07-10T01:00:00Z']],
  // Chicago goes forward on 8 March 2026: 02:00 CST becomes 03:00 CDT.
  ['a time that is skipped comes an hour later by the new clock', calendar('02:30', 1, 'America/Chicago'), '2026-03-08T00:00:00Z', '2026-03-08T20:00:00Z', ['2026-03-08T08:30:00Z/2026-03-08T09:30:00Z']],
  ['a window over the change keeps its length', calendar('01:00', 3, 'America/Chicago'), '2026-03-08T00:00:00Z', '2026-03-08T20:00:00Z', ['2026-03-08T07:00:00Z/2026-03-08T10:00:00Z']],
  // And back on 1 November 2026: 01:30 comes twice.
  ['a time that comes twice is its first, once', calendar('01:30', 0.5, 'America/Chicago'), '2026-11-01T00:00:00Z', '2026-11-01T20:00:00Z', ['2026-11-01T06:30:00Z/2026-11-01T07:00:00Z']],
  ['the day before and the day after the change are apart by 25 hours', calendar('12:00', 1, 'America/Chicago'), '2026-10-31T12:00:00Z', '2026-11-01T20:00:00Z', ['2026-10-31T17:00:00Z/2026-10-31T18:00:00Z', '2026-11-01T18:00:00Z/2026-11-01T19:00:00Z']],
  ['a change by half an hour (Lord Howe)', calendar('02:15', 1, 'Australia/Lord_Howe'), '2026-10-03T12:00:00Z', '2026-10-03T20:00:00Z', ['2026-10-03T15:45:00Z/2026-10-03T16:45:00Z']],
  ['an offset of quarters (Kathmandu)', calendar('00:00', 1, 'Asia/Kathmandu'), '2026-11-27T12:00:00Z', '2026-11-28T12:00:00Z', ['2026-11-27T18:15:00Z/2026-11-27T19:15:00Z']],
  ['weekdays are those of the place, over the date line', calendar('01:00', 1, 'Pacific/Auckland', { weekdays: [6] }), '2026-11-26T00:00:00Z', '2026-11-29T00:00:00Z', ['2026-11-27T12:00:00Z/2026-11-27T13:00:00Z']],
  ['the last day of a month', calendar('22:00', 4, 'UTC', { daysOfMonth: [-1] }), '2028-02-02T00:00:00Z', '2028-03-15T00:00:00Z', ['2028-02-29T22:00:00Z/2028-03-01T02:00:00Z']],
  ['what began the day before still lasts', calendar('22:00', 4, 'UTC'), '2026-11-27T01:00:00Z', '2026-11-27T01:30:00Z', ['2026-11-26T22:00:00Z/2026-11-27T02:00:00Z']],
  ['what has just ended is over', calendar('22:00', 4, 'UTC'), '2026-11-27T02:00:00Z', '2026-11-27T03:00:00Z', []],
];

for (const [title, c, from, to, expected] of rows) test(title, () => assert.deepEqual(maintenanceBetween(c, ns(from), ns(to)).map((o) => `${iso(o.startsAt)}/${iso(o.endsAt)}`), expected));

test('a place or a time that does not exist is refused with its name', () => {
  assert.throws(() => maintenanceBetween(calendar('02:00', 1, 'Mars/Olympus'), 0n, 1n), /Mars\/Olympus/);
  assert.throws(() => maintenanceBetween(calendar('25:00', 1, 'UTC'), 0n, 1n), /25:00/);
});
