import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DATASET, T0 } from '../../test/support/records.ts';
import { NS_PER_SECOND } from '../base/time.ts';
import { PROBE_SCHEMA, recordId, type CheckId, type FailureClass, type ProbeResult, type StateChange, type TargetId } from '../model/index.ts';
import { confirmFailure, judgeRound, NEW_CHECK, type CheckMemory, type Confirmation, type Next } from './check-state.ts';
import type { CheckSpec, Hysteresis, Thresholds } from './check-spec.ts';

function check(thresholds: Partial<Thresholds> = {}, hysteresis: Partial<Hysteresis> = {}): CheckSpec {
  return {
    id: 'web/icmp' as CheckId, targetId: 'web' as TargetId, probe: 'icmp', options: {}, address: '2001:db8::7', family: 'any', intervalMs: 10_000, timeoutMs: 4000,
    thresholds: { loss: 0.2, lossRounds: 1, latencyOf: 'median', ...thresholds }, hysteresis: { failAfter: 3, recoverAfter: 2, recheckIntervalMs: 2000, ...hysteresis },
    parents: [], labels: { name: 'Web' }, trace: false,
  };
}

let round = 0;
function result(rttMs: readonly (number | null)[], failed: FailureClass | null = null): ProbeResult {
  const received = rttMs.filter((r) => r !== null).length;
  return {
    kind: 'probe', schema: PROBE_SCHEMA, id: recordId(DATASET, ++round, 0), dataset: DATASET, sensorId: 's', siteId: 'd', linkId: 'l', sampling: 1, loss: null,
    time: T0 + BigInt(round) * NS_PER_SECOND, checkId: 'web/icmp' as CheckId, targetId: 'web' as TargetId, probe: 'icmp', ok: received > 0,
    failure: received > 0 ? null : { class: failed ?? 'timeout', message: 'none answered' }, sent: rttMs.length, received, rttNs: rttMs.map((r) => (r === null ? null : r * 1e6)),
    measurements: {}, notes: {}, duration: 0n, loopDelayNs: 0,
  };
}
const good = (): ProbeResult => result([10, 10, 10, 10, 10]);
const dead = (): ProbeResult => result([null, null, null, null, null]);
const DOWN: Confirmation = { verdict: 'DOWN', reason: 'three rounds failed', steps: [] };

/** Feeds rounds; failures are confirmed as told. Returns what was said, hard changes alone. */
function feed(spec: CheckSpec, rounds: readonly ProbeResult[], confirm: Confirmation = DOWN, from: CheckMemory = NEW_CHECK): { said: string[]; changes: StateChange[]; memory: CheckMemory; next: Next[] } {
  let memory = from;
  const changes: StateChange[] = [];
  const next: Next[] = [];
  for (const r of rounds) {
    let step = judgeRound(memory, r, spec);
    if (step.change?.hard === true) changes.push(step.change);
    next.push(step.next);
    if (step.next === 'confirm') {
      step = confirmFailure(step.memory, r, spec, confirm);
      if (step.change !== null) changes.push(step.change);
    }
    memory = step.memory;
  }
  return { said: changes.map((c) => `${c.from} -> ${c.to}${c.causes.length > 0 ? ` (${c.causes.join(', ')})` : ''}`), changes, memory, next };
}

test('one lost round is doubt, three are an outage, two good ones end it', () => {
  const { said, next } = feed(check(), [good(), dead(), good(), good(), dead(), dead(), dead(), dead(), good(), dead(), good(), good()]);
  assert.deepEqual(said, ['UNKNOWN -> UP', 'UP -> DOWN', 'DOWN -> UP']);
  assert.deepEqual(next.slice(0, 8), ['wait', 'recheck', 'wait', 'wait', 'recheck', 'recheck', 'confirm', 'wait']);
});

test('each step towards the verdict is kept', () => {
  const { changes } = feed(check(), [good(), dead(), dead(), dead()], { ...DOWN, steps: [{ time: T0, step: 'uplink', outcome: 'connected: 198.51.100.1 answers.' }] });
  assert.deepEqual(changes[1].steps.map((s) => s.step), ['round', 'recheck', 'recheck', 'uplink']);
});

