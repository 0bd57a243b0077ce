import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { CaptureFramer } from './capture-framer.ts';
import type { PcapngFormat } from './pcapng-format.ts';
import { PACKET_BLOCK_OVERHEAD, pcapngInterface, pcapngPacket, pcapngSection, pcapngStatistics, writePcapngPacket } from './pcapng-writer.ts';

const payload = Uint8Array.from({ length: 61 }, (_, i) => i);
const file = Buffer.concat([
  pcapngSection('Wirewatch', 'frozen für incident 7'), pcapngInterface(1, 65_536, 'eth0', 'not port 22'), pcapngInterface(101, 262_144, 'tun0'),
  pcapngPacket(0, 1_700_000_000, 123_456_789, payload, 0, 61, 1500, 'the SYN'), pcapngPacket(1, 1_700_000_001, 5, payload, 1, 40, 40),
]);

test('what is written is read back to the nanosecond, with comments and interfaces', () => {
  const seen: unknown[] = [];
  const framer = new CaptureFramer((h) => seen.push([h.interfaceName, h.linkType, h.seconds, h.nanoseconds, h.caplen, h.wireLen, h.bytes[h.at], [...h.comments]]));
  framer.push(file);
  framer.end();
  assert.equal(framer.damage, undefined);
  assert.deepEqual(seen, [['eth0', 1, 1_700_000_000, 123_456_789, 61, 1500, 0, ['the SYN']], ['tun0', 101, 1_700_000_001, 5, 40, 40, 1, []]]);
});

test('tshark reads the same', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-pcapng-'));
  try {
    writeFileSync(path.join(dir, 'x.pcapng'), file);
    const run = spawnSync('tshark', ['-n', '-r', path.join(dir, 'x.pcapng'), '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.len', '-e', 'frame.cap_len', '-e', 'frame.comment', '-e', 'frame.interface_name'], { encoding: 'utf8' });
    assert.equal(run.stdout, '1700000000.123456789\t1500\t61\tthe SYN\teth0\n1700000001.000000005\t40\t40\t\ttun0\n', run.stderr);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a packet written in place is the block that is returned otherwise, whatever its length and time', () => {
  for (let n = 0; n <= 200; n++) {
    const packet = Uint8Array.from({ length: n + 7 }, (_, i) => (n + i) & 255);
    const seconds = [0, 1, 65_535, 65_536, 1_795_000_000, 4_294_967_295][n % 6];
    const nanoseconds = (n * 4_987_654) % 1_000_000_000;
    const into = new Uint8Array(n + PACKET_BLOCK_OVERHEAD + 4).fill(0xaa);
    const end = writePcapngPacket(into, new DataView(into.buffer), 4, n & 1, seconds, nanoseconds, packet, 7, n, n + 10);
    assert.ok(end - 4 <= n + PACKET_BLOCK_OVERHEAD);
    assert.deepEqual(into.slice(4, end), pcapngPacket(n & 1, seconds, nanoseconds, packet, 7, n, n + 10));
  }
});

test('what an interface dropped is read from its statistics', () => {
  const framer = new CaptureFramer(() => undefined);
  framer.push(Buffer.concat([pcapngSection('Wirewatch'), pcapngInterface(1, 96, 'eth0'), pcapngStatistics(0, 1_795_000_000, 5, 300, 7)]));
  framer.end();
  assert.equal(framer.damage, undefined);
  assert.equal((framer.format as PcapngFormat).droppedByInterface[0], 7);
});
