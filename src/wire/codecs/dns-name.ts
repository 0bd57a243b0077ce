import type { Host } from '../../base/host.ts';

/** Longest name in octets, length bytes included (RFC 1035 §3.1). */
export const MAX_NAME = 255;
/** Compression pointers followed within one name before it is called a loop (RFC 1035 §4.1.4 sets no limit; labels do). */
const MAX_POINTERS = 128;

/** Why a name could not be read. */
export type NameFault = 'none' | 'short' | 'loop' | 'long' | 'label';

/**
 * A domain name being read (RFC 1035 §3.1, §4.1.4): one reused object a reader.
 *
 * `bytes[0..length)` holds the labels joined by dots, without the last dot; the root is empty. Valid until the next `readName`.
 */
export class DnsName {
  readonly bytes: Uint8Array;
  length: number;
  labels: number;
  /** Where the name ends in the place that it was read from: behind its first pointer or its root label. */
  end: number;
  fault: NameFault;
  /** True where a byte is not printable ASCII, so that the text needs escapes. */
  odd: boolean;

  constructor() {
    this.bytes = new Uint8Array(MAX_NAME + 1);
    this.length = 0;
    this.labels = 0;
    this.end = 0;
    this.fault = 'none';
    this.odd = false;
  }
}

/**
 * Reads a name at `at`, following compression pointers relative to `message`. False where it breaks the rules: `name.fault` says
 * which, and `name.end` is where reading stopped.
 */
export function readName(b: Uint8Array, message: number, at: number, end: number, name: DnsName): boolean {
  const out = name.bytes;
  let n = 0;
  let p = at;
  let pointers = 0;
  name.length = 0;
  name.labels = 0;
  name.end = at;
  name.fault = 'none';
  name.odd = false;
  for (;;) {
    if (p >= end) return failName(name, 'short', n);
    const len = b[p];
    if (len === 0) {
      if (pointers === 0) name.end = p + 1;
      name.length = n;
      return true;
    }
    const kind = len & 0xc0;
    if (kind === 0xc0) {
      if (p + 2 > end) return failName(name, 'short', n);
      if (pointers === 0) name.end = p + 2;
      if (++pointers > MAX_POINTERS) return failName(name, 'loop', n);
      p = message + (((len & 0x3f) << 8) | b[p + 1]);
      continue;
    }
    // 01 was EDNS0's extended label type, of which RFC 6891 §5 made an end; 10 was never given out.
    if (kind !== 0) return failName(name, 'label', n);
    if (p + 1 + len > end) return failName(name, 'short', n);
    if (n + len + 1 > MAX_NAME) return failName(name, 'long', n);
    if (n > 0) out[n++] = 0x2e;
    for (let i = p + 1; i <= p + len; i++) {
      const c = b[i];
      if (c < 0x20 || c > 0x7e) name.odd = true;
      out[n++] = c;
    }
    name.labels++;
    p += len + 1;
    if (pointers === 0) name.end = p;
  }
}

function failName(name: DnsName, fault: NameFault, length: number): false {
  name.fault = fault;
  name.length = length;
  return false;
}

/** Where the name at `at` ends, without reading it; -1 where the bytes stop first. */
export function skipName(b: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end) {
    const len = b[p];
    if (len === 0) return p + 1;
    if ((len & 0xc0) === 0xc0) return p + 2 <= end ? p + 2 : -1;
    if ((len & 0xc0) !== 0) return -1;
    p += len + 1;
  }
  return -1;
}

/** What stands for a name whose pointers lead in a circle. */
export const LOOP_TEXT = '<Name contains a pointer that loops>';

const ESCAPES: Readonly<Record<number, string>> = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };

/** Text of a name as people and filters see it: dots between labels, control characters escaped; `root` where it is empty. */
export function nameText(name: DnsName, host: Host, root = '<Root>'): string {
  if (name.fault === 'loop') return LOOP_TEXT;
  if (name.length === 0) return root;
  const text = host.utf8(name.bytes, 0, name.length);
  return name.odd ? escapeControls(text) : text;
}

/** Control characters as C escapes (`\n`) or octal (`\001`). */
export function escapeControls(text: string): string {
  let out = '';
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0;
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) out += ESCAPES[code] ?? `\\${code.toString(8).padStart(3, '0')}`;
    else out += c;
  }
  return out;
}
