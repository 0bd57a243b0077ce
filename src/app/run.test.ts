import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '../cli/client.ts';
import { socketPathOf } from '../cli/data-folder.ts';
import type { EvidenceSummary, Overview, Page } from '../pipeline/services.ts';
import type { Incident } from '../model/index.ts';

const MAIN = path.resolve(import.meta.dirname, '../cli/main.ts');

interface Program {
  readonly child: ChildProcess;
  readonly said: () => string;
}

function folder(t: TestContext): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-run-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Starts the program and waits until its socket answers. */
async function start(t: TestContext, dataDir: string, config: string): Promise<Program> {
  const child = spawn(process.execPath, [MAIN, 'run', '--data', dataDir, '--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (s: string) => (text += s));
  t.after(() => void child.kill('SIGKILL'));
  await until(() => text.includes('Wirewatch runs') || child.exitCode !== null, () => text);
  return { child, said: () => text };
}

async function until(holds: () => boolean | Promise<boolean>, said: () => string = () => ''): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await holds()) return;
    await wait(50);
  }
  assert.fail(`not within 15 s; the program said:\n${said()}`);
}

/** A server that can be taken away and put back. */
async function listener(t: TestContext, host: string): Promise<{ port: number; close(): Promise<void>; open(): Promise<void> }> {
  let server = net.createServer((socket) => socket.end());
  const open = async (port: number): Promise<void> => {
    server = net.createServer((socket) => socket.end());
    server.listen(port, host);
    await once(server, 'listening');
  };
  await open(0);
  const { port } = server.address() as net.AddressInfo;
  t.after(() => server.close());
  return { port, open: () => open(port), close: async () => void (await new Promise((resolve) => server.close(resolve))) };
}

function writeConfig(dir: string, ports: { v4: number; v6: number }): string {
  const file = path.join(dir, 'wirewatch.yaml');
  const check = (port: number): string => `{type: tcp, interval: 1s, timeout: 500ms, options: {port: ${port}}, hysteresis: {failAfter: 2, recoverAfter: 1, recheckInterval: 200ms}}`;
  writeFileSync(file, `
listen: {port: 0}
capture: {enabled: "no"}
tracing: {enabled: false}
evidence: {before: 10s, after: 0s}
targets:
  - {id: four, address: 127.0.0.1, checks: [${check(ports.v4)}]}
  - {id: six, address: "::1", checks: [${check(ports.v6)}]}
`);
  return file;
}

