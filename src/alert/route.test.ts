import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMatcher } from './matcher.ts';
import { compileRoutes, findRoutes, groupLabelsOf } from './route.ts';

const regex = (p: string): RegExp => new RegExp(p);
const m = (...texts: string[]) => texts.map(parseMatcher);

// The tree of Alertmanager's own route test, restated.
const tree = compileRoutes({
  receiver: 'notify-def',
  routes: [
    {
      matchers: m('owner="team-A"'), receiver: 'notify-A',
      routes: [
        { matchers: m('env="testing"'), receiver: 'notify-testing', groupBy: ['...'] },
        { matchers: m('env="production"'), receiver: 'notify-productionA', groupWaitMs: 60_000, continue: true },
        { matchers: m('env=~"produ.*"', 'job=~".*"'), receiver: 'notify-productionB', groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 3_600_000, groupBy: ['job'] },
      ],
    },
    { matchers: m('owner=~"team-(B|C)"'), groupBy: ['foo', 'bar'], groupWaitMs: 120_000, receiver: 'notify-BC' },
    { matchers: m('group_by="role"'), groupBy: ['role'], routes: [{ matchers: m('env="testing"'), receiver: 'notify-testing', routes: [{ matchers: m('wait="long"'), groupWaitMs: 120_000 }] }] },
  ],
}, regex);

const cases: [labels: Record<string, string>, receivers: string[]][] = [
  [{ owner: 'team-A' }, ['notify-A']],
  [{ owner: 'team-A', env: 'unset' }, ['notify-A']],
  [{ owner: 'team-C' }, ['notify-BC']],
  [{ owner: 'team-A', env: 'testing' }, ['notify-testing']],
  [{ owner: 'team-A', env: 'production' }, ['notify-productionA', 'notify-productionB']],
  [{ group_by: 'role' }, ['notify-def']],
  [{ env: 'testing', group_by: 'role' }, ['notify-testing']],
  [{ env: 'testing', group_by: 'role', wait: 'long' }, ['notify-testing']],
  [{}, ['notify-def']],
];

for (const [labels, receivers] of cases) {
  test(`route: ${JSON.stringify(labels)} goes to ${receivers.join(' and ')}`, () => {
    assert.deepEqual(findRoutes(tree, labels).map((r) => r.receiver), receivers);
  });
}

test('a child inherits what it does not say', () => {
  const [route] = findRoutes(tree, { env: 'testing', group_by: 'role', wait: 'long' });
  assert.deepEqual([route.groupWaitMs, route.groupIntervalMs, route.repeatIntervalMs, route.groupBy], [120_000, 300_000, 14_400_000, ['role']]);
});

test('a regular expression must match the whole value', () => {
  assert.deepEqual(findRoutes(tree, { owner: 'team-BB' }).map((r) => r.receiver), ['notify-def']);
});

test('grouping by all labels puts each alert alone, by some ignores the rest', () => {
  const all = findRoutes(tree, { owner: 'team-A', env: 'testing' })[0];
  assert.deepEqual(groupLabelsOf(all, { owner: 'team-A', env: 'testing' }), { env: 'testing', owner: 'team-A' });
  assert.deepEqual(groupLabelsOf(findRoutes(tree, { owner: 'team-B' })[0], { foo: '1', baz: '2' }), { foo: '1' });
});

test('a matcher that is not well formed is refused with the text', () => {
  for (const text of ['', 'a', '=b', 'a=="b"x', 'a=~']) {
    if (text === 'a=~') assert.deepEqual(parseMatcher(text), { label: 'a', op: '=~', value: '' });
    else assert.throws(() => parseMatcher(text), { code: 'WW_CONFIG_VALUE' });
  }
  assert.throws(() => compileRoutes({ receiver: 'x', routes: [{ matchers: m('a=~"("') }] }, regex), { code: 'WW_CONFIG_VALUE' });
  assert.deepEqual(parseMatcher('a!="say \\"no\\""'), { label: 'a', op: '!=', value: 'say "no"' });
});
