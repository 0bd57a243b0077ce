import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { at } from '../../test/support/signals.ts';
import { canonicalJson } from '../base/canonical-json.ts';
import type { EvidenceId } from '../model/index.ts';
import { cleanEvidence, jsonLines, listEvidence, removeEvidence, verifyEvidence, writeEvidence, type EvidencePart } from './evidence-writer.ts';

let root = '';
before(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'ww-evidence-'));
});
after(() => rmSync(root, { recursive: true, force: true }));

const request = (id: string) => ({ id: id as EvidenceId, incidentId: 'inc-1', createdAt: at(70), from: at(-120), to: at(60), sensorId: 'here' });
const part = (name: string, content: EvidencePart['open']): EvidencePart => ({ path: name, kind: 'flows', description: `${name}.`, open: content });

async function* pieces(n: number): AsyncIterable<Uint8Array> {
  for (let i = 0; i < n; i++) yield await Promise.resolve(new Uint8Array(1000).fill(i));
}

const parts: EvidencePart[] = [
  part('packets.pcapng', async () => await Promise.resolve(pieces(50))),
  part('flows.jsonl', async () => await Promise.resolve(jsonLines([{ src: '20010db8000000000000000000000007', time: at(0) }, { src: '00000000000000000000ffffc0000207', time: at(1) }], canonicalJson))),
  part('path-after.json', async () => await Promise.resolve({ missing: 'the trace needs privileges' })),
  part('samples.jsonl', async () => await Promise.reject(new Error('the store does not answer'))),
];

test('a bundle is written whole, read-only, with what is missing and why', async () => {
  const { manifest, manifestSha256, dir } = await writeEvidence(root, request('a1'), parts);
  assert.deepEqual(manifest.files.map((f) => [f.path, f.bytes]).slice(1), [['flows.jsonl', 144], ['packets.pcapng', 50_000]]);
  assert.deepEqual(manifest.missing, ['path-after.json: the trace needs privileges', 'samples.jsonl: the store does not answer']);
  for (const file of readdirSync(dir)) assert.equal(statSync(path.join(dir, file)).mode & 0o777, 0o444, file);
  const verdict = await verifyEvidence(dir, manifestSha256);
  assert.deepEqual([verdict.findings, verdict.manifestAsNoted], [[], true]);
});

test('the digests are those of sha256sum', async () => {
  const { manifest, dir } = await writeEvidence(root, request('a2'), parts);
  for (const file of manifest.files) assert.equal(execFileSync('sha256sum', [path.join(dir, file.path)], { encoding: 'utf8' }).slice(0, 64), file.sha256);
});

test('every file that is altered, taken away, added or replaced by a link is named', async () => {
  const { dir } = await writeEvidence(root, request('a3'), parts);
  chmodSync(path.join(dir, 'packets.pcapng'), 0o644);
  appendFileSync(path.join(dir, 'packets.pcapng'), 'x');
  const flows = readFileSync(path.join(dir, 'flows.jsonl'));
  rmSync(path.join(dir, 'flows.jsonl'));
  writeFileSync(path.join(root, 'same'), flows);
  symlinkSync(path.join(root, 'same'), path.join(dir, 'flows.jsonl'));
  rmSync(path.join(dir, 'README.txt'));
  mkdirSync(path.join(dir, 'more'));
  writeFileSync(path.join(dir, 'more', 'note.txt'), 'planted');
  const { findings } = await verifyEvidence(dir);
  assert.deepEqual(findings.map((f) => `${f.path} ${f.problem}`), ['README.txt missing', 'flows.jsonl altered', 'more/note.txt surplus', 'packets.pcapng altered']);
});

test('a manifest that was changed together with a file is not the one that was noted', async () => {
  const { dir, manifestSha256 } = await writeEvidence(root, request('a4'), parts);
  const file = path.join(dir, 'manifest.json');
  const text = readFileSync(file, 'utf8');
  chmodSync(file, 0o644);
  writeFileSync(file, text.replace('inc-1', 'inc-2'));
  assert.equal((await verifyEvidence(dir, manifestSha256)).manifestAsNoted, false);
  writeFileSync(file, 'nonsense');
  await assert.rejects(verifyEvidence(dir), { code: 'WW_EVIDENCE' });
  await assert.rejects(verifyEvidence(path.join(root, 'nope')), { code: 'WW_EVIDENCE' });
});

test('the same bundle asked for twice is written once', async () => {
  const first = await writeEvidence(root, request('a5'), parts);
  const again = await writeEvidence(root, request('a5'), [part('other', async () => await Promise.resolve(['x']))]);
  assert.deepEqual(again, first);
});

test('what a crash left half written is no bundle, and is taken away', async () => {
  mkdirSync(path.join(root, '.unfinished-a6'));
  writeFileSync(path.join(root, '.unfinished-a6', 'packets.pcapng'), 'half');
  assert.ok(!(await listEvidence(root)).includes('.unfinished-a6'));
  assert.equal(await cleanEvidence(root), 1);
  await writeEvidence(root, request('a6'), parts);
  assert.ok((await listEvidence(root)).includes('a6'));
  await removeEvidence(root, 'a6');
  assert.ok(!existsSync(path.join(root, 'a6')));
});

test('on a full disk the large part is missing and the rest is kept; where nothing fits, the whole is refused and nothing is left', async () => {
  const disk = path.join(root, 'tmpfs');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
  try {
    const large = [part('packets.pcapng', async () => await Promise.resolve(pieces(1000))), parts[1]];
    const { manifest, dir } = await writeEvidence(disk, request('b1'), large);
    assert.deepEqual(manifest.missing, ['packets.pcapng: the disk is full']);
    assert.deepEqual((await verifyEvidence(dir)).findings, []);
    execFileSync('dd', ['if=/dev/zero', `of=${path.join(disk, 'fill')}`, 'bs=4k', 'count=100'], { stdio: 'ignore' });
  } catch (error) {
    if (!String(error).includes('dd')) throw error;
  }
  try {
    await assert.rejects(writeEvidence(disk, request('b2'), parts), { code: 'WW_STORE_FULL' });
    assert.deepEqual(readdirSync(disk).toSorted(), ['b1', 'fill']);
  } finally {
    execFileSync('umount', [disk]);
  }
});
