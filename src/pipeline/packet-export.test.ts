import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { parseIp, type IpHex } from '../base/ip.ts';
import { PacketStore } from '../capture/packet-store.ts';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import { exportPackets } from './packet-export.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-export-'));
after(() => rmSync(dir, { recursive: true }));
const T = 1_790_000_000;
const NS = 1_000_000_000n;
const ip = (text: string): IpHex => parseIp(text)!;

/** Raw IP packets, one a second: even ones IPv4 from 192.0.2.n, odd ones IPv6 from 2001:db8::n, each of 200 bytes. */
function fill(linkId: string, count: number): { linkId: string; dir: string } {
  const link = { linkId, dir: path.join(dir, linkId) };
  const store = new PacketStore({ dir: link.dir, segmentBytes: 4096, maxBytes: 1 << 30, maxAgeMs: 1e12, snaplen: 262_144 });
  for (let n = 0; n < count; n++) {
    const packet = new Uint8Array(200);
    if (n % 2 === 0) packet.set([0x45, 0, 0, 200, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, n % 10, 203, 0, 113, 9]);
    else packet.set([0x60, 0, 0, 0, 0, 160, 17, 64, 0x20, 1, 0x0d, 0xb8, ...Array.from({ length: 11 }, () => 0), n % 10, 0x20, 1, 0x0d, 0xb8, ...Array.from({ length: 11 }, () => 0), 99]);
    store.add(packet, 0, 200, 200, T + n, 500, 101);
  }
  store.close();
  return link;
}
const links = [fill('eth0', 100), fill('eth1', 100)];

async function seconds(...given: Parameters<typeof exportPackets>): Promise<{ at: number[]; names: Set<string | undefined> }> {
  const at: number[] = [];
  const names = new Set<string | undefined>();
  const framer = new CaptureFramer((h) => {
    at.push(h.seconds - T);
    names.add(h.interfaceName);
  });
  for await (const piece of exportPackets(...given)) framer.push(piece);
  framer.end();
  assert.equal(framer.damage, undefined);
  return { at, names };
}

test('the window is inclusive to the nanosecond, over all links', async () => {
  const from = BigInt(T + 10) * NS + 500n;
  const to = BigInt(T + 19) * NS + 500n;
  const all = Array.from({ length: 10 }, (_, i) => 10 + i);
  const { at, names } = await seconds(links, from, to, 1 << 30, '');
  assert.deepEqual(at, [...all, ...all]);
  assert.deepEqual([...names], ['eth0', 'eth1']);
  assert.deepEqual((await seconds([links[0]], from + 1n, to - 1n, 1 << 30, '')).at, all.slice(1, -1));
});

test('a selection by hosts of both families leaves out the rest', async () => {
  const window = [BigInt(T) * NS, BigInt(T + 1000) * NS, 1 << 30, ''] as const;
  assert.deepEqual((await seconds([links[0]], ...window, { hosts: [ip('192.0.2.4')], conversations: [] })).at, [4, 14, 24, 34, 44, 54, 64, 74, 84, 94]);
  assert.deepEqual((await seconds([links[0]], ...window, { hosts: [ip('2001:db8::5')], conversations: [] })).at, [5, 15, 25, 35, 45, 55, 65, 75, 85, 95]);
  assert.equal((await seconds(links, ...window, { hosts: [ip('203.0.113.9')], conversations: [] })).at.length, 100);
});

test('what does not fit is told, and what fits is a whole file', async () => {
  const cut: string[] = [];
  const { at } = await seconds(links, BigInt(T) * NS, BigInt(T + 1000) * NS, 5000, '', undefined, (link) => cut.push(link));
  assert.ok(at.length > 10 && at.length < 25, `${at.length} packets`);
  assert.deepEqual(cut, ['eth0', 'eth1']);
});
