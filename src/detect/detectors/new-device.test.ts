import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowRecord, ip, testHost } from '../../../test/support/records.ts';
import { Networks, type FlowRecord, type Signal } from '../../model/index.ts';
import { DetectionEngine } from '../engine.ts';
import { newDevice } from './new-device.ts';

function engineWith(signals: Signal[], options: object = { learnSeconds: 3600 }): DetectionEngine {
  return new DetectionEngine({ detectors: [newDevice], options: { 'new-device': options }, networks: new Networks(), host: testHost }, (s) => signals.push(s));
}

const from = (second: number, mac: string, src = '10.1.2.3'): FlowRecord => flowRecord(second, { srcMac: mac, srcIp: ip(src) });

test('devices of the learning time are known, a later one is reported once', () => {
  const signals: Signal[] = [];
  const engine = engineWith(signals);
  for (const flow of [from(0, '00:11:22:33:44:01'), from(60, '00:11:22:33:44:02'), from(7200, '00:11:22:33:44:01'), from(7201, '00:11:22:33:44:03'), from(7300, '00:11:22:33:44:03')]) engine.onFlow(flow);
  assert.deepEqual(signals.map((s) => s.labels), [{ alertname: 'new-device', mac: '00:11:22:33:44:03' }]);
  assert.equal(signals[0].evidence[0].filter, 'eth.addr == 00:11:22:33:44:03');
  assert.equal(signals[0].severity, 'warning');
});

test('a device with IPv6 only is seen too', () => {
  const signals: Signal[] = [];
  const engine = engineWith(signals);
  engine.onFlow(from(0, '00:11:22:33:44:01', 'fd00::1'));
  engine.onFlow(from(7201, '00:11:22:33:44:09', 'fd00::9'));
  assert.equal(signals.length, 1);
});

test('an address that the device made up is reported with less weight', () => {
  const signals: Signal[] = [];
  const engine = engineWith(signals);
  engine.onFlow(from(0, '00:11:22:33:44:01'));
  engine.onFlow(from(7201, '06:11:22:33:44:09'));
  assert.equal(signals[0].severity, 'info');
});

test('what was learnt survives a restart, an unknown snapshot does not count', () => {
  const engine = engineWith([]);
  engine.onFlow(from(0, '00:11:22:33:44:01'));
  const snapshot = JSON.parse(JSON.stringify(engine.snapshot())) as Record<string, unknown>;
  const signals: Signal[] = [];
  const next = engineWith(signals);
  assert.deepEqual(next.restore(snapshot), []);
  next.onFlow(from(7201, '00:11:22:33:44:01'));
  assert.deepEqual(signals, []);
  assert.deepEqual(engineWith([]).restore({ 'new-device': { version: 99 } }), ['new-device']);
});
