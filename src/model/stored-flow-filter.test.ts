import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WirewatchError } from '../base/errors.ts';
import { parseIp, type IpHex } from '../base/ip.ts';
import { createScheme, makeField } from '../filter/scheme.ts';
import type { FlowRecord } from './flow.ts';
import type { DatasetId, RecordId } from './head.ts';
import { KEPT_FIELDS } from './kept-fields.ts';
import type { DnsRecord, HttpRecord, ProtocolRecord, TlsRecord } from './protocol-records.ts';
import { compileStoredFlowFilter, type StoredFlow } from './stored-flow-filter.ts';

const ip = (text: string): IpHex => {
  const hex = parseIp(text);
  assert.ok(hex !== undefined);
  return hex;
};
const head = { schema: 1, id: 'd/1.0' as RecordId, dataset: 'd' as DatasetId, sensorId: 's', siteId: 'home', linkId: 'eth0', sampling: 1, loss: null, time: 0n };

function flow(src: string, dst: string, srcPort: number, dstPort: number, proto: number, extra: Partial<FlowRecord> = {}): FlowRecord {
  return {
    ...head, srcIp: ip(src), dstIp: ip(dst), srcPort, dstPort, proto, service: [], firstFrame: 1, lastFrame: 9, end: 0n, duration: 0n, connState: 'SF', history: 'ShADadFf', srcBytes: 1, dstBytes: 1,
    srcPackets: 5, dstPackets: 4, srcIpBytes: 1, dstIpBytes: 1, missedBytes: 0, communityId: '1:x', vlans: [], srcMac: null, dstMac: null, direction: 'outbound', endReason: 'closed', ...extra,
  };
}
const ends = (f: FlowRecord): Pick<ProtocolRecord, 'flowId' | 'srcIp' | 'dstIp' | 'srcPort' | 'dstPort' | 'proto' | 'firstFrame' | 'lastFrame'> =>
  ({ flowId: f.id, srcIp: f.srcIp, dstIp: f.dstIp, srcPort: f.srcPort, dstPort: f.dstPort, proto: f.proto, firstFrame: 1, lastFrame: 2 });

