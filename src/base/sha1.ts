/** Longest input that fits one block with its padding (RFC 3174 §4). */
export const MAX_SHA1_BYTES = 55;

const words = new Int32Array(80);
const DIGEST_LEN = 20;

/**
 * SHA-1 (RFC 3174) of at most 55 bytes: one block, without a call to the platform, which costs more than the digest.
 *
 * For identifiers that a format prescribes, such as the Community ID of each flow; it protects nothing. Returns a new array.
 */
export function sha1OfBlock(bytes: Uint8Array): Uint8Array {
  if (bytes.length > MAX_SHA1_BYTES) throw new RangeError(`at most ${MAX_SHA1_BYTES} bytes`);
  const w = words;
  w.fill(0, 0, 16);
  for (let i = 0; i < bytes.length; i++) w[i >> 2] |= bytes[i] << (24 - 8 * (i & 3));
  w[bytes.length >> 2] |= 0x80 << (24 - 8 * (bytes.length & 3));
  w[15] = bytes.length * 8;
  for (let t = 16; t < 80; t++) {
    const x = w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16];
    w[t] = (x << 1) | (x >>> 31);
  }
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  let e = 0xc3d2e1f0 | 0;
  for (let t = 0; t < 80; t++) {
    let f: number;
    if (t < 20) f = ((b & c) | (~b & d)) + 0x5a827999;
    else if (t < 40) f = (b ^ c ^ d) + 0x6ed9eba1;
    else if (t < 60) f = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    else f = (b ^ c ^ d) + 0xca62c1d6;
    const next = (((a << 5) | (a >>> 27)) + f + e + w[t]) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  const out = new Uint8Array(DIGEST_LEN);
  put(out, 0, (a + 0x67452301) | 0);
  put(out, 4, (b + 0xefcdab89) | 0);
  put(out, 8, (c + 0x98badcfe) | 0);
  put(out, 12, (d + 0x10325476) | 0);
  put(out, 16, (e + 0xc3d2e1f0) | 0);
  return out;
}

function put(out: Uint8Array, at: number, word: number): void {
  out[at] = word >>> 24;
  out[at + 1] = word >>> 16;
  out[at + 2] = word >>> 8;
  out[at + 3] = word;
}
