import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GenerationMap } from './generation-map.ts';

test('what is touched stays, what is not goes within a generation, and is counted', () => {
  const map = new GenerationMap<number, string>(8);
  map.set(0, 'kept');
  for (let i = 1; i <= 100; i++) {
    map.set(i, 'passing');
    map.touch(0);
  }
  assert.equal(map.get(0), 'kept');
  assert.equal(map.get(1), undefined);
  assert.ok(map.evicted > 80);
});

test('it never holds more than its capacity, and every key is held or counted', () => {
  fc.assert(fc.property(fc.array(fc.nat(40), { maxLength: 300 }), fc.integer({ min: 4, max: 30 }), (keys, capacity) => {
    const map = new GenerationMap<number, number>(capacity);
    const inserted = new Set<number>();
    let insertions = 0;
    for (const k of keys) {
      if (map.get(k) === undefined) insertions++;
      inserted.add(k);
      if (map.touch(k) === undefined) map.set(k, k);
    }
    const held = [...map.entries()].map(([k]) => k);
    assert.equal(new Set(held).size, held.length);
    assert.ok(held.length <= capacity + 1);
    assert.equal(held.length + map.evicted, insertions);
  }));
});

test('an entry may be deleted while all are looked at', () => {
  const map = new GenerationMap<number, number>(100);
  for (let i = 0; i < 80; i++) map.set(i, i);
  for (const [k] of map.entries()) if (k % 2 === 0) map.delete(k);
  assert.equal([...map.entries()].length, 40);
});
