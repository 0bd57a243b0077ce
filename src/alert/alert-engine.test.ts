import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestHost } from '../../test/support/digest-host.ts';
import { at, signalOf } from '../../test/support/signals.ts';
import { decodeState, encodeState } from '../base/state-json.ts';
import type { Nanos } from '../base/time.ts';
import { parseTimeInterval } from '../base/time-interval.ts';
import type { Notification, NotifyDecision } from '../model/index.ts';
import { AlertEngine } from './alert-engine.ts';
import { EMPTY_ALERT_STATE, type AlertConfig, type AlertEngineState, type AlertInput, type AlertOutput } from './alert-state.ts';
import { parseMatcher } from './matcher.ts';

const m = (...texts: string[]) => texts.map(parseMatcher);
const base: AlertConfig = {
  route: { receiver: 'ops', groupBy: ['target'], groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 4 * 3_600_000 },
  receivers: [{ name: 'ops' }], inhibit: [], lifecycle: [], maxAlerts: 100,
};

/** Runs an engine through a story: time passes by its own deadlines, and the state goes through text between any two steps. */
class Story {
  engine: AlertEngine;
  state: AlertEngineState = EMPTY_ALERT_STATE;
  now: Nanos = at(0);
  deadline: Nanos | null = null;
  outputs: AlertOutput[] = [];

  constructor(over: Partial<AlertConfig> = {}) {
    this.engine = new AlertEngine({ ...base, ...over }, { host: digestHost, regex: (p) => new RegExp(p) });
  }

  give(seconds: number, input: AlertInput): this {
    this.until(seconds);
    return this.#step(input);
  }

  firing(seconds: number, over = {}): this {
    return this.give(seconds, { kind: 'signal', signal: signalOf(at(seconds), over) });
  }

  resolved(seconds: number, over = {}): this {
    return this.firing(seconds, { status: 'resolved', ...over });
  }

  /** Lets time pass, with a tick at each deadline. */
  until(seconds: number): this {
    while (this.deadline !== null && this.deadline <= at(seconds)) {
      if (this.deadline > this.now) this.now = this.deadline;
      this.#step({ kind: 'tick' });
    }
    this.now = at(seconds);
    return this;
  }

  #step(input: AlertInput): this {
    const step = this.engine.step(decodeState(encodeState(this.state)), input, this.now);
    this.state = step.state;
    this.deadline = step.nextDeadline;
    this.outputs.push(...step.outputs);
    return this;
  }

  get sent(): Notification[] {
    return this.outputs.flatMap((o) => (o.kind === 'notification' ? [o.notification] : []));
  }

  get told(): string[] {
    return this.sent.map((n) => `${Number(n.createdAt - at(0)) / 1e9} ${n.reason} ${n.status} ${n.alerts.map((a) => a.labels.target).join('+')}`);
  }

  get decisions(): NotifyDecision[] {
    return this.outputs.flatMap((o) => (o.kind === 'decision' ? [o.decision] : []));
  }

  get changes(): string[] {
    return this.outputs.flatMap((o) => (o.kind === 'alert' && o.change !== 'updated' ? [`${o.change} ${o.alert.labels.target}`] : []));
  }
}

test('an outage of one hour with a failing round every 10 s pages once and resolves once', () => {
  const story = new Story();
  for (let s = 0; s < 3600; s += 10) story.firing(s);
  story.resolved(3600).until(86_400);
  assert.deepEqual(story.told, ['30 first firing web', '3630 resolved resolved web']);
  assert.deepEqual(story.changes, ['firing web', 'resolved web']);
  assert.equal(story.sent[1].alerts[0].endsAt, at(3600));
  assert.deepEqual([Object.keys(story.state.alerts), Object.keys(story.state.groups), Object.keys(story.state.told)], [[], [], Object.keys(story.state.told)]);
});

