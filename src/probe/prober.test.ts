import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lab } from '../drill/lab.ts';
import type { PathTrace, ProbeResult } from '../model/index.ts';
import { anchor, dropEchoes, HOPS, icmpCheck, LabProber, probeLab, TARGETS } from '../../test/support/probe-lab.ts';

let lab: Lab;
let prober: LabProber;
before(() => {
  lab = probeLab(`ww-prb-${process.pid}`);
});
after(() => lab.destroy());
beforeEach(() => {
  prober = new LabProber(lab);
});
afterEach(async () => {
  await prober.stop();
  for (const host of ['one', 'two', 'gw']) dropEchoes(lab, host, 0);
  lab.run('gw', ['ip', 'link', 'set', 'uplink', 'up']);
  lab.run('gw', ['ip', 'address', 'replace', '2001:db8:2::1/64', 'dev', 'uplink', 'nodad']);
  lab.run('gw', ['ip', '-4', 'route', 'replace', 'default', 'via', '198.51.100.2']);
  lab.run('gw', ['ip', '-6', 'route', 'replace', 'default', 'via', '2001:db8:2::2']);
});

for (const family of ['v4', 'v6'] as const) {
  const [one, two] = TARGETS[family];

  test(`${family}: a burst keeps every sample, timed by the kernel`, async () => {
    assert.equal((await prober.ready).icmp[family], 'raw');
    prober.plan([icmpCheck('one', one, { options: { count: 50, spacing: 4 }, timeoutMs: 1000, intervalMs: 60_000 })]);
    const result = (await prober.ask({ kind: 'run', checkId: 'one' })).result!;
    assert.deepEqual([result.ok, result.sent, result.received, result.rttNs.length], [true, 50, 50, 50]);
    assert.ok(result.rttNs.every((r) => r !== null && r > 1000 && r < 200_000_000), String(result.rttNs));
    const sorted = (result.rttNs as number[]).toSorted((a, b) => a - b);
    assert.ok(Math.abs(result.measurements.rtt_min_seconds - sorted[0] / 1e9) < 1e-9);
    assert.ok(Math.abs(result.measurements.rtt_max_seconds - sorted[49] / 1e9) < 1e-9);
    assert.ok(result.loopDelayNs >= 0);
  });

  test(`${family}: loss on the way is measured with an interval that holds the truth`, async () => {
    await prober.ready;
    dropEchoes(lab, 'one', 30);
    prober.plan([icmpCheck('one', one, { options: { count: 300, spacing: 2 }, timeoutMs: 2000, intervalMs: 60_000 })]);
    const result = (await prober.ask({ kind: 'run', checkId: 'one' })).result!;
    assert.equal(result.received, result.rttNs.filter((r) => r !== null).length);
    assert.equal(result.sent, 300);
    // 30 % of 300 is 90; six deviations of 7.9 on either side.
    assert.ok(result.sent - result.received > 42 && result.sent - result.received < 138, `${result.sent - result.received} lost`);
    const { loss_ratio: loss, loss_low_ratio: low, loss_high_ratio: high } = result.measurements;
    assert.ok(low < loss && loss < high && high - low < 0.12, `${low} ${loss} ${high}`);
  });

  test(`${family}: a target that dies becomes DOWN for reasons that are kept, and UP again`, async () => {
    await prober.ready;
    prober.plan([icmpCheck('one', one), icmpCheck('two', two)], { anchors: [anchor(two, 'operator two'), anchor(HOPS[family][1], 'operator core')] });
    await prober.until('both are UP', () => prober.stateOf('one') === 'UP' && prober.stateOf('two') === 'UP');
    dropEchoes(lab, 'one', 100);
    await prober.until('one is DOWN', () => prober.stateOf('one') === 'DOWN');
    const down = prober.states().findLast((s) => s.checkId === 'one' && s.to === 'DOWN' && s.hard)!;
    const steps = down.steps.map((s) => s.step);
    assert.deepEqual(steps.slice(0, 3), ['round', 'recheck', 'recheck']);
    assert.ok(steps.includes('uplink') && steps.includes('second_method'), steps.join());
    assert.match(down.steps.find((s) => s.step === 'uplink')!.outcome, /^connected/);
    assert.ok(prober.states().some((s) => s.checkId === 'one' && !s.hard), 'doubt comes before the verdict');
    assert.equal(prober.stateOf('two'), 'UP');
    assert.deepEqual(prober.uplinks(), []);
    dropEchoes(lab, 'one', 0);
    await prober.until('one is UP again', () => prober.stateOf('one') === 'UP');
    assert.deepEqual(prober.states().filter((s) => s.checkId === 'one' && s.hard).map((s) => s.to), ['UP', 'DOWN', 'UP']);
  });

  test(`${family}: a lost uplink is one statement about ourselves, and nothing is called DOWN`, async () => {
    await prober.ready;
    prober.plan([icmpCheck('one', one), icmpCheck('two', two)], { anchors: [anchor(one, 'a'), anchor(two, 'b'), anchor(HOPS[family][1], 'c')] });
    await prober.until('both are UP', () => prober.stateOf('one') === 'UP' && prober.stateOf('two') === 'UP');
    lab.run('gw', ['ip', 'link', 'set', 'uplink', 'down']);
    await prober.until('both are INCONCLUSIVE', () => prober.stateOf('one') === 'INCONCLUSIVE' && prober.stateOf('two') === 'INCONCLUSIVE');
    await sleep(1500);
    assert.equal(prober.states().filter((s) => s.to === 'DOWN' && s.hard).length, 0);
    const [lost, ...more] = prober.uplinks();
    assert.deepEqual(more, []);
    assert.deepEqual([lost.verdict, lost.anchorsAsked, lost.anchorsAnswered, lost.independent, lost.gateway], ['lost', 3, 0, true, 'answers']);
    lab.run('gw', ['ip', 'link', 'set', 'uplink', 'up']);
    lab.run('gw', ['ip', '-4', 'route', 'replace', 'default', 'via', '198.51.100.2']);
    // An interface that went down lost its IPv6 address and routes.
    lab.run('gw', ['ip', 'address', 'replace', '2001:db8:2::1/64', 'dev', 'uplink', 'nodad']);
    lab.run('gw', ['ip', '-6', 'route', 'replace', 'default', 'via', '2001:db8:2::2']);
    await prober.until('both are UP again', () => prober.stateOf('one') === 'UP' && prober.stateOf('two') === 'UP');
    await prober.until('the uplink is told to be back', () => prober.uplinks().length === 2);
    assert.equal(prober.uplinks()[1].verdict, 'connected');
    assert.equal(prober.states().filter((s) => s.to === 'DOWN' && s.hard).length, 0);
  });

  test(`${family}: a target behind a dead parent is UNREACHABLE, the parent alone is DOWN`, async () => {
    await prober.ready;
    const parent = HOPS[family][1];
    // Another way out keeps the monitor connected: its gateway.
    prober.plan([icmpCheck('core', parent), icmpCheck('one', one, { parents: ['core' as never] })], { anchors: [anchor(family === 'v4' ? '198.51.100.1' : '2001:db8:2::1', 'gateway')] });
    await prober.until('both are UP', () => prober.stateOf('one') === 'UP' && prober.stateOf('core') === 'UP');
    lab.run('core', ['nft', 'table inet fault { chain p { type filter hook prerouting priority 0; policy drop; }; }']);
    try {
      await prober.until('verdicts', () => prober.stateOf('core') === 'DOWN' && prober.stateOf('one') === 'UNREACHABLE');
      assert.ok(!prober.states().some((s) => s.checkId === 'one' && s.hard && s.to === 'DOWN'));
    } finally {
      lab.run('core', ['nft', 'flush', 'ruleset']);
    }
  });

  test(`${family}: a trace names the routers on the way, and two at once do not mix`, async () => {
    await prober.ready;
    prober.plan([icmpCheck('one', one, { intervalMs: 60_000 }), icmpCheck('two', two, { intervalMs: 60_000 })]);
    for (let round = 0; round < 5; round++) {
      const traces = await Promise.all(['one', 'two'].map(async (targetId) => (await prober.ask({ kind: 'trace', targetId })).trace as PathTrace));
      for (const [i, trace] of traces.entries()) {
        assert.equal(trace.reached, true);
        assert.equal(trace.identity, [...HOPS[family], [one, two][i]].join(' '), `round ${round}`);
        assert.ok(trace.hops.every((h) => h.received === h.sent && h.rttNs.every((r) => r !== null && r > 0)), JSON.stringify(trace.hops));
      }
    }
  });
}

