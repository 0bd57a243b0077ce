// The README's first command on a fresh clone, by a user without any privilege and with whatever Node the system has.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createClient } from '../../src/cli/client.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const NOBODY = 65_534;
const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-first-'));
const clone = path.join(dir, 'wirewatch');

after(() => rmSync(dir, { recursive: true, force: true }));

/** The PATH without the project's own Node: what a person has. */
const systemPath = (process.env.PATH ?? '').split(':').filter((p) => !p.includes('node_modules')).join(':');

test('on a fresh clone `npm start -- --demo` sets itself up and within a minute tells of an outage, with evidence', { timeout: 235_000 }, async () => {
  chmodSync(dir, 0o755);
  const cloned = spawnSync('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone], { encoding: 'utf8' });
  assert.equal(cloned.status, 0, cloned.stderr);
  spawnSync('chown', ['-R', `${NOBODY}:${NOBODY}`, clone]);
  const program = spawn('setpriv', ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', 'npm', 'start', '--', '--demo'], {
    cwd: clone, stdio: ['ignore', 'pipe', 'pipe'], detached: true,
    env: { PATH: systemPath, HOME: clone, npm_config_cache: path.join(dir, 'cache'), ...(process.env.npm_config_registry === undefined ? {} : { npm_config_registry: process.env.npm_config_registry }) },
  });
  let output = '';
  program.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  program.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  chmodSync(dir, 0o777);
  const until = async <T>(what: string, withinMs: number, look: () => Promise<T | undefined> | T | undefined): Promise<T> => {
    for (const end = Date.now() + withinMs; ;) {
      const found = await look();
      if (found !== undefined) return found;
      assert.ok(Date.now() < end && program.exitCode === null, `not within ${withinMs / 1000} s: ${what}\n${output}`);
      await new Promise((resume) => setTimeout(resume, 500));
    }
  };
  try {
    await until('the one-time link', 150_000, () => (/http:\/\/127\.0\.0\.1:\d+\/setup#\S{20,}/.test(output) ? true : undefined));
    assert.ok(existsSync(path.join(clone, 'dist/console/index.html')), 'the console was built');
    const client = createClient(path.join(clone, 'data/demo'));
    interface Incidents { readonly rows: readonly { readonly id: string; readonly title: string; readonly evidence: readonly string[] }[] }
    await until('an incident with its evidence', 60_000, async () =>
      (await client.get<Incidents>('/incidents', { status: 'all', limit: 20 })).rows.find((i) => i.title === 'Intranet does not respond.' && i.evidence.length > 0));
    const mails = await client.get<readonly { readonly subject: string }[]>('/mail');
    assert.ok(mails.some((m) => m.subject.includes('Intranet does not respond.')), output);
  } finally {
    // The whole group: npm, the launcher, the program.
    if (program.pid !== undefined) process.kill(-program.pid, 'SIGTERM');
    await new Promise((done) => {
      program.once('close', done);
      setTimeout(done, 8000);
    });
  }
});