test('a long outage is repeated at the repeat interval and no sooner', () => {
  const story = new Story({ route: { ...base.route, repeatIntervalMs: 3_600_000 } });
  for (let s = 0; s < 2 * 3600 + 600; s += 10) story.firing(s);
  story.resolved(7800).until(20_000);
  assert.deepEqual(story.told, ['30 first firing web', '3630 repeat firing web', '7230 repeat firing web', '7830 resolved resolved web']);
});

test('a group to which nothing happens is left alone: no decision, no deadline but the repetition', () => {
  const story = new Story({ route: { ...base.route, groupIntervalMs: 1000 } });
  for (let s = 0; s < 3600; s += 10) story.firing(s);
  assert.deepEqual(story.decisions.map((d) => d.reason), ['first']);
  assert.equal(story.deadline, at(30 + 4 * 3600));
  story.resolved(3600).until(3700);
  assert.deepEqual(story.decisions.map((d) => d.reason), ['first', 'resolved']);
});

test('an alert is pending until `for` has passed, and is dropped unseen when it ends before', () => {
  const rules = { lifecycle: [{ matchers: m('alertname="check-down"'), forMs: 60_000 }] };
  const story = new Story(rules).firing(0).firing(10).resolved(20).until(600);
  assert.deepEqual([story.changes, story.told], [['pending web', 'dropped web'], []]);
  const long = new Story(rules).firing(0).firing(50).until(59);
  assert.deepEqual(long.changes, ['pending web']);
  assert.deepEqual(long.until(60).changes, ['pending web', 'firing web']);
});

test('the end of an episode is told although the alert is pending again', () => {
  const story = new Story({ lifecycle: [{ matchers: m('target="web"'), forMs: 400_000 }] });
  story.firing(0).until(450).resolved(500).firing(510).until(800);
  assert.deepEqual(story.told, ['400 first firing web', '700 resolved resolved web']);
  assert.deepEqual(story.resolved(810).until(2000).told.length, 2);
  assert.deepEqual(story.state.alerts, {});
});

test('the alert of a check that was taken out of the configuration ends, and its end is told', () => {
  const story = new Story().firing(0).firing(0, { name: 'port-scan', kind: 'detection', labels: { src: '2001:db8::7', target: 'scan' } }).until(40);
  story.give(50, { kind: 'retire', label: 'check', keep: ['other'] }).until(400);
  assert.deepEqual(story.changes, ['firing web', 'firing scan', 'resolved web']);
  assert.ok(story.told.includes('330 resolved resolved web'));
});

test('keep_firing_for holds an alert over a short recovery', () => {
  const story = new Story({ lifecycle: [{ matchers: m('alertname="check-down"'), keepFiringForMs: 120_000 }] });
  story.firing(0).resolved(60).firing(100).resolved(200).until(319);
  assert.deepEqual(story.changes, ['firing web']);
  assert.deepEqual(story.until(320).changes, ['firing web', 'resolved web']);
  assert.equal(story.state.alerts[Object.keys(story.state.alerts)[0]].alert.resolvedAt, at(200));
});

test('a detection that is never withdrawn resolves when no signal came for an hour; a threshold does not', () => {
  const scan = { kind: 'detection', name: 'port-scan', labels: { src: '2001:db8::7', target: 'scan' } } as const;
  assert.deepEqual(new Story().firing(0, scan).firing(600, scan).until(4199).changes, ['firing scan']);
  assert.deepEqual(new Story().firing(0, scan).firing(600, scan).until(4200).changes, ['firing scan', 'resolved scan']);
  assert.deepEqual(new Story().firing(0).until(100_000).changes, ['firing web']);
});

test('alerts of one group are told together, a newcomer at the next interval', () => {
  const story = new Story({ route: { ...base.route, groupBy: ['site'] } });
  for (const [s, target] of [[0, 'a'], [10, 'b'], [60, 'c']] as const) story.firing(s, { labels: { site: 'x', target } });
  story.until(400);
  assert.deepEqual(story.told, ['30 first firing a+b', '330 new_alerts firing a+b+c']);
});

