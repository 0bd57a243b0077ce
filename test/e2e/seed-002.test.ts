// The configuration file of seed 002 (section 4.2 of its document), byte for byte, in a world where its hosts exist. The faults
// of the document's script (S1, S3 to S9, S12) are what must not happen here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../src/cli/client.ts';
import { SeedNetwork, type SunkMail } from '../support/seed-network.ts';

/** What the program keeps of a check's rounds. */
interface CheckRounds {
  readonly results: readonly { readonly time: bigint | string }[];
}

const root = path.resolve(import.meta.dirname, '../..');
const seedFile = path.join(root, 'test/fixtures/seed-002/config.json');
const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-seed-'));
const net = new SeedNetwork(dir, 'seed');

before(() => net.start());
after(async () => {
  await net.destroy();
  rmSync(dir, { recursive: true, force: true });
});

const subjectOf = (mail: SunkMail): string => /^Subject: (.*)$/m.exec(mail.raw)?.[1].trim() ?? '';
const bodyHas = (mail: SunkMail, text: string): boolean => mail.raw.replaceAll('=\r\n', '').includes(text);

/** Lines of every log below the data folder and of the standard error. */
function logLines(dataDir: string): string[] {
  return globSync('**/*.log', { cwd: dataDir }).flatMap((f) => readFileSync(path.join(dataDir, f), 'utf8').split('\n'));
}

async function until<T>(what: string, withinMs: number, look: () => T | undefined | false): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    assert.ok(Date.now() < end, `not within ${withinMs / 1000} s: ${what}`);
    await sleep(250);
  }
}

