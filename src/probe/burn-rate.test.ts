import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BURN_WINDOWS, burnFactor, burnRate, judgeBurn, type Rounds } from './burn-rate.ts';

const DAY = 86_400_000;

for (const [days, factors] of [[30, [14.4, 6, 3, 1]], [28, [13.44, 5.6, 2.8, 0.9333]]] as const) {
  test(`the factors of ${days} days are ${factors.join(', ')}`, () => {
    BURN_WINDOWS.forEach((w, i) => assert.ok(Math.abs(burnFactor(w, days * DAY) - factors[i]) < 1e-4, String(burnFactor(w, days * DAY))));
  });
}

for (const [bad, total, objective, rate] of [[1, 1000, 0.999, 1], [144, 10_000, 0.999, 14.4], [0, 100, 0.999, 0], [0, 0, 0.999, 0], [30, 30, 0.99, 100]] as const) {
  test(`${bad} of ${total} bad burns ${rate} times the budget of ${objective}`, () => assert.ok(Math.abs(burnRate({ bad, total }, objective) - rate) < 1e-9));
}

/** A round each ten seconds, oldest first. */
function history(bad: readonly boolean[]): (windowMs: number) => Rounds {
  return (windowMs) => {
    const last = bad.slice(-Math.round(windowMs / 10_000));
    return { bad: last.filter(Boolean).length, total: last.length };
  };
}
const good = (n: number): boolean[] => Array.from({ length: n }, () => false);
const down = (n: number): boolean[] => Array.from({ length: n }, () => true);
const fired = (bad: readonly boolean[]): boolean[] => judgeBurn(0.999, 30 * DAY, history(bad)).map((b) => b.fires);

test('one lost round of the last thirty does not page, though it burns 33 times the budget', () => assert.deepEqual(fired([...good(2000), true]), [false, false, false, false]));

test('six minutes down page', () => assert.equal(fired([...good(2000), ...down(36)])[0], true));

test('the page ends soon after the trouble, though the long window still remembers it', () => {
  const burns = judgeBurn(0.999, 30 * DAY, history([...good(2000), ...down(36), ...good(40)]));
  assert.deepEqual([burns[0].long > burns[0].factor, burns[0].fires], [true, false]);
});

test('a slow leak is a ticket and no page', () => {
  // One of 200 rounds for three days: five times the budget.
  assert.deepEqual(fired(Array.from({ length: 26_000 }, (_, i) => i % 200 === 0)), [false, false, true, true]);
});

test('nothing measured burns nothing', () => assert.deepEqual(fired([]), [false, false, false, false]));