test('what fires and ends within group_wait is not told, and the reason is kept', () => {
  const story = new Story().firing(0).resolved(20).until(100);
  assert.deepEqual(story.told, []);
  assert.deepEqual(story.decisions.map((d) => [d.sent, d.reason]), [[false, 'never_told']]);
});

test('a silenced alert is not told, the decision names the silence, and it is told when the silence ends', () => {
  const story = new Story();
  story.give(0, { kind: 'silence', silence: { id: 's1', matchers: m('target=~"we."'), startsAt: at(0), endsAt: at(400), createdBy: 'ann', comment: 'cable' } });
  story.firing(1).until(700);
  assert.deepEqual(story.decisions[0].reason, 'silenced');
  assert.deepEqual(story.decisions[0].muted.map((x) => [x.reason, x.by]), [['silenced', 's1']]);
  assert.deepEqual(story.told, ['631 first firing web']);
});

test('a silence ended early ends', () => {
  const story = new Story();
  story.give(0, { kind: 'silence', silence: { id: 's1', matchers: m('target="web"'), startsAt: at(0), endsAt: at(90_000), createdBy: 'ann', comment: '' } });
  story.firing(1).give(100, { kind: 'expire_silence', id: 's1' }).until(400);
  assert.deepEqual(story.told, ['331 first firing web']);
  assert.throws(() => story.give(401, { kind: 'expire_silence', id: 'no' }), { code: 'WW_NOT_FOUND' });
});

for (const mute of ['silence', 'inhibition', 'maintenance'] as const) {
  test(`the resolve of what was told is told under ${mute}`, () => {
    const story = new Story({ inhibit: [{ source: m('alertname="uplink-lost"'), target: m('alertname="check-down"'), equal: [] }] });
    story.firing(0).until(100);
    assert.deepEqual(story.told, ['30 first firing web']);
    const silence = { id: 's1', matchers: m('target="web"'), startsAt: at(0), endsAt: at(90_000) };
    if (mute === 'silence') story.give(100, { kind: 'silence', silence: { ...silence, createdBy: 'ann', comment: '' } });
    if (mute === 'maintenance') story.give(100, { kind: 'maintenance', windows: [{ ...silence, reason: 'works' }] });
    if (mute === 'inhibition') story.firing(100, { name: 'uplink-lost', labels: { target: 'uplink' } });
    story.until(20_000);
    assert.equal(story.decisions.at(-1)?.fingerprints.length, 1);
    story.resolved(20_001).until(20_900);
    const web = story.told.filter((t) => t.endsWith('web'));
    assert.deepEqual(web, ['30 first firing web', '20130 resolved resolved web']);
    const reason = { silence: 'silenced', inhibition: 'inhibited', maintenance: 'maintenance' }[mute];
    assert.ok(story.decisions.some((d) => !d.sent && d.reason === reason));
  });
}

test('a route is silent in its mute intervals and outside its active ones, tells afterwards what fires, and always the end of what was told', () => {
  const night = parseTimeInterval({ times: ['00:00-06:00'] });
  const story = (route: object): Story => new Story({ timeIntervals: { night: [night] }, route: { ...base.route, repeatIntervalMs: 86_400_000, routes: [{ matchers: m('target=~".+"'), ...route }] } });
  // The story begins at midnight: what fires then is told at six.
  const muted = story({ muteIntervals: ['night'] }).firing(0).until(22_000);
  assert.deepEqual(muted.told, ['21630 first firing web']);
  assert.ok(muted.decisions.some((d) => !d.sent && d.reason === 'muted' && d.muted[0].by === 'night'));
  const active = story({ activeIntervals: ['night'] }).firing(0).until(21_700);
  assert.deepEqual(active.told, ['30 first firing web']);
  active.resolved(21_700).until(22_400);
  assert.deepEqual(active.told, ['30 first firing web', '21930 resolved resolved web'], 'outside its hours too');
  // Not inherited: the root's intervals do not bind the child.
  assert.deepEqual(story({}).firing(0).until(100).told, ['30 first firing web']);
});

