import assert from 'node:assert/strict';
import test from 'node:test';
import { fromHex } from '../base/bytes.ts';
import type { FieldRow } from '../filter/row.ts';
import { nodeHost } from '../pipeline/node-host.ts';
import { Demand } from './demand.ts';
import { FrameHead } from './frame-head.ts';
import { Packet } from './packet.ts';
import { protocols } from './protocols.generated.ts';
import { Registry } from './registry.ts';

/** Ethernet, IPv4 192.0.2.1 to 198.51.100.2, UDP 40000 to 9998, "hello". */
const UDP4 = fromHex('020000000002020000000001080045000021000100004011000000c0000201c6336402' .replace('4011000000', '40110000') + '9c40270e000d0000' + '68656c6c6f')!;
/** The same over IPv6, 2001:db8::1 to 2001:db8::2. */
const UDP6 = fromHex('02000000000202000000000186dd60000000000d114020010db800000000000000000000000120010db8000000000000000000000002' + '9c40270e000d0000' + '68656c6c6f')!;

function reader(names: readonly string[], options = {}): { packet: Packet; registry: Registry; read(bytes: Uint8Array, caplen?: number): Packet } {
  const registry = new Registry(protocols);
  const ids = names.map((name) => registry.find(name)!.id);
  const packet = new Packet(registry, new Demand(registry, ids, options), nodeHost);
  const head = new FrameHead();
  return {
    packet,
    registry,
    read(bytes, caplen = bytes.length) {
      Object.assign(head, { bytes, at: 0, caplen, wireLen: bytes.length, seconds: 1700000000, nanoseconds: 5, linkType: 1 });
      packet.begin(head);
      packet.walk();
      return packet;
    },
  };
}

test('a field that is named is kept, under its own name and under the name that both ends share', () => {
  const { registry, read } = reader(['udp.port', 'udp.dstport', 'frame.protocols']);
  const id = (name: string): number => registry.find(name)!.id;
  for (const bytes of [UDP4, UDP6]) {
    const p = read(bytes).row;
    assert.equal(p.count(id('udp.port')), 2);
    assert.deepEqual([p.num(id('udp.port'), 0), p.num(id('udp.port'), 1)], [40000, 9998]);
    assert.equal(p.num(id('udp.dstport'), 0), 9998);
    assert.equal(p.count(id('udp.srcport')), 0, 'nobody asked for it');
    assert.equal(p.text(id('frame.protocols'), 0), bytes === UDP4 ? 'eth:ethertype:ip:udp:data' : 'eth:ethertype:ipv6:udp:data');
  }
});

test('the layer table says where each layer lies even where nobody reads a field', () => {
  const { registry, read } = reader([]);
  for (const bytes of [UDP4, UDP6]) {
    const p = read(bytes);
    const names = Array.from({ length: p.layers.count }, (_, i) => registry.dissectors[p.layers.id[i]].name);
    assert.deepEqual(names, ['frame', 'eth', 'ethertype', bytes === UDP4 ? 'ip' : 'ipv6', 'udp', 'data']);
    assert.equal(p.payloadEnd - p.payloadAt, 5);
    assert.equal(p.srcPort, 40000);
    assert.equal(p.row.rowCount, 0);
  }
});

test('a packet that the capture cut is short, one that its sender cut is malformed', () => {
  const { registry, read } = reader(['_ws.malformed', '_ws.short']);
  const id = (name: string): number => registry.find(name)!.id;
  for (const bytes of [UDP4, UDP6]) {
    const cut = bytes.length - 9;
    const marks = (row: FieldRow): number[] => [row.count(id('_ws.short')), row.count(id('_ws.malformed'))];
    assert.deepEqual(marks(read(bytes, cut).row), [1, 0]);
    // The layer, and the note that tells of it.
    assert.deepEqual(marks(read(bytes.slice(0, cut)).row), [0, 2]);
  }
});
