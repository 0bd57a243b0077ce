/** First place of `needle` in `haystack[at, end)`, or -1. */
export type ByteSearch = (haystack: Uint8Array, needle: Uint8Array, at: number, end: number) => number;

/**
 * Compiles a search for one needle (Horspool): looks at about one byte in `needle.length`.
 *
 * Built once a filter; the search itself allocates nothing. An empty needle is found nowhere, as in Wireshark.
 */
export function compileSearch(needle: Uint8Array): (haystack: Uint8Array, at: number, end: number) => boolean {
  const n = needle.length;
  if (n === 0) return () => false;
  const lastByte = needle[n - 1];
  const skip = new Uint16Array(256).fill(Math.min(n, 0xffff));
  for (let i = 0; i < n - 1; i++) skip[needle[i]] = Math.min(n - 1 - i, 0xffff);
  return (haystack, at, end) => {
    for (let i = at + n - 1; i < end;) {
      const b = haystack[i];
      if (b === lastByte) {
        let k = n - 2;
        while (k >= 0 && haystack[i - n + 1 + k] === needle[k]) k--;
        if (k < 0) return true;
      }
      i += skip[b];
    }
    return false;
  };
}

/** Search for a needle that is not known before. */
export const searchBytes: ByteSearch = (haystack, needle, at, end) => {
  const n = needle.length;
  if (n === 0) return -1;
  for (let i = at; i + n <= end; i++) {
    let k = 0;
    while (k < n && haystack[i + k] === needle[k]) k++;
    if (k === n) return i;
  }
  return -1;
};

/** One character a byte, for patterns over bytes. */
export function latin1Text(b: Uint8Array, at: number, end: number): string {
  let out = '';
  for (let i = at; i < end; i += 4096) out += String.fromCharCode(...b.subarray(i, Math.min(end, i + 4096)));
  return out;
}
