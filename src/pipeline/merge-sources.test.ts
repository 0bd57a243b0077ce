import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MergeSources, type Merged } from './merge-sources.ts';

const OPTIONS = { latenessNs: 100n, tickNs: 50n, capacity: 1000 };
const show = (merged: readonly Merged<string>[]): string[] => merged.map((m) => (m.kind === 'tick' ? `tick ${m.time}` : `${m.item} ${m.time}`));

test('Items of two sources leave in the order of time, then source, then sequence, with ticks between', () => {
  const merge = new MergeSources<string>(OPTIONS);
  merge.push('b', 20n, 'b1');
  merge.push('a', 20n, 'a1');
  merge.push('a', 20n, 'a2');
  merge.push('b', 60n, 'b2');
  merge.watermark('a', 70n);
  merge.watermark('b', 70n);
  assert.deepEqual(show(merge.drain(75n)), ['a1 20', 'a2 20', 'b1 20', 'tick 50', 'b2 60']);
});

test('A source without a sign of life is waited for as long as the lateness says, no longer', () => {
  const merge = new MergeSources<string>(OPTIONS);
  merge.watermark('slow', 0n);
  merge.push('quick', 20n, 'q');
  merge.watermark('quick', 30n);
  assert.deepEqual(show(merge.drain(119n)), []);
  assert.deepEqual(show(merge.drain(120n)), ['q 20']);
});

test('What comes too late is let through and counted, and time does not step back', () => {
  const merge = new MergeSources<string>(OPTIONS);
  merge.push('a', 20n, 'x');
  merge.drain(200n);
  merge.push('a', 10n, 'late');
  assert.deepEqual(show(merge.drain(200n)), ['late 100']);
  assert.equal(merge.late, 1);
});

test('The order does not depend on how the sources were interleaved', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.bigInt(0n, 1000n)), { maxLength: 60 }), fc.array(fc.nat(59), { maxLength: 60 }), (items, swaps) => {
    const order = (list: typeof items): string[] => {
      const merge = new MergeSources<string>({ ...OPTIONS, latenessNs: 10_000n });
      for (const [source, time] of list) merge.push(source, time, `${source}${time}`);
      return show(merge.flush());
    };
    const shuffled = [...items];
    for (const [i, j] of swaps.entries()) {
      const [x, y] = [i % Math.max(1, items.length), j % Math.max(1, items.length)];
      if (items.length > 0) [shuffled[x], shuffled[y]] = [shuffled[y], shuffled[x]];
    }
    assert.deepEqual(order(shuffled), order(items));
  }));
});