test('a receiver and those that are told besides it each have a group of their own', () => {
  const story = new Story({ receivers: [{ name: 'ops' }, { name: 'pager' }], route: { ...base.route, also: ['pager'] } });
  story.firing(0).until(40);
  assert.deepEqual(story.sent.map((n) => n.receiver).toSorted(), ['ops', 'pager']);
  const pager = story.sent.find((n) => n.receiver === 'pager')!;
  story.give(50, { kind: 'undelivered', groupKey: pager.groupKey }).until(400);
  assert.deepEqual(story.sent.map((n) => n.receiver).toSorted(), ['ops', 'pager', 'pager'], 'only who was not reached is told again');
});

test('five thousand alerts of one cause make one message a group, in bounded memory', () => {
  const engine = new AlertEngine({ ...base, maxAlerts: 5_000, route: { ...base.route, groupBy: ['site'] } }, { host: digestHost, regex: (p) => new RegExp(p) });
  let state = EMPTY_ALERT_STATE;
  for (let i = 0; i < 5_200; i++) state = engine.step(state, { kind: 'signal', signal: signalOf(at(0), { labels: { site: 'a', target: `t${i}`, check: `c${i}` } }) }, at(0)).state;
  const { state: after, outputs } = engine.step(state, { kind: 'tick' }, at(40));
  const sent = outputs.flatMap((o) => (o.kind === 'notification' ? [o.notification] : []));
  assert.deepEqual(sent.map((n) => [n.alerts.length, n.reason]), [[5_000, 'first']]);
  assert.deepEqual([Object.keys(after.alerts).length, after.refused, Object.keys(after.groups).length], [5_000, 200, 1]);
});

test('the inhibited target is told once the source has gone', () => {
  const story = new Story({ inhibit: [{ source: m('alertname="uplink-lost"'), target: m('alertname="check-down"'), equal: ['site'] }] });
  story.firing(0, { name: 'uplink-lost', labels: { target: 'uplink', site: 'a' } }).firing(5, { labels: { target: 'web', site: 'a' } });
  story.resolved(100, { name: 'uplink-lost', labels: { target: 'uplink', site: 'a' } }).until(400);
  assert.deepEqual(story.told, ['30 first firing uplink', '330 resolved resolved uplink', '335 first firing web']);
});

test('a message carries its incident and link, and a drill is marked and apart from the real thing', () => {
  const story = new Story().firing(0).firing(0, { drill: true });
  assert.equal(Object.keys(story.state.alerts).length, 2);
  const real = Object.values(story.state.alerts).find((t) => !t.alert.drill)!.alert.fingerprint;
  story.give(1, { kind: 'incident', fingerprint: real, incidentId: 'inc-1', link: 'http://127.0.0.1:8080/incidents/inc-1' });
  const split = new Story({ route: { ...base.route, groupBy: ['...'] } });
  split.firing(0).firing(0, { drill: true }).until(40);
  assert.deepEqual(split.sent.map((n) => n.drill === n.subject.startsWith('[DRILL] ')), [true, true]);
  const first = story.until(40).sent.find((n) => !n.drill)!;
  assert.equal(first.incidentId, 'inc-1');
  assert.match(first.body, /incidents\/inc-1/);
});