test('An outage becomes an incident, survives kill -9, and ends; the socket is the operator\'s alone', { timeout: 120_000 }, async (t) => {
  const dir = folder(t);
  const dataDir = path.join(dir, 'data');
  const four = await listener(t, '127.0.0.1');
  const six = await listener(t, '::1');
  const config = writeConfig(dir, { v4: four.port, v6: six.port });
  let program = await start(t, dataDir, config);
  const client = createClient(dataDir);
  const states = async (): Promise<string> => (await client.get<Overview>('/overview')).checks.map((c) => c.state).join(' ');
  let first = '';
  await until(async () => (first = await states()) === 'UP UP', () => `<${first}> ${program.said()}`);
  assert.equal(statSync(socketPathOf(dataDir)).mode & 0o777, 0o600);
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  assert.match(program.said(), /http:\/\/127\.0\.0\.1:\d+\/setup#/);

  await six.close();
  let seen = '';
  await until(async () => (seen = await states()) === 'UP DOWN', () => `${seen} ${program.said()}`);
  const incidents = async (): Promise<readonly Incident[]> => (await client.get<Page<Incident>>('/incidents')).rows;
  await until(async () => (await incidents()).length === 1, program.said);
  const [before] = await incidents();
  assert.equal(before.phase, 'triage');

  // A second program on the same folder is refused while the first lives.
  const second = spawn(process.execPath, [MAIN, 'run', '--data', dataDir, '--config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let refusal = '';
  second.stderr.setEncoding('utf8').on('data', (s: string) => (refusal += s));
  assert.deepEqual((await once(second, 'close'))[0], 5);
  assert.match(refusal, new RegExp(`WW_RUNNING: process ${program.child.pid} runs`));

  program.child.kill('SIGKILL');
  await once(program.child, 'exit');
  program = await start(t, dataDir, config);
  assert.deepEqual((await incidents()).map((i) => i.id), [before.id]);
  await until(async () => (await states()) === 'UP DOWN', program.said);
  // The evidence job of the life that was cut off is done by the next one, and its bundle verifies.
  const evidence = async (): Promise<readonly EvidenceSummary[]> => (await client.get<Page<EvidenceSummary>>('/evidence')).rows;
  await until(async () => (await evidence()).length === 1, program.said);
  const [bundle] = await evidence();
  assert.equal(bundle.manifest.incidentId, before.id);
  assert.ok(bundle.manifest.files.some((f) => f.path === 'samples.jsonl'), JSON.stringify(bundle.manifest.missing));
  assert.deepEqual((await client.post<{ ok: boolean }>(`/evidence/${bundle.manifest.id}/verify`)).ok, true);

  await six.open();
  await until(async () => (await incidents())[0].mitigatedAt !== null, program.said);
  assert.equal((await incidents()).length, 1);

  program.child.kill('SIGTERM');
  const [code] = await once(program.child, 'exit');
  assert.equal(code, 0, program.said());
  assert.ok(!existsSync(path.join(dataDir, 'wirewatch.pid')));
  await assert.rejects(client.get('/overview'), { code: 'WW_NOT_RUNNING' });
});

test('An action that did not help is told, and what was told ends with the outage', { timeout: 60_000 }, async (t) => {
  const dir = folder(t);
  const dataDir = path.join(dir, 'data');
  const four = await listener(t, '127.0.0.1');
  const six = await listener(t, '::1');
  const config = writeConfig(dir, { v4: four.port, v6: six.port });
  appendFileSync(config, `
actions:
  policy: {mode: auto}
  rules:
    - {id: mend, action: run-command, matchers: ['alertname="check-down"'], options: {argv: [/bin/false], allow: [/bin/false], settleMs: 50}}
`);
  const program = await start(t, dataDir, config);
  const client = createClient(dataDir);
  const states = async (): Promise<string> => (await client.get<Overview>('/overview')).checks.map((c) => c.state).join(' ');
  await until(async () => (await states()) === 'UP UP', program.said);
  await six.close();
  await until(() => /alert firing: run-command on six did not help/.test(program.said()), program.said);
  await six.open();
  await until(() => /alert resolved: run-command on six did not help/.test(program.said()), program.said);
  await until(async () => {
    const { rows } = await client.get<Page<Incident>>('/incidents');
    return rows.length === 1 && rows[0].mitigatedAt !== null;
  }, program.said);
  program.child.kill('SIGTERM');
  await once(program.child, 'exit');
});

test('kill -9 of the store and of the prober is survived: both come back, measuring goes on', { timeout: 120_000 }, async (t) => {
  const dir = folder(t);
  const dataDir = path.join(dir, 'data');
  const four = await listener(t, '127.0.0.1');
  const six = await listener(t, '::1');
  const program = await start(t, dataDir, writeConfig(dir, { v4: four.port, v6: six.port }));
  const client = createClient(dataDir);
  const rounds = async (): Promise<number> => (await client.get<{ results: readonly unknown[] }>(`/checks/four%2Ftcp?from=0&to=${1n << 62n}`)).results.length;
  await until(async () => (await rounds().catch(() => 0)) >= 2, program.said);
  const children = readFileSync(`/proc/${program.child.pid}/task/${program.child.pid}/children`, 'utf8').trim().split(' ').map(Number);
  assert.equal(children.length, 2);
  for (const pid of children) process.kill(pid, 'SIGKILL');
  const had = 2;
  await until(async () => (await rounds().catch(() => 0)) >= had + 3, program.said);
  assert.match(program.said(), /the store process ended \(SIGKILL\)/);
  assert.match(program.said(), /the prober ended \(SIGKILL\)/);
  assert.equal((await client.get<{ status: string }>('/health')).status, 'ok');
});

test('SIGHUP takes a good configuration, and keeps the old one where the new one is wrong', { timeout: 60_000 }, async (t) => {
  const dir = folder(t);
  const dataDir = path.join(dir, 'data');
  const four = await listener(t, '127.0.0.1');
  const config = writeConfig(dir, { v4: four.port, v6: four.port });
  const program = await start(t, dataDir, config);
  const client = createClient(dataDir);
  const ids = async (): Promise<string> => (await client.get<Overview>('/overview')).checks.map((c) => c.checkId).join(' ');
  const good = readFileSync(config, 'utf8');
  writeFileSync(config, good.replace('id: six', 'idd: six'));
  program.child.kill('SIGHUP');
  await until(() => program.said().includes('the old configuration stays in force'), program.said);
  assert.match(program.said(), /wirewatch\.yaml:\d+:\d+: targets\[1\]\.idd: there is no key "idd".*did you mean "id"/);
  assert.equal(await ids(), 'four/tcp six/tcp');
  writeFileSync(config, good.replace('id: six', 'id: sixth'));
  program.child.kill('SIGHUP');
  await until(async () => (await ids()) === 'four/tcp sixth/tcp', program.said);
});

test('A wrong configuration is refused before anything starts, with exit code 2', { timeout: 30_000 }, async (t) => {
  const dir = folder(t);
  const config = path.join(dir, 'c.yaml');
  writeFileSync(config, 'targets: [{adress: 192.0.2.1}]');
  const child = spawn(process.execPath, [MAIN, 'run', '--data', path.join(dir, 'data'), '--config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (s: string) => (said += s));
  assert.equal((await once(child, 'close'))[0], 2);
  assert.match(said, /c\.yaml:1:12: targets\[0\]\.adress: there is no key "adress" in targets\[0\] \(did you mean "address"\?\)/);
});
