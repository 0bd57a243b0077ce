import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { loadExtensions } from '../cli/extensions.ts';
import { ConfigError, formatIssue } from './config-issue.ts';
import { ConfigHolder } from './config-holder.ts';
import { importSeed002 } from './import-seed-002.ts';
import { loadConfigFile, loadConfigText, type LoadedConfig } from './load-config.ts';
import { resolveSecret } from './secret.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../../test/golden/config');
const SEED = path.resolve(import.meta.dirname, '../../test/fixtures/seed-002/config.json');
const env = { SMTP_PASSWORD: 'from the environment' };

function folder(t: TestContext): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-config-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

test('Each mistake is told with its line, its column and what to do, all of a file at once', async () => {
  const extensions = await loadExtensions();
  const files = readdirSync(FIXTURES).filter((f) => !f.endsWith('.expected'));
  assert.ok(files.length >= 20, `${files.length} fixtures`);
  for (const name of files) {
    const file = path.join(FIXTURES, name);
    const expected = readFileSync(`${file}.expected`, 'utf8').trim().split('\n');
    try {
      loadConfigFile(file, { env, extensions });
      assert.fail(`${name} was accepted`);
    } catch (error) {
      assert.ok(error instanceof ConfigError, `${name}: ${String(error)}`);
      assert.deepEqual(error.issues.map((i) => formatIssue(name, i)), expected, name);
    }
  }
});

test('A full configuration with both address families is taken, in YAML and in JSON alike', async (t) => {
  const extensions = await loadExtensions();
  const dir = folder(t);
  writeFileSync(path.join(dir, 'smtp'), 'hunter2\n', { mode: 0o600 });
  const yaml = `
version: 1
sensor: {id: hq-1, site: hq}
networks:
  - {cidr: 192.0.2.0/24, site: hq}
  - {cidr: 2001:db8::/32, site: hq, name: all}
targets:
  - address: 192.0.2.1
    checks: [{type: icmp, interval: 10s, thresholds: {loss: 5%, latency: 100ms}}]
  - {id: web, address: "2001:db8::80", parents: [192.0.2.1], checks: [{type: http, options: {url: "https://[2001:db8::80]/"}}, {type: tcp, options: {port: 443}}]}
anchors: [{address: 198.51.100.1, operator: a}, {address: "2001:db8:1::1", method: tcp, port: 53, operator: b}]
channels:
  mail: {type: smtp, host: mail.example.test, from: a@example.test, to: [b@example.test], user: a, password: {file: smtp}}
alerting:
  route: {receiver: ops, groupBy: [target], routes: [{matchers: ['severity="critical"'], receiver: ops, repeatInterval: 1h}]}
  receivers: {ops: {channels: [mail]}}
`;
  const file = path.join(dir, 'wirewatch.yaml');
  const loaded = loadConfigText(yaml, file, { env, extensions });
  assert.deepEqual(loaded.findings, []);
  assert.equal(loaded.config.targets[0].checks[0].interval, 10_000);
  assert.equal(loaded.config.targets[0].checks[0].thresholds.loss, 0.05);
  assert.equal(loaded.config.alerting.route?.routes?.[0].repeatInterval, 3_600_000);
  const again = loadConfigText(JSON.stringify(loaded.input), file, { env, extensions });
  assert.deepEqual(again.config, loaded.config);
  assert.equal(resolveSecret({ file: 'smtp' }, loaded.secrets), 'hunter2');
});

test('Secrets come from a file, the environment or a systemd credential, and one that others can read is a finding', (t) => {
  const dir = folder(t);
  writeFileSync(path.join(dir, 'open'), 'x', { mode: 0o644 });
  writeFileSync(path.join(dir, 'cred'), 'from systemd\n', { mode: 0o400 });
  const at = { env: { ...env, CREDENTIALS_DIRECTORY: dir }, baseDir: dir };
  assert.equal(resolveSecret({ env: 'SMTP_PASSWORD' }, at), 'from the environment');
  assert.equal(resolveSecret({ credential: 'cred' }, at), 'from systemd');
  assert.throws(() => resolveSecret({ credential: '../open' }, at), { code: 'WW_CONFIG_SECRET' });
  assert.throws(() => resolveSecret({ env: 'NOT_SET' }, at), { code: 'WW_CONFIG_SECRET', message: /NOT_SET is not set/ });
  const text = 'channels: {s: {type: slack, url: {file: open}}}';
  const loaded = loadConfigText(text, path.join(dir, 'c.yaml'), { env });
  assert.deepEqual(loaded.findings.map((f) => [f.key, /can be read by others \(mode 0644\)/.test(f.message), f.remedy]), [['channels.s.url', true, `chmod 600 ${path.join(dir, 'open')}`]]);
});

