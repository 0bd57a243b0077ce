import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rttMeasurements, rttStatistics } from './rtt-statistics.ts';

const MS = 1e6;
const lossOf = (lost: number, sent: number): [number, number] => {
  const s = rttStatistics([...Array.from({ length: lost }, () => null), ...Array.from({ length: sent - lost }, () => MS)]);
  return [s.lossLow, s.lossHigh];
};

// Wilson's interval at 95 %: published values for proportions, rounded to a tenth of a percent.
for (const [lost, sent, low, high] of [[1, 20, 0.9, 23.6], [0, 20, 0, 16.1], [20, 20, 83.9, 100], [5, 100, 2.2, 11.2], [50, 100, 40.4, 59.6], [1, 1000, 0, 0.6]] as const) {
  test(`${lost} of ${sent} lost is ${low} to ${high} %`, () => assert.deepEqual(lossOf(lost, sent).map((v) => Number((v * 100).toFixed(1))), [low, high]));
}

test('jitter is over neighbours that were both answered: a loss between them makes no pair (RFC 3550 §6.4.1)', () => {
  const s = rttStatistics([10 * MS, 26 * MS, null, 100 * MS, 116 * MS]);
  assert.equal(s.ipdvNs, 16 * MS);
  assert.equal(s.jitterNs, MS + (16 - 1) / 16 * MS);
});

test('delay variation is against the least delay, by percentiles (RFC 5481 §4.2)', () => {
  const s = rttStatistics(Array.from({ length: 100 }, (_, i) => (i + 1) * MS));
  assert.deepEqual([s.pdv50Ns, s.pdv95Ns, s.pdv99Ns], [49 * MS, 94 * MS, 98 * MS]);
});

test('the measurements bear loss with its interval, variation and MOS', () => {
  const m = rttMeasurements(rttStatistics([20 * MS, 22 * MS, 20 * MS, 18 * MS]));
  assert.deepEqual([m.loss_ratio, m.ipdv_seconds, m.pdv_p95_seconds, m.r_factor.toFixed(2), m.mos.toFixed(3)], [0, 0.002, 0.004, '92.35', '4.392']);
});

test('nothing answered says loss and no time at all', () => {
  assert.deepEqual(Object.keys(rttMeasurements(rttStatistics([null, null]))), ['loss_ratio', 'loss_low_ratio', 'loss_high_ratio']);
});

test('a single answer has no variation and no score', () => {
  const m = rttMeasurements(rttStatistics([MS]));
  assert.deepEqual([m.ipdv_seconds, m.pdv_p95_seconds, m.mos], [undefined, undefined, undefined]);
});
