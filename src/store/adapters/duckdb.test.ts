import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseIp, type IpHex } from '../../base/ip.ts';
import type { DatasetId, FlowRecord, RecordId } from '../../model/index.ts';
import { packRecords, unpackRecords, type ColumnBatch } from '../column-batch.ts';
import type { RecordStore, RecordQuery } from '../define-store.ts';
import duckdb from './duckdb.ts';

const NOON = 1_790_000_000n * 1_000_000_000n; // 2026-09-21T13:33:20Z
const HOUR = 3_600_000_000_000n;

function flow(n: number, time: bigint, src: string): FlowRecord {
  return {
    schema: 1, id: `test/${n}.0` as RecordId, dataset: 'test' as DatasetId, sensorId: 's', siteId: 'default', linkId: 'eth0', sampling: 1,
    loss: n % 2 === 0 ? null : 0.25, time, srcIp: parseIp(src)!, dstIp: parseIp('2001:db8::2')!, srcPort: 1024 + n, dstPort: 443, proto: 6,
    service: n % 3 === 0 ? ['tls', 'http'] : [], firstFrame: n, lastFrame: n + 5, end: time + 5n, duration: n % 2 === 0 ? null : 5n,
    connState: 'SF', history: 'ShADadFf', srcBytes: n, dstBytes: null, srcPackets: 3, dstPackets: 3, srcIpBytes: 200, dstIpBytes: 300,
    missedBytes: 0, communityId: '1:abc', vlans: [10, 20], srcMac: null, dstMac: '02:00:00:00:00:01', direction: 'outbound', endReason: 'closed',
  };
}

async function openStore(t: TestContext, folder?: string): Promise<{ store: RecordStore; folder: string }> {
  const dir = folder ?? (await mkdtemp(path.join(os.tmpdir(), 'wirewatch-duckdb-')));
  const store = await duckdb.open({ folder: dir, memoryBytes: 192 * 2 ** 20, threads: 1, queryDeadlineMs: 10_000 });
  t.after(async () => {
    await store.close().catch(() => undefined);
    await rm(dir, { recursive: true, force: true });
  });
  return { store, folder: dir };
}

async function flowsOf(store: RecordStore, query: Partial<RecordQuery> = {}): Promise<FlowRecord[]> {
  const out: FlowRecord[] = [];
  for await (const batch of store.query({ table: 'flows', from: 0n, to: 1n << 62n, ...query })) out.push(...unpackRecords(batch as ColumnBatch & { table: 'flows' }));
  return out;
}

test('Records come back equal to what was appended, of both address families, nulls and lists kept', async (t) => {
  const { store } = await openStore(t);
  const flows = Array.from({ length: 5000 }, (_, i) => flow(i, NOON + BigInt(i), i % 2 === 0 ? '192.0.2.1' : '2001:db8::1'));
  await store.append(packRecords('flows', flows), { epoch: 'e', seq: 1 });
  assert.deepEqual(await flowsOf(store), flows);
});

test('A batch that is sent again after a crash is there once', async (t) => {
  const { store } = await openStore(t);
  const batch = packRecords('flows', [flow(1, NOON, '192.0.2.1')]);
  await store.append(batch, { epoch: 'e', seq: 1 });
  await store.append(batch, { epoch: 'e', seq: 1 });
  await store.append(batch, { epoch: 'other', seq: 1 });
  // A later number does not stand for an earlier one: that one may have failed on a full disk, and comes again.
  await store.append(batch, { epoch: 'e', seq: 3 });
  await store.append(batch, { epoch: 'e', seq: 2 });
  assert.equal((await flowsOf(store)).length, 4);
});

