import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

test("the console's client is generated from the routes as they are now", () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const run = spawnSync(process.execPath, ['scripts/gen-client.ts', '--check'], { cwd: root, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
});