const web = flow('192.0.2.10', '198.51.100.20', 40_000, 80, 6, { vlans: [7], srcMac: '00:00:5e:00:53:01', dstMac: '00:00:5e:00:53:02', service: ['http'] });
const http: HttpRecord = {
  ...head, ...ends(web), kind: 'http', transDepth: 1, method: 'GET', host: 'www.example.test', uri: '/a.zip', version: '1.1', userAgent: 'curl/8', referrer: null, requestContentType: null, statusCode: 404,
  statusText: 'Not Found', server: 'nginx', location: null, contentType: 'text/html', contentEncoding: null, requestBodyBytes: 0, responseBodyBytes: 5, complete: true, requestFrame: 4, responseFrame: 6, responseTime: 1n,
};
const names = flow('2001:db8::10', '2001:db8::53', 50_000, 53, 17, { srcPackets: 1, dstPackets: 1, service: ['dns'] });
const dns: DnsRecord = {
  ...head, ...ends(names), kind: 'dns', transactionId: 7, query: 'www.example.test', qtype: 28, qclass: 1, rcode: 0, authoritative: false, truncated: false, recursionDesired: true, recursionAvailable: true,
  answers: ['2001:db8::80', '192.0.2.80'], answerTypes: [28, 1], ttls: [60, 60], addresses: [ip('2001:db8::80'), ip('192.0.2.80')], rtt: 1n, queryFrame: 1, responseFrame: 2, queryBytes: 30, responseBytes: 60,
};
const secure = flow('192.0.2.10', '203.0.113.5', 40_001, 443, 6, { service: ['ssl'] });
const tls: TlsRecord = {
  ...head, ...ends(secure), kind: 'tls', version: 'TLSv1.3', cipher: 4865, curve: 29, serverName: 'shop.example.test', alpn: ['h2'], nextProtocol: null, resumed: false, established: true,
  ja3: 'aa', ja3s: 'bb', ja4: 't13d', certificates: [], lastAlert: null, clientHelloFrame: 4, serverHelloFrame: 5,
};
const STORED: Readonly<Record<string, StoredFlow>> = {
  web: { flow: web, records: [http] }, names: { flow: names, records: [dns] }, secure: { flow: secure, records: [tls] },
  ping: { flow: flow('192.0.2.10', '192.0.2.1', 8, 0, 1), records: [] }, ping6: { flow: flow('2001:db8::10', '2001:db8::1', 128, 0, 58, { dstPackets: 0 }), records: [] },
  scan: { flow: flow('192.0.2.66', '192.0.2.1', 50_001, 22, 6, { dstPackets: 0, srcPackets: 1, connState: 'S0' }), records: [] },
};

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['tcp', ['web', 'secure', 'scan']], ['not tcp', ['names', 'ping', 'ping6']], ['ip.addr == 192.0.2.10', ['web', 'secure', 'ping']], ['ipv6.addr == 2001:db8::/64', ['names', 'ping6']],
  ['ip.src == 198.51.100.20', ['web']], ['ip.src == 192.0.2.1', ['ping']], ['ip.dst == 192.0.2.66', []], ['ip.addr != 192.0.2.10', ['scan']], ['!(ip.addr == 192.0.2.10)', ['names', 'ping6', 'scan']],
  ['tcp.port in {22, 80}', ['web', 'scan']], ['tcp.srcport == 80 && tcp.dstport == 40000', ['web']], ['tcp.srcport == 80 && tcp.srcport == 40000', []], ['udp.dstport == 53', ['names']],
  ['vlan.id == 7', ['web']], ['eth.src == 00:00:5e:00:53:02', ['web']], ['icmp.type == 8', ['ping']], ['icmp.type == 0', ['ping']], ['icmpv6.type == 129', []], ['icmpv6.type == 128', ['ping6']],
  ['http', ['web']], ['http.host contains "example" && http.response.code == 404', []], ['http.host contains "example" && tcp.dstport == 80', ['web']], ['http.response.code >= 400 && ip.src == 198.51.100.20', ['web']],
  ['http.request.uri matches "\\\\.zip$"', ['web']], ['http.content_type contains "html"', ['web']], ['tcp && !http', ['web', 'secure', 'scan']],
  ['dns', ['names']], ['udp && !dns', []], ['dns.qry.name == "www.example.test" && udp.srcport == 53', ['names']], ['dns.flags.rcode == "No error"', ['names']], ['dns.flags.rcode == 0 && udp.dstport == 53', []],
  ['dns.a == 192.0.2.80', ['names']], ['dns.aaaa == 2001:db8::/32', ['names']], ['dns.flags.response == 1', ['names']], ['len(dns.qry.name) > 10', ['names']],
  ['tls.handshake.extensions_server_name contains "shop"', ['secure']], ['tls.handshake.ja3 == "aa" && tcp.dstport == 443', ['secure']], ['tls.handshake.ja3s', ['secure']], ['tls.handshake.ja4 contains "t13"', ['secure']],
  ['', ['web', 'names', 'secure', 'ping', 'ping6', 'scan']],
];

for (const [text, expected] of CASES) {
  test(`of the stored flows, "${text}" selects ${expected.join(', ') || 'none'}`, () => {
    const filter = compileStoredFlowFilter(text);
    assert.deepEqual(Object.keys(STORED).filter((name) => filter.matches(STORED[name])), [...expected]);
  });
}

test('a field that only packets have is refused with what records keep in its place', () => {
  const packets = createScheme([makeField(1, 'tcp.flags.syn', 'boolean'), makeField(2, 'ip.src', 'ipv4'), makeField(3, 'smb.cmd', 'u8')]);
  assert.throws(() => compileStoredFlowFilter('ip.src == 192.0.2.1 && tcp.flags.syn == 1', packets), (error) => {
    assert.ok(error instanceof WirewatchError);
    assert.equal(error.code, 'WW_FILTER_NOT_KEPT');
    assert.match(error.remedy ?? '', /tcp\.port/);
    assert.equal(error.where?.split('\n')[1].indexOf('^'), 23);
    return true;
  });
  assert.throws(() => compileStoredFlowFilter('smb.cmd', packets), { code: 'WW_FILTER_NOT_KEPT' });
  assert.throws(() => compileStoredFlowFilter('tcp.prot == 1', packets), { code: 'WW_FILTER_FIELD' });
});

test('a filter says which kinds of records it must see', () => {
  assert.deepEqual(compileStoredFlowFilter('ip.addr == 192.0.2.1 && tcp').kinds, []);
  assert.deepEqual(compileStoredFlowFilter('http.host && dns.a').kinds, ['dns', 'http']);
});

test('no two kept fields share a name, and every one can be read from every remembered packet', () => {
  assert.equal(new Set(KEPT_FIELDS.map((k) => k.field.name)).size, KEPT_FIELDS.length);
  for (const k of KEPT_FIELDS) for (const stored of Object.values(STORED)) compileStoredFlowFilter(`${k.field.name}`).matches(stored);
});
