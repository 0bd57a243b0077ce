import { createCipheriv, createDecipheriv, createHash, createHmac, hash } from 'node:crypto';
import type { CipherGCMTypes } from 'node:crypto';
import zlib from 'node:zlib';
import type { AeadKind, CipherKind, HashKind, Host } from '../base/host.ts';
import { rc4 } from './rc4.ts';

function digest(algorithm: HashKind, bytes: Uint8Array): Uint8Array {
  return hash(algorithm, bytes, 'buffer');
}

// The Buffers made last: a name is read from the frame's bytes or from where it was put together, thousands of times.
let lastBytes: Uint8Array | undefined;
let last = Buffer.alloc(0);
let beforeBytes: Uint8Array | undefined;
let before = last;

/** A Buffer over the same memory: the fast text and search functions are Buffer's. */
function bufferOver(bytes: Uint8Array): Buffer {
  if (bytes === lastBytes) return last;
  if (bytes === beforeBytes) return before;
  beforeBytes = lastBytes;
  before = last;
  lastBytes = bytes;
  last = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  return last;
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

function open(kind: AeadKind, key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const tagLength = kind.endsWith('ccm8') ? 8 : 16;
  const length = sealed.length - tagLength;
  if (length < 0) return undefined;
  const cipher = kind.replace('ccm8', 'ccm') as CipherGCMTypes;
  try {
    const d = createDecipheriv(cipher, key, nonce, { authTagLength: tagLength });
    d.setAuthTag(sealed.subarray(length));
    d.setAAD(associated, { plaintextLength: length } as never);
    const plain = d.update(sealed.subarray(0, length));
    d.final();
    return plain;
  } catch {
    return undefined; // the tag does not fit, or this OpenSSL lacks the cipher
  }
}

function decipher(kind: CipherKind, key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Uint8Array | undefined {
  // OpenSSL 3 keeps RC4 in its legacy provider, which Node does not load.
  if (kind === 'rc4') return rc4(key, bytes);
  try {
    const d = createDecipheriv(kind, key, kind.endsWith('ecb') ? null : iv);
    d.setAutoPadding(false);
    const plain = d.update(bytes);
    const rest = d.final();
    return rest.length === 0 ? plain : Buffer.concat([plain, rest]);
  } catch {
    return undefined;
  }
}

function aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  const c = createCipheriv(key.length === 16 ? 'aes-128-ecb' : 'aes-256-ecb', key, null);
  c.setAutoPadding(false);
  return c.update(block);
}

/** Node's own implementation of what pure code needs of the platform. */
export const nodeHost: Host = {
  sha256: (bytes) => digest('sha256', bytes),
  sha1: (bytes) => digest('sha1', bytes),
  md5: (bytes) => digest('md5', bytes),
  startDigest(algorithm) {
    const hash = createHash(algorithm);
    return { update: (bytes, at, end) => void hash.update(bytes.subarray(at, end)), finish: () => hash.digest() };
  },
  hmac: (kind, key, bytes) => createHmac(kind, key).update(bytes).digest(),
  digest,
  open,
  decipher,
  aesBlock,
  inflate,
  indexOf(haystack, needle, at, end) {
    const found = bufferOver(haystack).indexOf(needle, at);
    return found < 0 || found + needle.length > end ? -1 : found;
  },
  utf8: (bytes, at, end) => bufferOver(bytes).toString('utf8', at, end),
  latin1: (bytes, at, end) => bufferOver(bytes).toString('latin1', at, end),
  encodeUtf8: (text) => Buffer.from(text, 'utf8'),
};
