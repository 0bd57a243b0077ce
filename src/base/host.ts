export type DigestAlgorithm = 'sha256' | 'sha1' | 'md5';

/** A digest in the making; `finish` may be called once. */
export interface Digest {
  update(bytes: Uint8Array, at: number, end: number): void;
  finish(): Uint8Array;
}

/**
 * What pure code needs of the platform, handed in by whoever starts it: digests, inflate, text, byte search.
 *
 * The Node implementation is src/pipeline/node-host.ts; a browser may bring its own.
 */
export interface Host {
  sha256(bytes: Uint8Array): Uint8Array;
  sha1(bytes: Uint8Array): Uint8Array;
  md5(bytes: Uint8Array): Uint8Array;
  /** A digest over bytes that come in pieces. */
  startDigest(algorithm: DigestAlgorithm): Digest;
  /** Inflates gzip, zlib or raw deflate; undefined where the data is damaged. At most `maxBytes` come out (bombs end there). */
  inflate(kind: 'gzip' | 'deflate' | 'raw' | 'br' | 'zstd', bytes: Uint8Array, maxBytes: number): Uint8Array | undefined;
  /** First place of `needle` in `haystack[at..end)`, or -1. */
  indexOf(haystack: Uint8Array, needle: Uint8Array, at: number, end: number): number;
  /** Text of bytes; malformed UTF-8 becomes U+FFFD. */
  utf8(bytes: Uint8Array, at: number, end: number): string;
  /** One character a byte (ISO 8859-1). */
  latin1(bytes: Uint8Array, at: number, end: number): string;
  encodeUtf8(text: string): Uint8Array;
}
