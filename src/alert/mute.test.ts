import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../test/support/signals.ts';
import { parseMatcher } from './matcher.ts';
import { checkSilence, compileInhibitRules, findInhibitor, indexInhibitors, silenceState, type InhibitRule } from './mute.ts';

const regex = (p: string): RegExp => new RegExp(p);
const m = (...texts: string[]) => texts.map(parseMatcher);
const rule = (source: string[], target: string[], equal: string[]): InhibitRule => ({ source: m(...source), target: m(...target), equal });
const labelled = (labels: Record<string, string>) => ({ fingerprint: JSON.stringify(labels), labels });

function inhibited(rules: InhibitRule[], firing: Record<string, string>[], target: Record<string, string>): boolean {
  const index = indexInhibitors(compileInhibitRules(rules, regex), firing.map(labelled));
  return findInhibitor(index, labelled(target)) !== undefined;
}

const cases: [title: string, rules: InhibitRule[], firing: Record<string, string>[], target: Record<string, string>, expected: boolean][] = [
  ['no rules, no inhibition', [], [{ s: '1' }], { t: '1' }, false],
  ['a source with equal labels inhibits', [rule(['s="1"'], ['t="1"'], ['e'])], [{ s: '1', e: '1' }], { t: '1', e: '1' }, true],
  ['different values of an equal label do not', [rule(['s="1"'], ['t="1"'], ['e'])], [{ s: '1', e: '1' }], { t: '1', e: '2' }, false],
  ['what the target matchers do not take is free', [rule(['s="1"'], ['t="1"'], ['e'])], [{ s: '1', e: '1' }], { t: '2', e: '1' }, false],
  ['a source that does not fire does not count', [rule(['s="1"'], ['t="1"'], ['e'])], [{ s: '2', e: '1' }], { t: '1', e: '1' }, false],
  ['labels that both lack are equal', [rule(['s="1"'], ['t="1"'], ['e', 'f'])], [{ s: '1' }], { t: '1' }, true],
  ['a missing label equals the empty one', [rule(['s="1"'], ['t="1"'], ['e'])], [{ s: '1', e: '' }], { t: '1' }, true],
  ['an alert does not inhibit itself', [rule(['x="1"'], ['x="1"'], ['e'])], [{ x: '1', e: '1' }], { x: '1', e: '1' }, false],
  ['two that match both sides leave each other alone', [rule(['x="1"'], ['x="1"'], ['e'])], [{ x: '1', e: '1', n: 'a' }], { x: '1', e: '1', n: 'b' }, false],
  ['a one-sided source inhibits a two-sided target', [rule(['s="1"'], ['t="1"'], ['e'])], [{ s: '1', e: '1' }], { s: '1', t: '1', e: '1' }, true],
  // alertmanager#5162: an index with one source a key lost the second one.
  ['a two-sided source does not hide a one-sided one of the same key', [rule(['s="1"'], ['t="1"'], ['e'])], [{ s: '1', e: '1' }, { s: '1', t: '1', e: '1', n: 'two' }], { s: '1', t: '1', e: '1', n: 'target' }, true],
  ['nor in the other order', [rule(['s="1"'], ['t="1"'], ['e'])], [{ s: '1', t: '1', e: '1', n: 'two' }, { s: '1', e: '1' }], { s: '1', t: '1', e: '1', n: 'target' }, true],
  ['the second rule counts where the first does not', [rule(['s="1"'], ['t="1"'], ['e']), rule(['s="2"'], ['t=~".+"'], [])], [{ s: '2' }], { t: '9' }, true],
  ['regular expressions and negations work on both sides', [rule(['s=~"a|b"'], ['t!~"c.*"'], [])], [{ s: 'b' }], { t: 'dc' }, true],
];

for (const [title, rules, firing, target, expected] of cases) {
  test(`inhibition: ${title}`, () => assert.equal(inhibited(rules, firing, target), expected));
}

test('a silence waits, holds and ends, its end excluded', () => {
  const silence = { startsAt: at(10), endsAt: at(20) };
  assert.deepEqual([9, 10, 19, 20].map((s) => silenceState(silence, at(s))), ['pending', 'active', 'active', 'expired']);
});

test('a silence without matchers, author or duration is refused', () => {
  const good = { id: 's', matchers: m('target="web"'), startsAt: at(0), endsAt: at(1), createdBy: 'ann', comment: '' };
  checkSilence(good);
  for (const bad of [{ matchers: [] }, { matchers: m('gone=""') }, { endsAt: at(0) }, { createdBy: '' }]) {
    assert.throws(() => checkSilence({ ...good, ...bad }), { code: 'WW_ARGUMENT' });
  }
});
