// What every page of the console and every drill must keep.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { scenarios } from '../../src/drill/scenarios.generated.ts';
import { PERMISSIONS } from '../../src/model/index.ts';

const pages = path.resolve(import.meta.dirname, '../../src/console/pages');

/** A page's declaration as it stands in its file: pages are read by a browser alone. */
function declaration(file: string): { path: string; title: string; permission: string | null; order: string | null; key: string | null } {
  const text = readFileSync(path.join(pages, file), 'utf8');
  const field = (name: string): string | null => new RegExp(`\\b${name}: '([^']*)'`).exec(text.slice(text.indexOf('definePage(')))?.[1] ?? null;
  const nav = /nav: \{ order: (\d+), key: '(.)' \}/.exec(text);
  return { path: field('path') ?? '', title: field('title') ?? '', permission: field('permission'), order: nav?.[1] ?? null, key: nav?.[2] ?? null };
}

test('pages have a path, a title and a known permission; no two share a path, a place or a key', () => {
  const all = readdirSync(pages).filter((f) => f.endsWith('.tsx')).map(declaration);
  assert.ok(all.length > 5);
  for (const page of all) {
    assert.match(page.path, /^\/[\w/:-]*$/);
    assert.ok(page.title.length > 2, page.path);
    if (page.permission !== null) assert.ok(Object.hasOwn(PERMISSIONS, page.permission), `${page.path}: ${page.permission}`);
  }
  for (const part of ['path', 'order', 'key'] as const) {
    const values = all.map((p) => p[part]).filter((v) => v !== null);
    assert.equal(new Set(values).size, values.length, `two pages have the same ${part}`);
  }
});

test('drills have a name of words, and stages whose names and limits are in order', () => {
  assert.ok(scenarios.length > 0);
  for (const scenario of scenarios) {
    assert.match(scenario.name, /^[a-z]+(?:-[a-z]+)*$/);
    assert.ok(scenario.title.length > 5);
    const names = scenario.stages.map((s) => s.name);
    assert.equal(new Set(names).size, names.length);
    for (const stage of scenario.stages) assert.ok(stage.limitMs === null || (stage.limitMs > 0 && stage.limitMs <= 600_000), stage.name);
  }
});
