import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { nodeHost } from '../pipeline/node-host.ts';
import { canonicalJson, putCanonicalJson } from './canonical-json.ts';
import { TextBytes } from './text-bytes.ts';

test('texts, numbers and addresses come out as they would in a string', () => {
  const out = new TextBytes();
  let want = '';
  for (const text of ['', 'plain', 'Gr\u00fc\u00dfe', '\u{1f600}']) {
    out.put(text, nodeHost);
    want += text;
  }
  for (const n of [0, 7, 10, 99, 100, 12_345, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, -1, 0.5, 1e21]) {
    out.number(n, nodeHost);
    out.byte(32);
    want += `${n} `;
  }
  for (const quad of [[0, 0, 0, 0], [192, 0, 2, 10], [255, 100, 99, 9]]) {
    out.ipv4(Uint8Array.from(quad), 0);
    want += quad.join('.');
  }
  assert.equal(out.text(nodeHost), want);
});

test('JSON in bytes is the same as JSON in a string, whatever the value', () => {
  const out = new TextBytes();
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withNullPrototype: false }), (value) => {
      out.clear();
      putCanonicalJson(out, value, nodeHost);
      assert.equal(out.text(nodeHost), canonicalJson(value));
    }),
    { seed: 11, numRuns: 500 },
  );
});

test('it grows as it is filled', () => {
  const out = new TextBytes();
  const long = 'x'.repeat(10_000);
  for (let i = 0; i < 5; i++) out.jsonString(long, nodeHost);
  assert.equal(out.text(nodeHost), `"${long}"`.repeat(5));
});
