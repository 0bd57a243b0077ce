import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../base/bytes.ts';
import { FlowPacket } from './flow-packet.ts';
import { HeaderWalk } from './header-walk.ts';
import { readPlain } from './plain-frame.ts';

const MACS = '020000000001 020000000002';
const TAG = '8100 0064';
const TCP = '01bb c001 00000001 80000002 5018 ffff 0000 0000 6869';
const UDP = '1388 0035 000a 0000 6162';
const IP4 = (proto: string, length: string, src: string, dst: string): string => `4500 00${length} 0000 4000 40 ${proto} 0000 ${src} ${dst}`;
const IP6 = (next: string, length: string): string => `60000000 00${length} ${next} 40 20010db8000000000000000000000001 20010db8000000000000000000000002`;
const PLAIN = [
  `0800 ${IP4('06', '2a', 'c0000201', 'c0000202')} ${TCP}`,
  `0800 ${IP4('06', '2a', 'c0000202', '40000201')} ${TCP}`,
  `0800 ${IP4('11', '1e', 'c0000201', 'c0000201')} ${UDP}`,
  `86dd ${IP6('06', '16')} ${TCP}`,
  `86dd ${IP6('11', '0a')} ${UDP}`,
];

function bytesOf(hex: string): Uint8Array {
  return fromHex(hex.replaceAll(' ', ''))!;
}

function read(bytes: Uint8Array, end = bytes.length): FlowPacket | undefined {
  const p = new FlowPacket();
  p.bytes = bytes;
  return readPlain(p, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, end) ? p : undefined;
}

/** What the header walk makes of the frame step by step: a VLAN tag keeps it off the short way. */
function walked(type: string): FlowPacket | undefined {
  let found: FlowPacket | undefined;
  const packet = new FlowPacket();
  const bytes = bytesOf(`${MACS} ${TAG} ${type}`);
  new HeaderWalk({ next: () => packet, packet: (p) => void (found = p) }).frameAt(bytes, 0, bytes.length, bytes.length, 1, 1, 0, 0);
  return found;
}

const OFFSETS = ['srcAt', 'dstAt', 'l4At', 'payloadAt', 'payloadEnd', 'payloadWireEnd'] as const;
const SAME = ['ipVersion', 'ipProto', 'ipLen', 'srcPort', 'dstPort', 'tcpFlags', 'ethAt'] as const;

test('plain frames are read as the header walk reads them step by step', () => {
  for (const frame of PLAIN) {
    const plain = read(bytesOf(`${MACS} ${frame}`));
    const slow = walked(frame);
    assert.ok(plain !== undefined && slow !== undefined, frame);
    for (const name of SAME) assert.equal(plain[name], slow[name], `${name} of ${frame}`);
    for (const name of OFFSETS) assert.equal(plain[name] + TAG.replaceAll(' ', '').length / 2, slow[name], `${name} of ${frame}`);
    if (plain.ipProto === 6) assert.deepEqual([plain.seq, plain.ack], [slow.seq, slow.ack]);
  }
});

test('the lower endpoint comes first in the key, by address and then by port', () => {
  const ways = PLAIN.slice(0, 3).map((frame) => {
    const p = read(bytesOf(`${MACS} ${frame}`))!;
    return [p.low >>> 0, p.high >>> 0, p.ports >>> 0, p.dir];
  });
  assert.deepEqual(ways, [
    [0xc0000201, 0xc0000202, 0x01bbc001, 0],
    [0x40000201, 0xc0000202, 0xc00101bb, 1],
    [0xc0000201, 0xc0000201, 0x00351388, 1],
  ]);
});

test('what is not plain is left to the header walk: options, fragments, tunnels, other protocols, frames that are cut', () => {
  const others = [
    `0800 ${IP4('06', '2a', 'c0000201', 'c0000202').replace('4500', '4600')} ${TCP}`,
    `0800 ${IP4('11', '1e', 'c0000201', 'c0000202').replace('4000 40', '2000 40')} ${UDP}`,
    `0800 ${IP4('11', '1e', 'c0000201', 'c0000202')} ${UDP.replace('0035', '12b5')}`,
    `0800 ${IP4('01', '1e', 'c0000201', 'c0000202')} ${UDP}`,
    `86dd ${IP6('00', '0a')} ${UDP}`,
    `8100 0064 0800 ${IP4('11', '1e', 'c0000201', 'c0000202')} ${UDP}`,
  ];
  for (const frame of others) assert.equal(read(bytesOf(`${MACS} ${frame}`)), undefined, frame);
  for (const frame of PLAIN) {
    const bytes = bytesOf(`${MACS} ${frame}`);
    for (let end = 0; end < bytes.length - 2; end++) {
      const p = read(bytes.slice(0, end));
      assert.ok(p === undefined || p.payloadEnd <= end, `${frame} cut at ${end}`);
    }
  }
});
