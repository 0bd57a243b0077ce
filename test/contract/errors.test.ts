// The table of error codes: each is thrown somewhere and documented, and nothing else is.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ERROR_CODES } from '../../src/base/errors.ts';

const root = path.resolve(import.meta.dirname, '../..');
const codes = Object.keys(ERROR_CODES).toSorted();

test('every code is used by the program, and every code that it uses is in the table', () => {
  const used = new Set<string>();
  for (const file of globSync('src/**/*.{ts,tsx}', { cwd: root })) {
    if (/\.test\.tsx?$|^src\/base\/errors\.ts$/.test(file)) continue;
    // What only begins like a code stands for its family (`startsWith`).
    for (const [, code] of readFileSync(path.join(root, file), 'utf8').replaceAll(/startsWith\('WW_\w+'\)/g, '').matchAll(/['"`](WW_[A-Z]+(?:_[A-Z]+)*)['"`]/g)) used.add(code);
  }
  assert.deepEqual([...used].toSorted(), codes);
});

test('the reference documents every code with its meaning, and no other', () => {
  const text = readFileSync(path.join(root, 'docs/reference/errors.md'), 'utf8');
  const documented = new Map([...text.matchAll(/^\| `(WW_\w+)` \| (.+) \|$/gm)].map((m) => [m[1], m[2]]));
  assert.deepEqual([...documented.keys()].toSorted(), codes);
  for (const [code, meaning] of Object.entries(ERROR_CODES)) assert.equal(documented.get(code), meaning.replaceAll('|', '\\|'), code);
});
