/** Digests by which files are known. */
export type DigestAlgorithm = Extract<HashKind, 'sha256' | 'sha1' | 'md5'>;

/** A digest in the making; `finish` may be called once. */
export interface Digest {
  update(bytes: Uint8Array, at: number, end: number): void;
  finish(): Uint8Array;
}

/** Hash functions that keys are derived with. */
export type HashKind = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';
/** Ciphers that prove what they decrypt (RFC 5116), with a tag of 16 bytes, or of 8 where the name says so. */
export type AeadKind = 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305' | 'aes-128-ccm' | 'aes-256-ccm' | 'aes-128-ccm8' | 'aes-256-ccm8';
/** Ciphers that decrypt, and prove nothing. */
export type CipherKind = 'aes-128-cbc' | 'aes-256-cbc' | 'des-ede3-cbc' | 'camellia-128-cbc' | 'camellia-256-cbc' | 'aes-128-ecb' | 'aes-256-ecb' | 'aes-128-ctr' | 'chacha20' | 'rc4';

/**
 * What pure code needs of the platform, handed in by whoever starts it: digests, ciphers, inflate, text, byte search.
 *
 * The Node implementation is src/pipeline/node-host.ts; a browser may bring its own.
 */
export interface Host {
  sha256(bytes: Uint8Array): Uint8Array;
  sha1(bytes: Uint8Array): Uint8Array;
  md5(bytes: Uint8Array): Uint8Array;
  /** A digest over bytes that come in pieces. */
  startDigest(algorithm: DigestAlgorithm): Digest;
  hmac(kind: HashKind, key: Uint8Array, bytes: Uint8Array): Uint8Array;
  digest(kind: HashKind, bytes: Uint8Array): Uint8Array;
  /** Decrypts what an AEAD sealed, the tag at its end; undefined where the tag does not fit, or the platform lacks the cipher. */
  open(kind: AeadKind, key: Uint8Array, nonce: Uint8Array, associated: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
  /**
   * Decrypts without proof and without taking padding off; undefined where lengths do not fit or the platform lacks the cipher.
   * `iv`: 16 bytes for AES, 8 for 3DES, none for ECB and RC4, counter and nonce (16 bytes) for ChaCha20.
   */
  decipher(kind: CipherKind, key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Uint8Array | undefined;
  /** Encrypts one block of AES (header protection, RFC 9001 §5.4.3). */
  aesBlock(key: Uint8Array, block: Uint8Array): Uint8Array;
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
