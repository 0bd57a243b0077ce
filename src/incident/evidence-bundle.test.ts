import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestHost } from '../../test/support/digest-host.ts';
import { at } from '../../test/support/signals.ts';
import type { EvidenceFile, EvidenceId } from '../model/index.ts';
import { buildManifest, compareBundle, evidenceIdOf, manifestText, parseManifest, readmeText, type FoundFile } from './evidence-bundle.ts';

const request = { id: 'ev1' as EvidenceId, incidentId: 'inc-1', createdAt: at(70), from: at(-120), to: at(60), sensorId: 'here' };
const file = (path: string, sha256 = 'a'.repeat(64), bytes = 3): EvidenceFile => ({ path, bytes, sha256, kind: 'flows', description: 'Flows.' });
const found = (f: EvidenceFile): FoundFile => f;
const manifest = buildManifest(request, [file('samples.jsonl'), file('flows.jsonl', 'b'.repeat(64))], ['packets: no capture was running']);

test('a manifest reads back as it was written, whatever the order of its files', () => {
  assert.deepEqual(parseManifest(manifestText(manifest), 'x'), manifest);
  assert.equal(manifestText(buildManifest(request, [...manifest.files].toReversed(), manifest.missing)), manifestText(manifest));
});

test('paths that leave the bundle, hide in it, or come twice are not built', () => {
  for (const path of ['../x', '/etc/passwd', 'a//b', '.hidden', 'a/../b', 'manifest.json', '']) assert.throws(() => buildManifest(request, [file(path)], []));
  assert.throws(() => buildManifest(request, [file('a'), file('a')], []));
});

test('a manifest that is damaged, newer, or names a path outside is refused', () => {
  const text = manifestText(manifest);
  for (const bad of ['', '{', text.replace('"schema":1', '"schema":2'), text.replace('flows.jsonl', '../flows.jsonl'), text.replace(/"from":"\d+"/, '"from":"x"'), text.replace('a'.repeat(64), 'a')]) {
    assert.throws(() => parseManifest(bad, 'x'), { code: 'WW_EVIDENCE' });
  }
});

test('each file that was altered, taken away or added is named', () => {
  assert.deepEqual(compareBundle(manifest, manifest.files.map(found)), []);
  const [flows, samples] = manifest.files;
  assert.deepEqual(compareBundle(manifest, [{ ...flows, sha256: 'c'.repeat(64) }, { path: 'zzz', bytes: 1, sha256: null }]), [
    { path: 'flows.jsonl', problem: 'altered' }, { path: 'samples.jsonl', problem: 'missing' }, { path: 'zzz', problem: 'surplus' },
  ]);
  assert.deepEqual(compareBundle(manifest, [flows, { ...samples, bytes: 4 }]), [{ path: 'samples.jsonl', problem: 'altered' }]);
});

test('the readme says what is in it and what could not be had', () => {
  const text = readmeText(request, manifest.files, manifest.missing);
  assert.match(text, /flows\.jsonl {2}3 bytes {2}Flows\./);
  assert.match(text, /Could not be had:\n {2}packets: no capture was running/);
  assert.match(readmeText(request, [], []), /Nothing was missing/);
});

test('the same freeze has the same id, another window another', () => {
  const id = evidenceIdOf('inc-1', 'f', at(0), at(1), digestHost);
  assert.equal(id, evidenceIdOf('inc-1', 'f', at(0), at(1), digestHost));
  assert.notEqual(id, evidenceIdOf('inc-1', 'f', at(0), at(2), digestHost));
});
