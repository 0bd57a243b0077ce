import assert from 'node:assert/strict';
import test from 'node:test';
import { Conversations } from './conversations.ts';
import { IpDefrag } from './ip-defrag.ts';
import { Pending } from './pending.ts';

/** Two addresses behind each other: of 4 bytes and of 16. */
const V4 = Uint8Array.of(192, 0, 2, 1, 198, 51, 100, 2);
const V6 = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 || i === 16 ? 0x20 : i));

test('both directions are one conversation, numbered by transport, of either family', () => {
  const c = new Conversations();
  for (const [version, bytes, len] of [[4, V4, 4], [6, V6, 16]] as const) {
    const slot = c.add(bytes, version, 0, len, 40000, 80, 6);
    assert.equal(c.find(bytes, version, 0, len, 40000, 80, 6), slot);
    assert.equal(c.dir, 0);
    assert.equal(c.find(bytes, version, len, 0, 80, 40000, 6), slot);
    assert.equal(c.dir, 1);
    assert.equal(c.find(bytes, version, 0, len, 40000, 80, 17), -1, 'another transport');
  }
  assert.equal(c.streams(6), 2);
  assert.equal(c.streams(17), 0);
});

test('a conversation begun anew hides the older one, and thousands of them are all found', () => {
  const c = new Conversations(5000);
  const older = c.add(V4, 4, 0, 4, 1, 2, 6);
  const newer = c.add(V4, 4, 0, 4, 1, 2, 6);
  assert.notEqual(older, newer);
  assert.equal(c.find(V4, 4, 4, 0, 2, 1, 6), newer);
  for (let port = 100; port < 4000; port++) c.add(V4, 4, 0, 4, port, 53, 17);
  for (let port = 100; port < 4000; port++) assert.equal(c.stream[c.find(V4, 4, 4, 0, 53, port, 17)], port - 100);
});

test('a full table forgets what was quiet for longest, and counts it; the numbers go on', () => {
  const c = new Conversations(4);
  const dropped: number[] = [];
  c.onForget = (slot) => void dropped.push(slot);
  const find = (port: number): number => c.find(V4, 4, 0, 4, port, 53, 17);
  for (let port = 1; port <= 20; port++) {
    assert.equal(c.stream[c.add(V4, 4, 0, 4, port, 53, 17)], port - 1);
    assert.ok(find(1) >= 0, 'who goes on speaking is not forgotten');
  }
  assert.equal(c.count, 4);
  assert.equal(c.forgotten, 16);
  assert.equal(dropped.length, 16);
  assert.equal([...Array(20).keys()].filter((i) => find(i + 1) >= 0).length, 4);
});

test('a reply finds the newest request of its key, and the oldest request gives way', () => {
  const pending = new Pending(4);
  pending.ask(1, 0, 7, 10, 0, 0);
  pending.ask(1, 0, 7, 11, 0, 0);
  assert.equal(pending.frame[pending.take(1, 0, 7)], 11);
  assert.equal(pending.frame[pending.take(1, 0, 7)], 10);
  assert.equal(pending.take(1, 0, 7), -1);
  for (let id = 0; id < 6; id++) pending.ask(1, 0, id, id, 0, 0);
  assert.equal(pending.find(1, 0, 0), -1);
  assert.equal(pending.frame[pending.find(1, 0, 5)], 5);
});

test('fragments in any order make the datagram, and other bytes in an overlap are told', () => {
  for (const [bytes, len] of [[V4, 4], [V6, 16]] as const) {
    const whole = Uint8Array.from({ length: 24 }, (_, i) => i);
    const source = Uint8Array.from([...bytes, ...whole]);
    const at = bytes.length;
    const defrag = new IpDefrag();
    assert.equal(defrag.add(source, 0, len, 1, 17, 16, false, at + 16, at + 24, 1)?.complete, false);
    const done = defrag.add(source, 0, len, 1, 17, 0, true, at, at + 16, 2);
    assert.equal(done?.complete, true);
    assert.deepEqual([...(done?.bytes.subarray(0, done.total) ?? [])], [...whole]);
    assert.deepEqual(done?.frames, [1, 2]);
    const other = new IpDefrag();
    other.add(source, 0, len, 2, 17, 0, true, at, at + 16, 1);
    const overlap = other.add(source, 0, len, 2, 17, 8, false, at, at + 16, 2);
    assert.deepEqual([overlap?.complete, overlap?.overlap, overlap?.conflict], [true, true, true]);
    assert.deepEqual([...(overlap?.bytes.subarray(0, 16) ?? [])], [...whole.subarray(0, 16)], 'what came first is kept');
  }
});
