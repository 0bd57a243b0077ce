import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../base/bytes.ts';
import { nodeHost } from '../pipeline/node-host.ts';
import { Demand } from './demand.ts';
import { FrameHead } from './frame-head.ts';
import { INSIDE } from './layer-table.ts';
import { Packet } from './packet.ts';
import { protocols } from './protocols.generated.ts';
import { Registry } from './registry.ts';

const registry = new Registry(protocols);
const id = (name: string): number => registry.find(name)!.id;
const NAMES = ['frame.protocols', '_ws.malformed', 'eth.dst', 'eth.padding', 'eth.trailer', 'eth.fcs', 'ip.hdr_len', 'ip.len', 'ip.src', 'icmp.checksum.status', 'tcp.seq', 'tcp.len', 'tcp.reset_cause'];

/** Ethernet, IPv4 192.0.2.1 to 198.51.100.2 with this protocol number and payload. */
function ip4(proto: string, payload: string): string {
  return `0200000000020200000000010800450000${(20 + payload.length / 2).toString(16).padStart(2, '0')}0001000040${proto}0000c0000201c6336402${payload}`;
}
const ECHO = ip4('01', '0800e5ca12340001');

/** `frame.protocols`, the levels of the tree, and the packet itself. */
function read(hex: string, caplen = hex.length / 2, wireLen = hex.length / 2): { path: string; tree: string; packet: Packet; notes: string[] } {
  const packet = new Packet(registry, new Demand(registry, NAMES.map(id), { experts: true }), nodeHost);
  const head = new FrameHead();
  Object.assign(head, { bytes: fromHex(hex)!, at: 0, caplen, wireLen, seconds: 1, nanoseconds: 0, linkType: 1 });
  packet.begin(head);
  packet.walk();
  const tree: string[] = [];
  for (let i = 1; i < packet.layers.count; i++) {
    const d = registry.dissectors[packet.layers.id[i]];
    if (d.hierarchy !== 'inside' && (packet.layers.marks[i] & INSIDE) === 0) tree.push(d.name);
  }
  return { path: packet.row.text(id('frame.protocols'), 0), tree: tree.join(':'), packet, notes: packet.notes.map((n) => `${n.severity} ${n.group} ${n.protocol}`) };
}

test('a layer cut before its first fields is named in the list of protocols and has no part in the tree', () => {
  assert.deepEqual([read(ECHO, 8).path, read(ECHO, 8).tree], ['eth', '_ws.short']);
  assert.equal(read(ECHO, 8).packet.row.count(id('eth.dst')), 0);
  assert.deepEqual([read(ECHO, 14).path, read(ECHO, 14).tree], ['eth:ethertype:ip', 'eth:_ws.short']);
  assert.deepEqual([read(ECHO, 37).path, read(ECHO, 37).tree], ['eth:ethertype:ip:icmp', 'eth:ip:_ws.short']);
  assert.deepEqual([read(ECHO, 40).path, read(ECHO, 40).tree], ['eth:ethertype:ip:icmp', 'eth:ip:icmp:_ws.short']);
});

test('fields of a head that is cut are there as far as it goes', () => {
  const { row } = read(ECHO, 20).packet;
  assert.deepEqual([row.num(id('ip.hdr_len'), 0), row.num(id('ip.len'), 0), row.count(id('ip.src'))], [20, 28, 0]);
});

test('a malformed layer is told in the name of its own protocol', () => {
  assert.deepEqual(read(ECHO, 40, 40).notes, ['error protocol ip', 'error malformed icmp']);
});

test('a note that a rule was broken makes the packet malformed to filters, with no layer of its own', () => {
  // UDP says 100 bytes where IP carries 12.
  const { packet, path, notes } = read(ip4('11', '03e803e90064000001020304'));
  assert.deepEqual([path, notes], ['eth:ethertype:ip:udp:data', ['error malformed udp']]);
  assert.equal(packet.row.count(id('_ws.malformed')), 1);
  assert.equal(read(ip4('11', '03e803e9000c000001020304')).packet.row.count(id('_ws.malformed')), 0);
});

test('what an error quotes is never short or malformed, however little of it is there', () => {
  // Of the 60 bytes that the quoted datagram had, its head and eight bytes.
  const quoted = '4500003c0001000040010000c6336402c0000201' + '0800000012340001';
  const { path, tree } = read(ip4('01', `0300000000000000${quoted}`));
  assert.deepEqual([path, tree], ['eth:ethertype:ip:icmp:ip:icmp', 'eth:ip:icmp:ip:icmp']);
});

test('the first fragment of a datagram may say a length that exceeds it', () => {
  const fragment = (flags: string): string => ip4('11', '03e803e90064000001020304').replace('00010000', `0001${flags}`);
  assert.deepEqual([read(fragment('2000')).notes, read(fragment('0000')).notes], [[], ['error malformed udp']]);
});

test('the payload of a datagram that ends with its head is nobody\'s layer', () => {
  assert.deepEqual(read(ip4('06', '')).path, 'eth:ethertype:ip');
});

test('zeros up to the shortest frame are padding, a long frame ends with its check sequence, all else is a trailer', () => {
  const texts = (hex: string): (number | string)[] => {
    const { row } = read(hex).packet;
    return ['eth.padding', 'eth.trailer', 'eth.fcs'].map((name) => (row.count(id(name)) === 0 ? '-' : row.len(id(name), 0)));
  };
  assert.deepEqual(texts(`${ECHO}${'00'.repeat(18)}`), [18, '-', '-']);
  assert.deepEqual(texts(`${ECHO}${'00'.repeat(18)}01020304`), [18, '-', 4]);
  assert.deepEqual(texts(`${ECHO}${'00'.repeat(18)}0506070801020304`), [18, 4, 4]);
  assert.deepEqual(texts(`${ECHO}${'00'.repeat(17)}01`), ['-', 18, '-']);
  assert.deepEqual(read(`${ECHO}${'00'.repeat(17)}01`).notes, ['note protocol ethertype']);
});

test('the checksum of ICMP is verified where the message is whole', () => {
  const status = (hex: string, caplen?: number): number => read(hex, caplen).packet.row.num(id('icmp.checksum.status'), 0);
  assert.deepEqual([status(ECHO), status(ECHO.replace('e5ca', 'e5cb')), status(`${ECHO.replace('001c', '001d')}00`, 42)], [1, 0, 2]);
});

test('an error quotes the ports and the sequence number of TCP, as they stand in the header', () => {
  const quoted = '450000280001000040060000c6336402c0000201' + '005000640000002a';
  const { packet, path } = read(ip4('01', `0300000000000000${quoted}`));
  assert.equal(path, 'eth:ethertype:ip:icmp:ip:tcp');
  assert.deepEqual([packet.row.num(id('tcp.seq'), 0), packet.row.count(id('tcp.len'))], [42, 0]);
});

test('what a reset carries is the text of its cause, not data', () => {
  const { packet, path } = read(ip4('06', '0064005000000001000000005004000000000000' + Buffer.from('no such service').toString('hex')));
  assert.equal(path, 'eth:ethertype:ip:tcp');
  assert.equal(packet.row.text(id('tcp.reset_cause'), 0), 'no such service');
});
