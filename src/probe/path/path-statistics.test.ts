import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PathTrace, TargetId } from '../../model/index.ts';
import { PathStatistics, type HopVerdict } from './path-statistics.ts';

/** A round of one probe a hop: milliseconds, or null for silence. The last hop is the target. */
function round(rtts: readonly (number | null)[]): PathTrace {
  const hops = rtts.map((ms, i) => ({ ttl: i + 1, addresses: ms === null ? [] : [`192.0.2.${i + 1}`], sent: 1, received: ms === null ? 0 : 1, rttNs: [ms === null ? null : ms * 1e6] }));
  return { targetId: 't' as TargetId, address: `192.0.2.${rtts.length}`, method: 'icmp', time: 0n, reached: rtts.at(-1) !== null, hops, identity: '' };
}

/** A hundred rounds; each hop answers where `answers` says so. */
function hundred(length: number, answers: (hop: number, i: number) => boolean): PathStatistics {
  const s = new PathStatistics();
  for (let i = 0; i < 100; i++) s.add(round(Array.from({ length }, (_, hop) => (answers(hop + 1, i) ? hop + 1 : null))));
  return s;
}
const verdicts = (s: PathStatistics): HopVerdict[] => s.hops().map((h) => h.verdict);

const rows: [title: string, answers: (hop: number, i: number) => boolean, expected: HopVerdict[]][] = [
  ['all answer', () => true, ['clean', 'clean', 'clean', 'clean']],
  ['a router that never speaks loses nothing', (hop) => hop !== 2, ['clean', 'silent', 'clean', 'clean']],
  ['a router that answers every third loses nothing', (hop, i) => hop !== 2 || i % 3 === 0, ['clean', 'rate_limited', 'clean', 'clean']],
  ['loss that persists to the target begins where it begins', (hop, i) => hop < 3 || i % 4 !== 0, ['clean', 'clean', 'loss', 'loss']],
  ['a limited router before real loss is told apart from it', (hop, i) => (hop === 2 ? i % 2 === 0 : hop < 3 || i % 10 !== 0), ['clean', 'rate_limited', 'loss', 'loss']],
  ['a target that never answers', (hop) => hop < 3, ['clean', 'clean', 'beyond', 'beyond']],
];
for (const [title, answers, expected] of rows) test(title, () => assert.deepEqual(verdicts(hundred(4, answers)), expected));

test('a probe lost on the way is counted at the first hop behind which all is silent, an answer lost at its own hop', () => {
  const s = new PathStatistics();
  s.add(round([1, 2, 3, 4]));
  s.add(round([1, null, 3, 4]));
  s.add(round([1, 2, null, null]));
  assert.deepEqual(s.hops().map((h) => [h.lostForward, h.unanswered]), [[0, 0], [0, 1], [1, 0], [0, 0]]);
});

test('a path that becomes shorter begins anew: hops of two paths are not one hop', () => {
  const s = new PathStatistics();
  for (let i = 0; i < 5; i++) s.add(round([1, 2, 3, 4]));
  s.add(round([1, 2, 3]));
  assert.deepEqual([s.resets, s.rounds, s.hops().length, s.hops()[2].lossRatio], [1, 1, 3, 0]);
});

test('a target whose first answers were lost was as near all the time: its losses stay with its hop', () => {
  const s = new PathStatistics();
  const far = round([1, 2, null, null, 5]);
  s.add({ ...far, address: '192.0.2.3', hops: far.hops.map((h, i) => (i === 4 ? { ...h, addresses: ['192.0.2.3'] } : h)) });
  s.add(round([1, 2, 3]));
  assert.deepEqual([s.resets, s.hops().length, s.hops()[2].sent, s.hops()[2].received], [0, 3, 2, 1]);
});

test('a round that does not reach the target is loss, not a shorter path', () => {
  const s = new PathStatistics();
  s.add(round([1, 2, 3, 4]));
  s.add(round([1, null]));
  assert.deepEqual([s.resets, s.hops().map((h) => h.sent)], [0, [2, 2, 2, 2]]);
});

test('times are last, best, average, worst and deviation', () => {
  const s = new PathStatistics();
  for (const ms of [10, 20, 30]) s.add(round([ms]));
  const [h] = s.hops();
  assert.deepEqual([h.lastNs, h.bestNs, h.averageNs, h.worstNs].map((v) => v / 1e6), [30, 10, 20, 30]);
  assert.equal((h.deviationNs / 1e6).toFixed(3), '8.165');
});
