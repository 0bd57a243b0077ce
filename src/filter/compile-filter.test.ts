import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WirewatchError } from '../base/errors.ts';
import { compileFilter } from './compile-filter.ts';
import { MemoryRow } from './memory-row.ts';
import { createScheme, makeField } from './scheme.ts';

let nextId = 0;
const field = (name: string, type: Parameters<typeof makeField>[2], values?: Record<number, string>): ReturnType<typeof makeField> =>
  makeField(nextId++, name, type, name, values);
const F = {
  frame: field('frame', 'protocol'), frameLen: field('frame.len', 'u32'), number: field('frame.number', 'u32'), delta: field('frame.time_delta', 'reltime'),
  time: field('frame.time', 'abstime'), protocols: field('frame.protocols', 'string'),
  ip: field('ip', 'protocol'), ipAddr: field('ip.addr', 'ipv4'), ipSrc: field('ip.src', 'ipv4'), ipDst: field('ip.dst', 'ipv4'), ttl: field('ip.ttl', 'u8'), proto: field('ip.proto', 'u8', { 6: 'TCP', 17: 'UDP' }), df: field('ip.flags.df', 'boolean', { 0: 'Not set', 1: 'Set' }),
  ip6Addr: field('ipv6.addr', 'ipv6'), ip6Src: field('ipv6.src', 'ipv6'), ip6Dst: field('ipv6.dst', 'ipv6'),
  eth: field('eth.src', 'ether'), tcp: field('tcp', 'protocol'), port: field('tcp.port', 'u16'), srcport: field('tcp.srcport', 'u16'), dstport: field('tcp.dstport', 'u16'),
  flags: field('tcp.flags', 'u16'), syn: field('tcp.flags.syn', 'boolean'), payload: field('tcp.payload', 'bytes'), scale: field('tcp.window_size_scalefactor', 'i32'),
  retransmission: field('tcp.analysis.retransmission', 'none'), udp: field('udp', 'protocol'), udpPort: field('udp.port', 'u16'),
  host: field('http.host', 'string'), method: field('http.request.method', 'string'), length: field('http.content_length', 'u64'),
  name: field('dns.qry.name', 'string'), respTime: field('icmp.resptime', 'double'), dhcp: field('dhcp', 'protocol'), oid: field('snmp.name', 'oid'),
};
const scheme = createScheme(Object.values(F));
const text = (s: string): Uint8Array => new TextEncoder().encode(s);

/** One HTTP request over IPv4 in a tunnel (two IPv4 headers), and the same over IPv6. */
function packet4(): MemoryRow {
  const row = new MemoryRow();
  row.add(F.frame, text('GET / HTTP/1.1\r\nHost: WWW.example.test\r\n')).add(F.frameLen, 120).add(F.number, 7).add(F.delta, 1_500_000_000n);
  row.add(F.time, 1_136_073_600_500_000_000n).add(F.protocols, 'eth:ethertype:ip:ip:tcp:http');
  row.add(F.ip, text('E')).add(F.ip, text('E'), 2);
  for (const [layer, src, dst] of [[1, '192.0.2.1', '192.0.2.2'], [2, '198.51.100.7', '203.0.113.9']] as const) {
    row.add(F.ipSrc, src, layer).add(F.ipDst, dst, layer).add(F.ipAddr, src, layer).add(F.ipAddr, dst, layer).add(F.ttl, 64 / layer, layer);
  }
  row.add(F.proto, 4).add(F.proto, 6, 2).add(F.df, true).add(F.eth, '00:0c:29:00:00:01').add(F.tcp, text('abc'));
  row.add(F.srcport, 40_000).add(F.dstport, 80).add(F.port, 40_000).add(F.port, 80).add(F.flags, 0x18).add(F.syn, false);
  row.add(F.payload, text('GET / HTTP/1.1\r\nHost: WWW.example.test\r\n')).add(F.scale, -1).add(F.retransmission, 1);
  row.add(F.host, 'WWW.example.test').add(F.method, 'GET').add(F.length, 2n ** 60n);
  return row;
}

