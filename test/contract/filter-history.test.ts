// One filter language over files and history: for every filter on kept fields, the flows of which some packet of the file matches
// are the flows that the same filter selects among the records made from that file; and the store's WHERE loses none of them.
import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { bigintReplacer } from '../../src/base/canonical-json.ts';
import { compileStoredFlowFilter, KEPT_FIELDS } from '../../src/model/index.ts';
import { flowWhere } from '../../src/store/filter-sql.ts';
import { flowsOfPackets, flowsOfRecords, storedFlows } from '../support/flows-by-filter.ts';

const capture = path.resolve(import.meta.dirname, '../../demo/office.pcapng');
const stored = storedFlows(capture);

const FILTERS = [
  'frame', 'eth', 'ip', 'ipv6', 'tcp', 'udp', 'icmp', 'icmpv6', 'dns', 'http', 'tls', 'not tcp', 'not udp', '!(tcp or udp)',
  'ip.addr == 10.20.0.0/24', 'ip.src == 10.20.0.21', 'ip.dst == 10.20.0.21 && tcp', 'ip.src == 198.51.100.10 or ip.src == 203.0.113.66', '!(ip.addr == 198.51.100.0/24)', 'ip.addr != 10.20.0.1',
  'ip.addr in {10.20.0.1, 203.0.113.0 .. 203.0.113.255}', 'ip.src > 100.0.0.0', 'ip.src[0] == 0a', 'ip.proto == 17', 'ip.proto == TCP',
  'ipv6.addr == fd20::/64', 'ipv6.src == 2001:db8:1::/64', 'ipv6.dst == fd20::21', '!(ipv6.addr == fd20::21)', 'ipv6.addr in {fd20::1 .. fd20::ffff}', 'ipv6.addr == fe80::/10',
  'tcp.port == 80', 'tcp.dstport == 443', 'tcp.srcport < 1024', 'tcp.srcport == 80 && tcp.dstport > 1024', 'tcp.port in {22, 80..90}', 'udp.port == 53', 'udp.dstport == 53 && ipv6', 'all tcp.port > 1024', 'tcp.srcport == tcp.dstport',
  'tcp.dstport - tcp.srcport > 0', 'max(tcp.srcport, tcp.dstport) > 50000', 'string(tcp.dstport) matches "^44"', 'icmp.type == 8', 'icmp.type in {0, 8}', 'icmpv6.type == 128', 'vlan', 'vlan.id > 0',
  'dns.qry.name', 'dns.qry.name == "www.example.test"', 'dns.qry.name contains "news"', 'dns.qry.name matches "\\\\.test$"', 'dns.qry.type == 28', 'dns.qry.type in {1, 28}', 'dns.flags.response == 0', 'dns.flags.rcode == 3', 'dns.flags.rcode == 0 && udp.srcport == 53',
  'dns.a', 'dns.a == 198.51.100.0/24', 'dns.aaaa == 2001:db8::/32', 'len(dns.qry.name) > 15', 'dns && udp.dstport == 53', 'udp && !dns',
  'http.request', 'http.request.method == "GET"', 'http.host', 'http.host contains "example"', 'http.request.uri contains "/"', 'http.user_agent contains "curl"', 'http.response.code == 200', 'http.response.code >= 400', 'http.server contains "nginx"',
  'http.content_type contains "html"', 'http && tcp.dstport == 80', 'http.response && tcp.srcport == 80', 'http.request && ip.src == 10.20.0.0/24', 'tcp && !http',
  'tls.handshake.extensions_server_name', 'tls.handshake.extensions_server_name contains "news"', 'tls.handshake.ja3', 'tls.handshake.ja3s', 'tls.handshake.ja4', 'tls && tcp.dstport == 443', 'tls && ipv6',
  'eth.src', 'eth.addr[0:2] == 33:33', '(tcp.port == 80 or tcp.port == 443) and ip.src == 10.20.0.0/16 and !(udp)',
];

const fromPackets = flowsOfPackets(capture, FILTERS, stored);
const fromRecords = flowsOfRecords(capture, FILTERS, stored);

for (const filter of FILTERS) {
  test(`"${filter}" selects the same flows of the file and of its records`, () => {
    assert.deepEqual(fromRecords.get(filter), fromPackets.get(filter));
  });
}

test('the capture has both families and every kind of record, so that the comparison means something', () => {
  for (const filter of ['ip', 'ipv6', 'tcp', 'udp', 'dns.a', 'dns.aaaa', 'http.request && ip', 'tls.handshake.ja3', 'http.response.code == 200', 'http && ipv6', 'icmp.type == 8', 'icmpv6']) {
    assert.ok((fromPackets.get(filter) ?? flowsOfPackets(capture, [filter], stored).get(filter) ?? []).length > 0, filter);
  }
});

test("the store's part of each filter loses none of its flows", () => {
  const db = new DatabaseSync(':memory:');
  const value = (v: unknown): string | number | null => (typeof v === 'string' || typeof v === 'number' ? v : v === null || v === undefined ? null : JSON.stringify(v, bigintReplacer));
  const snake = (key: string): string => key.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
  const insert = (table: string, record: object): void => {
    const row = Object.entries(record);
    db.prepare(`INSERT INTO ${table} (${row.map(([k]) => `"${snake(k)}"`).join(', ')}) VALUES (${row.map(() => '?').join(', ')})`).run(...row.map(([, v]) => value(v)));
  };
  const create = (table: string, record: object): void => db.exec(`CREATE TABLE ${table} (${Object.keys(record).map((k) => `"${snake(k)}"`).join(', ')})`);
  const kinds = new Map(stored.flatMap((s) => s.records).map((r) => [r.kind, r]));
  create('flows', stored[0].flow);
  for (const kind of ['dns', 'http', 'tls', 'dhcp'] as const) create(kind, kinds.get(kind) ?? { flowId: '', hostname: '', transactionId: 0 });
  for (const s of stored) {
    insert('flows', s.flow);
    for (const r of s.records) if (r.kind === 'dns' || r.kind === 'http' || r.kind === 'tls' || r.kind === 'dhcp') insert(r.kind, r);
  }
  for (const filter of FILTERS) {
    const built = flowWhere(compileStoredFlowFilter(filter).filter.test);
    const got = db.prepare(`SELECT f.id AS id FROM flows f WHERE ${built.where}`).all(...built.params).map((row) => String(row.id)).sort();
    const wanted = fromRecords.get(filter) ?? [];
    if (built.exact) assert.deepEqual(got, wanted, `${filter}: ${built.where}`);
    else assert.deepEqual(wanted.filter((id) => !got.includes(id)), [], `${filter}: ${built.where}`);
  }
  db.close();
});

test('every kept field is in some filter of the list, or is told to be beside it', () => {
  const text = FILTERS.join(' ');
  const beside = KEPT_FIELDS.map((k) => k.field.name).filter((name) => !text.includes(name));
  assert.deepEqual(beside.filter((n) => !BESIDE.has(n)), []);
});

/** Kept fields that the office's minute does not have, or that differ from a listed one only in their column. */
const BESIDE = new Set(['eth.dst', 'ip.version', 'ipv6.version', 'icmp.code', 'icmpv6.code', 'mdns', 'llmnr', 'dhcp', 'dns.id', 'dns.qry.class', 'dns.cname', 'http.referer', 'http.response.phrase', 'http.location', 'dhcp.id', 'dhcp.hw.mac_addr', 'dhcp.option.hostname']);