test("The monitoring script's file is recognised and means what the issue says it means", () => {
  const loaded = loadConfigFile(SEED, { env });
  assert.equal(loaded.form, 'seed-002');
  const { config } = loaded;
  assert.deepEqual(config.targets.map((t) => [t.address, t.name]), [['8.8.8.8', 'Google DNS'], ['1.1.1.1', 'Cloudflare DNS']]);
  for (const { checks: [check] } of config.targets) {
    assert.equal(check.interval, 10_000);
    assert.deepEqual(check.options, { count: 10 });
    assert.deepEqual([check.thresholds.latency, check.thresholds.latencyOf, check.thresholds.loss, check.thresholds.lossRounds], [100, 'median', 0.05, 10]);
  }
  assert.deepEqual(config.channels.mail, {
    type: 'smtp', host: 'smtp.example.com', port: 587, tls: 'starttls', from: 'alert@example.com', to: ['admin@example.com'], user: 'alert@example.com',
    password: { env: 'WIREWATCH_SEED_SMTP_PASSWORD' },
  });
  assert.equal(resolveSecret({ env: 'WIREWATCH_SEED_SMTP_PASSWORD' }, loaded.secrets), 'password');
  assert.deepEqual([config.logging.form, config.logging.file, config.logging.level], ['script', '/etc/network_monitor/network_monitor.log', 'info']);
});

test("The script's form knows its own keys: a mistake in it is told as in ours", () => {
  const text = '{"monitor_interval": 10, "targts": [], "targets": [{"host": "2001:db8::1", "nme": "x"}], "thresholds": {"latency": 5}}';
  assert.throws(() => loadConfigText(text, 'config.json', { env }), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    assert.deepEqual(error.issues.map((i) => [i.key, i.place?.column, i.remedy]), [
      ['targts', 26, 'did you mean "targets"?'], ['targets[0].nme', 76, 'did you mean "name"?'], ['thresholds.latency', 105, 'known: latency_ms, packet_loss_percent'],
    ]);
    return true;
  });
});

test('Import writes our own form with the password in a file of its own, overwrites nothing, and loads to the same', async (t) => {
  const dir = folder(t);
  const target = path.join(dir, 'wirewatch.yaml');
  const loaded = loadConfigFile(SEED, { env });
  const { yaml, secretFiles } = importSeed002(loaded, target);
  assert.doesNotMatch(yaml, /: password\b/);
  assert.deepEqual([target, ...secretFiles].map((f) => statSync(f).mode & 0o777), [0o600, 0o600]);
  assert.throws(() => importSeed002(loaded, target), { code: 'WW_CONFIG_FILE', message: /already there/ });
  const imported = loadConfigFile(target, { env, extensions: await loadExtensions() });
  assert.deepEqual(imported.findings, []);
  assert.deepEqual(imported.config.targets, loaded.config.targets);
  assert.deepEqual(imported.config.alerting, loaded.config.alerting);
  assert.equal(resolveSecret(imported.config.channels.mail.password as never, imported.secrets), 'password');
});

test('A reload that finds a mistake keeps the old configuration, a good one is told to all in order', async (t) => {
  const file = path.join(folder(t), 'c.yaml');
  writeFileSync(file, 'targets: [{address: 192.0.2.1}]');
  const read = (): LoadedConfig => loadConfigFile(file, { env });
  const holder = new ConfigHolder(read(), read);
  const heard: string[] = [];
  holder.onChange((now) => void heard.push(`a ${now.config.targets.length}`));
  holder.onChange((_now, before) => void heard.push(`b ${before.config.targets.length}`));
  writeFileSync(file, 'targets: [{adress: 192.0.2.1}]');
  const bad = await holder.reload();
  assert.ok(!bad.ok && bad.error.code === 'WW_CONFIG_VALUE');
  assert.equal(holder.current.config.targets[0].address, '192.0.2.1');
  assert.deepEqual(heard, []);
  writeFileSync(file, 'targets: [{address: 192.0.2.1}, {address: "2001:db8::1"}]\nlisten: {port: 9000}');
  const good = await holder.reload();
  assert.deepEqual(good.ok && good.restartNeeded, ['listen']);
  assert.deepEqual(heard, ['a 2', 'b 1']);
});
