import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestHost } from '../../test/support/digest-host.ts';
import { at } from '../../test/support/signals.ts';
import type { Case, CaseStep } from '../model/index.ts';
import { compareReplay, firstDifference } from './replay.ts';
import { appendStep, caseText, parseCase, verifyChain, type StepDraft } from './steps.ts';

const step = (verb: string, over: Partial<StepDraft> = {}): StepDraft => ({
  time: at(1), actor: 'ann', verb, args: ['a.pcap', '-Y', 'ipv6.src == 2001:db8::7 || ip.src == 192.0.2.7'], inputs: { 'a.pcap': 'aa' }, resultSha256: 'bb', resultBytes: 2, reason: 'Who scans?', ...over,
});
const empty: Case = { schema: 1, id: 'c1', title: 'A scan', createdAt: at(0), steps: [] };
const whole = [step('read'), step('note', { args: [], inputs: {}, resultSha256: null, resultBytes: 0 }), step('flows')].reduce((c, s) => appendStep(c, s, digestHost), empty);

test('steps are numbered and chained, and the chain holds', () => {
  assert.deepEqual(whole.steps.map((s) => s.seq), [1, 2, 3]);
  assert.equal(whole.steps[2].previous, whole.steps[1].hash);
  assert.deepEqual(verifyChain(whole, digestHost), []);
});

test('a case reads back as it was written', () => {
  assert.deepEqual(parseCase(caseText(whole), 'x'), whole);
  for (const bad of ['', '{}', caseText(whole).replace('"schema": 1', '"schema": 2')]) assert.throws(() => parseCase(bad, 'x'), { code: 'WW_ARGUMENT' });
});

test('every alteration of a step or of the head breaks the chain there', () => {
  const altered = (i: number, over: Partial<CaseStep>): Case => ({ ...whole, steps: whole.steps.map((s, j) => (i === j ? { ...s, ...over } : s)) });
  for (const over of [{ reason: 'x' }, { args: [] }, { inputs: {} }, { resultSha256: 'cc' }, { actor: 'eve' }, { time: at(9) }, { verb: 'stats' }, { resultBytes: 9 }]) {
    assert.deepEqual(verifyChain(altered(0, over), digestHost).map((f) => f.seq), [1]);
  }
  assert.deepEqual(verifyChain({ ...whole, title: 'Other' }, digestHost).map((f) => f.seq), [1]);
  assert.deepEqual(verifyChain({ ...whole, steps: [whole.steps[0], whole.steps[2]] }, digestHost).map((f) => f.seq), [3, 3]);
  assert.ok(verifyChain({ ...whole, steps: [whole.steps[1], whole.steps[0], whole.steps[2]] }, digestHost).length > 0);
});

test('a replay says what is not equal: input, result, or that it could not run', () => {
  const [read, note] = whole.steps;
  const run = (over: object) => compareReplay(read, { inputs: { 'a.pcap': 'aa' }, resultSha256: 'bb', failure: null, ...over }).outcome;
  assert.deepEqual([run({}), run({ resultSha256: 'cc' }), run({ inputs: { 'a.pcap': 'zz' } }), run({ inputs: {} }), run({ failure: 'exit code 70', resultSha256: null })],
    ['equal', 'result_differs', 'input_changed', 'input_missing', 'failed']);
  assert.equal(compareReplay(note, { inputs: {}, resultSha256: null, failure: null }).outcome, 'nothing_to_run');
});

test('the first line that differs is shown', () => {
  assert.equal(firstDifference('a\nb\n', 'a\nb\n'), undefined);
  assert.deepEqual(firstDifference('a\nb\n', 'a\nc\n'), { line: 2, before: 'b', after: 'c' });
  assert.deepEqual(firstDifference('a', 'a\nb'), { line: 2, before: null, after: 'b' });
});
