import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');

/** Runs `act` on a copy of the sources, so that it may break them. */
function withCopyOfSources(act: (dir: string) => void): void {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-layers-'));
  try {
    for (const part of ['src', 'scripts', 'layers.mjs', 'package.json', 'tsconfig.json', 'tsconfig.node.json', 'tsconfig.base.json']) {
      cpSync(path.join(root, part), path.join(dir, part), { recursive: true });
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'));
    act(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function checkLayers(dir: string): { status: number | null; output: string } {
  const run = spawnSync(process.execPath, [path.join(dir, 'scripts/check-layers.mjs')], { cwd: dir, encoding: 'utf8' });
  return { status: run.status, output: run.stdout + run.stderr };
}

test('the layer check sees every module of the tree and finds no violation', () => {
  const { status, output } = checkLayers(root);
  assert.equal(status, 0, output);
  assert.match(output, /^layers: \d+ modules, 0 violations$/m);
});

test('a forbidden type import fails the layer check', () => {
  withCopyOfSources((dir) => {
    appendFileSync(path.join(dir, 'src/base/text.ts'), "import type { FlowRecord } from '../model/flow.ts';\nexport type Upward = FlowRecord;\n");
    const { status, output } = checkLayers(dir);
    assert.equal(status, 1, output);
    assert.match(output, /layer-base: src\/base\/text\.ts -> src\/model\/flow\.ts/);
  });
});

test('siblings may not import each other, not even for a type', () => {
  withCopyOfSources((dir) => {
    appendFileSync(path.join(dir, 'src/detect/define-detector.ts'), "import type { Foreign } from '../incident/zz-foreign.ts';\nexport type Taken = Foreign;\n");
    writeFileSync(path.join(dir, 'src/incident/zz-foreign.ts'), 'export interface Foreign { readonly x: 1 }\n');
    const { status, output } = checkLayers(dir);
    assert.equal(status, 1, output);
    assert.match(output, /layer-detect: src\/detect\/define-detector\.ts -> src\/incident\/zz-foreign\.ts/);
  });
});

test('a tool that saw fewer modules than there are is not trusted', () => {
  withCopyOfSources((dir) => {
    writeFileSync(path.join(dir, 'scripts/dependency-rules.cjs'), 'module.exports = { forbidden: [], options: { includeOnly: "^nowhere" } };\n');
    const { status, output } = checkLayers(dir);
    assert.equal(status, 2, output);
    assert.match(output, /saw 0 of \d+ modules/);
  });
});
