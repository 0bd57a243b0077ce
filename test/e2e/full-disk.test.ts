// A full disk under the whole program: it is told, measuring goes on, and what happened meanwhile is told once there is room.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { MailCatcher } from '../../src/app/demo/mail-catcher.ts';
import { createClient } from '../../src/cli/client.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-full-'));
const disk = path.join(dir, 'disk');
const data = path.join(disk, 'data');
const ballast = path.join(disk, 'ballast');
let program: ChildProcess | undefined;

after(async () => {
  if (program !== undefined && program.exitCode === null) {
    const gone = new Promise((done) => program?.once('exit', done));
    program.kill('SIGTERM');
    await gone;
  }
  spawnSync('umount', ['-l', disk]);
  rmSync(dir, { recursive: true, force: true });
});

async function until<T>(what: string, withinMs: number, look: () => Promise<T | undefined> | T | undefined, said: () => string): Promise<T> {
  for (const end = Date.now() + withinMs; ;) {
    const found = await Promise.resolve(look()).catch((error: unknown) => {
      throw new Error(`${what}: ${String(error)}\n${said()}`, { cause: error });
    });
    if (found !== undefined) return found;
    assert.ok(Date.now() < end, `not within ${withinMs / 1000} s: ${what}\n${said()}`);
    await new Promise((resume) => setTimeout(resume, 300));
  }
}

/** Writes until not a block is left. */
function fill(): void {
  for (let i = 0; i < 50; i++) {
    const { bavail, bsize } = statfsSync(disk);
    if (bavail === 0) return;
    try {
      writeFileSync(`${ballast}${i}`, Buffer.alloc(bavail * bsize));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

test('a full disk is told and survived: rounds go on, and the outage that fell into it is told once there is room', { timeout: 180_000 }, async () => {
  mkdirSync(disk);
  assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'none', disk]).status, 0, 'mounting a tmpfs needs root');
  mkdirSync(data);
  const catcher = new MailCatcher();
  const mailPort = await catcher.start();
  const target = http.createServer((_request, response) => response.end('well'));
  await new Promise<void>((up) => target.listen(0, '127.0.0.1', up));
  const { port } = target.address() as AddressInfo;
  const config = path.join(dir, 'full.yaml');
  writeFileSync(config, `
version: 1
listen: { port: 0 }
capture: { enabled: no }
tracing: { enabled: false }
evidence: { before: 5s, after: 1s }
targets:
  - { id: web, name: Web, address: 127.0.0.1, trace: false, checks: [{ type: http, interval: 1s, timeout: 800ms, options: { url: "http://127.0.0.1:${port}/" }, hysteresis: { failAfter: 2, recoverAfter: 1, recheckInterval: 1s } }] }
channels: { mail: { type: smtp, host: 127.0.0.1, port: ${mailPort}, tls: none, from: w@example.test, to: [you@example.test] } }
alerting:
  route: { receiver: default, groupWait: 1s, groupInterval: 2s, repeatInterval: 1h }
  receivers: { default: { channels: [mail] } }
`, { mode: 0o600 });
  let output = '';
  const said = (): string => output.slice(-3000);
  program = spawn(process.execPath, [path.join(ROOT, 'src/cli/main.ts'), '--data', data, 'run', '--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  program.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  program.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  try {
    await until('the target is up', 40_000, () => (output.includes('Web: UNKNOWN -> UP') ? true : undefined), said);
    const client = createClient(data);
    interface Overview { readonly checks: readonly { readonly lastTime: string | null; readonly state: string }[] }
    const lastRound = async (): Promise<bigint> => BigInt((await client.get<Overview>('/overview')).checks[0].lastTime ?? '0');

    fill();
    target.close();
    target.closeAllConnections();
    // Told: by the log and by the health of the program.
    await until('the log says that the disk is full', 60_000, () => (/disk.*full|WW_STORE_FULL|ENOSPC/i.test(output) ? true : undefined), said);
    await until('the health says so', 30_000, async () => ((await client.get<{ status: string }>('/health')).status === 'degraded' ? true : undefined), said);
    // Survived: rounds go on.
    const before = await lastRound();
    await until('rounds go on', 20_000, async () => ((await lastRound()) > before + 3_000_000_000n ? true : undefined), said);
    assert.equal(program.exitCode, null);

    for (let i = 0; i < 50; i++) rmSync(`${ballast}${i}`, { force: true });
    await until('the outage is told once there is room', 60_000, () => (catcher.mails().some((m) => m.subject.includes('Web does not respond')) ? true : undefined), said);
    interface Incidents { readonly rows: readonly { readonly title: string }[] }
    assert.ok((await client.get<Incidents>('/incidents', { status: 'all', limit: 10 })).rows.some((i) => i.title.includes('Web does not respond')));
    await until('the health is good again', 60_000, async () => ((await client.get<{ status: string }>('/health')).status === 'ok' ? true : undefined), said);
    assert.equal(catcher.mails().filter((m) => m.subject.includes('Web does not respond')).length, 1, 'told once');
  } finally {
    target.close();
    await catcher.stop();
  }
});
