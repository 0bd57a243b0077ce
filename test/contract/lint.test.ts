import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');

/** Lints one file as if it stood at `place`, and returns the messages. */
function lint(place: string, text: string): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-lint-'));
  try {
    for (const part of ['.oxlintrc.json', 'scripts/lint']) cpSync(path.join(root, part), path.join(dir, part), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(dir, 'node_modules'));
    mkdirSync(path.dirname(path.join(dir, place)), { recursive: true });
    writeFileSync(path.join(dir, place), text);
    const run = spawnSync(process.execPath, [path.join(root, 'node_modules/oxlint/bin/oxlint'), '-c', path.join(dir, '.oxlintrc.json'), 'src'], { cwd: dir, encoding: 'utf8' });
    return run.stdout + run.stderr;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('the clock is refused in pure code', () => {
  assert.match(lint('src/alert/x.ts', 'export const now = (): number => Date.now();\n'), /pure code takes time as an argument: no Date here/);
  assert.match(lint('src/flow/x.ts', 'export const now = (): number => performance.now();\n'), /no performance here/);
});

test('chance is refused in pure code', () => {
  assert.match(lint('src/detect/x.ts', 'export const roll = (): number => Math.random();\n'), /pure code takes randomness as an argument/);
});

test('the clock is allowed where the program meets the world', () => {
  assert.doesNotMatch(lint('src/pipeline/x.ts', 'export const now = (): number => Date.now();\n'), /pure code/);
});

test('whatever allocates is refused in the packet path', () => {
  const dissector = (body: string): string => `export const d = { dissect(p, at, end) {\n${body}\n} };\n`;
  const cases: [string, string][] = [
    ['return [at, end].length;', 'an array literal'],
    ['return { at, end }.at;', 'an object literal'],
    ['return p.bytes.subarray(at, end).length;', 'subarray\\(\\)'],
    ['return `${at}`.length;', 'a template string'],
    ['throw new Error("x");', 'a throw'],
    ['return /x/.test(p.text) ? 1 : 0;', 'a regular expression'],
    ['return Number(1n);', 'a bigint'],
    ['return p.find((x) => x === at);', 'a closure'],
  ];
  for (const [body, what] of cases) {
    assert.match(lint('src/wire/protocols/x.ts', dissector(body)), new RegExp(`the packet path allocates nothing: ${what}`), body);
  }
});
