import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateMos, mosOfR, ratePath } from './mos.ts';

for (const [rtt, jitter, loss, r, mos] of [[20, 2, 0, 92.35, 4.392], [100, 10, 0.01, 87.45, 4.272], [150, 30, 0.05, 70.7, 3.63], [300, 50, 0.1, 39.2, 2.025]] as const) {
  test(`a round trip of ${rtt} ms, jitter of ${jitter} ms and ${loss * 100} % of loss are R ${r}, MOS ${mos}`, () => {
    const q = estimateMos(rtt, jitter, loss);
    assert.equal(q.r.toFixed(2), r.toFixed(2));
    assert.ok(Math.abs(q.mos - mos) < 0.001, String(q.mos));
  });
}

test('a hopeless path is 1, not the nonsense of a negative R', () => {
  assert.deepEqual(estimateMos(2000, 300, 0.9), { r: 0, mos: 1 });
  assert.deepEqual(mosOfR(-50), { r: 0, mos: 1 });
});

test('a perfect R is the end of the scale', () => assert.equal(mosOfR(150).mos, 4.5));

// Delay alone and loss alone by the formulas of ITU-T G.107; the bend at 177.3 ms.
for (const [delay, loss, r] of [[0, 0, 93.2], [100, 0, 90.8], [177.3, 0, 88.9448], [277.3, 0, 75.5448], [0, 0.01, 89.5602], [0, 0.251, 45.7]] as const) {
  test(`one way in ${delay} ms with ${loss * 100} % of loss is R ${r}`, () => assert.ok(Math.abs(ratePath(delay, loss).r - r) < 0.001, String(ratePath(delay, loss).r)));
}

test('loss in bursts is worse than the same loss at random', () => assert.ok(ratePath(50, 0.05, undefined, 2).r < ratePath(50, 0.05).r));
