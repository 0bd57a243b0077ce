import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertOf, resolvedAlert } from '../../test/support/alerts.ts';
import { digestHost } from '../../test/support/digest-host.ts';
import { at } from '../../test/support/signals.ts';
import { decodeState, encodeState } from '../base/state-json.ts';
import type { Alert, Incident } from '../model/index.ts';
import { stepIncidents } from './incident-engine.ts';
import { EMPTY_INCIDENT_STATE, INCIDENT_DEFAULTS, type IncidentConfig, type IncidentEngineState, type IncidentInput, type IncidentOutput } from './incident-state.ts';

class Story {
  state: IncidentEngineState = EMPTY_INCIDENT_STATE;
  outputs: IncidentOutput[] = [];
  deadline: bigint | null = null;
  config: IncidentConfig;

  constructor(over: Partial<IncidentConfig> = {}) {
    this.config = { ...INCIDENT_DEFAULTS, ...over };
  }

  give(seconds: number, input: IncidentInput): this {
    const step = stepIncidents(decodeState(encodeState(this.state)), input, at(seconds), this.config, digestHost);
    this.state = step.state;
    this.deadline = step.nextDeadline;
    this.outputs.push(...step.outputs);
    return this;
  }

  fire(seconds: number, alert: Alert): this {
    return this.give(seconds, { kind: 'alert', alert, change: 'firing' });
  }

  resolve(seconds: number, alert: Alert): this {
    return this.give(seconds, { kind: 'alert', alert: resolvedAlert(alert, at(seconds)), change: 'resolved' });
  }

  get incidents(): Incident[] {
    return Object.values(this.state.incidents).map((t) => t.incident);
  }

  get only(): Incident {
    assert.equal(this.incidents.length, 1);
    return this.incidents[0];
  }

  get lines(): string[] {
    return this.outputs.flatMap((o) => (o.kind === 'timeline' ? [`${o.entry.seq} ${o.entry.kind} ${o.entry.actor}: ${o.entry.text}`] : []));
  }

  of<K extends IncidentOutput['kind']>(kind: K): Extract<IncidentOutput, { kind: K }>[] {
    return this.outputs.filter((o): o is Extract<IncidentOutput, { kind: K }> => o.kind === kind);
  }
}

const down = alertOf(at(0));
const slow = alertOf(at(30), { fingerprint: 'bbbbbbbbbbbbbbbb', name: 'check-latency', labels: { target: 'web', alertname: 'check-latency' }, severity: 'critical' });
const scan4 = alertOf(at(0), { fingerprint: 'cccccccccccccccc', name: 'port-scan', labels: { src: '192.0.2.7', alertname: 'port-scan' } });
const scan6 = alertOf(at(0), { fingerprint: 'dddddddddddddddd', name: 'port-scan', labels: { src: '2001:db8::7', alertname: 'port-scan' } });

test('an alert opens an incident, a second of the same target joins it and raises its severity', () => {
  const story = new Story().fire(0, down).fire(30, slow);
  assert.deepEqual([story.only.alerts.length, story.only.severity, story.only.joinKey, story.only.phase], [2, 'critical', 'web', 'triage']);
  assert.deepEqual(story.of('link').map((l) => l.fingerprint), [down.fingerprint, slow.fingerprint]);
  assert.deepEqual(story.lines, [
    '0 opened system: Opened: No response from web (192.0.2.1).',
    '1 alert system: check-down (error): No response from web (192.0.2.1).',
    '2 alert system: check-latency (critical): No response from web (192.0.2.1).',
    '3 severity system: Severity error -> critical',
  ]);
});

test('different source hosts, of either family, and drills have incidents of their own', () => {
  const story = new Story().fire(0, scan4).fire(0, scan6).fire(0, down).fire(0, { ...down, drill: true, fingerprint: 'eeeeeeeeeeeeeeee' });
  assert.deepEqual(story.incidents.map((i) => i.joinKey).sort(), ['192.0.2.7', '2001:db8::7', 'drill:web', 'web']);
  assert.ok(story.incidents.every((i) => i.drill === i.title.startsWith('[DRILL]')));
});

test('it is mitigated when the last alert resolves, and no longer when one fires again', () => {
  const story = new Story().fire(0, down).fire(30, slow).resolve(60, down);
  assert.equal(story.only.mitigatedAt, null);
  story.resolve(90, slow);
  assert.equal(story.only.mitigatedAt, at(90));
  story.fire(120, { ...down, activeAt: at(120) });
  assert.equal(story.only.mitigatedAt, null);
  assert.ok(story.lines.includes('4 alert_resolved system: Resolved: No response from web (192.0.2.1). (lasted 1m 0s)'));
});

test('an alert after the join window opens a second incident', () => {
  const story = new Story({ joinWindowMs: 600_000 }).fire(0, down).resolve(60, down).fire(660, { ...down, activeAt: at(660) });
  assert.equal(story.incidents.length, 1);
  const later = new Story({ joinWindowMs: 600_000 }).fire(0, down).resolve(60, down).fire(661, { ...down, activeAt: at(0) });
  assert.equal(later.incidents.length, 2);
  later.resolve(700, { ...down, activeAt: at(661) });
  assert.deepEqual(new Set(later.incidents.map((i) => i.mitigatedAt)), new Set([at(60), at(700)]));
});

