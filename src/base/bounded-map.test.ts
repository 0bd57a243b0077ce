import assert from 'node:assert/strict';
import test from 'node:test';
import { execFileSync } from 'node:child_process';
import { BoundedMap } from './bounded-map.ts';

test('the entry that was not set or touched for longest goes first, and is handed to whoever asked', () => {
  const gone: string[] = [];
  const map = new BoundedMap<string, number>(3, (key, value) => void gone.push(`${key}${value}`));
  for (const [i, key] of ['a', 'b', 'c'].entries()) map.set(key, i);
  map.touch('a');
  map.set('d', 3);
  map.set('c', 9);
  map.delete('a');
  map.set('e', 4);
  map.set('f', 5);
  assert.deepEqual(gone, ['b1', 'd3']);
  assert.deepEqual([...map.entries()], [['c', 9], ['e', 4], ['f', 5]]);
  assert.equal(map.evicted, 2);
});

test('it goes on evicting in order after it was emptied, and after many turns', () => {
  const gone: number[] = [];
  const map = new BoundedMap<number, number>(4, (key) => void gone.push(key));
  for (let i = 0; i < 1000; i++) map.set(i, i);
  assert.deepEqual(gone, Array.from({ length: 996 }, (_, i) => i));
  map.clear();
  gone.length = 0;
  for (let i = 0; i < 10; i++) {
    map.set(i, i);
    map.touch(0);
  }
  assert.deepEqual(gone, [1, 2, 3, 4, 5, 6]);
  for (const key of [...map.entries()].map(([k]) => k)) map.delete(key);
  for (let i = 20; i < 26; i++) map.set(i, i);
  assert.deepEqual(gone.slice(6), [20, 21]);
});

test('a full map evicts in a time that does not grow with its size', () => {
  const map = new BoundedMap<number, number>(200_000);
  const spent = (from: number): number => {
    const start = process.cpuUsage();
    for (let i = from; i < from + 400_000; i++) map.set(i, i);
    return process.cpuUsage(start).user;
  };
  // Walking over the gaps each time took minutes here.
  assert.ok(spent(0) < 20_000_000);
  assert.equal(map.evicted, 200_000);
});

test('a map in which entries come and go for long holds on to nothing', () => {
  const script = `
    const { BoundedMap } = await import(${JSON.stringify(new URL('./bounded-map.ts', import.meta.url).href)});
    const map = new BoundedMap(4);
    for (let i = 0; i < 5; i++) map.set(i, i);
    const turn = (n) => { for (let i = 0; i < n; i++) { map.set(i, i); map.delete(i); } gc(); return process.memoryUsage().heapUsed; };
    const before = turn(1000);
    process.stdout.write(String(turn(1_000_000) - before));`;
  const grown = Number(execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], { encoding: 'utf8' }));
  assert.ok(grown < 1_000_000, `${grown} bytes more`);
});