function packet6(): MemoryRow {
  const row = new MemoryRow().add(F.ip6Src, '2001:db8::1').add(F.ip6Dst, 'fe80::2').add(F.ip6Addr, '2001:db8::1').add(F.ip6Addr, 'fe80::2');
  return row.add(F.udp, text('x')).add(F.udpPort, 5353).add(F.udpPort, 53).add(F.name, 'übung.test').add(F.respTime, 1.5).add(F.oid, Uint8Array.from([0x2b, 6, 1])).add(F.number, 8);
}

const CASES: readonly (readonly [filter: string, v4: boolean, v6: boolean])[] = [
  ['tcp', true, false], ['not tcp', false, true], ['!!tcp', true, false], ['tcp or udp and ip', true, false], ['(tcp or udp) and ip', true, false],
  ['tcp xor ip', false, false], ['tcp ^^ udp', true, true], ['tcp.analysis.retransmission', true, false], ['', true, true],
  // Any, all, none of several occurrences.
  ['ip.addr == 192.0.2.1', true, false], ['ip.addr != 192.0.2.1', false, false], ['!(ip.addr == 192.0.2.1)', false, true], ['ip.addr !== 192.0.2.1', true, false],
  ['ip.addr ~= 192.0.2.1', true, false], ['ip.addr === 192.0.2.0/24', false, false], ['ip.src === 192.0.0.0/2', true, false], ['all ip.ttl >= 32', true, false],
  ['any ip.ttl > 63', true, false], ['all ip.ttl > 63', false, false], ['ip.addr any_eq 192.0.2.1', true, false], ['ip.ttl all_ne 3', true, false],
  // Addresses, both families.
  ['ip.src == 192.0.2.0/24', true, false], ['ip.src == 0.0.0.0/0', true, false], ['ip.src > 203.0.113.0', false, false], ['ip.dst >= 203.0.113.9', true, false],
  ['ipv6.addr == 2001:db8::/32', false, true], ['ipv6.addr == 2001:db8::1', false, true], ['ipv6.src == 2001:db8::/127', false, true], ['ipv6.src == 2001:db8::2/127', false, false],
  ['ipv6.dst == fe80::/10', false, true], ['ipv6.addr in {::1, fe80::2}', false, true], ['ipv6.src[0:2] == 20:01', false, true], ['ipv6.addr == ::/0', false, true],
  ['ip.addr in {192.0.2.0 .. 192.0.2.1, 10.0.0.0/8}', true, false], ['ip.src == ip.dst', false, false], ['ip.src[0] == c0', true, false], ['ip.src[0] == 10', false, false],
  // Numbers.
  ['tcp.port == 80', true, false], ['tcp.port eq 0x50', true, false], ['tcp.port == 0120', true, false], ['tcp.port == 0b1010000', true, false], ['tcp.port==80&&ip', true, false],
  ['tcp.port in {80, 443}', true, false], ['tcp.port in {1..79,81..100}', false, false], ['tcp.port not in {80}', false, true], ['udp.port in {53}', false, true],
  ['tcp.dstport < tcp.srcport', true, false], ['tcp.dstport < 100 ', true, false], ['ip.proto == TCP', true, false], ['ip.proto == "udp"', false, false],
  ["ip.proto == '\\x06'", true, false], ['http.content_length == 1152921504606846976', true, false], ['http.content_length > 1000', true, false], ['tcp.window_size_scalefactor == -1', true, false],
  ['icmp.resptime > 1', false, true], ['icmp.resptime == 1.5e0', false, true], ['tcp.flags & 0x10', true, false], ['tcp.flags & 2', false, false], ['tcp.flags bitwise_and 8 == 8', true, false],
  ['ip.flags.df == "Set"', true, false], ['ip.flags.df == true', true, false], ['tcp.flags.syn == FALSE', true, false], ['tcp.flags.syn', true, false], ['ip.flags.df == 2', true, false],
  // Arithmetic.
  ['{ip.ttl - 1} == 63', true, false], ['ip.ttl -1 == 63', true, false], ['tcp.dstport == 79 + 1', true, false], ['4 * {tcp.dstport + 1} == 324', true, false], ['{tcp.dstport + 1} * 4 == 324', true, false],
  ['tcp.dstport - tcp.srcport > 0', false, false], ['-ip.ttl == -64', true, false], ['ip.ttl % 0 == 0', false, false], ['ip.ttl / 2 == 32', true, false], ['ip.ttl - 64', true, false],
  ['abs(tcp.dstport - tcp.srcport) > 1000', true, false], ['max(tcp.srcport, tcp.dstport) == 40000', true, false], ['min(tcp.srcport, 80) == 80', true, true],
  ['7 <= frame.number <= 7', true, false], ['8 <= frame.number < 100', false, true], ['tcp.dstport <= 80 < tcp.srcport', true, false], ['ip.src == ip.dst == ip.src', false, false],
  // Layers and raw bytes.
  ['ip.src#1 == 192.0.2.1', true, false], ['ip.src#2 == 192.0.2.1', false, false], ['ip.dst#[-1] == 203.0.113.9', true, false], ['ip.src#[1-2] == 198.51.100.7', true, false], ['ip.src#3', false, false],
  ['@ip.src == c0:00:02:01', true, false], ['count(ip.src) == 2', true, false], ['count(ip) == 1', false, false],
  // Texts and bytes.
  ['http.host contains "example"', true, false], ['http.host contains example', true, false], ['http.host contains ""', false, false], ['http.host == "www.example.test"', false, false],
  ['lower(http.host) == "www.example.test"', true, false], ['upper(http.host) contains "EXAMPLE"', true, false], ['len(http.host) == 16', true, false], ['http.request.method >= "GET"', true, false],
  ['http.request.method[0] == "G"', true, false], ['http.request.method[-1] == "T"', true, false], ['http.request.method[1-2] == "ET"', true, false], ['http.request.method[0:10]', false, false],
  ['dns.qry.name[0] == "ü"', false, true], ['dns.qry.name contains "bung"', false, true], ['http.request.method in {"PUT", "GET"}', true, false], ['http.request.method in {"A" .. "H"}', true, false],
  ['tcp.payload contains "GET"', true, false], ['tcp.payload contains 47:45:54', true, false], ["frame contains 'G'", true, false], ['frame contains :fc', false, false], ['frame[0:4] == "GET "', true, false],
  ['frame[0] == 0x47', true, false], ['frame[-2:] == 0d:0a', true, false], ['frame[0,1] == 47:45', true, false], ['frame[1000]', false, false], ['frame[0:3] == 474554', true, false],
  ['eth.src[0:3] == 00-0c-29', true, false], ['eth.src == 000c.2900.0001', true, false], ['eth.src contains 0c:29', true, false], ['frame[0] & 0xf0 == 40', true, false], ['snmp.name == 1.3.6.1', false, true],
  // Regular expressions: case-insensitive, over bytes too.
  ['http.host matches "^www\\\\.EXAMPLE"', true, false], ['http.host ~ r"(?-i)^www"', false, false], ['tcp.payload matches "host: \\\\S+"', true, false], ['frame matches "get.+http"', true, false], ['dns.qry.name matches "^Ü"', false, true],
  ['string(tcp.dstport) matches "^8"', true, false], ['string(ip.src) contains "192.0"', true, false], ['string(ipv6.src) == "2001:db8::1"', false, true],
  // Times.
  ['frame.time_delta > 1.25', true, false], ['frame.time_delta == 1.5', true, false], ['frame.time_delta in {-1.0 .. 0.01}', false, false], ['frame.time_delta + 1 > 2.4', true, false],
  ['frame.time >= "2006-01-01T00:00:00Z"', true, false], ['frame.time < "Jan  1, 2006 01:00:01 +01:00"', true, false], ['frame.time == "2006-01-01 00:00:00.5"', true, false],
  // Names: former ones, forced ones; references without a selected packet.
  ['bootp', false, false], ['tcp.srcport == .tcp.dstport', false, false], ['frame.number == ${frame.number}', false, false],
];

