import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSlot, scheduleNext } from './schedule.ts';

test('late rounds do not move the grid: after an hour of stalls the drift is none', () => {
  const slot = createSlot('a', 10_000, 0);
  const { originMs } = slot;
  let rounds = 0;
  for (let now = slot.dueMs; now < 3_600_000; now = slot.dueMs) {
    rounds++;
    scheduleNext(slot, now + ((rounds * 1777) % 4000), null);
    assert.equal((slot.dueMs - originMs) % 10_000, 0);
  }
  assert.ok(rounds >= 359);
});

test('a re-check comes early, and the round after it on the grid', () => {
  const slot = createSlot('a', 10_000, 0);
  const first = slot.dueMs;
  scheduleNext(slot, first + 100, 2000);
  assert.equal(slot.dueMs, first + 2100);
  scheduleNext(slot, first + 2200, null);
  assert.equal(slot.dueMs, first + 10_000);
});

test('rounds missed while the machine slept are skipped and counted', () => {
  const slot = createSlot('a', 1000, 0);
  scheduleNext(slot, slot.originMs + 60_500, null);
  assert.equal(slot.skipped, 60);
  assert.ok(slot.dueMs > slot.originMs + 60_500);
});

test('checks are spread over the first seconds by their names alone', () => {
  fc.assert(fc.property(fc.string(), (id) => {
    const a = createSlot(id, 30_000, 5);
    assert.equal(a.dueMs, createSlot(id, 30_000, 5).dueMs);
    assert.ok(a.dueMs >= 5 && a.dueMs <= 2005);
  }));
});
