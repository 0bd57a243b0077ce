import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeHost } from '../pipeline/node-host.ts';
import type { CapturedPacket } from './captured-packet.ts';
import { DuplicatePackets } from './duplicate-packets.ts';
import { parsePacketNumbers } from './packet-numbers.ts';
import { PacketWindow } from './packet-window.ts';

const packet = (seconds: number, ...bytes: number[]): CapturedPacket => ({ number: 1, bytes: Uint8Array.from(bytes), wireLen: bytes.length, seconds, nanoseconds: 0, linkType: 1, interfaceName: undefined, comments: [] });

test('packets are named by numbers, ranges and open ranges; anything else names none', () => {
  const numbers = parsePacketNumbers('1-3, 7,20-')!;
  assert.deepEqual([1, 3, 4, 7, 8, 20, 1e9].map((n) => numbers.has(n)), [true, true, false, true, false, true, true]);
  for (const text of ['', 'a', '0', '5-3', '1-2-3', '-4']) assert.equal(parsePacketNumbers(text), undefined, text);
});

test('a window mends the order of time as far as it reaches, and counts what came later', () => {
  const times = [5, 3, 4, 9, 8, 1, 10];
  const window = new PacketWindow(2);
  const out: number[] = [];
  for (const t of times) {
    const p = window.push(packet(t));
    if (p !== undefined) out.push(p.seconds);
  }
  for (let p = window.take(); p !== undefined; p = window.take()) out.push(p.seconds);
  assert.deepEqual(out, [3, 4, 5, 1, 8, 9, 10]);
  assert.equal(window.late, 1);
});

test('packets of one instant keep their order', () => {
  const window = new PacketWindow(10);
  for (let i = 0; i < 8; i++) window.push(packet(1, i));
  assert.deepEqual(Array.from({ length: 8 }, () => window.take()!.bytes[0]), [0, 1, 2, 3, 4, 5, 6, 7]);
});

test('a copy is found among the last packets, and not beyond', () => {
  const duplicates = new DuplicatePackets(nodeHost, 2);
  assert.deepEqual([[1], [2], [1], [3], [4], [1]].map((b) => duplicates.isDuplicate(packet(0, ...b))), [false, false, true, false, false, false]);
  assert.equal(duplicates.found, 1);
});
