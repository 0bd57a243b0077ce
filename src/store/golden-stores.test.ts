import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import duckdb from './adapters/duckdb.ts';
import { openStateStore } from './adapters/sqlite.ts';
import { verifyAudit } from './audit-chain.ts';
import { packRecords, unpackRecords, type ColumnBatch } from './column-batch.ts';
import type { TableName, TableRecords } from './telemetry-tables.ts';

const GOLDEN = path.resolve(import.meta.dirname, '../../test/golden/stores');
const T = 1_790_000_000_000_000_000n;

function copyOf(t: TestContext, version: string): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-golden-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  cpSync(path.join(GOLDEN, version), dir, { recursive: true });
  // Day files are mostly empty blocks: packed in the repository.
  for (const file of readdirSync(path.join(dir, 'telemetry')).filter((f) => f.endsWith('.gz'))) {
    writeFileSync(path.join(dir, 'telemetry', file.slice(0, -3)), gunzipSync(readFileSync(path.join(dir, 'telemetry', file))));
  }
  return dir;
}

const versions = readdirSync(GOLDEN).filter((f) => /^v\d+$/.test(f));

for (const version of versions) {
  test(`The telemetry that ${version} wrote is read, and takes further records`, async (t) => {
    const store = await duckdb.open({ folder: path.join(copyOf(t, version), 'telemetry'), memoryBytes: 2 ** 27, threads: 1, queryDeadlineMs: 5000 });
    t.after(() => store.close());
    const all = async <N extends TableName>(table: N): Promise<TableRecords[N][]> => {
      const out: TableRecords[N][] = [];
      for await (const batch of store.query({ table, from: 0n, to: 1n << 62n })) out.push(...unpackRecords(batch as ColumnBatch & { table: N }));
      return out;
    };
    const flows = await all('flows');
    assert.deepEqual(flows.map((f) => [f.id, f.srcIp, f.time, f.vlans, f.dstBytes]), [
      ['golden/1.0', '00000000000000000000ffffc0000201', T + 1n, [10], null], ['golden/2.0', '20010db8000000000000000000000001', T + 2n, [10], null],
    ]);
    assert.deepEqual((await all('dns')).map((r) => [r.query, r.answers, r.rtt]), [['host.example.test', ['2001:db8::1'], 1000n]]);
    assert.deepEqual((await all('probe')).map((r) => [r.rttNs, r.measurements]), [[[1000, null], { loss: 0.5 }]]);
    await store.append(packRecords('flows', [{ ...flows[0], firstFrame: 9 }]), { epoch: 'now', seq: 1 });
    assert.equal((await all('flows')).length, 3);
  });

  test(`The state that ${version} wrote is led forward: documents, machine states and the audit chain are whole`, (t) => {
    const store = openStateStore({ file: path.join(copyOf(t, version), 'state.db') });
    t.after(() => store.close());
    assert.deepEqual(store.get('incident', 'i1')?.body, { id: 'i1', openedAt: T, alerts: ['f1'] });
    assert.deepEqual(store.readMachine('alert').get('alerts/f1'), { at: T });
    assert.equal(store.find({ kind: 'user', state: 'active', limit: 10 }).length, 1);
    assert.equal(verifyAudit((from, limit) => store.readAudit(from, limit)).events, 3);
    store.appendAudit({ time: T, actor: 'now', action: 'note', object: 'o4', details: {} });
    assert.equal(verifyAudit((from, limit) => store.readAudit(from, limit)).events, 4);
  });
}

test('There are stores of every version', () => assert.ok(versions.length >= 1));
