// What the store of records must keep for every table: what was appended comes back equal, whatever the kind, once.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { ProtocolRecord } from '../../src/model/index.ts';
import { analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import { adapters } from '../../src/store/adapters.generated.ts';
import duckdb from '../../src/store/adapters/duckdb.ts';
import { packRecords, unpackRecords } from '../../src/store/column-batch.ts';
import { TABLE_NAMES, TABLES, type TableName } from '../../src/store/telemetry-tables.ts';

const golden = path.resolve(import.meta.dirname, '../golden');
const captures = readdirSync(golden).map((name) => path.join(golden, name, 'input.pcap')).filter((file) => existsSync(file));
const folder = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-stores-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Records of every kind that captures give, by table. */
function records(): Map<TableName, object[]> {
  const out = new Map<TableName, object[]>();
  const keep = (table: TableName, record: object): void => {
    const list = out.get(table) ?? [];
    if (list.length < 300) list.push(record);
    out.set(table, list);
  };
  for (const file of captures) analyzeFileSync(file, { flow: (f) => keep('flows', f), record: (r: ProtocolRecord) => keep(r.kind, r) }, { files: { digests: ['sha256'] } });
  return out;
}

test('every adapter is named after what it is, and opens with its own options', () => {
  assert.deepEqual(adapters.map((a) => a.name).toSorted(), ['duckdb', 'sqlite']);
  for (const adapter of adapters) assert.ok(adapter.title.length > 5 && typeof adapter.open === 'function');
});

test('columns of a table have names of their own, the common head first', () => {
  for (const name of TABLE_NAMES) {
    const names = TABLES[name].map((c) => c.name);
    assert.equal(new Set(names).size, names.length, name);
    assert.ok(names.includes('time'), name);
  }
});

test('records of every kind that a capture gives come back equal, and a batch sent twice is there once', async (t) => {
  const store = await duckdb.open({ folder, memoryBytes: 192 * 2 ** 20, threads: 1, queryDeadlineMs: 20_000 });
  t.after(async () => await store.close());
  const all = records();
  for (const table of ['flows', 'dns', 'http', 'tls', 'dhcp', 'file', 'transaction'] as const) assert.ok((all.get(table)?.length ?? 0) > 0, `no golden capture gives ${table}`);
  let seq = 0;
  for (const [table, rows] of all) {
    seq++;
    const batch = packRecords(table, rows as never);
    await store.append(batch, { epoch: 'contract', seq });
    await store.append(batch, { epoch: 'contract', seq });
    const back: object[] = [];
    for await (const found of store.query({ table, from: 0n, to: 1n << 62n })) back.push(...unpackRecords(found as never));
    const byId = (list: readonly object[]): object[] => list.toSorted((a, b) => ((a as { id: string }).id < (b as { id: string }).id ? -1 : 1));
    assert.deepEqual(byId(back), byId(rows), table);
  }
});
