const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes of base64 text (RFC 4648 §4), padding optional; undefined where a character is not of the alphabet. */
export function fromBase64(text: string): Uint8Array | undefined {
  let end = text.length;
  while (end > 0 && text[end - 1] === '=') end--;
  const out = new Uint8Array((end * 3) >> 2);
  let bits = 0;
  let have = 0;
  let n = 0;
  for (let i = 0; i < end; i++) {
    const v = ALPHABET.indexOf(text[i]);
    if (v < 0) return undefined;
    bits = ((bits << 6) | v) & 0xffffff;
    have += 6;
    if (have >= 8) {
      have -= 8;
      out[n++] = (bits >> have) & 0xff;
    }
  }
  return out;
}