for (const [filter, v4, v6] of CASES) {
  test(`"${filter}" ${v4 ? 'takes' : 'leaves'} the IPv4 packet and ${v6 ? 'takes' : 'leaves'} the IPv6 one`, () => {
    const compiled = compileFilter(filter, scheme);
    assert.equal(compiled.matches(packet4()), v4);
    assert.equal(compiled.matches(packet6()), v6);
  });
}

const REFUSED: readonly (readonly [filter: string, code: string, column: number])[] = [
  ['ip.addr == ', 'WW_FILTER_SYNTAX', 11], ['ip.addr == 10.0.0.300', 'WW_FILTER_TYPE', 11], ['ip.addr = 1', 'WW_FILTER_SYNTAX', 8], ['ip.adr == 10.0.0.1', 'WW_FILTER_FIELD', 0],
  ['tcp.port == 80 &&', 'WW_FILTER_SYNTAX', 17], ['(tcp.port == 80', 'WW_FILTER_SYNTAX', 15], ['tcp.port in {80 443}', 'WW_FILTER_SYNTAX', 16], ['http.host matches "("', 'WW_FILTER_SYNTAX', 18],
  ['ip.ttl == 300', 'WW_FILTER_TYPE', 10], ['80 == tcp.port', 'WW_FILTER_TYPE', 0], ['"tcp"', 'WW_FILTER_SYNTAX', 0], ['len(http.host)', 'WW_FILTER_TYPE', 0], ['nosuch(ip.src)', 'WW_FILTER_SYNTAX', 0],
  ['tcp.dstport == 81-1', 'WW_FILTER_TYPE', 15], ['(ip.ttl) == 64', 'WW_FILTER_SYNTAX', 9], ['tcp.port EQ 80', 'WW_FILTER_SYNTAX', 9], ['http.host matches GET', 'WW_FILTER_TYPE', 18], ['ip.src contains 0a', 'WW_FILTER_TYPE', 0],
  ['ip.dst#', 'WW_FILTER_SYNTAX', 7], ['frame[0:0]', 'WW_FILTER_SYNTAX', 5], ['frame[0', 'WW_FILTER_SYNTAX', 5], ['http.host == "a\\.b"', 'WW_FILTER_SYNTAX', 15], ['http.host == "a', 'WW_FILTER_SYNTAX', 13],
  ['ip.src == ipv6.src', 'WW_FILTER_TYPE', 10], ['ipv6.addr == 10.0.0.1', 'WW_FILTER_TYPE', 13], ['ipv6.addr == fe80::/129', 'WW_FILTER_TYPE', 13], ['tcp.flags.syn & 1', 'WW_FILTER_TYPE', 0], ['tcp.analysis.retransmission == 1', 'WW_FILTER_TYPE', 0],
  ['$nosuch(ip)', 'WW_FILTER_SYNTAX', 0], ['http.host matches "(?=a)"', 'WW_FILTER_SYNTAX', 18], ['frame.time > 5', 'WW_FILTER_TYPE', 13], ['17 in {1, 17}', 'WW_FILTER_TYPE', 0], ['tcp.port == 80 # x', 'WW_FILTER_SYNTAX', 17], ['1 <= frame.number', 'WW_FILTER_TYPE', 0],
];

