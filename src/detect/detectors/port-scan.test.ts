import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DATASET, flowRecord, ip, testHost } from '../../../test/support/records.ts';
import { Networks, type FlowRecord, type Signal } from '../../model/index.ts';
import { DetectionEngine } from '../engine.ts';
import { portScan } from './port-scan.ts';

function run(flows: readonly FlowRecord[], options: object = {}): Signal[] {
  const signals: Signal[] = [];
  const engine = new DetectionEngine({ detectors: [portScan], options: { 'port-scan': options }, networks: new Networks(), host: testHost }, (s) => signals.push(s));
  for (const flow of flows) engine.onFlow(flow);
  return signals;
}

const families = [
  { name: 'IPv4', src: '10.0.0.9', dst: '10.0.0.20', host: (i: number) => `10.0.1.${i}`, filter: 'ip' },
  { name: 'IPv6', src: '2001:db8::9', dst: '2001:db8::20', host: (i: number) => `2001:db8:1::${i.toString(16)}`, filter: 'ipv6' },
];

for (const f of families) {
  const refused = (i: number): FlowRecord =>
    flowRecord(i * 0.01, { srcIp: ip(f.src), dstIp: ip(f.dst), dstPort: 100 + i, connState: 'REJ', srcBytes: 0, dstBytes: 0, direction: 'internal' });

  test(`twenty refused ports of one host are one vertical scan (${f.name})`, () => {
    const signals = run(Array.from({ length: 60 }, (_, i) => refused(i)));
    assert.equal(signals.length, 1);
    const [s] = signals;
    assert.deepEqual(s.labels, { alertname: 'port-scan', scan: 'vertical', src: f.src, proto: 'tcp', dst: f.dst });
    assert.deepEqual(s.techniques, ['T1046']);
    assert.equal(s.evidence[0].ids.length, 20);
    assert.equal(s.evidence[0].dataset, DATASET);
    assert.equal(s.evidence[0].filter, `${f.filter}.addr == ${f.src} && ${f.filter}.addr == ${f.dst} && tcp`);
    assert.equal(s.loss, null);
    assert.ok(s.confidence > 0.9);
  });

  test(`silence on one port of twenty hosts is one horizontal scan (${f.name})`, () => {
    const flows = Array.from({ length: 40 }, (_, i) =>
      flowRecord(i, { srcIp: ip(f.src), dstIp: ip(f.host(i + 1)), dstPort: 445, connState: 'S0', srcBytes: 0, dstBytes: 0, dstPackets: 0, direction: 'internal' }));
    const signals = run(flows);
    assert.equal(signals.length, 1);
    assert.deepEqual(signals[0].labels, { alertname: 'port-scan', scan: 'horizontal', src: f.src, proto: 'tcp', dst_port: '445' });
  });
}

test('a half-open scan counts its open ports as attempts too', () => {
  const flows = Array.from({ length: 20 }, (_, i) => flowRecord(i, { dstPort: 1000 + i, connState: 'RSTO', srcBytes: 0, dstBytes: 0 }));
  assert.equal(run(flows).length, 1);
});

test('a client whose attempts mostly succeed does not scan', () => {
  const flows = Array.from({ length: 200 }, (_, i) =>
    flowRecord(i, { dstPort: 2000 + i, ...(i % 5 === 0 ? { connState: 'REJ' as const, srcBytes: 0, dstBytes: 0 } : {}) }));
  assert.deepEqual(run(flows), []);
});

test('attempts older than the window do not add up', () => {
  const flows = Array.from({ length: 40 }, (_, i) => flowRecord(i * 600, { dstPort: 3000 + i, connState: 'S0', srcBytes: 0, dstBytes: 0, dstPackets: 0 }));
  assert.deepEqual(run(flows), []);
});

test('answers from a name server are no scan of the client', () => {
  const flows = Array.from({ length: 100 }, (_, i) =>
    flowRecord(i, { proto: 17, srcIp: ip('10.0.0.2'), dstIp: ip('10.0.0.9'), srcPort: 53, dstPort: 40_000 + i, connState: 'S0', dstPackets: 0, direction: 'internal' }));
  assert.deepEqual(run(flows), []);
});
