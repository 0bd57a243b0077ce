import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { MAX_SHA1_BYTES, sha1OfBlock } from './sha1.ts';

test('the digest of every length that fits a block is that of the platform', () => {
  for (let length = 0; length <= MAX_SHA1_BYTES; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151 + length * 7) & 255);
    assert.equal(Buffer.from(sha1OfBlock(bytes)).toString('hex'), createHash('sha1').update(bytes).digest('hex'), `${length} bytes`);
  }
});

test('more than a block is refused', () => {
  assert.throws(() => sha1OfBlock(new Uint8Array(MAX_SHA1_BYTES + 1)), RangeError);
});
