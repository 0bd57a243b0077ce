import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import { readCaptureSync } from './file-source.ts';
import { listSegments, PacketStore, segmentsBetween, type PacketStoreOptions } from './packet-store.ts';

function folder(): string {
  return mkdtempSync(path.join(os.tmpdir(), 'wirewatch-packets-'));
}

function storeIn(dir: string, change: Partial<PacketStoreOptions> = {}): PacketStore {
  return new PacketStore({ dir, segmentBytes: 64 * 1024, maxBytes: 1 << 20, maxAgeMs: 3_600_000, snaplen: 65_536, ...change });
}

const frame = (n: number, length = 1000): Uint8Array => new Uint8Array(length).fill(n & 255);

/** Seconds and first byte of every packet in a file. */
function packetsOf(file: string): { second: number; value: number; caplen: number; wireLen: number }[] {
  const out: { second: number; value: number; caplen: number; wireLen: number }[] = [];
  readCaptureSync(file, new CaptureFramer((h) => out.push({ second: h.seconds, value: h.bytes[h.at], caplen: h.caplen, wireLen: h.wireLen })));
  return out;
}

test('what goes in comes out, in segments that a time finds', () => {
  const dir = folder();
  try {
    const store = storeIn(dir);
    const now = Math.floor(Date.now() / 1000) - 200;
    for (let i = 0; i < 200; i++) store.add(frame(i), 0, 1000, 1500, now + i, 5, 1);
    store.close();
    const all = listSegments(dir).flatMap((s) => packetsOf(s.file));
    assert.deepEqual(all.map((p) => p.value), Array.from({ length: 200 }, (_, i) => i & 255));
    assert.deepEqual([all[0].caplen, all[0].wireLen], [1000, 1500]);
    const found = segmentsBetween(dir, now + 100, now + 110).flatMap((s) => packetsOf(s.file)).map((p) => p.second - now);
    assert.ok(found.includes(100) && found.includes(110));
    assert.ok(found.length < 200, 'not every segment is looked at');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('the store stays under its cap: the oldest segments go', () => {
  const dir = folder();
  try {
    const store = storeIn(dir, { maxBytes: 256 * 1024 });
    const now = Math.floor(Date.now() / 1000) - 2000;
    for (let i = 0; i < 2000; i++) {
      store.add(frame(i), 0, 1000, 1000, now + i, 0, 1);
      if (i % 50 === 0) store.prune(Date.now() + i * 1001);
    }
    store.close();
    assert.ok(store.counts().bytes <= 256 * 1024 + 64 * 1024 + 2000, `${store.counts().bytes} bytes`);
    assert.equal(packetsOf(listSegments(dir).at(-1)!.file).at(-1)!.second, now + 1999);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('packets older than their retention are deleted', () => {
  const dir = folder();
  try {
    const store = storeIn(dir, { maxAgeMs: 60_000 });
    const now = Math.floor(Date.now() / 1000);
    for (let i = 0; i < 100; i++) store.add(frame(i), 0, 1000, 1000, now - 500 + i, 0, 1);
    for (let i = 0; i < 100; i++) store.add(frame(i), 0, 1000, 1000, now, 0, 1);
    store.prune(Date.now() + 2000);
    store.close();
    assert.ok(listSegments(dir).flatMap((s) => packetsOf(s.file)).every((p) => p.second > now - 500 + 30));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a segment whose tail was lost is read up to its last whole packet', () => {
  const dir = folder();
  try {
    const store = storeIn(dir);
    for (let i = 0; i < 10; i++) store.add(frame(i), 0, 1000, 1000, 1_700_000_000 + i, 0, 1);
    store.close();
    const [segment] = listSegments(dir);
    truncateSync(segment.file, segment.bytes - 100);
    assert.equal(packetsOf(segment.file).length, 9);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a full disk is counted and survived', () => {
  const dir = folder();
  const disk = path.join(dir, 'small');
  mkdirSync(disk);
  assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', disk]).status, 0, 'mounting a tmpfs needs root');
  try {
    const store = storeIn(disk, { maxBytes: 100 << 20 });
    for (let i = 0; i < 3000; i++) store.add(frame(i), 0, 1000, 1000, Math.floor(Date.now() / 1000), 0, 1);
    store.flush();
    const counts = store.counts();
    assert.equal(counts.fault, 'ENOSPC');
    assert.ok(counts.lost > 0);
    assert.ok(counts.written > 500);
    store.close();
    assert.ok(readdirSync(disk).length > 0);
  } finally {
    spawnSync('umount', [disk]);
    rmSync(dir, { recursive: true });
  }
});
