import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { generateLarge, generateSmall } from '../../scripts/captures/bench-generated.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import { analyzeFile, analyzeFileSync, type FileAnalysis } from './analyze-file.ts';

let dir = '';
before(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'wirewatch-analyze-'));
  generateLarge(path.join(dir, 'large.pcap'), 4);
  generateSmall(path.join(dir, 'small.pcap'), 5000);
});
after(() => rm(dir, { recursive: true, force: true }));

function linesOf(file: string): { text: string; analysis: FileAnalysis } {
  let text = '';
  const analysis = analyzeFileSync(file, {
    flow: (flow) => void (text += `${canonicalJson(flow)}\n`),
    record: (record) => void (text += `${canonicalJson(record)}\n`),
  });
  return { text, analysis };
}

/** The same in a worker thread, as files are read beside a running program. */
function linesInWorker(file: string): Promise<string> {
  const source = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { analyzeFileSync } = await import(workerData.analyze);
    const { canonicalJson } = await import(workerData.json);
    let text = '';
    const add = (r) => void (text += canonicalJson(r) + '\\n');
    analyzeFileSync(workerData.file, { flow: add, record: add });
    parentPort.postMessage(text);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { file, analyze: new URL('./analyze-file.ts', import.meta.url).href, json: new URL('../base/canonical-json.ts', import.meta.url).href },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

test('the same capture twice gives the same records, byte for byte, in this thread and in several workers', async () => {
  for (const name of ['large.pcap', 'small.pcap']) {
    const file = path.join(dir, name);
    const first = linesOf(file);
    assert.equal(linesOf(file).text, first.text);
    const workers = await Promise.all([linesInWorker(file), linesInWorker(file)]);
    for (const text of workers) assert.equal(text, first.text);
    let streamed = '';
    const add = (r: unknown): void => void (streamed += `${canonicalJson(r)}\n`);
    await analyzeFile(file, { flow: add, record: add });
    assert.equal(streamed, first.text);
  }
});

test('every id is there once, and every protocol record names a flow of the file', () => {
  for (const name of ['large.pcap', 'small.pcap']) {
    const { text, analysis } = linesOf(path.join(dir, name));
    const rows = text.trim().split('\n').map((line) => JSON.parse(line) as { id: string; flowId?: string });
    assert.equal(new Set(rows.map((r) => r.id)).size, rows.length);
    const flows = new Set(rows.filter((r) => r.flowId === undefined).map((r) => r.id));
    assert.equal(flows.size, analysis.flows);
    assert.equal(rows.length - flows.size, analysis.records);
    for (const r of rows) if (r.flowId !== undefined) assert.ok(flows.has(r.flowId));
    assert.ok(analysis.records > 0, 'sessions read the payload');
  }
});

test('only flows with a chosen packet are written where packets are chosen', () => {
  const file = path.join(dir, 'small.pcap');
  let frame = 0;
  const flows: number[] = [];
  analyzeFileSync(file, { flow: (f) => flows.push(f.firstFrame), record: () => {} }, { select: () => ++frame === 1 });
  assert.deepEqual(flows, [1]);
});
