import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { packRecords } from '../store/column-batch.ts';
import type { AnomalyRecord } from '../model/index.ts';
import { parseIp } from '../base/ip.ts';
import { StoreClient } from './store-client.ts';

const TIME = 1_790_000_000_000_000_000n;

function records(from: number, count: number): AnomalyRecord[] {
  return Array.from({ length: count }, (_, i) => ({
    schema: 1, kind: 'anomaly', id: `t/${from + i}.0`, dataset: 't', sensorId: 's', siteId: 'd', linkId: 'l', sampling: 1, loss: null, time: TIME + BigInt(from + i),
    flowId: 't/1.0', srcIp: parseIp(i % 2 === 0 ? '192.0.2.1' : '2001:db8::1'), dstIp: parseIp('2001:db8::2'), srcPort: 1, dstPort: 2, proto: 6,
    firstFrame: from + i, lastFrame: from + i, name: 'odd', count: 1,
  }) as unknown as AnomalyRecord);
}

function createStore(t: TestContext, folder: string, log: string[], maxBacklogRows?: number): StoreClient {
  const store = new StoreClient({
    folder, memoryBytes: 128 * 2 ** 20, threads: 1, queryDeadlineMs: 10_000, epoch: String(process.hrtime.bigint()),
    ...(maxBacklogRows === undefined ? {} : { maxBacklogRows }),
    log: (level, text) => log.push(`${level} ${text}`),
  });
  t.after(() => store.stop());
  return store;
}

async function framesOf(store: StoreClient): Promise<number[]> {
  const frames: number[] = [];
  for await (const batch of store.query({ table: 'anomaly', from: 0n, to: 1n << 62n })) frames.push(...(batch.columns.first_frame as number[]));
  return frames;
}

test('kill -9 of the store process loses no record that was handed in, and writes none twice', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'wirewatch-store-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const log: string[] = [];
  const store = createStore(t, folder, log);
  store.start();
  for (let i = 0; i < 60; i++) {
    assert.ok(store.enqueue(packRecords('anomaly', records(i * 500, 500))));
    if (i === 15 || i === 35) process.kill(store.pid!, 'SIGKILL');
    await wait(20);
  }
  await store.flush();
  const frames = await framesOf(store);
  assert.equal(frames.length, 30_000);
  assert.deepEqual(frames, Array.from({ length: 30_000 }, (_, i) => i));
  assert.equal(store.state.restarts, 2);
  assert.equal(log.filter((l) => l.includes('SIGKILL')).length, 2);
});

test('A query whose store process dies is answered with an error, and the next one works', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'wirewatch-store-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const store = createStore(t, folder, []);
  store.start();
  store.enqueue(packRecords('anomaly', records(0, 6000)));
  await store.flush();
  const iterator = store.query({ table: 'anomaly', from: 0n, to: 1n << 62n })[Symbol.asyncIterator]();
  await iterator.next();
  process.kill(store.pid!, 'SIGKILL');
  await assert.rejects((async () => {
    for (;;) if ((await iterator.next()).done === true) return;
  })(), { code: 'WW_STORE_QUERY' });
  await wait(50);
  assert.equal((await framesOf(store)).length, 6000);
});

test('A full disk is said, rows beyond the backlog are dropped and counted, and writing goes on when there is room', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'wirewatch-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', folder]);
  const log: string[] = [];
  const store = createStore(t, folder, log, 20_000);
  t.after(async () => {
    await store.stop();
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true, force: true });
  });
  store.start();
  execFileSync('dd', ['if=/dev/zero', `of=${folder}/ballast`, 'bs=1024', 'count=4500'], { stdio: 'ignore' });
  let sent = 0;
  for (let i = 0; i < 200 && store.state.dropped.disk_full === 0; i++) {
    store.enqueue(packRecords('anomaly', records(sent, 2000)));
    sent += 2000;
    await wait(15);
  }
  assert.ok(store.state.dropped.disk_full > 0, `never full after ${sent} rows: ${JSON.stringify(store.state)}`);
  assert.ok(log.some((l) => l.includes('disk under the telemetry store is full')), log.join('\n'));
  await rm(path.join(folder, 'ballast'));
  await store.flush();
  const { dropped } = store.state;
  assert.equal((await framesOf(store)).length, sent - dropped.disk_full - dropped.backlog - dropped.refused);
  assert.equal(dropped.refused, 0);
});
