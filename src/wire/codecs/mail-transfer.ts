// Transfer encodings of mail bodies (RFC 2045 §6), line by line.

/** Takes lines without their ends and gives the bytes that they stand for. */
export interface TransferDecoder {
  line(b: Uint8Array, at: number, end: number): Uint8Array;
}

const SKIP = 255;
const BASE64 = new Uint8Array(256).fill(SKIP);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let i = 0; i < ALPHABET.length; i++) BASE64[ALPHABET.charCodeAt(i)] = i;

/** RFC 2045 §6.8: characters outside the alphabet are skipped, a group may span lines. */
export class Base64Decoder implements TransferDecoder {
  #bits = 0;
  #count = 0;

  line(b: Uint8Array, at: number, end: number): Uint8Array {
    const out = new Uint8Array((((end - at + 4) * 3) >> 2) + 3);
    let n = 0;
    for (let i = at; i < end; i++) {
      if (b[i] === 0x3d) {
        // Padding ends the group; what follows begins anew.
        this.#count = 0;
        continue;
      }
      const v = BASE64[b[i]];
      if (v === SKIP) continue;
      this.#bits = ((this.#bits << 6) | v) & 0xffffff;
      if (++this.#count === 1) continue;
      const shift = 8 - 2 * this.#count;
      // The 2nd, 3rd and 4th character of a group each complete a byte.
      out[n++] = (this.#bits >> (shift < 0 ? 0 : shift)) & 0xff;
      if (this.#count === 4) this.#count = 0;
    }
    return out.subarray(0, n);
  }
}

/** RFC 2045 §6.7: `=XX`, soft line breaks, trailing white space dropped. */
export class QuotedPrintableDecoder implements TransferDecoder {
  line(b: Uint8Array, at: number, end: number): Uint8Array {
    let to = end;
    while (to > at && (b[to - 1] === 0x20 || b[to - 1] === 0x09)) to--;
    const soft = to > at && b[to - 1] === 0x3d;
    if (soft) to--;
    const out = new Uint8Array(to - at + 2);
    let n = 0;
    for (let i = at; i < to; i++) {
      const value = b[i] === 0x3d ? hexPair(b, i + 1, to) : -1;
      if (value >= 0) {
        out[n++] = value;
        i += 2;
      } else out[n++] = b[i];
    }
    if (!soft) {
      out[n++] = 13;
      out[n++] = 10;
    }
    return out.subarray(0, n);
  }
}

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const lower = c | 0x20;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function hexPair(b: Uint8Array, at: number, end: number): number {
  if (at + 2 > end) return -1;
  const high = hexDigit(b[at]);
  const low = hexDigit(b[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}
