// Whatever is silenced, inhibited or flaps: what was told as firing is told as resolved, once, and nothing is told that is not so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestHost } from '../../test/support/digest-host.ts';
import { at, signalOf } from '../../test/support/signals.ts';
import { decodeState, encodeState } from '../base/state-json.ts';
import { AlertEngine } from './alert-engine.ts';
import { EMPTY_ALERT_STATE, type AlertEngineState, type AlertInput, type AlertOutput } from './alert-state.ts';
import { parseMatcher } from './matcher.ts';

const engine = new AlertEngine({
  route: { receiver: 'ops', groupBy: ['site'], groupWaitMs: 10_000, groupIntervalMs: 60_000, repeatIntervalMs: 3_600_000 }, receivers: [{ name: 'ops' }],
  inhibit: [{ source: [parseMatcher('target="t0"')], target: [parseMatcher('target=~"t.*"')], equal: ['site'] }],
  lifecycle: [{ matchers: [parseMatcher('target="t3"')], forMs: 20_000, keepFiringForMs: 30_000 }], maxAlerts: 100,
}, { host: digestHost, regex: (p) => new RegExp(p) });

interface Event { after: number; target: number; site: number; kind: 'fire' | 'resolve' | 'silence' | 'unsilence' | 'tick' }

const events = fc.array(fc.record({
  after: fc.integer({ min: 0, max: 90 }), target: fc.nat(4), site: fc.nat(1),
  kind: fc.constantFrom<Event['kind']>('fire', 'fire', 'fire', 'resolve', 'resolve', 'silence', 'unsilence', 'tick'),
}), { maxLength: 60 });

function play(story: readonly Event[], roundTrip: boolean): AlertOutput[] {
  let state: AlertEngineState = EMPTY_ALERT_STATE;
  let deadline: bigint | null = null;
  let now = at(0);
  const outputs: AlertOutput[] = [];
  const give = (input: AlertInput): void => {
    const step = engine.step(roundTrip ? decodeState(encodeState(state)) : state, input, now);
    state = step.state;
    deadline = step.nextDeadline;
    outputs.push(...step.outputs);
  };
  const until = (end: bigint): void => {
    for (let guard = 0; deadline !== null && deadline <= end && guard < 10_000; guard++) {
      if (deadline > now) now = deadline;
      give({ kind: 'tick' });
    }
    now = end;
  };
  let second = 0;
  const signal = (target: number, site: number, status: 'firing' | 'resolved'): void =>
    give({ kind: 'signal', signal: signalOf(now, { status, labels: { target: `t${target}`, site: `s${site}` } }) });
  for (const e of story) {
    second += e.after;
    until(at(second));
    if (e.kind === 'fire' || e.kind === 'resolve') signal(e.target, e.site, e.kind === 'fire' ? 'firing' : 'resolved');
    else if (e.kind === 'silence') give({ kind: 'silence', silence: { id: `s${e.target}`, matchers: [parseMatcher(`target="t${e.target}"`)], startsAt: now, endsAt: now + 10n ** 15n, createdBy: 'ann', comment: '' } });
    else if (e.kind === 'unsilence' && state.silences[`s${e.target}`] !== undefined) give({ kind: 'expire_silence', id: `s${e.target}` });
    else give({ kind: 'tick' });
  }
  // In the end everything resolves, silenced or not.
  for (let target = 0; target < 5; target++) for (let site = 0; site < 2; site++) signal(target, site, 'resolved');
  until(at(second + 2000));
  assert.deepEqual([state.alerts, state.groups], [{}, {}]);
  return outputs;
}

test('the receiver\'s picture is true in the end, and each change of it was told once', () => {
  fc.assert(fc.property(events, (story) => {
    const believed = new Set<string>();
    for (const o of play(story, false)) {
      if (o.kind !== 'notification') continue;
      const { alerts, reason } = o.notification;
      const news = alerts.filter((a) => (a.status === 'firing') !== believed.has(a.fingerprint));
      if (reason === 'first' || reason === 'new_alerts') assert.ok(alerts.some((a) => a.status === 'firing' && !believed.has(a.fingerprint)), `${reason} without news`);
      if (reason === 'resolved') assert.ok(news.length > 0 || alerts.some((a) => a.status === 'resolved'), 'a resolve of nothing');
      for (const a of alerts) {
        if (a.status === 'firing') believed.add(a.fingerprint);
        else believed.delete(a.fingerprint);
      }
    }
    assert.deepEqual([...believed], []);
  }), { numRuns: 500, seed: 20261121 });
});

test('a restart between any two inputs changes nothing of what comes out', () => {
  fc.assert(fc.property(events, (story) => {
    assert.equal(encodeState(play(story, true)), encodeState(play(story, false)));
  }), { numRuns: 100, seed: 20261122 });
});
