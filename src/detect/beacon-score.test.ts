import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beaconScore, bowleySkew, durationScore, histogram, histogramScore, quartiles, regularity } from './beacon-score.ts';

test('quartiles are medians of the halves, without the middle of an odd count', () => {
  assert.deepEqual(quartiles([1, 2, 3, 4]), { q1: 1.5, q2: 2.5, q3: 3.5 });
  assert.deepEqual(quartiles([1, 2, 3, 4, 5]), { q1: 1.5, q2: 3, q3: 4.5 });
});

test('skewness is 0 where the quartiles are less than 10 apart or the median lies on one of them', () => {
  assert.equal(bowleySkew([1, 2, 3, 4]), 0);
  assert.equal(bowleySkew([10, 10, 10, 100]), 0);
  assert.equal(bowleySkew([0, 10, 20, 100]), (5 + 60 - 30) / 55);
});

test('equal intervals are perfectly regular, fewer than three say nothing', () => {
  assert.equal(regularity([60, 60, 60, 60], 1), 1);
  assert.equal(regularity([60, 60], 1), 0);
});

test('sizes with a median below one byte are not regular, intervals below a second are', () => {
  assert.equal(regularity([0, 0, 0, 0], 0), 0.5);
  assert.equal(regularity([0, 0, 0, 0], 1), 1);
});

test('an even spread over the window scores 1 and a single burst 0', () => {
  const even = Array.from({ length: 240 }, (_, i) => i * 360);
  assert.equal(histogramScore(histogram(even, 0, 86_400)), 1);
  assert.equal(histogramScore(histogram([5, 6, 7, 8, 9, 10], 0, 86_400)), 0);
});

test('two levels of activity through the day are recognised', () => {
  const bins = [10, 10, 1, 10, 10, 1, 10, 10, 1, 10, 10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  assert.equal(histogramScore(bins), 1);
});

test('duration counts from six used bins on, by coverage or by the longest run', () => {
  const five = histogram([0, 3600, 7200, 10_800, 14_400], 0, 86_400);
  assert.equal(durationScore(five, 0, 14_400, 0, 86_400), 0);
  const six = histogram([0, 3600, 7200, 10_800, 14_400, 18_000], 0, 86_400);
  assert.equal(durationScore(six, 0, 18_000, 0, 86_400), 0.5);
  assert.equal(durationScore(histogram([0, 20_000, 40_000, 60_000, 70_000, 86_400], 0, 86_400), 0, 86_400, 0, 86_400), 1);
});

test('a metronome scores 1 in every part', () => {
  const times = Array.from({ length: 1440 }, (_, i) => i * 60);
  const s = beaconScore(times, times.map(() => 312), 0, 86_400);
  assert.deepEqual({ score: s.score, ts: s.ts, ds: s.ds, dur: s.dur, hist: s.hist, interval: s.interval }, { score: 1, ts: 1, ds: 1, dur: 1, hist: 1, interval: 60 });
});

test('browsing in bursts scores far below a beacon', () => {
  const times: number[] = [];
  const sizes: number[] = [];
  for (let session = 0; session < 10; session++) {
    for (let k = 0; k < 6; k++) {
      times.push(session * session * 800 + k * (1 + ((session * 7 + k * 3) % 11)));
      sizes.push(300 + ((session * 131 + k * 977) % 4000));
    }
  }
  times.sort((a, b) => a - b);
  assert.ok(beaconScore(times, sizes, 0, 86_400).score < 0.6);
});
