import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Capturing, type CaptureSettings } from '../app/capturing.ts';
import type { FlowRecord, ProtocolRecord } from '../model/index.ts';
import { unpackRecords, type ColumnBatch } from '../store/column-batch.ts';
import { CaptureFramer } from '../pcap/capture-framer.ts';
import { exportPackets } from './packet-export.ts';
import type { CaptureStatus } from './services.ts';

const root = path.resolve(import.meta.dirname, '../..');
const settings: CaptureSettings = {
  interfaces: [], file: path.join(root, 'demo/office.pcapng'), filter: '', snaplen: 262_144, promiscuous: false, ringBytes: 8 << 20, networks: [],
  packets: { enabled: true, maxBytes: 64 << 20, maxAgeMs: 3_600_000 },
};

test('a capture process turns packets into batches of records, keeps the packets, and shows a live view', { timeout: 60_000 }, async () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-capture-'));
  const flows: FlowRecord[] = [];
  const records: ProtocolRecord[] = [];
  const statuses: CaptureStatus[] = [];
  const capturing = new Capturing({
    dataDir: dir, sensorId: 'test', siteId: 'default', log: () => undefined, now: () => BigInt(Date.now()) * 1_000_000n,
    onBatch: (_link, batch: ColumnBatch) => {
      const rows = unpackRecords(batch as ColumnBatch & { table: 'flows' });
      if (batch.table === 'flows') flows.push(...rows);
      else records.push(...(rows as unknown as ProtocolRecord[]));
    },
    onWatermark: () => undefined, onEnd: () => undefined, onLoss: () => undefined, onStatus: (s) => statuses.push(s), onTraffic: () => undefined,
  });
  const from = BigInt(Date.now()) * 1_000_000n;
  try {
    capturing.start(settings);
    for (let i = 0; i < 100 && !statuses.some((s) => s.state === 'running'); i++) await new Promise((r) => setTimeout(r, 100));
    const tapped: string[] = [];
    const close = capturing.tap('demo', { filter: 'dns.qry.name == "www.example.test"', framesPerSecond: 100, bytesPerSecond: 1 << 20 }, (link, frames) => tapped.push(...frames.map((f) => `${link}:${f.frame}`)), assert.fail);
    const errors: string[] = [];
    capturing.tap('demo', { filter: 'dns.qry.nam', framesPerSecond: 1, bytesPerSecond: 1 }, () => undefined, (m) => errors.push(m));
    for (let i = 0; i < 300 && (tapped.length < 4 || !records.some((r) => r.kind === 'dns') || flows.length === 0); i++) await new Promise((r) => setTimeout(r, 100));
    close();
    assert.ok(tapped.length >= 4, `${tapped.length} frames`);
    assert.match(errors[0], /dns\.qry\.nam/);
    assert.ok(records.some((r) => r.kind === 'dns' && r.query === 'www.example.test'));
    assert.ok(records.some((r) => r.kind === 'tls' && r.ja4 !== null));
    const own = flows.find((f) => f.linkId === 'demo');
    assert.match(String(own?.id), /^test\/demo\/\d+\/\d+\.\d+$/);
    assert.equal(own?.loss, 0);
    await capturing.flush();
    const framer = new CaptureFramer(() => undefined);
    for await (const piece of exportPackets(capturing.stored, from, BigInt(Date.now()) * 1_000_000n, 16 << 20, 'test')) framer.push(piece);
    framer.end();
    assert.equal(framer.damage, undefined);
    assert.ok(framer.packets > 100, `${framer.packets} packets were kept`);
  } finally {
    await capturing.stop();
    rmSync(dir, { recursive: true });
  }
});
