import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { generateLarge, generateSmall } from '../../scripts/captures/bench-generated.ts';

const run = promisify(execFile);
const CHILD = path.join(import.meta.dirname, '../support/count-collections.ts');

/** Collections while a capture's packets are counted into flows a second time in one process, and how many packets that were. */
async function collections(file: string): Promise<{ packets: number; collections: number }> {
  const { stdout } = await run(process.execPath, ['--expose-gc', CHILD, file], { timeout: 120_000 });
  return JSON.parse(stdout) as { packets: number; collections: number };
}

test('a million packets of flow accounting cause no garbage collection', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'wirewatch-no-gc-'));
  try {
    const small = path.join(dir, 'small.pcap');
    generateSmall(small, 1_000_000);
    const floods = await collections(small);
    assert.ok(floods.packets >= 1_000_000);
    assert.equal(floods.collections, 0, 'small packets, IPv4 and IPv6');
    const large = path.join(dir, 'large.pcap');
    generateLarge(large, 60);
    const downloads = await collections(large);
    assert.ok(downloads.packets > 50_000);
    assert.equal(downloads.collections, 0, 'large packets, IPv4 and IPv6');
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
