import { hash } from 'node:crypto';
import zlib from 'node:zlib';
import type { Host } from '../base/host.ts';

function digest(algorithm: 'sha256' | 'sha1' | 'md5', bytes: Uint8Array): Uint8Array {
  return hash(algorithm, bytes, 'buffer');
}

/** A Buffer over the same memory: the fast text and search functions are Buffer's. */
function bufferOver(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Inflates what is there: a stream that was cut gives the bytes up to the cut, as a cut capture or transfer must. */
function inflate(kind: 'gzip' | 'deflate' | 'raw' | 'br' | 'zstd', bytes: Uint8Array, maxBytes: number): Uint8Array | undefined {
  const partial = { finishFlush: zlib.constants.Z_SYNC_FLUSH, maxOutputLength: maxBytes };
  try {
    switch (kind) {
      case 'gzip':
        return zlib.gunzipSync(bytes, partial);
      case 'deflate':
        return zlib.inflateSync(bytes, partial);
      case 'raw':
        return zlib.inflateRawSync(bytes, partial);
      case 'br':
        return zlib.brotliDecompressSync(bytes, { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH, maxOutputLength: maxBytes });
      case 'zstd':
        return zlib.zstdDecompressSync(bytes, { maxOutputLength: maxBytes });
    }
  } catch {
    return undefined; // damaged, or a bomb beyond maxBytes
  }
}

/** Node's own implementation of what pure code needs of the platform. */
export const nodeHost: Host = {
  sha256: (bytes) => digest('sha256', bytes),
  sha1: (bytes) => digest('sha1', bytes),
  md5: (bytes) => digest('md5', bytes),
  inflate,
  indexOf(haystack, needle, at, end) {
    const found = bufferOver(haystack).indexOf(needle, at);
    return found < 0 || found + needle.length > end ? -1 : found;
  },
  utf8: (bytes, at, end) => bufferOver(bytes).toString('utf8', at, end),
  latin1: (bytes, at, end) => bufferOver(bytes).toString('latin1', at, end),
  encodeUtf8: (text) => Buffer.from(text, 'utf8'),
};
