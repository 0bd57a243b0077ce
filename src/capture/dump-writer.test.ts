import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { WirewatchError } from '../base/errors.ts';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import { PcapngFormat } from '../pcap/pcapng-format.ts';
import { DumpWriter, ringName, type DumpOptions } from './dump-writer.ts';
import { readCaptureSync } from './file-source.ts';

const NEVER = { bytes: null, seconds: null, packets: null, files: null };
const WALL = new Date(2026, 0, 31, 23, 59, 58).getTime();
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-dump-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function writerOf(change: Partial<DumpOptions>): DumpWriter {
  return new DumpWriter({ file: path.join(dir, 'a.pcapng'), format: 'pcapng', interface: 'eth0', filter: 'udp', snaplen: 262_144, rotate: NEVER, stop: NEVER, ...change });
}

/** Adds packets numbered from 0, one a second of the packets' time and `stepMs` of the clock, until the writer has enough. */
function feed(writer: DumpWriter, count: number, size = 1000, stepMs = 0): number {
  const packet = new Uint8Array(size);
  for (let n = 0; n < count; n++) {
    if (writer.finished !== null) return n;
    packet.fill(n & 255);
    writer.add(packet, 0, size, size + 5, 1_700_000_000 + n, 123_456_789);
    if (writer.due || stepMs > 0) writer.tick((n + 1) * stepMs, WALL + n * stepMs);
  }
  return count;
}

function secondsIn(file: string): number[] {
  const out: number[] = [];
  const framer = new CaptureFramer((h) => {
    assert.equal(h.nanoseconds, 123_456_789);
    out.push(h.seconds - 1_700_000_000);
  });
  readCaptureSync(file, framer);
  assert.equal(framer.damage, undefined);
  return out;
}

for (const format of ['pcapng', 'pcap'] as const) {
  test(`${format}: a plain file holds every packet with its lengths, cut at snaplen`, () => {
    const writer = writerOf({ format, snaplen: 96 });
    writer.start(1, 0, WALL);
    feed(writer, 5000, 300);
    writer.end(5003, 3);
    assert.deepEqual(writer.files, [path.join(dir, 'a.pcapng')]);
    const framer = new CaptureFramer((h) => assert.deepEqual([h.caplen, h.wireLen, h.linkType], [96, 305, 1]));
    readCaptureSync(writer.files[0], framer);
    assert.equal(framer.packets, 5000);
    if (format === 'pcapng') {
      const read = framer.format as PcapngFormat;
      assert.deepEqual([read.interfaces[0].name, read.interfaces[0].filter, read.droppedByInterface[0]], ['eth0', 'udp', 3]);
    }
  });
}

test('a ring by packets keeps the newest files, and together they hold an unbroken run', () => {
  const writer = writerOf({ rotate: { ...NEVER, packets: 10, files: 3 } });
  writer.start(1, 0, WALL);
  feed(writer, 95);
  writer.end(95, 0);
  assert.deepEqual(readdirSync(dir).sort(), writer.files.map((f) => path.basename(f)));
  assert.equal(writer.files.length, 3);
  assert.deepEqual(writer.files.flatMap(secondsIn), Array.from({ length: 25 }, (_, i) => 70 + i));
});

test('a ring by size begins the next file once the size is reached', () => {
  const writer = writerOf({ rotate: { ...NEVER, bytes: 10_000 } });
  writer.start(1, 0, WALL);
  feed(writer, 40);
  writer.end(40, 0);
  assert.deepEqual(writer.files.map((f) => secondsIn(f).length), [10, 10, 10, 10, 0]);
});

test('a ring by duration follows the clock and makes no empty files', () => {
  const writer = writerOf({ rotate: { ...NEVER, seconds: 2 } });
  writer.start(1, 0, WALL);
  feed(writer, 8, 100, 500);
  writer.tick(60_000, WALL);
  writer.tick(120_000, WALL);
  writer.end(8, 0);
  assert.deepEqual(writer.files.flatMap(secondsIn), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(writer.files.length, 3);
});

for (const [reason, stop, packets] of [['packets', { packets: 7 }, 7], ['filesize', { bytes: 5000 }, 5], ['duration', { seconds: 3 }, 6]] as const) {
  test(`the capture ends by ${reason}, and nothing is added afterwards`, () => {
    const writer = writerOf({ stop: { ...NEVER, ...stop } });
    writer.start(1, 0, WALL);
    assert.equal(feed(writer, 100, 1000, 500), packets);
    assert.equal(writer.finished, reason);
    feed(writer, 1);
    writer.add(new Uint8Array(10), 0, 10, 10, 1, 1);
    writer.end(0, 0);
    assert.equal(secondsIn(writer.files[0]).length, packets);
  });
}

test('the capture ends after so many files of a ring', () => {
  const writer = writerOf({ rotate: { ...NEVER, packets: 2 }, stop: { ...NEVER, files: 3 } });
  writer.start(1, 0, WALL);
  feed(writer, 100);
  writer.end(0, 0);
  assert.equal(writer.finished, 'files');
  assert.deepEqual(writer.files.map((f) => secondsIn(f).length), [2, 2, 2]);
});

test('files of a ring carry number and time before their suffix', () => {
  assert.equal(ringName('/x/a.b.pcapng', 12, WALL), '/x/a.b_00012_20260131235958.pcapng');
  assert.equal(ringName('plain', 1, WALL), 'plain_00001_20260131235958');
});

test('a full disk is told as such, and what was written before it can be read', () => {
  const disk = path.join(dir, 'small');
  mkdirSync(disk);
  assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk]).status, 0, 'mounting a tmpfs needs root');
  try {
    const file = path.join(disk, 'a.pcapng');
    const writer = writerOf({ file });
    writer.start(1, 0, WALL);
    assert.throws(() => feed(writer, 5000), (e) => e instanceof WirewatchError && e.code === 'WW_STORE_FULL');
    const framer = new CaptureFramer(() => undefined);
    readCaptureSync(file, framer);
    assert.ok(framer.packets > 900, `${framer.packets} packets`);
  } finally {
    spawnSync('umount', [disk]);
  }
});

test('a file that cannot be opened is told before anything is captured', () => {
  const writer = writerOf({ file: path.join(dir, 'no', 'such', 'folder.pcapng') });
  assert.throws(() => writer.start(1, 0, WALL), (e) => e instanceof WirewatchError && e.code === 'WW_ARGUMENT');
});
