import assert from 'node:assert/strict';
import test from 'node:test';
import zlib from 'node:zlib';
import { toHex } from '../base/bytes.ts';
import { nodeHost } from './node-host.ts';

const bytes = (text: string): Uint8Array => nodeHost.encodeUtf8(text);

test('the digests are those of the published test vector "abc"', () => {
  assert.equal(toHex(nodeHost.md5(bytes('abc'))), '900150983cd24fb0d6963f7d28e17f72');
  assert.equal(toHex(nodeHost.sha1(bytes('abc'))), 'a9993e364706816aba3e25717850c26c9cd0d89d');
  assert.equal(toHex(nodeHost.sha256(bytes('abc'))), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('every compression is undone, damage is undefined, and a bomb ends at the limit', () => {
  const text = 'wirewatch '.repeat(1000);
  const packed = {
    gzip: zlib.gzipSync(text), deflate: zlib.deflateSync(text), raw: zlib.deflateRawSync(text),
    br: zlib.brotliCompressSync(text), zstd: zlib.zstdCompressSync(text),
  };
  for (const kind of Object.keys(packed) as (keyof typeof packed)[]) {
    const out = nodeHost.inflate(kind, packed[kind], 1 << 20);
    assert.equal(out === undefined ? undefined : nodeHost.utf8(out, 0, out.length), text, kind);
    assert.equal(nodeHost.inflate(kind, packed[kind], 100), undefined, `${kind} beyond its limit`);
    assert.equal(nodeHost.inflate(kind, bytes('\u0007not compressed at all'), 1 << 20), undefined, `${kind} damaged`);
  }
});

test('a gzip stream that was cut gives the bytes before the cut', () => {
  const text = Array.from({ length: 5000 }, (_, i) => `line ${i}\n`).join('');
  const out = nodeHost.inflate('gzip', zlib.gzipSync(text).subarray(0, 4000), 1 << 20);
  assert.ok(out !== undefined && out.length > 100);
  assert.ok(text.startsWith(nodeHost.utf8(out, 0, out.length)));
});

test('a needle is found only where it ends before the end', () => {
  const hay = bytes('aaa needle bbb');
  assert.equal(nodeHost.indexOf(hay, bytes('needle'), 0, hay.length), 4);
  assert.equal(nodeHost.indexOf(hay, bytes('needle'), 0, 9), -1);
  assert.equal(nodeHost.indexOf(hay, bytes('needle'), 5, hay.length), -1);
});
