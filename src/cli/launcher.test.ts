import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** The system's own Node, which may be older than the one that the project brings. */
function systemNode(): string {
  const found = ['/usr/bin/node', '/usr/local/bin/node'].find((f) => existsSync(f));
  assert.ok(found, 'this test needs a Node of the system (Debian: apt-get install nodejs)');
  return found;
}

/** A checkout of its own with the project's packages, so that a test may spoil it. */
function checkout(t: TestContext): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-clone-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  for (const name of ['bin', 'src', 'package.json', 'package-lock.json']) cpSync(path.join(ROOT, name), path.join(dir, name), { recursive: true, filter: (f) => !f.endsWith('.test.ts') });
  return dir;
}

function launch(dir: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(systemNode(), [path.join(dir, 'bin/wirewatch.mjs'), ...args], { encoding: 'utf8', cwd: os.tmpdir(), env: { ...process.env, ...env } });
}

test('Under the Node of the system the pinned Node runs the program, from any folder, with its exit code', () => {
  const run = launch(ROOT, ['--version']);
  assert.equal(run.status, 0, run.stderr);
  assert.equal(run.stdout.trim(), (JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string }).version);
  assert.equal(run.stderr, '');
  assert.equal(launch(ROOT, ['status', '--data', path.join(os.tmpdir(), 'wirewatch-none')]).status, 5);
  const wrong = launch(ROOT, ['stat']);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /there is no command stat/);
});

test('The Node that runs the program is the one that the project pins', () => {
  const [doctor] = (JSON.parse(launch(ROOT, ['doctor', '--json']).stdout) as { check: string; detail: string }[]).filter((f) => f.check === 'node-version');
  const pinned = (JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { optionalDependencies: Record<string, string> }).optionalDependencies[`node-linux-${process.arch}`];
  assert.match(doctor.detail, new RegExp(`^v${pinned.replaceAll('.', '\\.')} `));
});

test('Where packages are missing, npm ci runs once and its output leaves standard output clean', (t) => {
  const dir = checkout(t);
  // npm itself is a stand-in that puts the packages where npm would: the registry is no part of this test.
  const bin = path.join(dir, 'fake-bin');
  mkdirSync(bin);
  const calls = path.join(dir, 'npm-calls');
  writeFileSync(path.join(bin, 'npm'), `#!/bin/sh\necho "$PWD $*" >> ${calls}\necho "npm says something"\nmkdir node_modules\nfor p in ${path.join(ROOT, 'node_modules')}/* ; do ln -s "$p" node_modules/ ; done\n`, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env.PATH}`, npm_execpath: '' };
  const run = launch(dir, ['--version'], env);
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stderr, /setting up: \d+ package\(s\) missing/);
  assert.match(run.stderr, /npm says something[\s\S]*packages are in place/);
  assert.match(run.stdout, /^\d+\.\d+\.\d+\n$/);
  assert.match(readFileSync(calls, 'utf8'), /ci --ignore-scripts --no-audit --no-fund\n$/);
  assert.equal(launch(dir, ['--version'], env).stderr, '');
  assert.equal(readFileSync(calls, 'utf8').trim().split('\n').length, 1);
});

test('A link to packages of another checkout is never emptied, and a failing npm is told with what to do', (t) => {
  const dir = checkout(t);
  const other = path.join(dir, 'other');
  mkdirSync(path.join(other, 'keep'), { recursive: true });
  symlinkSync(other, path.join(dir, 'node_modules'));
  const linked = launch(dir, ['--version']);
  assert.equal(linked.status, 5);
  assert.match(linked.stderr, /node_modules is a symbolic link/);
  assert.ok(existsSync(path.join(other, 'keep')));
  rmSync(path.join(dir, 'node_modules'));
  const failing = launch(dir, ['--version'], { PATH: '/nonexistent', npm_execpath: '' });
  assert.equal(failing.status, 5);
  assert.match(failing.stderr, /npm cannot be started[\s\S]*to do: install npm/);
});

test('The lock names every optional package of every platform, without which npm ci refuses where a registry lacks one', () => {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const missing = Object.entries(packages).flatMap(([name, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter((d) => packages[`node_modules/${d}`] === undefined && packages[`${name}/node_modules/${d}`] === undefined));
  assert.deepEqual(missing, []);
});
