import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');

const NOT_COPIED = new Set(['.git', 'node_modules', 'dist', 'demo', 'data', 'var']);

/** Title and commands of each recipe. */
function recipes(): { title: string; commands: string }[] {
  const text = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8');
  return [...text.matchAll(/^### (.+)$([\s\S]*?)^```sh recipe\n([\s\S]*?)^```/gm)].map((m) => ({ title: m[1], commands: m[3] }));
}

test('there is a recipe for each kind of thing', () => {
  assert.deepEqual(recipes().map((r) => r.title), [
    'A protocol', 'A probe', 'A detector', 'A channel', 'An action', 'An API route', 'A command', "A doctor's check",
  ]);
});

for (const { title, commands } of recipes()) {
  test(`the recipe "${title}" works as written`, () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-recipe-'));
    try {
      for (const part of readdirSync(root)) if (!NOT_COPIED.has(part)) cpSync(path.join(root, part), path.join(dir, part), { recursive: true });
      symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'));
      const run = spawnSync('bash', ['-ec', commands], { cwd: dir, encoding: 'utf8', env: { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env.PATH}` } });
      assert.equal(run.status, 0, `${run.stdout}\n${run.stderr}`);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
}
