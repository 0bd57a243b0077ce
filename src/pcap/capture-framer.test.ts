import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { readCapture, readCaptureSync } from '../capture/file-source.ts';
import { CaptureFramer } from './capture-framer.ts';
import { pcapHead, pcapPacket } from './pcap-writer.ts';
import { pcapngInterface, pcapngPacket, pcapngSection } from './pcapng-writer.ts';

const packets = [
  { bytes: Uint8Array.from({ length: 60 }, (_, i) => i), at: 0, caplen: 60, wireLen: 60, seconds: 1_700_000_000, nanoseconds: 123_456_789, comment: '' },
  { bytes: Uint8Array.from({ length: 33 }, (_, i) => 255 - i), at: 3, caplen: 30, wireLen: 1500, seconds: 1_700_000_001, nanoseconds: 1, comment: 'seen twice' },
];

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((p) => [...p]));
}

function pcapFile(): Uint8Array {
  return join([pcapHead(1), ...packets.map((p) => pcapPacket(p.seconds, p.nanoseconds, p.bytes, p.at, p.caplen, p.wireLen))]);
}

function pcapngFile(): Uint8Array {
  return join([pcapngSection('test'), pcapngInterface(1, 262_144, 'eth0'), ...packets.map((p) => pcapngPacket(0, p.seconds, p.nanoseconds, p.bytes, p.at, p.caplen, p.wireLen, p.comment))]);
}

interface Seen {
  bytes: number[];
  wireLen: number;
  time: [number, number];
  comments: readonly string[];
  face: string | undefined;
}

function frame(bytes: Uint8Array, chunk = bytes.length): { seen: Seen[]; framer: CaptureFramer } {
  const seen: Seen[] = [];
  const framer = new CaptureFramer((h) => {
    seen.push({ bytes: [...h.bytes.subarray(h.at, h.at + h.caplen)], wireLen: h.wireLen, time: [h.seconds, h.nanoseconds], comments: h.comments, face: h.interfaceName });
  });
  for (let at = 0; at < bytes.length; at += chunk) framer.push(bytes.subarray(at, at + chunk));
  framer.end();
  return { seen, framer };
}

test('what is written is read again to the nanosecond, whatever the pieces in which it comes', () => {
  for (const [name, file] of [['pcap', pcapFile()], ['pcapng', pcapngFile()]] as const) {
    for (const chunk of [file.length, 1, 7]) {
      const { seen, framer } = frame(file, chunk);
      assert.equal(framer.damage, undefined);
      assert.deepEqual(seen.map((s) => s.time), packets.map((p) => [p.seconds, p.nanoseconds]), name);
      assert.deepEqual(seen.map((s) => s.wireLen), [60, 1500]);
      assert.deepEqual(seen[1].bytes, [...packets[1].bytes.subarray(3)]);
      if (name === 'pcapng') {
        assert.deepEqual(seen.map((s) => s.comments), [[], ['seen twice']]);
        assert.equal(seen[0].face, 'eth0');
      }
    }
  }
});

test('a capture that is cut anywhere gives the packets before the cut and says where it ends', () => {
  for (const file of [pcapFile(), pcapngFile()]) {
    for (let end = 1; end < file.length; end++) {
      const { seen, framer } = frame(file.subarray(0, end));
      assert.ok(seen.length <= 2);
      if (framer.damage !== undefined) {
        assert.equal(framer.damage.code, 'WW_CAPTURE_FORMAT');
        assert.match(framer.damage.where ?? '', /^byte \d+, after \d packets?$/);
      }
    }
  }
});

test('a packet that claims more than any has is damage and not memory', () => {
  const file = pcapFile();
  new DataView(file.buffer).setUint32(24 + 8, 0x7fffffff, true);
  const { seen, framer } = frame(file);
  assert.equal(seen.length, 0);
  assert.match(framer.damage?.message ?? '', /2147483647 captured bytes/);
});

test('tshark reads a classic capture that is written', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'wirewatch-pcap-'));
  try {
    const file = path.join(dir, 'out.pcap');
    await writeFile(file, pcapFile());
    const text = execFileSync('tshark', ['-n', '-r', file, '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'frame.len'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    assert.deepEqual(text.trim().split('\n').map((l) => l.split('\t')), [
      ['1700000000.123456789', '60'],
      ['1700000001.000000001', '1500'],
    ]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test('a packed file reads like the plain one, in one go and as a stream', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'wirewatch-pcap-'));
  try {
    for (const [name, bytes] of [['plain', pcapFile()], ['packed.gz', gzipSync(pcapngFile())]] as const) {
      const file = path.join(dir, name);
      await writeFile(file, bytes);
      const sync = new CaptureFramer(() => {});
      readCaptureSync(file, sync);
      const stream = new CaptureFramer(() => {});
      await readCapture(file, stream);
      assert.deepEqual([sync.packets, stream.packets, sync.damage, stream.damage], [2, 2, undefined, undefined]);
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
