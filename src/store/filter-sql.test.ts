import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIp, type IpHex } from '../base/ip.ts';
import { compileStoredFlowFilter, type DatasetId, type DnsRecord, type FlowRecord, type RecordId, type StoredFlow } from '../model/index.ts';
import { flowWhere } from './filter-sql.ts';

const where = (text: string): ReturnType<typeof flowWhere> => flowWhere(compileStoredFlowFilter(text).filter.test);

test('a network becomes a range of hex digits, bound and not written', () => {
  assert.deepEqual(where('ip.addr == 10.0.0.0/9'), {
    where: '(f.src_ip BETWEEN ? AND ? OR f.dst_ip BETWEEN ? AND ?)', exact: true,
    params: ['00000000000000000000ffff0a000000', '00000000000000000000ffff0a7fffff', '00000000000000000000ffff0a000000', '00000000000000000000ffff0a7fffff'],
  });
  assert.deepEqual(where('ipv6.addr == 2001:db8::/33').params.slice(0, 2), ['20010db8000000000000000000000000', '20010db87fffffffffffffffffffffff']);
});

test('what the operator wrote is never part of the text', () => {
  const built = where('http.host == "\'; DROP TABLE flows; --" or dns.qry.name contains "x\' OR 1=1"');
  assert.ok(!/DROP|1=1/.test(built.where));
  assert.deepEqual(built.params, ["'; DROP TABLE flows; --", "x' OR 1=1"]);
});

test('a negation is taken only where all packets of a flow agree', () => {
  assert.equal(where('!(tcp.port == 80)').exact, true);
  assert.equal(where('!(tcp.dstport == 80)').where, 'true');
  assert.equal(where('!(http.host == "a")').where, 'true');
});

test('a side of "or" that the store cannot take leaves everything to the filter', () => {
  assert.equal(where('tcp.port == 80 or http.user_agent == lower(http.host)').where, 'true');
  assert.match(where('tcp.port == 80 and http.user_agent == lower(http.host)').where, /src_port/);
});

const ADDRESSES = ['192.0.2.1', '192.0.2.2', '10.1.2.3', '2001:db8::1', '2001:db8:1::2', 'fe80::1'].map((t) => parseIp(t) as IpHex);
const head = { schema: 1, dataset: 'd' as DatasetId, sensorId: 's', siteId: 'h', linkId: 'l', sampling: 1, loss: null, time: 0n };
const stored: fc.Arbitrary<StoredFlow> = fc.record({
  family: fc.constantFrom(0, 3), a: fc.nat(2), b: fc.nat(2), sport: fc.constantFrom(1024, 5000, 53), dport: fc.constantFrom(53, 80, 443), proto: fc.constantFrom(6, 17, 1),
  sent: fc.nat(3), got: fc.nat(3), query: fc.constantFrom(null, 'a.test', 'www.a.test', 'B.test'), rcode: fc.constantFrom(null, 0, 3),
}).map((r) => {
  const flow: FlowRecord = {
    ...head, id: 'd/1.0' as RecordId, srcIp: ADDRESSES[r.family + r.a], dstIp: ADDRESSES[r.family + r.b], srcPort: r.sport, dstPort: r.dport, proto: r.proto, service: [], firstFrame: 1, lastFrame: 1, end: 0n, duration: null,
    connState: 'OTH', history: '', srcBytes: 0, dstBytes: 0, srcPackets: r.sent + 1, dstPackets: r.got, srcIpBytes: 0, dstIpBytes: 0, missedBytes: 0, communityId: '', vlans: [], srcMac: null, dstMac: null, direction: 'internal', endReason: 'closed',
  };
  const { srcIp, dstIp, srcPort, dstPort, proto } = flow;
  const dns: DnsRecord[] = r.query === null || r.proto !== 17 ? [] : [{
    ...head, id: 'd/1.1' as RecordId, flowId: flow.id, srcIp, dstIp, srcPort, dstPort, proto, firstFrame: 1, lastFrame: 1, kind: 'dns', transactionId: 1, query: r.query, qtype: 1, qclass: 1, rcode: r.rcode, authoritative: false, truncated: false,
    recursionDesired: false, recursionAvailable: false, answers: [], answerTypes: [], ttls: [], addresses: [], rtt: null, queryFrame: 1, responseFrame: r.rcode === null ? null : 2, queryBytes: 1, responseBytes: 0,
  }];
  return { flow, records: dns };
});
const term = fc.constantFrom('ip.addr == 192.0.2.0/24', 'ip.src == 192.0.2.1', 'ip.dst != 192.0.2.1', 'ipv6.addr == 2001:db8::/32', 'ipv6.src in {2001:db8::1 .. 2001:db8::ffff}', 'tcp.port == 80', 'udp.dstport in {53, 400..500}',
  'tcp.srcport > 80', 'tcp', 'udp', 'ip', 'ipv6', 'ip.proto == 6', 'ip.proto != 17', 'dns.qry.name == "a.test"', 'dns.qry.name contains "a"', 'dns.qry.name matches "^b"', 'dns.flags.rcode > 0', 'dns.qry.name', 'len(dns.qry.name) > 6', 'frame', 'all tcp.port > 79', 'tcp.port !== 80', 'tcp.srcport == tcp.dstport');
const filters: fc.Arbitrary<string> = fc.letrec<{ f: string }>((tie) => ({
  f: fc.oneof({ depthSize: 'small', withCrossShrink: true }, term, tie('f').map((f) => `!(${f})`), fc.tuple(tie('f'), fc.constantFrom('and', 'or', 'xor'), tie('f')).map(([a, op, b]) => `(${a}) ${op} (${b})`)),
})).f;

test('the query loses no flow that the filter selects, and an exact one brings no other', () => {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE flows (id TEXT, src_ip TEXT, dst_ip TEXT, src_port INT, dst_port INT, proto INT); CREATE TABLE dns (flow_id TEXT, query TEXT, qtype INT, rcode INT, transaction_id INT)');
  fc.assert(fc.property(fc.array(stored, { minLength: 1, maxLength: 6 }), filters, (flows, text) => {
    db.exec('DELETE FROM flows; DELETE FROM dns');
    for (const [i, { flow: f, records }] of flows.entries()) {
      db.prepare('INSERT INTO flows VALUES (?, ?, ?, ?, ?, ?)').run(i, f.srcIp, f.dstIp, f.srcPort, f.dstPort, f.proto);
      for (const r of records) if (r.kind === 'dns') db.prepare('INSERT INTO dns VALUES (?, ?, ?, ?, ?)').run(i, r.query, r.qtype, r.rcode, r.transactionId);
    }
    const filter = compileStoredFlowFilter(text);
    const built = flowWhere(filter.filter.test);
    const got = new Set(db.prepare(`SELECT f.id AS id FROM flows f WHERE ${built.where}`).all(...built.params).map((row) => Number(row.id)));
    for (const [i, flow] of flows.entries()) {
      const selected = filter.matches(flow);
      if (selected) assert.ok(got.has(i), `${text} lost a flow: ${built.where}`);
      if (built.exact) assert.equal(got.has(i), selected, `${text} is not exact: ${built.where}`);
    }
  }), { numRuns: 600 });
  db.close();
});
