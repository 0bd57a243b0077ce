import assert from 'node:assert/strict';
import test from 'node:test';
import { fromHex } from '../base/bytes.ts';
import { nodeHost } from '../pipeline/node-host.ts';
import { Demand } from './demand.ts';
import { FrameHead } from './frame-head.ts';
import { Packet } from './packet.ts';
import { protocols } from './protocols.generated.ts';
import { Registry } from './registry.ts';

const ETH = '020000000002020000000001';
const TCP = 'c00001bb00000001000000025018fff000000000';
const hex = (n: number): string => n.toString(16).padStart(4, '0');
const udp = (port: number, body: string): string => `c000${hex(port)}${hex(body.length / 2 + 8)}0000${body}`;
const ip4 = (proto: string, body: string, flags = '0000'): string => `4500${hex(body.length / 2 + 20)}0001${flags}40${proto}00000a000001c6336402${body}`;
const ip6 = (next: string, body: string): string => `60000000${hex(body.length / 2)}${next}4020010db800000000000000000000000120010db8000000000000000000000002${body}`;
const eth4 = (body: string): string => `${ETH}0800${body}`;
const eth6 = (body: string): string => `${ETH}86dd${body}`;

const FRAMES: readonly (readonly [title: string, frame: string])[] = [
  ['TCP over IPv4', eth4(ip4('06', `${TCP}68656c6c6f`))],
  ['TCP over IPv6', eth6(ip6('06', `${TCP}68656c6c6f`))],
  ['UDP over IPv4', eth4(ip4('11', udp(9999, '68656c6c6f')))],
  ['UDP over IPv6', eth6(ip6('11', udp(9999, '68656c6c6f')))],
  ['UDP to the port of an application', eth4(ip4('11', udp(53, '00010100000100000000000001610474657374000001 0001'.replace(' ', ''))))],
  ['padding behind the datagram', eth4(`${ip4('06', TCP)}000000000000`)],
  ['a tag', `${ETH}81000007${'0800'}${ip4('06', TCP)}`],
  ['options of IPv4', eth4(`4600${hex(44)}000100004006${'0000'}0a000001c633640201010101${TCP}`)],
  ['a first fragment', eth4(ip4('11', udp(9999, '0000000000000000'), '2000'))],
  ['a later fragment', eth4(ip4('06', TCP, '0004'))],
  ['an extension header', eth6(ip6('00', `0600010400000000${TCP}`))],
  ['IPv4 in IPv4', eth4(ip4('04', ip4('06', TCP)))],
  ['IPv6 in IPv4', eth4(ip4('29', ip6('11', udp(9999, '00'))))],
  ['VXLAN', eth4(ip4('11', udp(4789, `0800000000007b00${ETH}86dd${ip6('06', TCP)}`)))],
  ['an ICMP error with what it quotes', eth4(ip4('01', `0303000000000000${ip4('11', udp(9999, ''))}`))],
  ['an ICMPv6 error with what it quotes', eth6(ip6('3a', `0104000000000000${ip6('06', TCP)}`))],
  ['a length beyond the frame', eth4(ip4('06', TCP).replace('45000028', '45000128'))],
  ['a length of zero, as offload writes it', eth4(ip4('06', TCP).replace('45000028', '45000000'))],
  ['a version that does not fit', eth4(`55${ip4('06', TCP).slice(2)}`)],
  ['a head of TCP that claims too much', eth4(ip4('06', TCP.replace('5018', 'f018')))],
  ['ARP', `${ETH}0806${'0001080006040001'}0200000000010a0000010000000000000a000002`],
];
const FIELDS = ['eth.src', 'eth.addr', 'eth', 'ip', 'ip.src', 'ip.addr', 'ip.ttl', 'ip.version', 'ipv6', 'ipv6.addr', 'ipv6.nxt', 'tcp', 'tcp.port', 'tcp.dstport', 'tcp.flags.syn', 'udp', 'udp.port', 'udp.length', 'frame.len'];

function reader(tree: boolean): { demand: Demand; read(frame: string, caplen?: number): string[] } {
  const registry = new Registry(protocols);
  const fields = FIELDS.map((name) => registry.find(name) ?? assert.fail(name));
  const demand = new Demand(registry, fields.map((f) => f.id), { tree });
  const packet = new Packet(registry, demand, nodeHost);
  return {
    demand,
    read(frame, caplen) {
      const bytes = fromHex(frame) ?? assert.fail(frame);
      packet.begin(Object.assign(new FrameHead(), { bytes, caplen: caplen ?? bytes.length, wireLen: bytes.length, seconds: 1, linkType: 1 }));
      packet.walk();
      const row = packet.row;
      return fields.flatMap((f) => Array.from({ length: row.count(f.id) }, (_, i) => `${f.name}=${row.num(f.id, i)} at ${row.at(f.id, i)}+${row.len(f.id, i)} #${row.layer(f.id, i)}`));
    },
  };
}

for (const [title, frame] of FRAMES) {
  test(`${title}: fields of heads alone have the values that the whole tree gives them, wherever the capture cut`, () => {
    const quick = reader(false);
    const whole = reader(true);
    assert.equal(quick.demand.plain, true);
    assert.equal(whole.demand.plain, false);
    for (let caplen = frame.length / 2; caplen >= 0; caplen--) assert.deepEqual(quick.read(frame, caplen), whole.read(frame, caplen), `cut at ${caplen}`);
  });
}

test('a port that decode-as gives to a tunnel is looked into', () => {
  const registry = new Registry(protocols);
  registry.decodeAs('udp.port', 7777, 'vxlan');
  const port = registry.find('tcp.port')?.id ?? -1;
  const packet = new Packet(registry, new Demand(registry, [port]), nodeHost);
  const bytes = fromHex(eth6(ip6('11', udp(7777, `0800000000007b00${ETH}0800${ip4('06', TCP)}`)))) ?? new Uint8Array(0);
  packet.begin(Object.assign(new FrameHead(), { bytes, caplen: bytes.length, wireLen: bytes.length, seconds: 1, linkType: 1 }));
  packet.walk();
  assert.equal(packet.row.count(port), 2);
});