test('templates give the subjects of the seed script, by alert name', () => {
  const templates = [
    { alertnames: ['check-down'], status: 'firing', subject: 'Network Alert: {{name}} Down', body: 'No response from {{name}} ({{host}}).' },
    { alertnames: ['check-latency'], status: 'firing', subject: 'Network Alert: High Latency on {{name}}', body: 'High latency detected for {{name}} ({{host}}): {{latency}} ms.' },
    { status: 'resolved', subject: 'Network Alert: {{name}} Recovered', body: 'after {{duration}}' },
  ] as const;
  const story = new Story({ receivers: [{ name: 'ops', templates }], route: { ...base.route, groupBy: ['...'], groupWaitMs: 0, groupIntervalMs: 10_000 } });
  const labels = { target: 'g', name: 'Google DNS', host: '8.8.8.8' };
  story.firing(0, { labels }).firing(0, { name: 'check-latency', labels, annotations: { latency: '150.25' } }).resolved(95, { labels }).until(120);
  assert.deepEqual(story.sent.map((n) => [n.subject, n.body]), [
    ['Network Alert: Google DNS Down', 'No response from Google DNS (8.8.8.8).\n'],
    ['Network Alert: High Latency on Google DNS', 'High latency detected for Google DNS (8.8.8.8): 150.25 ms.\n'],
    ['Network Alert: Google DNS Recovered', 'after 1m 35s\n'],
  ]);
});

test('a notification that reached nobody is sent again as the first', () => {
  const story = new Story().firing(0).until(40);
  story.give(50, { kind: 'undelivered', groupKey: story.sent[0].groupKey }).until(400);
  assert.deepEqual(story.told, ['30 first firing web', '330 first firing web']);
});

test('the same story gives the same bytes, and severity rises to the worst of the group', () => {
  const run = () => new Story({ route: { ...base.route, groupBy: [] } }).firing(0, { severity: 'warning' }).firing(1, { labels: { target: 'db' } }).until(50);
  assert.equal(encodeState(run().outputs), encodeState(run().outputs));
  assert.equal(run().sent[0].severity, 'critical');
});

test('beyond the cap alerts are refused and counted, and those that are held go on', () => {
  const story = new Story({ maxAlerts: 2 });
  for (const target of ['a', 'b', 'c', 'a']) story.firing(0, { labels: { target } });
  assert.equal(Object.keys(story.state.alerts).length, 2);
  assert.equal(story.state.refused, 1);
});

test('a step that fails leaves the state as it was', () => {
  const engine = new AlertEngine(base, { host: digestHost, regex: (p) => new RegExp(p) });
  const before = encodeState(EMPTY_ALERT_STATE);
  assert.throws(() => engine.step(EMPTY_ALERT_STATE, { kind: 'silence', silence: { id: 's', matchers: m('a=~"("'), startsAt: at(0), endsAt: at(1), createdBy: 'ann', comment: '' } }, at(0)), { code: 'WW_CONFIG_VALUE' });
  assert.equal(encodeState(EMPTY_ALERT_STATE), before);
});

test('after a change of routes nobody is told twice by the same receiver, and owed resolves are paid', () => {
  const story = new Story().firing(0).until(40);
  story.engine = new AlertEngine({ ...base, route: { ...base.route, groupBy: ['check'] } }, { host: digestHost, regex: (p) => new RegExp(p) });
  story.give(50, { kind: 'reroute' }).until(400).resolved(401).until(2000);
  assert.deepEqual(story.told.map((t) => t.replace(/^\d+ /, '')), ['first firing web', 'resolved resolved web']);
  const other = new Story({ receivers: [{ name: 'ops' }, { name: 'net' }] }).firing(0).until(40);
  other.engine = new AlertEngine({ ...base, route: { ...base.route, receiver: 'net' }, receivers: [{ name: 'ops' }, { name: 'net' }] }, { host: digestHost, regex: (p) => new RegExp(p) });
  other.give(50, { kind: 'reroute' }).until(400).resolved(401).until(2000);
  const by = other.outputs.flatMap((o) => (o.kind === 'notification' ? [`${o.receiver} ${o.notification.reason}`] : []));
  assert.deepEqual(by, ['ops first', 'net first', 'ops resolved', 'net resolved']);
});
