import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { runCli } from '../run-cli.ts';

const main = path.resolve(import.meta.dirname, '../main.ts');

test('the probe stamp measures both ways against a reflector in another process, which counts what it answered', async () => {
  const child = spawn(process.execPath, [main, 'reflect', '--port', '0', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  try {
    const { port } = JSON.parse((await lines.next()).value as string) as { port: number };
    let out = '';
    const terminal = { isTty: false, columns: 100, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (out += t) };
    const code = await runCli(['probe', 'stamp', '127.0.0.1', '-p', String(port), '-c', '20', '--json'], { terminal, env: {}, cwd: process.cwd() });
    const run = JSON.parse(out) as { received: number; measurements: Record<string, number> };
    assert.deepEqual([code, run.received], [0, 20], out);
    // One clock on both ends: each way's delay is a part of the round trip.
    const { forward_seconds: there, backward_seconds: back, rtt_max_seconds: rtt } = run.measurements;
    assert.ok(there > -1e-4 && back > -1e-4 && there < 1 && back < 1 && rtt > 0, out);
    const gone = once(child, 'exit');
    child.kill('SIGINT');
    assert.deepEqual(JSON.parse((await lines.next()).value as string), { reflected: 20, refused: 0 });
    await gone;
  } finally {
    child.kill('SIGKILL');
  }
});