for (const [filter, code, column] of REFUSED) {
  test(`"${filter}" is refused with a caret under column ${column}`, () => {
    assert.throws(() => compileFilter(filter, scheme), (error) => {
      assert.ok(error instanceof WirewatchError, String(error));
      assert.equal(error.code, code);
      assert.equal(error.where?.split('\n')[1].indexOf('^'), column);
      return true;
    });
  });
}

test('a misspelt field is answered with the nearest names', () => {
  assert.throws(() => compileFilter('tcp and htp.host == "a"', scheme), (error) => error instanceof WirewatchError && /http\.host/.test(error.remedy ?? ''));
});

test('only the fields that the filter names are read', () => {
  assert.deepEqual(compileFilter('ip.src == 10.0.0.1 and (len(http.host) > 3 or {ip.ttl + 1} in {1} )'.replace('{ip.ttl + 1} in {1} ', 'ip.ttl'), scheme).uses, [F.ipSrc.id, F.host.id, F.ttl.id]);
});

test('a reference takes its value from the selected packet', () => {
  const filter = compileFilter('frame.number == ${frame.number}', scheme, { selected: packet4() });
  assert.equal(filter.matches(packet4()), true);
  assert.equal(filter.matches(packet6()), false);
});

test('macros are text with arguments, and one that calls itself is refused', () => {
  const macros = new Map([['pair', 'tcp.port == $1 and tcp.port == $2'], ['both', '$pair($1, 80)'], ['loop', '$loop()']]);
  assert.equal(compileFilter('$both(40000)', scheme, { macros }).matches(packet4()), true);
  assert.equal(compileFilter('${pair:1;2}', scheme, { macros }).matches(packet4()), false);
  assert.throws(() => compileFilter('$loop()', scheme, { macros }), { code: 'WW_FILTER_SYNTAX' });
  assert.throws(() => compileFilter('$pair(1)', scheme, { macros }), { code: 'WW_FILTER_SYNTAX' });
});

