import assert from 'node:assert/strict';
import { test } from 'node:test';
import { availabilityOf, errorBudget, type StateSince } from './availability.ts';

const S = 1_000_000_000n;
const H = 3600n * S;
const at = (hour: number, state: StateSince['state']): StateSince => ({ time: BigInt(Math.round(hour * 3600)) * S, state });

const rows: [title: string, states: StateSince[], from: number, to: number, expected: { ratio: number; coverage: number; outages: number; downHours: number; longestHours: number }][] = [
  ['all of it up', [at(0, 'UP')], 0, 24, { ratio: 1, coverage: 1, outages: 0, downHours: 0, longestHours: 0 }],
  ['six hours down of a day', [at(0, 'UP'), at(6, 'DOWN'), at(12, 'UP')], 0, 24, { ratio: 0.75, coverage: 1, outages: 1, downHours: 6, longestHours: 6 }],
  ['degraded is available', [at(0, 'UP'), at(6, 'DEGRADED'), at(12, 'DOWN'), at(18, 'UP')], 0, 24, { ratio: 0.75, coverage: 1, outages: 1, downHours: 6, longestHours: 6 }],
  ['an uplink lost is no downtime', [at(0, 'UP'), at(6, 'INCONCLUSIVE'), at(12, 'UP')], 0, 24, { ratio: 1, coverage: 0.75, outages: 0, downHours: 0, longestHours: 0 }],
  ['nor is a parent down', [at(0, 'UP'), at(6, 'UNREACHABLE'), at(12, 'UP')], 0, 24, { ratio: 1, coverage: 0.75, outages: 0, downHours: 0, longestHours: 0 }],
  ['nor is maintenance', [at(0, 'UP'), at(6, 'MAINTENANCE'), at(18, 'DOWN'), at(21, 'UP')], 0, 24, { ratio: 0.75, coverage: 0.5, outages: 1, downHours: 3, longestHours: 3 }],
  ['nor is a gap in which nobody measured', [at(0, 'UP'), at(6, null), at(18, 'UP')], 0, 24, { ratio: 1, coverage: 0.5, outages: 0, downHours: 0, longestHours: 0 }],
  ['what was before the first word is a gap', [at(12, 'UP')], 0, 24, { ratio: 1, coverage: 0.5, outages: 0, downHours: 0, longestHours: 0 }],
  ['nothing known has no ratio', [], 0, 24, { ratio: Number.NaN, coverage: 0, outages: 0, downHours: 0, longestHours: 0 }],
  ['a state from before the period counts within it alone', [at(-10, 'DOWN'), at(6, 'UP')], 0, 24, { ratio: 0.75, coverage: 1, outages: 1, downHours: 6, longestHours: 6 }],
  ['what comes after the period does not count', [at(0, 'UP'), at(30, 'DOWN')], 0, 24, { ratio: 1, coverage: 1, outages: 0, downHours: 0, longestHours: 0 }],
  ['a gap within an outage neither ends it nor adds to it', [at(0, 'UP'), at(2, 'DOWN'), at(4, null), at(10, 'DOWN'), at(12, 'UP')], 0, 24, { ratio: 14 / 18, coverage: 0.75, outages: 1, downHours: 4, longestHours: 4 }],
  ['two outages are two', [at(0, 'UP'), at(1, 'DOWN'), at(2, 'UP'), at(3, 'DOWN'), at(6, 'UP')], 0, 24, { ratio: 20 / 24, coverage: 1, outages: 2, downHours: 4, longestHours: 3 }],
];

for (const [title, states, from, to, e] of rows) {
  test(title, () => {
    const a = availabilityOf(states, BigInt(from) * H, BigInt(to) * H);
    assert.ok(Number.isNaN(e.ratio) ? Number.isNaN(a.ratio) : Math.abs(a.ratio - e.ratio) < 1e-9, String(a.ratio));
    assert.ok(Math.abs(a.coverage - e.coverage) < 1e-9, String(a.coverage));
    assert.deepEqual([a.outages, Number(a.down / S) / 3600, Number(a.longestOutage / S) / 3600], [e.outages, e.downHours, e.longestHours]);
    assert.equal(a.up + a.degraded + a.down + a.unknown + a.maintenance + a.gap, BigInt(to - from) * H, 'every moment is somewhere');
  });
}

const DAY = 24n * H;
for (const [objective, days, downSeconds, allowedSeconds, leftRatio] of [[0.999, 30n, 0, 2592, 1], [0.999, 30n, 1296, 2592, 0.5], [0.9999, 30n, 518, 259.2, -0.9985], [0.99, 7n, 6048, 6048, 0], [1, 30n, 0, 0, 1]] as const) {
  test(`the objective ${objective} allows ${allowedSeconds} s in ${days} days; ${downSeconds} s down leave ${leftRatio}`, () => {
    const budget = errorBudget(objective, days * DAY, { down: BigInt(downSeconds) * S });
    assert.ok(Math.abs(Number(budget.allowed) / 1e9 - allowedSeconds) < 1e-3);
    assert.ok(Math.abs(budget.leftRatio - leftRatio) < 1e-3, String(budget.leftRatio));
  });
}