test('the file runs unchanged: outage, loss and recovery are told once each, in the words of the script', { timeout: 235_000 }, async () => {
  assert.ok(!existsSync('/etc/network_monitor'), 'the log folder of the file must not exist for this test');
  const config = path.join(dir, 'config.json');
  copyFileSync(seedFile, config);
  const data = path.join(dir, 'data-story');
  net.fault('google', 30);
  const started = Date.now();
  const program = net.wirewatch(config, data);
  let errors = '';
  program.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  program.stdout?.on('data', (chunk: Buffer) => (errors += chunk.toString()));

  // S9: a log path that cannot be written is replaced, loudly.
  await until('the log path is replaced', 30_000, () => /network_monitor\.log/.test(errors) && logLines(data).length > 0);

  const line = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (\w+) - (.*)$/;
  await until('a latency line in the form of the script', 30_000, () => logLines(data).some((l) => /^INFO$/.test(line.exec(l)?.[1] ?? '') && /^Cloudflare DNS \(1\.1\.1\.1\) latency: \d+\.\d\d ms$/.test(line.exec(l)?.[2] ?? '')));

  // S4, S5, S12: one mail for the outage, though rounds go on failing; the other target answers, so it is the target.
  net.fault('cloudflare');
  const down = await net.mails.find((m) => m.raw !== undefined && subjectOf(m) === 'Network Alert: Cloudflare DNS Down', 45_000);
  assert.ok(down, `no mail about the outage; the program said: ${errors}`);
  assert.ok(down.tls, 'the mail came over TLS');
  assert.equal(down.user, 'alert@example.com');
  assert.deepEqual(down.to, ['admin@example.com']);
  assert.ok(bodyHas(down, 'No response from Cloudflare DNS (1.1.1.1).'));
  assert.ok(logLines(data).some((l) => line.exec(l)?.[1] === 'ERROR' && line.exec(l)?.[2] === 'No response from Cloudflare DNS (1.1.1.1).'));
  await sleep(25_000);
  net.heal('cloudflare');
  const resolved = await net.mails.find((m) => m.raw !== undefined && subjectOf(m) === 'Network Alert: Cloudflare DNS Down - Resolved', 45_000);
  assert.ok(resolved, 'the end of the outage is told');

  // S1: the loss threshold counts, over ten rounds.
  const loss = await net.mails.find((m) => m.raw !== undefined && subjectOf(m) === 'Network Alert: Packet Loss on Google DNS', Math.max(1, started + 150_000 - Date.now()));
  assert.ok(loss, 'loss over ten rounds is told');
  const subjects = net.mails.seen.filter((m) => m.raw !== undefined).map(subjectOf);
  assert.equal(subjects.filter((s) => s === 'Network Alert: Cloudflare DNS Down').length, 1, 'the outage was told once');
  assert.equal(subjects.filter((s) => s === 'Network Alert: Packet Loss on Google DNS').length, 1, 'the loss was told once');
  net.heal('google');

  // S8: rounds begin every ten seconds, whatever failed meanwhile. The log tells when a round ended, the store when it began.
  const { results } = await createClient(data).get<CheckRounds>(`/checks/${encodeURIComponent('8.8.8.8/icmp')}?from=0&to=${1n << 62n}`);
  const begun = results.map((r) => Number(BigInt(r.time) / 1_000_000n)).sort((x, y) => x - y);
  assert.ok(begun.length >= 8, `${begun.length} rounds were kept`);
  const gaps = begun.slice(1).map((ms, i) => ms - begun[i]);
  assert.ok(gaps.every((gap) => Math.abs(gap - 10_000) < 500), `rounds began ${gaps.join(', ')} ms apart`);
  // The password of the file is the word "password": as a value it stands nowhere.
  const asValue = /["'=:] *password["' ]*$|"password"/m;
  assert.doesNotMatch(errors, asValue);
  assert.ok(!logLines(data).some((l) => asValue.test(l)));
  program.kill('SIGTERM');
});

test('a dead mail server and a dead uplink stop nothing, and what could not be told is told late', { timeout: 200_000 }, async () => {
  const config = path.join(dir, 'late.json');
  writeFileSync(config, readFileSync(seedFile, 'utf8').replace('"monitor_interval": 10', '"monitor_interval": 3'));
  const data = path.join(dir, 'data-late');
  net.stopMail();
  const program = net.wirewatch(config, data);
  let said = '';
  program.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  program.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('rounds run', 30_000, () => logLines(data).some((l) => l.includes('latency')));
  net.fault('cloudflare');
  await until('the outage is in the log', 40_000, () => logLines(data).some((l) => l.includes('No response from Cloudflare DNS (1.1.1.1).')));
  // S6: the mail server hangs; the other target is still measured.
  const before_ = logLines(data).filter((l) => l.includes('Google DNS (8.8.8.8) latency')).length;
  await sleep(10_000);
  assert.ok(logLines(data).filter((l) => l.includes('Google DNS (8.8.8.8) latency')).length >= before_ + 2, 'measuring goes on');
  // S7: the mail server is back: the mail arrives, late.
  net.startMail();
  const late = await net.mails.find((m) => m.raw !== undefined && subjectOf(m).includes('Cloudflare DNS Down'), 90_000);
  assert.ok(late, `the mail did not arrive after the mail server was back: ${said}`);
  net.heal('cloudflare');
  program.kill('SIGTERM');
});

test('with both targets and the gateway silent the monitor speaks of its own uplink, once, and calls nothing down', { timeout: 120_000 }, async () => {
  const config = path.join(dir, 'uplink.json');
  writeFileSync(config, readFileSync(seedFile, 'utf8').replace('"monitor_interval": 10', '"monitor_interval": 3'));
  const data = path.join(dir, 'data-uplink');
  const program = net.wirewatch(config, data);
  await until('rounds run', 30_000, () => logLines(data).some((l) => l.includes('latency')));
  const from = net.mails.seen.length;
  net.lab.run('gate', ['ip', 'link', 'set', 'lan', 'down']);
  await sleep(25_000);
  assert.ok(!logLines(data).some((l) => /No response from/.test(l)), 'no target is called down');
  net.lab.run('gate', ['ip', 'link', 'set', 'lan', 'up']);
  net.lab.run('gate', ['ip', 'address', 'replace', 'fd07::1/64', 'dev', 'lan', 'nodad']);
  // The statement about the uplink arrives when the uplink is back.
  const uplink = await net.mails.find((m) => m.raw !== undefined && /uplink/i.test(m.raw), 60_000, from);
  assert.ok(uplink, 'one statement about the uplink');
  assert.ok(!net.mails.seen.slice(from).some((m) => m.raw !== undefined && subjectOf(m).endsWith(' Down')), 'no false DOWN');
  program.kill('SIGTERM');
});

test('a name that does not resolve is a failure of its own class, never a latency of 0.00 ms (S3)', { timeout: 60_000 }, async () => {
  const config = path.join(dir, 'name.json');
  writeFileSync(config, readFileSync(seedFile, 'utf8').replace('"monitor_interval": 10', '"monitor_interval": 2').replace('"8.8.8.8"', '"no-such-host.invalid"'));
  const data = path.join(dir, 'data-name');
  const program = net.wirewatch(config, data);
  await until('the failure is logged', 40_000, () => logLines(data).some((l) => /Google DNS/.test(l) && !/latency/.test(l)));
  assert.ok(!logLines(data).some((l) => /Google DNS .*latency: 0\.00 ms/.test(l)));
  program.kill('SIGTERM');
});

test('`config import` writes our own form with the password moved out, and `config check` finds a password that others can read (S9)', () => {
  const folder = path.join(dir, 'import');
  mkdirSync(folder);
  const config = path.join(folder, 'config.json');
  copyFileSync(seedFile, config);
  const cli = (...args: string[]): string => execFileSync(process.execPath, [path.join(root, 'src/cli/main.ts'), ...args], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  cli('config', 'import', config, '--output', path.join(folder, 'wirewatch.yaml'));
  const yaml = readFileSync(path.join(folder, 'wirewatch.yaml'), 'utf8');
  assert.doesNotMatch(yaml, /password: ["']?password/);
  assert.match(yaml, /8\.8\.8\.8/);
  assert.doesNotThrow(() => cli('config', 'check', '--config', path.join(folder, 'wirewatch.yaml')));
});