test('a pattern made to backtrack takes time linear in the text', () => {
  const row = new MemoryRow().add(F.payload, text('a'.repeat(60_000))).add(F.host, 'a'.repeat(60_000));
  const cpu = process.cpuUsage();
  assert.equal(compileFilter('http.host matches "^(a+)+$b" or tcp.payload matches "(a|a)*(a|aa)*c" or http.host matches "(.*)*x"', scheme).matches(row), false);
  const used = process.cpuUsage(cpu);
  assert.ok((used.user + used.system) / 1e6 < 5, 'five seconds would be a stall');
});

test('a filter nested or chained without measure is refused or compiled, never a crash', () => {
  for (const bad of ['('.repeat(50_000), `${'!'.repeat(5000)}tcp`, `${'len('.repeat(3000)}x`, `ip.ttl${' + 1'.repeat(3000)} == 1`, 'x'.repeat(70_000), `frame${'[0]'.repeat(3000)}`]) {
    assert.throws(() => compileFilter(bad, scheme), WirewatchError);
  }
  const wide = compileFilter(Array.from({ length: 2000 }, (_, i) => `tcp.port == ${i + 1000}`).join(' or '), scheme);
  assert.equal(wide.matches(packet4()), false);
});

test('names, bases and reals of numbers', () => {
  const row = packet4();
  const holds = (f: string): boolean => compileFilter(f, scheme).matches(row);
  assert.equal(holds('vals(ip.proto) == "TCP"'), true);
  assert.equal(holds('vals(ip.flags.df) == "Set"'), true);
  assert.equal(holds('dec(tcp.dstport) == "80"'), true);
  assert.equal(holds('hex(tcp.dstport) == "0x0050"'), true);
  assert.equal(holds('hex(http.content_length) == "0x1000000000000000"'), true);
  assert.equal(holds('float(tcp.dstport) / 3 > 26.6'), true);
  assert.equal(holds('double(frame.time_delta) == 1.5'), true);
  assert.throws(() => compileFilter('vals(tcp.port) == "x"', scheme), { code: 'WW_FILTER_TYPE' });
  assert.throws(() => compileFilter('hex(http.host) == "x"', scheme), { code: 'WW_FILTER_TYPE' });
});

test('what the registries say of addresses, as a test of its own or as a value', () => {
  const row = new MemoryRow().add(F.ipSrc, '10.1.2.3').add(F.ipDst, '224.0.0.251').add(F.ip6Src, 'fe80::1').add(F.ip6Dst, 'fd00::1');
  const holds = (f: string): boolean => compileFilter(f, scheme).matches(row);
  assert.deepEqual(['ip_rfc1918(ip.src)', 'ip_multicast(ip.dst)', 'ip_linklocal(ipv6.src)', 'ip_ula(ipv6.dst)', 'not ip_rfc1918(ip.dst)', 'ip_multicast(ip.src) == False'].map(holds), [true, true, true, true, true, true]);
  assert.deepEqual(['ip_multicast(ip.src)', 'ip_ula(ipv6.src)', 'ip_rfc1918(ip.addr)'].map(holds), [false, false, false]);
  assert.equal(holds('ip_special_name(ip.src) == "Private-Use"'), true);
  assert.equal(holds('ip_special_mask(ip.src) == 0x1c'), true);
  assert.equal(holds('ip_special_name(ipv6.src) contains "Link-Local"'), true);
  assert.throws(() => compileFilter('ip_ula(ip.src)', scheme), { code: 'WW_FILTER_TYPE' });
});
