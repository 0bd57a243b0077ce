import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { fromHex } from '../base/bytes.ts';
import { parseIp, type IpHex } from '../base/ip.ts';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import { readCaptureSync } from './file-source.ts';
import { packetPredicate, type Conversation } from './packet-selection.ts';

const demo = path.resolve(import.meta.dirname, '../../demo/office.pcapng');
const ip = (text: string): IpHex => parseIp(text)!;
const hex = (text: string): Uint8Array => fromHex(text.replaceAll(' ', ''))!;

function selected(hosts: readonly string[], conversations: readonly Conversation[] = []): number[] {
  const wanted = packetPredicate({ hosts: hosts.map(ip), conversations });
  const frames: number[] = [];
  let n = 0;
  readCaptureSync(demo, new CaptureFramer((h) => {
    n++;
    if (wanted(h.bytes, h.at, h.at + h.caplen, h.linkType)) frames.push(n);
  }));
  return frames;
}

/** Frames that tcpdump's filter takes. */
function tcpdump(filter: string): number {
  const run = spawnSync('tcpdump', ['-n', '-r', demo, '--count', filter], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const count = /(\d+) packets?/.exec(run.stdout);
  assert.ok(count, run.error?.message ?? run.stderr);
  return Number(count[1]);
}

test('a host is what tcpdump takes for it, ICMP errors and neighbour discovery about it besides', () => {
  const listed = spawnSync('tshark', ['-n', '-r', demo, '-T', 'fields', '-e', 'ip.src', '-e', 'ipv6.src', '-E', 'occurrence=f'], { encoding: 'utf8' });
  assert.equal(listed.status, 0, listed.error?.message ?? listed.stderr);
  const hosts = [...new Set(listed.stdout.split(/\s+/).filter((t) => t !== ''))].slice(0, 12);
  assert.ok(hosts.length >= 3 && hosts.some((h) => !h.includes(':')));
  for (const host of hosts) {
    const more = host.includes(':') ? `or (icmp6 and (ip6[40] == 135 or ip6[40] == 136))` : '';
    const [least, most] = [tcpdump(`host ${host}`), tcpdump(`host ${host} or icmp ${more}`)];
    const ours = selected([host]).length;
    assert.ok(ours >= least && ours <= most, `${host}: ${least} <= ${ours} <= ${most}`);
  }
});

test('a conversation is taken in both directions and nothing else is', () => {
  const listed = spawnSync('tshark', ['-n', '-r', demo, '-Y', 'tcp', '-T', 'fields', '-e', 'ip.src', '-e', 'tcp.srcport', '-e', 'ip.dst', '-e', 'tcp.dstport', '-c', '2000'], { encoding: 'utf8' });
  const [src, srcPort, dst, dstPort] = listed.stdout.split('\n').map((l) => l.split('\t')).find((l) => l[0] !== '')!;
  const talk = { proto: 6, src: ip(src), srcPort: Number(srcPort), dst: ip(dst), dstPort: Number(dstPort) };
  const expected = tcpdump(`tcp and host ${src} and host ${dst} and port ${srcPort} and port ${dstPort}`);
  assert.ok(expected > 0);
  assert.equal(selected([], [talk]).length, expected);
  assert.equal(selected([], [{ ...talk, src: talk.dst, srcPort: talk.dstPort, dst: talk.src, dstPort: talk.srcPort }]).length, expected);
});

test('nothing selected is everything', () => {
  assert.equal(selected([]).length, tcpdump(''));
});

const ETH = '020000000001 020000000002';
const UDP6 = '0035 c000 0010 0000 0102030405060708';
const A6 = '20010db8000000000000000000000001';
const B6 = '20010db8000000000000000000000002';
const cases: [string, string, number, readonly string[], boolean][] = [
  ['IPv6 behind two VLAN tags', `${ETH} 88a80064 81000065 86dd 6000000000101140 ${A6} ${B6} ${UDP6}`, 1, ['2001:db8::2'], true],
  ['another IPv6 host', `${ETH} 86dd 6000000000101140 ${A6} ${B6} ${UDP6}`, 1, ['2001:db8::3'], false],
  ['an ARP question for the host', `ffffffffffff 020000000002 0806 0001080006040001 020000000002 c0000201 000000000000 c0000202`, 1, ['192.0.2.2'], true],
  ['a neighbour solicitation for the host', `${ETH} 86dd 6000000000183aff ${A6} ff0200000000000000000001ff000002 87000000 00000000 ${B6}`, 1, ['2001:db8::2'], true],
  ['a router about a packet to the host', `${ETH} 0800 4500003800000000ff010000 c6336401 c0000201 0b000000 00000000 4500001c000000000111 0000 c0000201 cb007107 c000003500080000`, 1, ['203.0.113.7'], true],
  ['a router about a packet to the host, by IPv6', `${ETH} 86dd 6000000000403aff 20010db8000200000000000000000001 ${A6} 01000000 00000000 6000000000101140 ${A6} ${B6} ${UDP6}`, 1, ['2001:db8::2'], true],
  ['raw IP', `4500001c00000000ff110000 c0000201 cb007107 c000003500080000`, 101, ['203.0.113.7'], true],
  ['Linux cooked v1', `0000 0001 0006 020000000001 0000 0800 4500001c00000000ff110000 c0000201 cb007107 c000003500080000`, 113, ['192.0.2.1'], true],
  ['Linux cooked v2', `0800 0000 00000002 0001 00 06 0200000000010000 4500001c00000000ff110000 c0000201 cb007107 c000003500080000`, 276, ['192.0.2.1'], true],
  ['an address in the payload is no host', `${ETH} 0800 4500002000000000ff110000 c0000201 cb007107 c0000035000c0000 c6336409`, 1, ['198.51.100.9'], false],
];
for (const [what, frame, linkType, hosts, wanted] of cases) {
  test(`${what}: ${wanted ? 'taken' : 'left'}; and no cut of it is read beyond its end`, () => {
    const predicate = packetPredicate({ hosts: hosts.map(ip), conversations: [] });
    const bytes = hex(frame);
    assert.equal(predicate(bytes, 0, bytes.length, linkType), wanted);
    for (let end = 0; end < bytes.length; end++) predicate(bytes.slice(0, end), 0, end, linkType);
    if (!wanted) for (let end = 0; end < bytes.length; end++) assert.equal(predicate(bytes, 0, end, linkType), false);
  });
}

test('later fragments belong to their conversation though they bear no ports', () => {
  const talk = { proto: 17, src: ip('192.0.2.1'), srcPort: 5000, dst: ip('203.0.113.7'), dstPort: 53 };
  const talk6 = { proto: 17, src: ip('2001:db8::1'), srcPort: 53, dst: ip('2001:db8::2'), dstPort: 49_152 };
  const wanted = packetPredicate({ hosts: [], conversations: [talk, talk6] });
  const v4 = hex(`${ETH} 0800 4500001c000100b9ff110000 c0000201 cb007107 ffffffffffffffff`);
  const first6 = hex(`${ETH} 86dd 6000000000182c40 ${A6} ${B6} 1100000100000001 ${UDP6}`);
  const later6 = hex(`${ETH} 86dd 6000000000102c40 ${A6} ${B6} 1100001000000001 ffffffffffffffff`);
  const other6 = hex(`${ETH} 86dd 6000000000182c40 ${A6} ${B6} 1100000100000001 ${UDP6.replace('0035', '0036')}`);
  assert.deepEqual([v4, first6, later6, other6].map((b) => wanted(b, 0, b.length, 1)), [true, true, true, false]);
});
