const LF = 10;

/** Longest chunk-size line: 16 hex digits and an extension. */
const MAX_LINE = 4096;

// Verdicts of `scanChunks`.
export const CHUNKS_OK = 0;
export const CHUNKS_MORE = 1;
export const CHUNKS_BAD = 2;

/** A chunked body being measured (RFC 9112 §7.1): one reused object. */
export class ChunkScan {
  /** Behind the last chunk and its trailer. */
  end: number;
  /** Bytes of data in whole chunks. */
  dataBytes: number;
  /** At least this many bytes are missing; 0 = unknown. */
  needed: number;

  constructor() {
    this.end = 0;
    this.dataBytes = 0;
    this.needed = 0;
  }
}

/** Value of a hex digit, -1 for other characters. */
export function hexDigit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const l = c | 0x20;
  return l >= 0x61 && l <= 0x66 ? l - 0x57 : -1;
}

/** Size of the chunk whose line is `[at, lineEnd)`, -1 where it is none. */
export function chunkSize(b: Uint8Array, at: number, lineEnd: number): number {
  let size = 0;
  let p = at;
  for (; p < lineEnd; p++) {
    const d = hexDigit(b[p]);
    if (d < 0) break;
    size = size * 16 + d;
    if (size > 0x1fffffffffff) return -1;
  }
  return p === at ? -1 : size;
}

/** Walks the chunks at `at` to the end of the trailer, without copying. */
export function scanChunks(b: Uint8Array, at: number, end: number, scan: ChunkScan): number {
  let p = at;
  scan.dataBytes = 0;
  scan.needed = 0;
  for (;;) {
    const lf = b.indexOf(LF, p);
    if (lf < 0 || lf >= end) return end - p > MAX_LINE ? CHUNKS_BAD : CHUNKS_MORE;
    const size = chunkSize(b, p, lf);
    if (size < 0) return CHUNKS_BAD;
    p = lf + 1;
    if (size === 0) return scanTrailer(b, p, end, scan);
    if (p + size + 2 > end) {
      scan.needed = p + size + 2 - end;
      return CHUNKS_MORE;
    }
    scan.dataBytes += size;
    p += size;
    if (b[p] === 13) p++;
    if (b[p] !== LF) return CHUNKS_BAD;
    p++;
  }
}

function scanTrailer(b: Uint8Array, at: number, end: number, scan: ChunkScan): number {
  let p = at;
  for (;;) {
    const lf = b.indexOf(LF, p);
    if (lf < 0 || lf >= end) return end - at > 65_536 ? CHUNKS_BAD : CHUNKS_MORE;
    const empty = lf === p || (lf === p + 1 && b[p] === 13);
    p = lf + 1;
    if (empty) {
      scan.end = p;
      return CHUNKS_OK;
    }
  }
}

/** The data of the whole chunks in `[at, end)`, joined: a copy. */
export function joinChunks(b: Uint8Array, at: number, end: number): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  let p = at;
  while (p < end) {
    const lf = b.indexOf(LF, p);
    if (lf < 0 || lf >= end) break;
    const size = chunkSize(b, p, lf);
    if (size <= 0) break;
    const part = b.subarray(lf + 1, Math.min(lf + 1 + size, end));
    parts.push(part);
    total += part.length;
    p = lf + 1 + size;
    if (b[p] === 13) p++;
    p++;
  }
  const out = new Uint8Array(total);
  let n = 0;
  for (const part of parts) {
    out.set(part, n);
    n += part.length;
  }
  return out;
}