test('a lost uplink makes the check inconclusive, and an outage is said once the uplink is back', () => {
  const lost = feed(check(), [good(), dead(), dead(), dead(), dead()], { verdict: 'INCONCLUSIVE', reason: 'uplink', steps: [] });
  assert.deepEqual(lost.said, ['UNKNOWN -> UP', 'UP -> INCONCLUSIVE']);
  // What failed while the uplink was lost does not count: it takes as many rounds as any verdict.
  assert.deepEqual(feed(check(), [dead(), dead(), dead()], DOWN, lost.memory).said, []);
  assert.deepEqual(feed(check(), [dead(), dead(), dead(), dead()], DOWN, lost.memory).said, ['INCONCLUSIVE -> DOWN']);
  assert.deepEqual(feed(check(), [good(), good()], DOWN, lost.memory).said, ['INCONCLUSIVE -> UP']);
});

test('what this machine could not send says nothing of the target', () => {
  const { said } = feed(check(), [good(), result([null], 'local')]);
  assert.deepEqual(said, ['UNKNOWN -> UP', 'UP -> INCONCLUSIVE']);
});

test('loss is judged over its window of rounds with >, not before the window is full', () => {
  const spec = check({ loss: 0.05, lossRounds: 10 }, { failAfter: 1, recoverAfter: 1 });
  const lossy = (): ProbeResult => result([10, 10, 10, 10, null, 10, 10, 10, 10, 10]);
  assert.deepEqual(feed(spec, Array.from({ length: 9 }, lossy)).said, ['UNKNOWN -> UP']);
  const { said, changes } = feed(spec, Array.from({ length: 10 }, lossy));
  assert.deepEqual(said, ['UNKNOWN -> UP', 'UP -> DEGRADED (loss)']);
  assert.equal(changes[1].figures.loss_percent, 10);
  const exactly = [lossy(), ...Array.from({ length: 9 }, () => result(Array.from({ length: 10 }, () => 10)))].flatMap((r) => [r]);
  assert.deepEqual(feed(check({ loss: 0.01, lossRounds: 10 }, { failAfter: 1 }), exactly).said, ['UNKNOWN -> UP'], '1 % is not above 1 %');
});

test('an outage is not packet loss: its rounds do not count', () => {
  const spec = check({ loss: 0.05, lossRounds: 3 }, { failAfter: 1, recoverAfter: 1 });
  const { said } = feed(spec, [good(), good(), good(), dead(), dead(), good(), good(), good(), good()]);
  assert.deepEqual(said, ['UNKNOWN -> UP', 'UP -> DOWN', 'DOWN -> UP']);
});

test('latency is the median, compared with >, and ends clearly below its limit', () => {
  const spec = check({ latencyMs: 100 }, { failAfter: 2, recoverAfter: 2 });
  const at = (ms: number): ProbeResult => result([ms, ms, ms, 5000, ms]);
  assert.deepEqual(feed(spec, [at(100), at(100)]).said, ['UNKNOWN -> UP']);
  assert.deepEqual(feed(spec, [at(10), at(101), at(101), at(95), at(95), at(70), at(70)]).said, ['UNKNOWN -> UP', 'UP -> DEGRADED (latency)', 'DEGRADED -> UP']);
});

test('a certificate that ends soon degrades the check', () => {
  const spec = check({ certificateExpiryMs: 14 * 86_400_000 }, { failAfter: 1 });
  const soon: ProbeResult = { ...good(), measurements: { cert_expiry_seconds: 3 * 86_400 } };
  assert.deepEqual(feed(spec, [soon]).said, ['UNKNOWN -> DEGRADED (certificate)']);
});

test('memory is plain JSON: a restart goes on where it stopped', () => {
  const half = feed(check(), [good(), dead(), dead()]);
  const restored = JSON.parse(JSON.stringify(half.memory, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))) as CheckMemory;
  assert.deepEqual(feed(check(), [dead()], DOWN, restored).said, ['UP -> DOWN']);
});
