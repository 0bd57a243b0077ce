// An Alertmanager configuration, imported by the command, routes and silences as Alertmanager itself would.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { parseMatcher } from '../../src/alert/matcher.ts';
import { compileRoutes, findRoutes } from '../../src/alert/route.ts';
import { alertConfigOf, channelsOf, outboxConfigOf } from '../../src/app/section-adapters.ts';
import { loadExtensions } from '../../src/cli/extensions.ts';
import { translateAlertmanager } from '../../src/config/import-alertmanager.ts';
import { loadConfigFile, type LoadedConfig } from '../../src/config/load-config.ts';
import { re2Engine } from '../../src/filter/regex.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FIXTURE = path.join(ROOT, 'test/fixtures/alertmanager/alertmanager.yml');
const dir = mkdtempSync(path.join(os.tmpdir(), 'ww-alertmanager-'));
let loaded: LoadedConfig;
let said = '';

before(async () => {
  const run = spawnSync(process.execPath, [path.join(ROOT, 'src/cli/main.ts'), 'config', 'import', FIXTURE, '--output', path.join(dir, 'wirewatch.yaml')], { encoding: 'utf8', timeout: 60_000 });
  assert.equal(run.status, 0, run.stderr);
  said = run.stdout;
  loaded = loadConfigFile(path.join(dir, 'wirewatch.yaml'), { env: {}, extensions: await loadExtensions() });
});
after(() => rmSync(dir, { recursive: true }));

test('the imported configuration has no secret in it, and each is in a file that nobody else can read', () => {
  const yaml = readFileSync(path.join(dir, 'wirewatch.yaml'), 'utf8');
  assert.doesNotMatch(yaml, /secret-\d|0123456789abcdef/);
  const files = readdirSync(dir).filter((f) => f !== 'wirewatch.yaml');
  const found = files.map((f) => readFileSync(path.join(dir, f), 'utf8').trim()).toSorted();
  assert.deepEqual(found, [
    '0123456789abcdef0123456789abcdef', `Basic ${Buffer.from('u:basic-secret-4').toString('base64')}`, 'https://hook.example.test/in?token=webhook-secret-3',
    'https://hooks.slack.example/services/T0/B0/slack-secret-2', 'https://teams.example.test/workflows/teams-secret-5', 'smtp-secret-1',
  ]);
  for (const file of files) assert.equal(statSync(path.join(dir, file)).mode & 0o777, 0o600);
  assert.throws(() => channelsOf(loaded), { code: 'WW_CONFIG_SECRET' }, 'a file that was named in the original is read where it was');
});

test('what has no place here is said', () => {
  for (const note of [/pushover_configs; it is left out/, /not #x/, /Templates are not carried over/, /resolve_timeout/, /receiver "team X: pager" is called team-X-pager/]) assert.match(said, note);
});

const vectors: [labels: Record<string, string>, receivers: string[]][] = [
  [{ alertname: 'a' }, ['everybody']],
  [{ team: 'x', severity: 'critical', service: 'db' }, ['team-X-pager']],
  [{ team: 'x', severity: 'critical', service: 'dbx' }, ['everybody']],
  [{ team: 'x', severity: 'warning', service: 'db' }, ['everybody']],
  [{ severity: 'info', env: 'dev,test' }, ['nobody']],
  [{ severity: 'info', env: 'dev' }, ['everybody']],
  [{ team: 'y' }, ['office']],
  [{ team: 'y', page: 'never' }, ['office']],
  [{ team: 'y', tier: '1' }, ['office']],
];
for (const [labels, receivers] of vectors) {
  test(`${JSON.stringify(labels)} is routed to ${receivers.join(', ')}`, () => {
    const routes = compileRoutes(alertConfigOf(loaded).route, (pattern) => re2Engine.compile(pattern));
    assert.deepEqual(findRoutes(routes, labels).map((r) => r.receiver), receivers);
  });
}

test('times, inheritance and intervals are Alertmanager\'s: a child has its parent\'s times and not its intervals', () => {
  const config = alertConfigOf(loaded);
  const routes = compileRoutes(config.route, (pattern) => re2Engine.compile(pattern));
  const times = (labels: Record<string, string>): unknown[] => {
    const [r] = findRoutes(routes, labels);
    return [r.groupBy, r.groupWaitMs, r.groupIntervalMs, r.repeatIntervalMs, r.activeIntervals, r.muteIntervals];
  };
  assert.deepEqual(times({ team: 'x', severity: 'critical', service: 'cache' }), [['alertname', 'cluster'], 45_000, 120_000, 14_400_000, [], []]);
  assert.deepEqual(times({ team: 'y' }), [['alertname', 'cluster'], 45_000, 300_000, 14_400_000, ['office-hours'], ['backup']]);
  assert.deepEqual(times({ team: 'y', tier: '1' }), [['alertname', 'cluster'], 45_000, 300_000, 3_600_000, [], []]);
  assert.deepEqual(Object.keys(config.timeIntervals ?? {}), ['office-hours', 'backup']);
  assert.equal(config.timeIntervals?.['office-hours'][0].timezone, 'Europe/Berlin');
});

test('every integration of a receiver is told by itself, with its own word on resolves; nobody is nobody', () => {
  const { receivers, inhibit } = alertConfigOf(loaded);
  const chains = outboxConfigOf(loaded).chains;
  const pager = loaded.config.alerting.receivers['team-X-pager'];
  assert.deepEqual([['team-X-pager', ...pager.also].map((r) => chains[r].map((link) => link.channel))], [[['team-X-pager-pagerduty'], ['team-X-pager-slack'], ['team-X-pager-webhook']]]);
  assert.deepEqual(receivers.map((r) => `${r.name} ${r.sendResolved}`).toSorted(), [
    'everybody false', 'office true', 'office.office-msteamsv2 true', 'team-X-pager true', 'team-X-pager.team-X-pager-slack true', 'team-X-pager.team-X-pager-webhook true',
  ]);
  assert.deepEqual(inhibit, [
    { source: [parseMatcher('alertname="uplink-lost"')], target: [parseMatcher('alertname=~"check-.*"')], equal: ['site'] },
    { source: [parseMatcher('severity="critical"')], target: [parseMatcher('severity="warning"')], equal: [] },
  ]);
  assert.deepEqual(loaded.config.channels['everybody-email'].to, ['ops@example.test', 'boss@example.test']);
});

test('a matcher or an interval that is not well formed is refused with its text', () => {
  const base = { receivers: [{ name: 'a' }] };
  assert.throws(() => translateAlertmanager({ ...base, route: { receiver: 'a', matchers: ['a=="b"'] } }), { code: 'WW_CONFIG_VALUE' });
  assert.throws(() => translateAlertmanager({ ...base, route: { receiver: 'a' }, time_intervals: [{ name: 'n', time_intervals: [{ times: [{ start_time: '9', end_time: '17:00' }] }] }] }), { code: 'WW_CONFIG_VALUE' });
});
