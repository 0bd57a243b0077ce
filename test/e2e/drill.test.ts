// The drill as people run it: the real command, in both families, broken off, without root, and asked for by the API.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, isRunning } from '../../src/cli/client.ts';
import type { DrillRunReport } from '../../src/drill/drill-report.ts';

const main = path.resolve(import.meta.dirname, '../../src/cli/main.ts');
const STAGES = ['watching', 'state', 'alert', 'incident', 'mail', 'action', 'recovery', 'resolve', 'resolve-mail', 'evidence'];

/** What a drill of this process id may have left behind. */
function leftBehind(pid: number): string[] {
  const prefix = `wirewatch-drill-${pid}-`;
  const spaces = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout.split('\n').filter((l) => l.startsWith(prefix));
  const folders = existsSync('/etc/netns') ? readdirSync('/etc/netns').filter((f) => f.startsWith(prefix)) : [];
  const temporary = readdirSync(os.tmpdir()).filter((f) => f.startsWith(prefix));
  return [...spaces, ...folders, ...temporary];
}

function start(...args: string[]): { child: ChildProcess; out: () => string; err: () => string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [main, 'drill', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return { child, out: () => out, err: () => err, ended: new Promise((resolve) => child.once('close', resolve)) };
}

function assertPassed(report: DrillRunReport): void {
  const told = JSON.stringify(report, null, 1);
  assert.equal(report.state, 'passed', told);
  assert.deepEqual(report.stages.map((s) => s.name), STAGES);
  for (const stage of report.stages) {
    assert.equal(stage.state, 'passed', told);
    if (stage.limitMs !== null) assert.ok(stage.afterMs !== null && stage.afterMs > 0 && stage.afterMs <= stage.limitMs, told);
  }
  const at = Object.fromEntries(report.stages.map((s) => [s.name, s.afterMs ?? 0]));
  // Each step follows from the one before it: what was told, was told before anything was changed.
  const order = ['state', 'alert', 'incident', 'mail', 'action', 'resolve-mail', 'evidence'];
  for (const [i, name] of order.entries()) if (i > 0) assert.ok(at[name] >= at[order[i - 1]], `${name} came before ${order[i - 1]}: ${told}`);
  assert.ok(at.resolve >= at.recovery && at['resolve-mail'] >= at.resolve, told);
  const detail = Object.fromEntries(report.stages.map((s) => [s.name, s.detail]));
  assert.match(detail.alert, /marked DRILL/);
  assert.match(detail.incident, /\[DRILL\]/);
  assert.match(detail.mail, /"\[DRILL\] .*over TLS/);
  assert.match(detail['resolve-mail'], /"\[DRILL\] .*over TLS/);
  assert.match(detail.action, /run-command \w+ succeeded/);
  assert.match(detail.evidence, /verified .*sha256 [0-9a-f]{64}\).*: [1-9]\d* before the fault, [1-9]\d* while it lasted/);
}

for (const family of ['ipv4', 'ipv6'] as const) {
  test(`a drill passes every stage in order and leaves nothing behind (${family})`, { timeout: 110_000 }, async () => {
    const drill = start('target-down', '--json', ...(family === 'ipv6' ? ['--ipv6'] : []));
    assert.equal(await drill.ended, 0, drill.out() + drill.err());
    const report = JSON.parse(drill.out()) as DrillRunReport;
    assert.equal(report.family, family);
    assertPassed(report);
    assert.deepEqual(leftBehind(drill.child.pid!), []);
  });
}

test('a drill whose mail server is dead fails at the mails, and only there', { timeout: 110_000 }, async () => {
  const drill = start('target-down', '--json', '--progress');
  const end = Date.now() + 40_000;
  // The program watches, so everything was made; the fault is about to come.
  while (!drill.out().includes('"name":"watching","limitMs":null,"state":"passed"')) {
    assert.ok(Date.now() < end, drill.out() + drill.err());
    await sleep(20);
  }
  const server = spawnSync('ip', ['netns', 'pids', `wirewatch-drill-${drill.child.pid}-mail`], { encoding: 'utf8' }).stdout.trim().split('\n').map(Number);
  assert.equal(server.length, 1);
  process.kill(server[0], 'SIGKILL');
  assert.equal(await drill.ended, 1, drill.err());
  const report = JSON.parse(drill.out().trim().split('\n').at(-1)!) as DrillRunReport;
  assert.equal(report.state, 'failed');
  assert.deepEqual(report.stages.filter((s) => s.state !== 'passed').map((s) => s.name), ['mail', 'resolve-mail'], JSON.stringify(report, null, 1));
  assert.deepEqual(leftBehind(drill.child.pid!), []);
});

test('a drill that is interrupted says so, ends with 1 and takes its network down', { timeout: 60_000 }, async () => {
  const drill = start('target-down');
  const end = Date.now() + 30_000;
  while (leftBehind(drill.child.pid!).length < 8) {
    assert.ok(Date.now() < end, `the network was not made: ${drill.err()}`);
    await sleep(50);
  }
  await sleep(1500);
  drill.child.kill('SIGINT');
  assert.equal(await drill.ended, 1, drill.err());
  assert.match(drill.out(), /could not go on: it was interrupted/);
  assert.match(drill.out(), /FAILED: \d+ of 10 stages/);
  assert.deepEqual(leftBehind(drill.child.pid!), []);
});

test('what a killed drill left is taken away by the next one', { timeout: 60_000 }, async () => {
  const networkOf = async (drill: ReturnType<typeof start>): Promise<void> => {
    const end = Date.now() + 30_000;
    while (leftBehind(drill.child.pid!).length < 8) {
      assert.ok(Date.now() < end, `the network was not made: ${drill.err()}`);
      await sleep(50);
    }
  };
  const killed = start('target-down');
  await networkOf(killed);
  await sleep(1500);
  killed.child.kill('SIGKILL');
  await killed.ended.catch(() => undefined);
  assert.equal(leftBehind(killed.child.pid!).length, 8);
  const next = start('target-down');
  await networkOf(next);
  assert.deepEqual(leftBehind(killed.child.pid!), []);
  next.child.kill('SIGTERM');
  assert.equal(await next.ended, 1, next.err());
  assert.deepEqual(leftBehind(next.child.pid!), []);
});

test('without root a drill ends with 4 and the command that would do it', () => {
  // The process gives root away itself, so that its files need not be readable for others before.
  const code = `const { runCli } = await import(${JSON.stringify(path.resolve(main, '../run-cli.ts'))}); await import(${JSON.stringify(path.resolve(main, '../commands/drill.ts'))}); process.setgid(65534); process.setuid(65534); process.exit(await runCli(['drill', 'target-down']));`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  assert.equal(run.status, 4, run.stderr);
  assert.match(run.stderr, /WW_DRILL_PRIVILEGE/);
  assert.match(run.stderr, /to do: sudo wirewatch drill target-down/);
});

test('a drill that is asked for by the API is run apart, one at a time, and its report is kept', { timeout: 120_000 }, async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-drill-api-'));
  const config = path.join(dir, 'quiet.yaml');
  writeFileSync(config, 'version: 1\nlisten: { port: 0 }\ncapture: { enabled: no }\ntargets: [{ address: 127.0.0.1 }]\n', { mode: 0o600 });
  const program = spawn(process.execPath, [main, '--data', dir, 'run', '--config', config], { stdio: 'ignore' });
  try {
    const end = Date.now() + 100_000;
    while (!(await isRunning(dir))) {
      assert.ok(Date.now() < end && program.exitCode === null, 'the program runs');
      await sleep(100);
    }
    const client = createClient(dir);
    interface Kept { readonly id: string; readonly state: string; readonly startedBy: string; readonly stages: readonly { readonly name: string; readonly state: string }[] }
    assert.deepEqual((await client.get<{ name: string }[]>('/drill-scenarios')).map((s) => s.name), ['target-down']);
    await assert.rejects(client.post('/drills', { scenario: 'no-such' }), { code: 'WW_NOT_FOUND' });
    const begun = await client.post<Kept>('/drills', { scenario: 'target-down' });
    assert.equal(begun.state, 'running');
    await assert.rejects(client.post('/drills', { scenario: 'target-down' }), { code: 'WW_CONFLICT' });
    let kept = begun;
    while (kept.state === 'running') {
      assert.ok(Date.now() < end, JSON.stringify(kept));
      await sleep(500);
      kept = await client.get<Kept>(`/drills/${begun.id}`);
    }
    assert.equal(kept.state, 'passed', JSON.stringify(kept));
    assert.deepEqual(kept.stages.map((s) => s.name), STAGES);
    assert.deepEqual((await client.get<Kept[]>('/drills')).map((d) => d.id), [begun.id]);
    // The drill's alerts are its own: the program that was asked has none.
    assert.equal((await client.get<{ rows: unknown[] }>('/incidents', { status: 'all' })).rows.length, 0);
  } finally {
    const ended = new Promise((resolve) => program.once('exit', resolve));
    program.kill('SIGTERM');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  }
});
