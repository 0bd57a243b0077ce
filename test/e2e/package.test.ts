import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');

test('the package packs, installs and runs without its sources', { timeout: 240_000 }, () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-pack-'));
  const npm = (...args: string[]): string => {
    const run = spawnSync('npm', [...args, '--loglevel=error', '--no-audit', '--no-fund'], { cwd: root, encoding: 'utf8', timeout: 200_000 });
    assert.equal(run.status, 0, run.stderr);
    return run.stdout;
  };
  try {
    npm('pack', '--pack-destination', dir);
    const tarball = readdirSync(dir).find((f) => f.endsWith('.tgz'));
    assert.ok(tarball);
    npm('install', '--global', '--prefix', path.join(dir, 'prefix'), '--ignore-scripts', '--prefer-offline', path.join(dir, tarball));
    const installed = path.join(dir, 'prefix/lib/node_modules/wirewatch');
    assert.ok(!existsSync(path.join(installed, 'src')), 'no TypeScript is carried');
    const run = spawnSync(path.join(dir, 'prefix/bin/wirewatch'), ['--help'], { cwd: dir, encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stdout, /Usage: wirewatch/);
    const stats = spawnSync(path.join(dir, 'prefix/bin/wirewatch'), ['stats', path.join(installed, 'demo/office.pcapng'), '--json'], { cwd: dir, encoding: 'utf8' });
    assert.equal(stats.status, 0, stats.stderr);
    assert.ok(Object.keys(JSON.parse(stats.stdout) as object).length > 0);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
