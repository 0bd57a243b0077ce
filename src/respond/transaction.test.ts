import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestHost } from '../../test/support/digest-host.ts';
import { at } from '../../test/support/signals.ts';
import { decodeState, encodeState } from '../base/state-json.ts';
import type { ActionRun, CheckState, Plan } from '../model/index.ts';
import { EMPTY_RESPOND_STATE, RESPOND_DEFAULTS, type RespondEffect, type RespondInput, type RespondOutput, type RespondPolicy, type RespondState } from './respond-state.ts';
import { stepRespond } from './transaction.ts';

function planOf(id: string, seconds: number, over: Partial<Plan> = {}): Plan {
  return {
    schema: 1, id, action: 'run-command', incidentId: 'inc-1', subject: 'web', steps: ['Restart the service.'], impact: 'low', options: {}, facts: {}, revertable: true,
    verifyCheckId: 'web-icmp', createdAt: at(seconds), drill: false, ...over,
  };
}

type Answers = Partial<Record<RespondEffect, { ok?: boolean; check?: CheckState | null }>>;

/** Runs transactions whose steps end at once as told; the state goes through text between any two steps. */
class Story {
  state: RespondState = EMPTY_RESPOND_STATE;
  outputs: RespondOutput[] = [];
  effects: string[] = [];
  deadline: bigint | null = null;
  policy: RespondPolicy;
  answers: Answers = {};
  /** Steps before this one are answered; it is left open, as a crash would. */
  stopAt: RespondEffect | undefined;

  constructor(over: Partial<RespondPolicy> = {}) {
    this.policy = { ...RESPOND_DEFAULTS, ...over };
  }

  give(seconds: number, input: RespondInput): this {
    const step = stepRespond(decodeState(encodeState(this.state)), input, at(seconds), this.policy, digestHost);
    this.state = step.state;
    this.deadline = step.nextDeadline;
    this.outputs.push(...step.outputs);
    for (const o of step.outputs) {
      if (o.kind !== 'effect') continue;
      this.effects.push(o.effect);
      if (o.effect === this.stopAt) continue;
      const answer = this.answers[o.effect] ?? {};
      const check = answer.check === undefined ? (o.effect === 'precheck' ? 'DOWN' : o.effect === 'verify' ? 'UP' : null) : answer.check;
      this.give(seconds, { kind: 'ended', runId: o.runId, effect: o.effect, ok: answer.ok ?? true, text: `${o.effect} done`, check, log: [] });
    }
    return this;
  }

  plan(seconds: number, plan: Plan = planOf(`p${seconds}`, seconds)): this {
    return this.give(seconds, { kind: 'plan', plan });
  }

  get last(): ActionRun {
    const runs = this.outputs.flatMap((o) => (o.kind === 'run' ? [o.run] : []));
    return runs[runs.length - 1];
  }

  get states(): string[] {
    return this.outputs.flatMap((o) => (o.kind === 'run' ? [o.run.state] : []));
  }

  get end(): string {
    return `${this.last.state} ${this.last.reason}`;
  }
}

test('a plan that works is prechecked, executed and verified, each state written before its step', () => {
  const story = new Story().plan(0);
  assert.deepEqual(story.states, ['planned', 'approved', 'executing', 'verifying', 'succeeded']);
  assert.deepEqual(story.effects, ['precheck', 'execute', 'verify']);
  const order: string[] = story.outputs.map((o) => (o.kind === 'run' ? o.run.state : o.effect));
  for (const [state, effect] of [['approved', 'precheck'], ['executing', 'execute'], ['verifying', 'verify']]) assert.ok(order.indexOf(state) < order.indexOf(effect));
  assert.equal(story.end, 'succeeded verified');
});

test('a failed execution, and one that the check does not confirm, are undone', () => {
  for (const [answers, end] of [
    [{ execute: { ok: false } }, 'reverted execute_failed'], [{ verify: { ok: false } }, 'reverted verify_failed'], [{ verify: { check: 'DOWN' } }, 'reverted verify_failed'],
    [{ verify: { check: 'DEGRADED' } }, 'reverted verify_failed'], [{ verify: { check: 'INCONCLUSIVE' } }, 'reverted inconclusive'],
    [{ verify: { check: 'DOWN' }, revert: { ok: false } }, 'revert_failed verify_failed'],
  ] as [Answers, string][]) {
    const story = new Story();
    story.answers = answers;
    assert.equal(story.plan(0).end, end);
  }
});

test('what cannot be undone fails plainly', () => {
  const story = new Story();
  story.answers = { verify: { check: 'DOWN' } };
  assert.equal(story.plan(0, planOf('p', 0, { revertable: false })).end, 'failed verify_failed');
  assert.ok(!story.effects.includes('revert'));
});

