import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { flowRecord, T0 } from '../../../test/support/records.ts';
import { parseIp } from '../../base/ip.ts';
import type { DnsRecord, FlowRecord, RecordId } from '../../model/index.ts';
import { StoreClient } from '../../pipeline/store-client.ts';
import { packRecords } from '../../store/column-batch.ts';
import { filterService, flowService, recordService } from './record-services.ts';

let dir = '';
let telemetry: StoreClient;
const deps = () => ({ telemetry, packetFields: () => [], checkPacketFilter: () => undefined, packetsOf: async () => [] });

const flowOf = (n: number, src: string, port: number): FlowRecord => ({
  ...flowRecord(1), id: `d/${n}.0` as RecordId, time: T0 + BigInt(Math.floor(n / 3)), srcIp: parseIp(src)!, dstIp: parseIp('2001:db8::53')!, srcPort: 5000 + n, dstPort: port,
  proto: 17, service: port === 53 ? ['dns'] : [], firstFrame: n, lastFrame: n,
});
const dnsOf = (flow: FlowRecord, query: string): DnsRecord => ({
  schema: 1, kind: 'dns', id: `${flow.id}x` as RecordId, dataset: flow.dataset, sensorId: 's', siteId: 'd', linkId: 'l', sampling: 1, loss: null, time: flow.time, flowId: flow.id,
  srcIp: flow.srcIp, dstIp: flow.dstIp, srcPort: flow.srcPort, dstPort: flow.dstPort, proto: 17, firstFrame: flow.firstFrame, lastFrame: flow.lastFrame, transactionId: 1, query,
  qtype: 1, qclass: 1, rcode: 0, authoritative: false, truncated: false, recursionDesired: true, recursionAvailable: true, answers: [], answerTypes: [], ttls: [], addresses: [],
  rtt: null, queryFrame: flow.firstFrame, responseFrame: null, queryBytes: 20, responseBytes: 0,
});

before(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'wirewatch-services-'));
  telemetry = new StoreClient({ folder: dir, memoryBytes: 2 ** 27, threads: 1, queryDeadlineMs: 10_000, epoch: 'test', log: () => undefined });
  telemetry.start();
  const flows = Array.from({ length: 100 }, (_, n) => flowOf(n, n % 2 === 0 ? '192.0.2.1' : '2001:db8::1', n % 10 === 0 ? 53 : 443));
  telemetry.enqueue(packRecords('flows', flows));
  telemetry.enqueue(packRecords('dns', flows.filter((f) => f.dstPort === 53).map((f, i) => dnsOf(f, i % 2 === 0 ? 'www.example.test' : 'mail.example.test'))));
  await telemetry.flush();
});
after(async () => {
  await telemetry.stop();
  await rm(dir, { recursive: true, force: true });
});

async function all(filter: string, limit: number): Promise<number[]> {
  const frames: number[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await flowService(deps()).search({ filter, from: null, to: null, limit, cursor });
    frames.push(...page.rows.map((f) => f.firstFrame));
    if (page.cursor === null) return frames;
    assert.equal(page.rows.length, limit);
    cursor = page.cursor;
  }
}

test('Pages run from new to old, without a gap or a repeat where times are equal', async () => {
  const frames = await all('', 7);
  assert.equal(frames.length, 100);
  assert.equal(new Set(frames).size, 100);
  assert.equal(Math.floor(frames[0] / 3), 33);
});

test('A display filter finds flows by address, port and what their transactions remember, page by page', async () => {
  assert.equal((await all('ip.src == 192.0.2.1', 20)).length, 50);
  assert.equal((await all('ipv6.src == 2001:db8::1 && udp.dstport == 443', 20)).length, 50);
  assert.deepEqual((await all('dns.qry.name contains "mail"', 2)).sort((a, b) => a - b), [10, 30, 50, 70, 90]);
  assert.equal((await all('udp.port == 53 && dns.qry.name == "www.example.test"', 3)).length, 5);
});

test('A flow is had by its id, and one that is not there is told', async () => {
  assert.equal((await flowService(deps()).get('d/42.0')).firstFrame, 42);
  await assert.rejects(flowService(deps()).get('d/none'), { code: 'WW_NOT_FOUND' });
});

test('Transactions are searched by the same language', async () => {
  const page = await recordService(deps()).search('dns', { filter: 'dns.qry.name == "mail.example.test"', from: null, to: null, limit: 3, cursor: null });
  assert.equal(page.rows.length, 3);
  assert.ok(page.cursor !== null);
});

test('A filter that does not compile is told with its caret, a field that is not kept with what is', async () => {
  const bad = await filterService(deps()).check('flows', 'udp.prt == 53');
  assert.equal(bad.error?.code, 'WW_FILTER_FIELD');
  assert.match(bad.error?.where ?? '', /\^/);
  assert.deepEqual(await filterService(deps()).check('flows', 'udp.port == 53'), { ok: true, error: null });
  await assert.rejects(all('udp.prt == 53', 5), { code: 'WW_FILTER_FIELD' });
});
