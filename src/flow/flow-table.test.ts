import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FIRST_FRAME, ROW_SHIFT } from './flow-row.ts';
import { FlowTable, fold } from './flow-table.ts';

const never = (): number => Number.MAX_SAFE_INTEGER;
const fail = (): never => {
  throw new Error('no flow should end here');
};

/** A 32-byte array with two IPv6 addresses that end in these bytes. */
function pair6(low: number, high: number): Uint8Array {
  const b = new Uint8Array(32);
  b.set([0x20, 0x01, 0x0d, 0xb8], 0);
  b.set([0x20, 0x01, 0x0d, 0xb8], 16);
  b[15] = low;
  b[31] = high;
  return b;
}

/** The table by keys alone, as the flow meter uses it. */
const find4 = (t: FlowTable, low: number, high: number, ports: number, proto: number): number => t.find4(low, high, ports, proto, t.hash4(low, high, ports, proto));
const add4 = (t: FlowTable, low: number, high: number, ports: number, proto: number, due: number): number =>
  t.add4(low, high, ports, proto, t.hash4(low, high, ports, proto), due);
function find6(t: FlowTable, b: Uint8Array, ports: number, proto: number): number {
  const low = fold(b, 0);
  const high = fold(b, 16);
  return t.find6(low, high, b, 0, 16, ports, proto, t.hash6(low, high, ports, proto));
}
function add6(t: FlowTable, b: Uint8Array, ports: number, proto: number, due: number): number {
  const low = fold(b, 0);
  const high = fold(b, 16);
  return t.add6(low, high, b, 0, 16, ports, proto, t.hash6(low, high, ports, proto), due);
}

test('flows of both families are found by their whole key', () => {
  const table = new FlowTable(100, 7);
  const a = add4(table, 1, 2, 80, 6, 10);
  const b = add6(table, pair6(1, 2), 80, 6, 10);
  assert.equal(find4(table, 1, 2, 80, 6), a);
  assert.equal(find4(table, 1, 2, 80, 17), -1);
  assert.equal(find4(table, 1, 2, 81, 6), -1);
  assert.equal(find6(table, pair6(1, 2), 80, 6), b);
  assert.equal(find6(table, pair6(1, 3), 80, 6), -1);
  assert.equal(table.count, 2);
});

test('whatever is added and removed, the table finds exactly what is in it', () => {
  const step = fc.record({ add: fc.boolean(), key: fc.nat(60), v6: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), fc.integer(), (steps, seed) => {
      const table = new FlowTable(64, seed);
      const model = new Map<string, number>();
      for (const { add, key, v6 } of steps) {
        const name = `${v6}${key}`;
        const slot = model.get(name);
        if (add && slot === undefined && !table.isFull) {
          model.set(name, v6 ? add6(table, pair6(key, 99), 5, 17, 1) : add4(table, key, 99, 5, 17, 1));
        } else if (!add && slot !== undefined) {
          table.remove(slot);
          model.delete(name);
        }
      }
      for (let key = 0; key <= 60; key++) {
        assert.equal(find4(table, key, 99, 5, 17), model.get(`false${key}`) ?? -1);
        assert.equal(find6(table, pair6(key, 99), 5, 17), model.get(`true${key}`) ?? -1);
      }
      assert.equal(table.count, model.size);
    }),
    { seed: 3, numRuns: 200 },
  );
});

test('a sweep ends flows in the order of their deadlines, and asks again for those that went on', () => {
  const table = new FlowTable(16, 1);
  const deadlines = new Map<number, number>();
  const add = (key: number, at: number): number => {
    const slot = add4(table, key, 9, 0, 17, at);
    deadlines.set(slot, at);
    return slot;
  };
  const late = add(1, 130);
  const early = add(2, 120);
  const busy = add(3, 110);
  deadlines.set(busy, 150);
  const ended: number[] = [];
  table.sweep(100, 100, (s) => deadlines.get(s)!, (s) => ended.push(s));
  table.sweep(140, 100, (s) => deadlines.get(s)!, (s) => ended.push(s));
  assert.deepEqual(ended, [early, late]);
  table.sweep(5000, 100, (s) => deadlines.get(s)!, (s) => ended.push(s));
  assert.deepEqual(ended, [early, late, busy]);
  assert.equal(table.count, 0);
});

test('a sweep stops at its budget and goes on where it stopped', () => {
  const table = new FlowTable(16, 1);
  for (let i = 0; i < 6; i++) add4(table, i, 9, 0, 17, 10);
  let ended = 0;
  table.sweep(5, 100, () => 10, fail);
  assert.equal(table.sweep(20, 4, () => 10, () => void ended++), false);
  assert.equal(ended, 4);
  assert.equal(table.sweep(20, 4, () => 10, () => void ended++), true);
  assert.equal(ended, 6);
});

test('eviction ends the flow that is due first', () => {
  const table = new FlowTable(3, 1);
  const slots = [30, 10, 20].map((due, i) => add4(table, i, 9, 0, 17, due));
  assert.equal(table.isFull, true);
  const ended: number[] = [];
  table.evict((s) => [30, 10, 20][slots.indexOf(s)], (s) => ended.push(s));
  assert.deepEqual(ended, [slots[1]]);
  assert.equal(table.isFull, false);
});

test('draining gives flows in the order in which they began, whatever the seed and the slots', () => {
  const orders = [1, 99].map((seed) => {
    const table = new FlowTable(8, seed);
    const place = (key: number, frame: number): number => {
      const slot = add4(table, key, 9, 0, 17, 10);
      table.words[(slot << ROW_SHIFT) + FIRST_FRAME] = frame;
      return slot;
    };
    const first = place(1, 1);
    place(2, 2);
    table.remove(first);
    place(3, 3);
    const order: number[] = [];
    table.drain((slot) => order.push(table.words[(slot << ROW_SHIFT) + FIRST_FRAME]));
    assert.equal(table.count, 0);
    assert.equal(find4(table, 2, 9, 0, 17), -1);
    return order;
  });
  assert.deepEqual(orders, [[2, 3], [2, 3]]);
});

test('a table of 300,000 flows never stops for 5 ms while it fills, and reserves its memory at once', () => {
  const table = new FlowTable(300_000, 5);
  assert.equal(table.words.length, 300_000 * 32);
  for (let i = 0; i < 300_000; i++) add4(table, i, 9, 0, 17, 10 + (i & 255));
  assert.equal(table.isFull, true);
  let looks = 0;
  table.sweep(400, 1000, () => { looks++; return never(); }, fail);
  assert.ok(looks <= 1000, 'one step looks at no more rows than its budget');
});
