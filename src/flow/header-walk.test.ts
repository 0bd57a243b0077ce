import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../base/bytes.ts';
import { FlowPacket } from './flow-packet.ts';
import { HeaderWalk } from './header-walk.ts';

/** What the walk said of one frame: protocol, ports and payload of each layer that is a flow. */
function walk(linkType: number, ...frames: string[]): string[] {
  const seen: string[] = [];
  const packet = new FlowPacket();
  const w = new HeaderWalk({
    next: () => packet,
    packet(p: FlowPacket): void {
      const vlans = Array.from(p.vlans.subarray(0, p.vlanCount));
      seen.push(`v${p.ipVersion} ${p.ipProto} ${p.srcPort}>${p.dstPort} ${p.payloadWireEnd - p.payloadAt}${vlans.length > 0 ? ` vlan ${vlans.join(',')}` : ''}`);
    },
  });
  frames.forEach((hex, i) => {
    const bytes = fromHex(hex.replaceAll(' ', ''))!;
    w.frameAt(bytes, 0, bytes.length, bytes.length, linkType, i + 1, 0, 0);
  });
  return seen;
}

const ETH = '020000000001 020000000002';
const UDP = '1388 0035 000a 0000 6162';
const IP4 = (proto: string, length: string): string => `4500 00${length} 0000 0000 40 ${proto} 0000 c0000201 c0000202`;
const IP6 = (next: string, length: string): string => `60000000 00${length} ${next} 40 20010db8000000000000000000000001 20010db8000000000000000000000002`;
const DATAGRAM4 = `${IP4('11', '1e')} ${UDP}`;
const DATAGRAM6 = `${IP6('11', '0a')} ${UDP}`;

test('both families are found behind every link layer', () => {
  for (const [datagram, type, want] of [[DATAGRAM4, '0800', 'v4 17 5000>53 2'], [DATAGRAM6, '86dd', 'v6 17 5000>53 2']] as const) {
    const family = type === '0800' ? '02000000' : '1e000000';
    assert.deepEqual(walk(1, `${ETH} ${type} ${datagram}`), [want]);
    assert.deepEqual(walk(1, `${ETH} 88a8 0064 8100 0065 ${type} ${datagram}`), [`${want} vlan 100,101`]);
    assert.deepEqual(walk(1, `${ETH} 8847 00001040 00011140 ${datagram}`), [want]);
    assert.deepEqual(walk(1, `${ETH} 8864 1100 0001 0020 ${type === '0800' ? '0021' : '0057'} ${datagram}`), [want]);
    assert.deepEqual(walk(113, `0000 0001 0006 020000000001 0000 ${type} ${datagram}`), [want]);
    assert.deepEqual(walk(276, `${type} 0000 00000001 0001 00 06 0200000000010000 ${datagram}`), [want]);
    assert.deepEqual(walk(0, `${family} ${datagram}`), [want]);
    assert.deepEqual(walk(101, datagram), [want]);
  }
});

test('tunnels give the flow outside, where it has one, and the flow inside', () => {
  assert.deepEqual(walk(101, `${IP4('04', '32')} ${DATAGRAM4}`), ['v4 17 5000>53 2']);
  assert.deepEqual(walk(101, `${IP4('29', '46')} ${DATAGRAM6}`), ['v6 17 5000>53 2']);
  assert.deepEqual(walk(101, `${IP4('2f', '36')} 0000 0800 ${DATAGRAM4}`), ['v4 17 5000>53 2']);
  assert.deepEqual(walk(101, `${IP4('11', '50')} 1388 12b5 003c 0000 08000000 00000100 ${ETH} 0800 ${DATAGRAM4}`), ['v4 17 5000>4789 52', 'v4 17 5000>53 2']);
  assert.deepEqual(walk(101, `${IP6('11', '3c')} 1388 17c1 003c 0000 00006558 00000100 ${ETH} 0800 ${DATAGRAM4}`), ['v6 17 5000>6081 52', 'v4 17 5000>53 2']);
});

test('extension headers are skipped, and fragments become one packet of their flow', () => {
  assert.deepEqual(walk(101, `${IP6('00', '12')} 1100 050200000100 ${UDP}`), ['v6 17 5000>53 2']);
  assert.deepEqual(
    walk(101, '4500 001c 0007 2000 40 11 0000 c0000201 c0000202 1388 0035 000a 0000', '4500 0016 0007 0001 40 11 0000 c0000201 c0000202 6162'),
    ['v4 17 5000>53 2'],
  );
  const ends = '20010db8000000000000000000000001 20010db8000000000000000000000002';
  assert.deepEqual(
    walk(101, `60000000 0010 2c 40 ${ends} 1100 0001 00000007 1388 0035 000a 0000`, `60000000 000a 2c 40 ${ends} 1100 0008 00000007 6162`),
    ['v6 17 5000>53 2'],
  );
});

test('a frame cut anywhere is read as far as it goes, without an error', () => {
  for (const [link, hex] of [[1, `${ETH} 0800 ${DATAGRAM4}`], [1, `${ETH} 86dd ${DATAGRAM6}`], [101, `${IP4('11', '50')} 1388 12b5 003c 0000 08000000 00000100 ${ETH} 0800 ${DATAGRAM4}`]] as const) {
    const flat = hex.replaceAll(' ', '');
    for (let length = 0; length <= flat.length; length += 2) walk(link, flat.slice(0, length));
  }
});