test('A batch over midnight lies in two day files and is read in order in either direction', async (t) => {
  const { store, folder } = await openStore(t);
  const midnight = (NOON / (24n * HOUR)) * 24n * HOUR + 24n * HOUR;
  const flows = [0, 1, 2, 3].map((i) => flow(i, midnight + BigInt(i - 2) * 1_000n, '2001:db8::1'));
  await store.append(packRecords('flows', flows), { epoch: 'e', seq: 1 });
  assert.ok(existsSync(path.join(folder, '2026-09-21.duckdb')) && existsSync(path.join(folder, '2026-09-22.duckdb')));
  assert.deepEqual((await flowsOf(store)).map((f) => f.firstFrame), [0, 1, 2, 3]);
  assert.deepEqual((await flowsOf(store, { order: 'desc', limit: 3 })).map((f) => f.firstFrame), [3, 2, 1]);
  assert.deepEqual((await flowsOf(store, { from: midnight })).map((f) => f.firstFrame), [2, 3]);
});

test('A condition is pushed down, a network being a BETWEEN in either family', async (t) => {
  const { store } = await openStore(t);
  await store.append(packRecords('flows', [flow(1, NOON, '192.0.2.7'), flow(2, NOON, '198.51.100.1'), flow(3, NOON, '2001:db8:1::1')]), { epoch: 'e', seq: 1 });
  const within = (first: string, last: string) => ({ where: { sql: 'src_ip between ? and ?', params: [parseIp(first)!, parseIp(last)!] as IpHex[] } });
  assert.deepEqual((await flowsOf(store, within('192.0.2.0', '192.0.2.255'))).map((f) => f.firstFrame), [1]);
  assert.deepEqual((await flowsOf(store, within('2001:db8:1::', '2001:db8:1::ffff'))).map((f) => f.firstFrame), [3]);
  const withDns = { sql: 'exists (select 1 from dns d where d.flow_id = f.id)', params: [] };
  assert.deepEqual(await flowsOf(store, { where: withDns }), []);
  assert.equal((await store.summarize({ table: 'flows', from: 0n, to: 1n << 62n, where: withDns, groupBy: [], sums: ['src_bytes'], limit: 1 }))[0].rows, 0n);
  assert.deepEqual((await flowsOf(store, { where: { sql: 'list_contains(service, ?)', params: ['tls'] } })).map((f) => f.firstFrame), [3]);
});

test('Summaries add up by column and by time over several days', async (t) => {
  const { store } = await openStore(t);
  await store.append(packRecords('flows', [flow(1, NOON, '192.0.2.1'), flow(2, NOON + 24n * HOUR, '192.0.2.1'), flow(4, NOON, '2001:db8::1')]), { epoch: 'e', seq: 1 });
  const rows = await store.summarize({ table: 'flows', from: 0n, to: 1n << 62n, groupBy: ['src_ip'], sums: ['src_bytes'], orderBy: { column: 'sum_src_bytes', descending: true }, limit: 10 });
  assert.deepEqual(rows.map((r) => [r.src_ip, r.sum_src_bytes, r.rows]), [[parseIp('2001:db8::1'), 4, 1n], [parseIp('192.0.2.1'), 3, 2n]]);
  const buckets = await store.summarize({ table: 'flows', from: 0n, to: 1n << 62n, groupBy: [], sums: [], bucketNs: HOUR, limit: 10 });
  assert.deepEqual(buckets.map((r) => r.rows), [2n, 1n]);
  await assert.rejects(store.summarize({ table: 'flows', from: 0n, to: 1n, groupBy: ['1; drop table flows'], sums: [], limit: 1 }), { code: 'WW_STORE_QUERY' });
});

test('Importing a dataset again replaces it, and it is not seen before it is complete', async (t) => {
  const { store } = await openStore(t);
  const dataset = 'a'.repeat(64);
  for (const n of [3, 1]) {
    await store.beginDataset(dataset);
    await store.appendDataset(dataset, packRecords('flows', Array.from({ length: n }, (_, i) => flow(i, NOON, '192.0.2.1'))));
    if (n === 1) assert.equal((await flowsOf(store, { dataset })).length, 3);
    await store.finishDataset(dataset);
    assert.equal((await flowsOf(store, { dataset })).length, n);
  }
  assert.deepEqual((await store.datasets()).map((d) => d.id), [dataset]);
  assert.equal((await flowsOf(store)).length, 0);
});