for (const family of ['v4', 'v6'] as const) {
  test(`${family}: a trace to a silent target is not taken in by the answers to another trace`, async () => {
    await prober.ready;
    dropEchoes(lab, 'one', 100);
    prober.plan(['one', 'two'].map((id, i) => icmpCheck(id, TARGETS[family][i], { intervalMs: 60_000 })));
    const silent = prober.ask({ kind: 'trace', targetId: 'one' });
    for (let i = 0; i < 10; i++) assert.equal((await prober.ask({ kind: 'trace', targetId: 'two' })).trace!.reached, true);
    const trace = (await silent).trace!;
    assert.deepEqual([trace.reached, trace.identity], [false, HOPS[family].join(' ')]);
  });
}

test('a name that does not resolve is a failure of its own class and never a sample', async () => {
  await prober.ready;
  prober.plan([icmpCheck('nowhere', 'nowhere.invalid', { timeoutMs: 1500, intervalMs: 60_000 })]);
  const result = (await prober.ask({ kind: 'run', checkId: 'nowhere' })).result as ProbeResult;
  assert.deepEqual([result.ok, result.failure?.class, result.received], [false, 'name', 0]);
  assert.ok(result.rttNs.every((r) => r === null));
});

test('rounds keep their grid while another target is silent for its whole timeout', async () => {
  await prober.ready;
  dropEchoes(lab, 'two', 100);
  prober.plan([icmpCheck('one', TARGETS.v4[0], { intervalMs: 500 }), ...Array.from({ length: 20 }, (_, i) => icmpCheck(`silent-${i}`, TARGETS.v4[1], { intervalMs: 500, timeoutMs: 450, hysteresis: { failAfter: 100, recoverAfter: 2, recheckIntervalMs: 500 } }))]);
  await sleep(6000);
  const times = prober.events.flatMap((e) => (e.kind === 'result' && e.result.checkId === 'one' ? [Number(e.result.time) / 1e6] : []));
  assert.ok(times.length >= 8, `${times.length} rounds`);
  const origin = times[0];
  const late = times.map((t) => t - origin - Math.round((t - origin) / 500) * 500);
  assert.ok(late.every((l) => Math.abs(l) < 150), late.map((l) => l.toFixed(0)).join(' '));
  assert.equal(Math.round((times.at(-1)! - origin) / 500), times.length - 1, 'no round is skipped');
});
