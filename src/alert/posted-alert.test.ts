import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestHost } from '../../test/support/digest-host.ts';
import { at } from '../../test/support/signals.ts';
import type { AlertOutput } from './alert-state.ts';
import { AlertEngine } from './alert-engine.ts';
import { EMPTY_ALERT_STATE } from './alert-state.ts';
import { signalOfPosted, type PostedAlert } from './posted-alert.ts';

const posted = (over: Partial<PostedAlert> = {}): PostedAlert => ({ labels: { alertname: 'HighLoad', instance: 'db', severity: 'page' }, annotations: {}, startsAt: at(0), endsAt: null, generatorUrl: null, ...over });

// Alertmanager's meanings of what is left out, and of ends before, at and after now.
const rows: [title: string, over: Partial<PostedAlert>, second: number, expected: unknown[]][] = [
  ['without an end it fires, and is over five minutes later', {}, 10, ['firing', at(0), at(310)]],
  ['an end ahead is when it is over', { endsAt: at(70) }, 10, ['firing', at(0), at(70)]],
  ['an end that has come is the resolve', { endsAt: at(10) }, 10, ['resolved', at(0), undefined]],
  ['without a beginning it begins now', { startsAt: null }, 10, ['firing', at(10), at(310)]],
  ['or at its end, where that has passed', { startsAt: null, endsAt: at(5) }, 10, ['resolved', at(5), undefined]],
];
for (const [title, over, second, expected] of rows) {
  test(`posted alert: ${title}`, () => {
    const signal = signalOfPosted(posted(over), at(second), digestHost);
    assert.deepEqual([signal.status, signal.startsAt, signal.expiresAt], expected);
  });
}

test('labels without a value do not count, severities are ours, and what does not fit is refused', () => {
  const signal = signalOfPosted(posted({ labels: { alertname: 'A', job: '', severity: 'Page' }, generatorUrl: 'http://prometheus.test/g' }), at(0), digestHost);
  assert.deepEqual([signal.labels, signal.severity, signal.annotations], [{ alertname: 'A', severity: 'Page' }, 'critical', { generator: 'http://prometheus.test/g' }]);
  assert.equal(signalOfPosted(posted({ labels: { x: 'y' } }), at(0), digestHost).severity, 'warning');
  assert.throws(() => signalOfPosted(posted({ labels: { a: '' } }), at(0), digestHost), { code: 'WW_ARGUMENT' });
  assert.throws(() => signalOfPosted(posted({ endsAt: at(-5) }), at(0), digestHost), { code: 'WW_ARGUMENT' });
});

test('an alert that is posted again and again fires once, and ends when it is posted no more, or as ended', () => {
  const engine = new AlertEngine({ route: { receiver: 'ops', groupWaitMs: 0, groupIntervalMs: 1000 }, receivers: [{ name: 'ops' }], inhibit: [], lifecycle: [], maxAlerts: 10 }, { host: digestHost, regex: (p) => new RegExp(p) });
  const story = (posts: readonly [second: number, over: Partial<PostedAlert>][], until: number): string[] => {
    let state = EMPTY_ALERT_STATE;
    const told: string[] = [];
    const take = (outputs: readonly AlertOutput[], second: number): void => {
      for (const o of outputs) if (o.kind === 'notification') told.push(`${second} ${o.notification.status}`);
    };
    for (let second = 0; second <= until; second++) {
      for (const [when, over] of posts) {
        if (when === second) state = engine.step(state, { kind: 'signal', signal: signalOfPosted(posted(over), at(second), digestHost) }, at(second)).state;
      }
      const step = engine.step(state, { kind: 'tick' }, at(second));
      state = step.state;
      take(step.outputs, second);
    }
    return told;
  };
  assert.deepEqual(story([[0, { endsAt: at(100) }], [60, { endsAt: at(160) }], [120, { endsAt: at(220) }]], 400), ['0 firing', '220 resolved']);
  assert.deepEqual(story([[0, { endsAt: at(100) }], [50, { endsAt: at(50) }]], 200), ['0 firing', '50 resolved']);
});
