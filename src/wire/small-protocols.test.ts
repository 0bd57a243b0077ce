import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex } from '../base/bytes.ts';
import { nodeHost } from '../pipeline/node-host.ts';
import { Demand } from './demand.ts';
import { FrameHead } from './frame-head.ts';
import { Packet } from './packet.ts';
import { protocols } from './protocols.generated.ts';
import { Registry } from './registry.ts';

const registry = new Registry(protocols);
const ETH = '020000000002020000000001';
const CLIENT = 'c0000201';
const SERVER = 'c0000202';
const hex = (n: number): string => n.toString(16).padStart(4, '0');
const text = (s: string): string => Buffer.from(s, 'latin1').toString('hex');
const ip4 = (proto: string, source: string, destination: string, body: string): string => `${ETH}08004500${hex(body.length / 2 + 20)}0001000040${proto}0000${source}${destination}${body}`;
const udp = (source: number, destination: number, body: string): string => `${hex(source)}${hex(destination)}${hex(body.length / 2 + 8)}0000${body}`;
const tcp = (source: number, destination: number, body: string): string => `${hex(source)}${hex(destination)}00000001000000025018ffff00000000${body}`;

const isText = (id: number): boolean => registry.fields[id].type === 'string';

/** Reads frames in one go: of each, the values of these fields, and what was noted of it. */
function read(names: readonly string[], ...frames: string[]): string[] {
  const ids = ['frame.protocols', ...names].map((name) => (registry.find(name) ?? assert.fail(name)).id);
  const packet = new Packet(registry, new Demand(registry, ids, { experts: true }), nodeHost);
  const head = new FrameHead();
  return frames.map((frame, i) => {
    const bytes = fromHex(frame) ?? assert.fail('hex');
    Object.assign(head, { bytes, at: 0, caplen: bytes.length, wireLen: bytes.length, seconds: i, nanoseconds: 0, linkType: 1 });
    packet.begin(head);
    packet.walk();
    const values = ids.map((id) => Array.from({ length: packet.row.count(id) }, (_, n) => (isText(id) ? packet.row.text(id, n) : String(packet.row.num(id, n)))).join(','));
    return [...values, ...packet.notes.map((n) => `${n.severity} ${n.group} ${n.name}`)].join(' ').trim();
  });
}

test('a transfer of TFTP between ports of no name belongs to its request', () => {
  const frames = [
    ip4('11', CLIENT, SERVER, udp(40_000, 69, `0001${text('boot.img\0octet\0blksize\x004\0')}`)),
    ip4('11', SERVER, CLIENT, udp(50_000, 40_000, `00030001${text('data')}`)),
    ip4('11', CLIENT, SERVER, udp(40_000, 50_000, '00040001')),
    ip4('11', CLIENT, SERVER, udp(40_000, 50_000, `00050002${text('no\0')}`)),
  ];
  assert.deepEqual(read(['tftp.opcode', 'tftp.option.name', 'tftp.destination_file', 'tftp.request_frame', 'tftp.block.full'], ...frames), [
    'eth:ethertype:ip:udp:tftp 1 blksize',
    'eth:ethertype:ip:udp:tftp:data 3  boot.img 1 1',
    'eth:ethertype:ip:udp:tftp 4  boot.img 1 1',
    'eth:ethertype:ip:udp:tftp 5  boot.img 1  warn response tftp.error',
  ]);
});

test('a block of TFTP behind the last number is of the next round', () => {
  const block = (n: number): string => ip4('11', SERVER, CLIENT, udp(50_000, 40_000, `0003${hex(n)}00`));
  const frames = [ip4('11', CLIENT, SERVER, udp(40_000, 69, `0001${text('a\0octet\0')}`)), block(0x7000), block(0xffff), block(0), block(0xffff), block(1)];
  assert.deepEqual(read(['tftp.block.full'], ...frames).slice(2).map((line) => line.split(' ')[1]), ['65535', '65536', '65535', '65537']);
});

test('Thrift is known by its head on any port, framed or not, and its refusals are noted', () => {
  const call = `80010001${'00000004'}${text('ping')}00000007${'0b0001'}00000002${text('hi')}00`;
  const refusal = `80010003${'00000004'}${text('ping')}00000007${'080002'}0000000100`;
  assert.deepEqual(read(['thrift.method', 'thrift.string', 'thrift.exception.type'], ip4('06', CLIENT, SERVER, tcp(40_000, 50_000, call)), ip4('06', SERVER, CLIENT, tcp(50_001, 40_001, `${'0000'}${hex(refusal.length / 2)}${refusal}`))).map((line) => line.replace(/ warn sequence .*$| note .*$/, '')), [
    'eth:ethertype:ip:tcp:thrift ping hi',
    'eth:ethertype:ip:tcp:thrift ping  1 warn protocol thrift.protocol_exception',
  ]);
});

test('a name of a header field with a space before its colon is noted', () => {
  const noted = (field: string): boolean => read([], ip4('06', CLIENT, SERVER, tcp(40_000, 80, text(`GET / HTTP/1.1\r\n${field}\r\n\r\n`))))[0].includes('http.bad_header_name');
  assert.deepEqual([noted('Host: a.test'), noted('Host : a.test'), noted('Ho"st: a.test')], [false, true, true]);
});

test('LLDP stops where its first records are not those that must come first', () => {
  const lldp = (body: string): string => `0180c200000e02000000000188cc${body}`;
  assert.deepEqual(read(['lldp.time_to_live'], lldp('0207040200000000010403070261060200780000'), lldp('fe06000000000000')), [
    'eth:ethertype:lldp 120', 'eth:ethertype:lldp  warn malformed lldp.bad_type',
  ]);
});