test('nothing is done while the check is inconclusive, or is well again, or the precheck does not hold', () => {
  for (const [answer, end] of [
    [{ check: 'INCONCLUSIVE' }, 'refused inconclusive'], [{ check: 'UP' }, 'refused precheck_failed'], [{ check: 'MAINTENANCE' }, 'refused precheck_failed'],
    [{ check: 'UNKNOWN' }, 'refused precheck_failed'], [{ ok: false }, 'refused precheck_failed'],
  ] as [NonNullable<Answers['precheck']>, string][]) {
    const story = new Story();
    story.answers = { precheck: answer };
    assert.equal(story.plan(0).end, end);
    assert.deepEqual(story.effects, ['precheck']);
    assert.deepEqual(story.state.spent, []);
  }
});

test('high impact waits for a person, whatever the policy says', () => {
  const story = new Story({ approve: [] }).plan(0, planOf('p', 0, { impact: 'high' }));
  assert.deepEqual([story.end, story.effects], ['waiting_approval none', []]);
  story.give(60, { kind: 'approve', runId: story.last.id, actor: 'ann' });
  assert.deepEqual([story.end, story.last.approvedBy], ['succeeded verified', 'ann']);
  assert.throws(() => story.give(61, { kind: 'approve', runId: story.last.id, actor: 'bob' }), { code: 'WW_CONFLICT' });
  assert.throws(() => story.give(61, { kind: 'approve', runId: 'nope', actor: 'bob' }), { code: 'WW_NOT_FOUND' });
});

test('a plan is rejected by a person, or by nobody answering', () => {
  const story = new Story().plan(0, planOf('p', 0, { impact: 'high' }));
  story.give(10, { kind: 'reject', runId: story.last.id, actor: 'ann', text: 'not now' });
  assert.equal(story.end, 'rejected rejected');
  const lonely = new Story({ approvalTimeoutMs: 60_000 }).plan(0, planOf('p', 0, { impact: 'high' }));
  assert.equal(lonely.deadline, at(60));
  assert.equal(lonely.give(60, { kind: 'tick' }).end, 'rejected deadline');
});

test('a subject rests after a run, and its budget ends', () => {
  const story = new Story({ cooldownMs: 600_000, perTarget: 2 }).plan(0).plan(599);
  assert.equal(story.end, 'refused cooldown');
  assert.equal(story.plan(601).end, 'succeeded verified');
  assert.equal(story.plan(1300).end, 'refused budget_exhausted');
  assert.equal(story.plan(3700).end, 'succeeded verified');
});

test('the global budget counts all subjects, and survives a restart', () => {
  const story = new Story({ global: 3 });
  for (let i = 0; i < 3; i++) story.plan(i, planOf(`p${i}`, i, { subject: `2001:db8::${i}` }));
  story.give(10, { kind: 'restart' });
  assert.equal(story.plan(11, planOf('p9', 11, { subject: '192.0.2.9' })).end, 'refused budget_exhausted');
});

test('one subject has one run at a time, and all together have a limit', () => {
  const story = new Story({ concurrent: 2 });
  story.stopAt = 'execute';
  story.plan(0).plan(1);
  assert.equal(story.end, 'refused policy');
  story.plan(2, planOf('p2', 2, { subject: 'db' })).plan(3, planOf('p3', 3, { subject: 'dns' }));
  assert.equal(story.end, 'refused policy');
});

test('a crash in the middle is found, and undone', () => {
  for (const [effect, end] of [['precheck', 'refused crashed'], ['execute', 'reverted crashed'], ['verify', 'reverted crashed']] as const) {
    const story = new Story();
    story.stopAt = effect;
    story.plan(0).give(5, { kind: 'restart' });
    assert.equal(story.end, end, effect);
    assert.equal(story.states.includes('interrupted'), effect !== 'precheck');
  }
  const undoing = new Story();
  undoing.answers = { verify: { check: 'DOWN' } };
  undoing.stopAt = 'revert';
  undoing.plan(0);
  undoing.stopAt = undefined;
  assert.equal(undoing.give(5, { kind: 'restart' }).end, 'reverted verify_failed');
});

test('a word about a step that is not under way changes nothing', () => {
  const story = new Story().plan(0);
  const before = encodeState(story.state);
  story.give(1, { kind: 'ended', runId: story.last.id, effect: 'execute', ok: false, text: 'late', check: null, log: [] });
  assert.equal(encodeState(story.state), before);
});

test('a person can undo what succeeded, once', () => {
  const story = new Story().plan(0);
  story.give(10, { kind: 'revert', runId: story.last.id, actor: 'ann' });
  assert.equal(story.last.state, 'reverted');
  assert.throws(() => story.give(11, { kind: 'revert', runId: story.last.id, actor: 'ann' }), { code: 'WW_CONFLICT' });
});

test('the same plan twice is one run; ended runs are kept up to the cap', () => {
  const story = new Story({ keepRuns: 3, cooldownMs: 0, perTarget: 100, global: 100 }).plan(0).plan(0);
  assert.equal(story.states.filter((s) => s === 'planned').length, 1);
  for (let i = 1; i < 9; i++) story.plan(i);
  assert.equal(Object.keys(story.state.runs).length, 3);
});
