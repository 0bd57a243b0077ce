import assert from 'node:assert/strict';
import { test } from 'node:test';
import { T0, flowRecord, ip, testHost } from '../../../test/support/records.ts';
import { NS_PER_SECOND } from '../../base/time.ts';
import { Networks, type FlowRecord, type Signal } from '../../model/index.ts';
import { DetectionEngine } from '../engine.ts';
import { beacon } from './beacon.ts';

function run(flows: readonly FlowRecord[], tickEverySeconds = 0): Signal[] {
  const signals: Signal[] = [];
  const engine = new DetectionEngine({ detectors: [beacon], options: {}, networks: new Networks(), host: testHost }, (s) => signals.push(s));
  const sorted = flows.toSorted((a, b) => (a.time < b.time ? -1 : 1));
  let nextTick = T0;
  for (const flow of sorted) {
    while (tickEverySeconds > 0 && flow.time > nextTick) {
      engine.onTick(nextTick);
      nextTick += BigInt(tickEverySeconds) * NS_PER_SECOND;
    }
    engine.onFlow(flow);
  }
  engine.onEnd(T0 + 86_400n * NS_PER_SECOND);
  return signals;
}

/** A call home every minute for two hours, with a little jitter. */
const calls = (src: string, dst: string, change: Partial<FlowRecord> = {}): FlowRecord[] =>
  Array.from({ length: 120 }, (_, i) => flowRecord(i * 60 + ((i * 7) % 5), { srcIp: ip(src), dstIp: ip(dst), ...change }));

for (const [family, src, dst] of [['IPv4', '10.1.2.3', '198.51.100.7'], ['IPv6', 'fd00::3', '2001:db8::7']]) {
  test(`a call home every minute is a beacon whose parts can be checked (${family})`, () => {
    const signals = run(calls(src, dst));
    assert.equal(signals.length, 1);
    const [s] = signals;
    assert.equal(s.labels.src, src);
    assert.equal(s.labels.dst, dst);
    assert.equal(s.score.connections, 120);
    assert.ok(Math.abs(s.score.score - (s.score.timing + s.score.size + s.score.duration + s.score.histogram) / 4) < 0.001);
    assert.equal(s.evidence[0].ids.length, 120);
    assert.deepEqual(s.techniques, ['T1071.001']);
  });
}

test('what half of our hosts call evenly is an update service, not a beacon', () => {
  const common = ['10.1.2.3', '10.1.2.4', '10.1.2.5'].flatMap((src, i) => calls(src, '198.51.100.7', { srcPort: 50_000 + i, srcIpBytes: 500 + i }).filter((_, k) => k % 7 !== i));
  assert.deepEqual(run(common), []);
});

test('traffic that stays inside is not judged', () => {
  assert.deepEqual(run(calls('10.1.2.3', '10.9.9.9', { direction: 'internal' })), []);
});

test('on live traffic a beacon is reported once while it goes on and resolved when it has left the window', () => {
  const later = flowRecord(30 * 3600, { srcIp: ip('10.7.7.7'), dstIp: ip('203.0.113.1') });
  const evenLater = flowRecord(31 * 3600, { srcIp: ip('10.7.7.7'), dstIp: ip('203.0.113.1') });
  const signals = run([...calls('10.1.2.3', '198.51.100.7'), later, evenLater], 60);
  assert.deepEqual(signals.map((s) => s.status), ['firing', 'resolved']);
  assert.deepEqual(signals[0].labels, signals[1].labels);
});