test('Expiry drops whole days by age and by size, never today, while a query runs', async (t) => {
  const { store, folder } = await openStore(t);
  for (const day of [0, 1, 2, 3]) await store.append(packRecords('flows', [flow(day, NOON + BigInt(day) * 24n * HOUR, '192.0.2.1')]), { epoch: 'e', seq: day + 1 });
  const now = NOON + 3n * 24n * HOUR;
  const reading = flowsOf(store);
  assert.deepEqual((await store.expire(NOON + 24n * HOUR, 1e12, now)).deletedFiles, ['2026-09-21.duckdb']);
  await reading;
  const second = await store.expire(0n, 1, now);
  assert.deepEqual(second.deletedFiles, ['2026-09-22.duckdb', '2026-09-23.duckdb']);
  assert.ok(second.freedBytes > 0);
  assert.ok(existsSync(path.join(folder, '2026-09-24.duckdb')));
  assert.deepEqual((await flowsOf(store)).map((f) => f.firstFrame), [3]);
});

test('A query that takes longer than its deadline is stopped, and the store goes on', async (t) => {
  const { store } = await openStore(t);
  await store.append(packRecords('flows', Array.from({ length: 4000 }, (_, i) => flow(i, NOON, '192.0.2.1'))), { epoch: 'e', seq: 1 });
  const endless = { sql: '(select count(*) from range(100000000000) r(x) where x % 7 = src_port) > ?', params: [0] };
  await assert.rejects(flowsOf(store, { where: endless, deadlineMs: 200 }), { code: 'WW_STORE_QUERY', message: /longer than 200 ms/ });
  assert.equal((await flowsOf(store, { limit: 1 })).length, 1);
});

test('A query reaches no file outside the folder', async (t) => {
  const { store } = await openStore(t);
  await store.append(packRecords('flows', [flow(1, NOON, '192.0.2.1')]), { epoch: 'e', seq: 1 });
  await assert.rejects(flowsOf(store, { where: { sql: "exists (select * from read_text('/etc/hostname'))", params: [] } }), { code: 'WW_STORE_QUERY' });
});

test('More queries than places wait their turn and all are answered', async (t) => {
  const { store } = await openStore(t);
  await store.append(packRecords('flows', Array.from({ length: 3000 }, (_, i) => flow(i, NOON, '192.0.2.1'))), { epoch: 'e', seq: 1 });
  const counts = await Promise.all(Array.from({ length: 8 }, async () => (await flowsOf(store)).length));
  assert.deepEqual(counts, Array.from({ length: 8 }, () => 3000));
});

test('A file of a newer format is refused and left as it is', async (t) => {
  const { store, folder } = await openStore(t);
  await store.append(packRecords('flows', [flow(1, NOON, '192.0.2.1')]), { epoch: 'e', seq: 1 });
  await store.close();
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(path.join(folder, '2026-09-21.duckdb'));
  const connection = await instance.connect();
  await connection.run('update format set version = 99');
  connection.closeSync();
  instance.closeSync();
  const again = await openStore(t, folder);
  await assert.rejects(flowsOf(again.store), { code: 'WW_STORE_VERSION' });
});

test('A file whose tables have further columns takes appends by name, one that lacks columns gains them', async (t) => {
  const { store, folder } = await openStore(t);
  await store.append(packRecords('flows', [flow(1, NOON, '192.0.2.1')]), { epoch: 'e', seq: 1 });
  await store.close();
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(path.join(folder, '2026-09-21.duckdb'));
  const connection = await instance.connect();
  await connection.run('alter table flows add column from_the_future VARCHAR');
  await connection.run('alter table flows drop column end_reason');
  connection.closeSync();
  instance.closeSync();
  const { store: again } = await openStore(t, folder);
  await again.append(packRecords('flows', [flow(2, NOON, '2001:db8::1')]), { epoch: 'e', seq: 2 });
  assert.deepEqual((await flowsOf(again)).map((f) => [f.firstFrame, f.endReason]), [[1, null], [2, 'closed']]);
});
