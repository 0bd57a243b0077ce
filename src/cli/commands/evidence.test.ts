import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { at } from '../../../test/support/signals.ts';
import type { EvidenceId } from '../../model/index.ts';
import { writeEvidence } from '../../pipeline/evidence-writer.ts';
import { runCli } from '../run-cli.ts';

let dataDir = '';
before(() => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'ww-evidence-cli-'));
});
after(() => rmSync(dataDir, { recursive: true, force: true }));

async function wirewatch(...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const add = (text: string): void => void (out += text);
  const terminal = { isTty: false, columns: 80, colour: false, out: add, err: add };
  const code = await runCli(['--data', dataDir, ...args], { terminal, env: {}, cwd: dataDir });
  return { code, out };
}

const bundle = async (id: string) => await writeEvidence(path.join(dataDir, 'evidence'), { id: id as EvidenceId, incidentId: 'inc-1', createdAt: at(1), from: at(0), to: at(1), sensorId: 'here' },
  [{ path: 'flows.jsonl', kind: 'flows', description: 'Flows.', open: async () => await Promise.resolve(['{"src":"2001:db8::7"}\n']) }]);

test('whole bundles verify; what was altered or planted is named, with exit code 1', async () => {
  const whole = await bundle('aaaa1111');
  const { dir } = await bundle('bbbb2222');
  assert.equal((await wirewatch('evidence', 'verify')).code, 0);
  assert.equal((await wirewatch('evidence', 'verify', 'aaaa', '--manifest-sha256', whole.manifestSha256)).code, 0);
  assert.equal((await wirewatch('evidence', 'verify', 'aaaa', '--manifest-sha256', '0'.repeat(64))).code, 1);
  chmodSync(path.join(dir, 'flows.jsonl'), 0o644);
  appendFileSync(path.join(dir, 'flows.jsonl'), ' ');
  writeFileSync(path.join(dir, 'planted'), '');
  const all = await wirewatch('evidence', 'verify');
  assert.equal(all.code, 1);
  assert.match(all.out, /aaaa1111: 2 files, all as the manifest says[^]*bbbb2222: DAMAGED[^]*altered: flows\.jsonl\n {2}surplus: planted/);
  const json = JSON.parse((await wirewatch('evidence', 'verify', dir, '--json')).out) as { ok: boolean; findings: unknown[] }[];
  assert.deepEqual(json.map((v) => [v.ok, v.findings.length]), [[false, 2]]);
});

test('bundles are listed and shown, and a wrong id is answered with the nearest', async () => {
  assert.match((await wirewatch('evidence', 'list')).out, /aaaa1111 {2}2026-01-01T00:00:01Z {2}incident inc-1 {2}2 files/);
  assert.match((await wirewatch('evidence', 'show', 'aaaa')).out, /Manifest SHA-256 [0-9a-f]{64}\n {2}[0-9a-f]{64} +\d+ {2}README\.txt/);
  const wrong = await wirewatch('evidence', 'show', 'aaab1111');
  assert.deepEqual([wrong.code, wrong.out.includes('did you mean aaaa1111?')], [1, true]);
});