test('evidence is asked for around the beginning, and the bundle or its lack is written down', () => {
  const began = { kind: 'frames', dataset: 'd' as never, ids: [], frames: [7], filter: 'tcp', from: at(-300), to: at(0) } as const;
  const story = new Story().fire(0, { ...down, evidence: [began] });
  const [ask] = story.of('freezeEvidence');
  assert.deepEqual([ask.from, ask.to, ask.refs], [at(-420), at(60), [began]]);
  story.give(61, { kind: 'evidence', id: story.only.id, evidenceId: 'ev-1', files: 6, missing: ['packets: no capture was running'] });
  story.give(62, { kind: 'evidence', id: story.only.id, evidenceId: null, files: 0, missing: ['the disk is full'] });
  assert.deepEqual(story.only.evidence, ['ev-1']);
  assert.deepEqual(story.lines.slice(-2), ['2 evidence system: Evidence kept: 6 files; missing: packets: no capture was running', '3 evidence system: Evidence could not be kept; missing: the disk is full']);
});

test('no more bundles are asked for than the cap', () => {
  const story = new Story({ maxEvidence: 3 });
  for (let i = 0; i < 10; i++) story.fire(i, { ...down, fingerprint: `f${i}` });
  assert.equal(story.of('freezeEvidence').length, 3);
});

test('the playbook asks for plans for the alerts that it names', () => {
  const story = new Story({ playbook: [{ labels: { alertname: 'check-down' }, action: 'run-command', options: { argv: ['/bin/true'] } }] }).fire(0, down).fire(0, scan4);
  assert.deepEqual(story.of('requestPlan').map((p) => [p.action, p.subject, p.checkId]), [['run-command', 'web', 'web-icmp']]);
});

test('the alert of an action that failed joins its incident, and asks for nothing', () => {
  const story = new Story({ playbook: [{ labels: { target: 'web' }, action: 'run-command', options: {} }] }).fire(0, down);
  story.fire(60, { ...down, fingerprint: 'eeee', name: 'action-failed', labels: { target: 'web', alertname: 'action-failed' } });
  assert.deepEqual([story.only.alerts.length, story.of('requestPlan').length, story.of('freezeEvidence').length], [2, 1, 1]);
});

test('people acknowledge once, assign, note, move through the phases, close and reopen; each is a line with their name', () => {
  const story = new Story().fire(0, down);
  const id = story.only.id;
  story.give(95, { kind: 'acknowledge', id, actor: 'ann' });
  story.give(100, { kind: 'assign', id, actor: 'ann', assignee: 'bob' });
  story.give(110, { kind: 'phase', id, actor: 'bob', phase: 'contain', text: 'moved to the backup line' });
  story.give(120, { kind: 'note', id, actor: 'bob', text: 'fibre cut' });
  story.give(130, { kind: 'close', id, actor: 'bob', text: 'spliced' });
  story.give(140, { kind: 'reopen', id, actor: 'ann', text: 'not quite' });
  assert.deepEqual(story.lines.slice(2), [
    '2 acknowledged ann: Acknowledged after 1m 35s', '3 assigned ann: Assigned to bob', '4 phase bob: triage -> contain: moved to the backup line',
    '5 note bob: fibre cut', '6 closed bob: Closed: spliced', '7 reopened ann: Reopened: not quite',
  ]);
  assert.deepEqual([story.only.acknowledgedBy, story.only.assignee, story.only.phase], ['ann', 'bob', 'triage']);
});

test('what does not fit is refused and changes nothing', () => {
  const story = new Story().fire(0, down).give(1, { kind: 'acknowledge', id: Object.keys(new Story().fire(0, down).state.incidents)[0], actor: 'ann' });
  const id = story.only.id;
  const before = encodeState(story.state);
  for (const [order, code] of [
    [{ kind: 'acknowledge', id, actor: 'bob' }, 'WW_CONFLICT'], [{ kind: 'note', id, actor: 'bob', text: ' ' }, 'WW_ARGUMENT'],
    [{ kind: 'phase', id, actor: 'bob', phase: 'closed' }, 'WW_ARGUMENT'], [{ kind: 'phase', id, actor: 'bob', phase: 'triage' }, 'WW_CONFLICT'],
    [{ kind: 'reopen', id, actor: 'bob', text: '' }, 'WW_CONFLICT'], [{ kind: 'note', id: 'nope', actor: 'bob', text: 'x' }, 'WW_NOT_FOUND'],
  ] as const) assert.throws(() => story.give(2, order), { code });
  assert.equal(encodeState(story.state), before);
  story.give(3, { kind: 'close', id, actor: 'bob', text: '' });
  assert.throws(() => story.give(4, { kind: 'assign', id, actor: 'bob', assignee: null }), { code: 'WW_CONFLICT' });
});

test('a mitigated incident that nobody touches is closed by its deadline', () => {
  const story = new Story({ autoCloseAfterMs: 60_000 }).fire(0, down);
  assert.equal(story.deadline, null);
  story.resolve(100, down);
  assert.equal(story.deadline, at(160));
  assert.equal(story.give(159, { kind: 'tick' }).only.phase, 'triage');
  assert.equal(story.give(160, { kind: 'tick' }).only.phase, 'closed');
});

test('closed incidents are kept at hand up to the cap', () => {
  const story = new Story({ maxClosed: 2 });
  for (let i = 0; i < 5; i++) {
    story.fire(i, { ...down, fingerprint: `f${i}`, labels: { target: `t${i}` } });
    const id = story.incidents.find((x) => x.joinKey === `t${i}`)!.id;
    story.give(i, { kind: 'close', id, actor: 'ann', text: 'done' });
  }
  assert.deepEqual(story.incidents.map((i) => i.joinKey).sort(), ['t3', 't4']);
});

test('the same story gives the same bytes', () => {
  assert.equal(encodeState(new Story().fire(0, down).fire(5, slow).outputs), encodeState(new Story().fire(0, down).fire(5, slow).outputs));
});
