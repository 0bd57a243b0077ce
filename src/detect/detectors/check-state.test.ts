import assert from 'node:assert/strict';
import { test } from 'node:test';
import { T0, testHost } from '../../../test/support/records.ts';
import { NS_PER_SECOND } from '../../base/time.ts';
import { Networks, type CheckId, type CheckState, type DegradedCause, type Signal, type StateChange, type TargetId, type UplinkVerdict } from '../../model/index.ts';
import { DetectionEngine } from '../engine.ts';
import { checkState } from './check-state.ts';

function engineWith(signals: Signal[]): DetectionEngine {
  return new DetectionEngine({ detectors: [checkState], options: {}, networks: new Networks(), host: testHost }, (s) => signals.push(s));
}

const change = (second: number, to: CheckState, causes: DegradedCause[] = [], hard = true): StateChange => ({
  checkId: 'web/icmp' as CheckId, targetId: 'web' as TargetId, time: T0 + BigInt(second) * NS_PER_SECOND, from: 'UP', to, hard, causes,
  figures: { latency_ms: 120.456, loss_percent: 20 }, labels: { name: 'Web', host: '2001:db8::7', probe: 'icmp' }, reason: 'three rounds without an answer', steps: [],
});
const said = (signals: readonly Signal[]): string[] => signals.map((s) => `${s.name} ${s.status}`);

test('an outage is one signal and one resolve, however many rounds fail', () => {
  const signals: Signal[] = [];
  const engine = engineWith(signals);
  for (const c of [change(0, 'DOWN', [], false), change(1, 'DOWN'), change(11, 'DOWN'), change(21, 'UP')]) engine.onState(c);
  assert.deepEqual(said(signals), ['check-down firing', 'check-down resolved']);
  assert.deepEqual(signals[0].labels, { name: 'Web', host: '2001:db8::7', probe: 'icmp', alertname: 'check-down', target: 'web', check: 'web/icmp' });
  assert.equal(signals[1].startsAt, signals[0].time);
});

test('loss and latency are alerts of their own and end on their own', () => {
  const signals: Signal[] = [];
  const engine = engineWith(signals);
  for (const c of [change(0, 'DEGRADED', ['loss']), change(10, 'DEGRADED', ['loss', 'latency']), change(20, 'DEGRADED', ['latency']), change(30, 'UP')]) engine.onState(c);
  assert.deepEqual(said(signals), ['check-loss firing', 'check-latency firing', 'check-loss resolved', 'check-latency resolved']);
  assert.equal(signals[1].annotations.latency_ms, '120.46');
});

test('while the state is not known nothing fires and nothing resolves', () => {
  const signals: Signal[] = [];
  const engine = engineWith(signals);
  for (const c of [change(0, 'INCONCLUSIVE'), change(5, 'UNREACHABLE'), change(10, 'DOWN'), change(20, 'INCONCLUSIVE'), change(30, 'UNREACHABLE'), change(40, 'UP')]) engine.onState(c);
  assert.deepEqual(said(signals), ['check-down firing', 'check-down resolved']);
});

test('a lost uplink is one statement, and less sure with fewer than three anchors', () => {
  const signals: Signal[] = [];
  const engine = engineWith(signals);
  const verdict = (second: number, v: UplinkVerdict['verdict']): UplinkVerdict => ({
    time: T0 + BigInt(second) * NS_PER_SECOND, verdict: v, anchorsAsked: 2, anchorsAnswered: v === 'lost' ? 0 : 2, independent: false, gateway: 'silent', link: 'up', reason: 'No anchor answered.',
  });
  for (const v of [verdict(0, 'connected'), verdict(10, 'lost'), verdict(20, 'lost'), verdict(25, 'unsure'), verdict(30, 'connected')]) engine.onUplink(v);
  assert.deepEqual(said(signals), ['uplink-lost firing', 'uplink-lost resolved']);
  assert.match(signals[0].annotations.explanation, /fewer than three independent/);
  assert.ok(signals[0].confidence < 0.8);
});

test('what fires is remembered over a restart, so that its end is told', () => {
  const before = engineWith([]);
  before.onState(change(0, 'DOWN'));
  const signals: Signal[] = [];
  const after = engineWith(signals);
  assert.deepEqual(after.restore(JSON.parse(JSON.stringify(before.snapshot())) as Record<string, unknown>), []);
  after.onState(change(60, 'UP'));
  assert.deepEqual(said(signals), ['check-down resolved']);
  assert.equal(signals[0].evidence.length, 0);
});
