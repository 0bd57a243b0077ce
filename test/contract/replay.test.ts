import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { analyzeFileSync } from '../../src/pipeline/analyze-file.ts';
import { IncidentAnalysis } from '../../src/pipeline/analyze-incidents.ts';
import { SignalAnalysis } from '../../src/pipeline/analyze-signals.ts';

const root = path.resolve(import.meta.dirname, '../..');
const file = path.join(root, 'demo/office.pcapng');

/** Everything that a replay makes, as the bytes that would be kept. */
function replay(): string {
  const lines: string[] = [];
  const incidents = new IncidentAnalysis();
  const signals = new SignalAnalysis({}, (signal) => incidents.signal(signal));
  analyzeFileSync(file, {
    flow(flow) {
      lines.push(canonicalJson(flow));
      signals.flow(flow);
    },
    record(record) {
      lines.push(canonicalJson(record));
      signals.record(record);
    },
  });
  signals.finish();
  return [...lines, canonicalJson(signals.signals), canonicalJson(incidents.finish())].join('\n');
}

/** The same in a worker thread: this very file, started as one. */
function replayInWorker(): Promise<string> {
  return new Promise((done, failed) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: 'replay' });
    worker.once('message', done);
    worker.once('error', failed);
  });
}

if (!isMainThread && workerData === 'replay') {
  parentPort?.postMessage(replay());
} else {
  test('a replay gives the same records, signals, alerts, incidents and messages, byte for byte, whatever the number of workers', async () => {
    const once = replay();
    assert.ok(once.includes('"name":"port-scan"') && once.includes('"name":"beacon"') && once.includes('"phase":"triage"'));
    assert.equal(replay(), once);
    const [one, two] = await Promise.all([replayInWorker(), replayInWorker()]);
    assert.equal(one, once);
    assert.equal(two, once);
  });
}
