import { HUFFMAN_LENGTHS } from './hpack-huffman.table.ts';

/** The static table (RFC 7541 Appendix A), index 1 first. */
const STATIC: readonly (readonly [string, string])[] = [
  [':authority', ''], [':method', 'GET'], [':method', 'POST'], [':path', '/'], [':path', '/index.html'], [':scheme', 'http'], [':scheme', 'https'],
  [':status', '200'], [':status', '204'], [':status', '206'], [':status', '304'], [':status', '400'], [':status', '404'], [':status', '500'],
  ['accept-charset', ''], ['accept-encoding', 'gzip, deflate'], ['accept-language', ''], ['accept-ranges', ''], ['accept', ''],
  ['access-control-allow-origin', ''], ['age', ''], ['allow', ''], ['authorization', ''], ['cache-control', ''], ['content-disposition', ''],
  ['content-encoding', ''], ['content-language', ''], ['content-length', ''], ['content-location', ''], ['content-range', ''], ['content-type', ''],
  ['cookie', ''], ['date', ''], ['etag', ''], ['expect', ''], ['expires', ''], ['from', ''], ['host', ''], ['if-match', ''], ['if-modified-since', ''],
  ['if-none-match', ''], ['if-range', ''], ['if-unmodified-since', ''], ['last-modified', ''], ['link', ''], ['location', ''], ['max-forwards', ''],
  ['proxy-authenticate', ''], ['proxy-authorization', ''], ['range', ''], ['referer', ''], ['refresh', ''], ['retry-after', ''], ['server', ''],
  ['set-cookie', ''], ['strict-transport-security', ''], ['transfer-encoding', ''], ['user-agent', ''], ['vary', ''], ['via', ''], ['www-authenticate', ''],
];

/** Bytes that an entry costs beside its text (RFC 7541 §4.1). */
const ENTRY_COST = 32;
const DEFAULT_SIZE = 4096;
/** Largest table that a peer may ask for: browsers use 64 KiB. */
const MAX_TABLE = 1 << 20;
/** Header fields of one block, and bytes of one text, that are kept. */
const MAX_FIELDS = 1024;
const MAX_TEXT = 1 << 17;

// The codes in order of length: for each length the first code, and where its symbols begin.
const MAX_BITS = 30;
const firstCode = new Uint32Array(MAX_BITS + 2);
const firstSymbol = new Uint16Array(MAX_BITS + 2);
const symbols = Uint16Array.from({ length: 257 }, (_, i) => i).sort((a, b) => HUFFMAN_LENGTHS[a] - HUFFMAN_LENGTHS[b] || a - b);
const counts = new Uint16Array(MAX_BITS + 2);
for (const length of HUFFMAN_LENGTHS) counts[length]++;
for (let bits = 1, code = 0, at = 0; bits <= MAX_BITS; bits++) {
  code *= 2;
  firstCode[bits] = code;
  firstSymbol[bits] = at;
  code += counts[bits];
  at += counts[bits];
}

/** Text of Huffman-coded bytes (RFC 7541 §5.2), undefined where a code is none. */
export function huffmanText(b: Uint8Array, at: number, end: number): string | undefined {
  let text = '';
  let code = 0;
  let bits = 0;
  for (let p = at; p < end; p++) {
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((b[p] >> bit) & 1);
      bits++;
      const offset = code - firstCode[bits];
      if (offset >= 0 && offset < counts[bits]) {
        const symbol = symbols[firstSymbol[bits] + offset];
        if (symbol === 256) return undefined;
        text += String.fromCharCode(symbol);
        code = 0;
        bits = 0;
      } else if (bits >= MAX_BITS) return undefined;
    }
  }
  return text;
}

/** How a header field was written (RFC 7541 §6). */
export type Representation = 'indexed' | 'incremental' | 'without' | 'never';

/** One header field of a block. */
export interface HpackField {
  readonly name: string;
  readonly value: string;
  readonly representation: Representation;
  /** Index of the table that it, or its name, was taken from; 0 = none. */
  readonly index: number;
  /** Where it stands in the block. */
  readonly at: number;
  readonly length: number;
}

/** HPACK's decoder for one direction of one connection (RFC 7541): blocks must be given in their order. */
export class HpackDecoder {
  /** A block did not decode: the table is not what the sender thinks, and nothing later can be trusted. */
  broken = false;
  /** Sizes of the table that the block decoded last asked for (RFC 7541 §6.3). */
  readonly updates: number[] = [];
  readonly #dynamic: (readonly [string, string])[] = [];
  #size = 0;
  #limit = DEFAULT_SIZE;
  #at = 0;

  /** Fields of a whole header block; those before an error where it breaks. */
  decode(b: Uint8Array, at: number, end: number): HpackField[] {
    const fields: HpackField[] = [];
    this.#at = at;
    this.updates.length = 0;
    while (this.#at < end && !this.broken && fields.length < MAX_FIELDS) {
      const from = this.#at;
      const first = b[from];
      if ((first & 0xe0) === 0x20) {
        const limit = this.#integer(b, end, 5);
        if (limit < 0 || limit > MAX_TABLE) this.broken = true;
        else this.#resize(limit);
        this.updates.push(limit);
        continue;
      }
      const representation: Representation = (first & 0x80) !== 0 ? 'indexed' : (first & 0x40) !== 0 ? 'incremental' : (first & 0x10) !== 0 ? 'never' : 'without';
      const index = this.#integer(b, end, representation === 'indexed' ? 7 : representation === 'incremental' ? 6 : 4);
      const entry = index > 0 ? this.#entry(index) : undefined;
      if (index < 0 || (index > 0 && entry === undefined) || (index === 0 && representation === 'indexed')) {
        this.broken = true;
        break;
      }
      const name = entry === undefined ? this.#text(b, end) : entry[0];
      const value = representation === 'indexed' ? entry![1] : this.#text(b, end);
      if (name === undefined || value === undefined) {
        this.broken = true;
        break;
      }
      if (representation === 'incremental') this.#insert(name, value);
      fields.push({ name, value, representation, index, at: from, length: this.#at - from });
    }
    return fields;
  }

  #entry(index: number): readonly [string, string] | undefined {
    return index <= STATIC.length ? STATIC[index - 1] : this.#dynamic[index - STATIC.length - 1];
  }

  #insert(name: string, value: string): void {
    this.#dynamic.unshift([name, value]);
    this.#size += name.length + value.length + ENTRY_COST;
    this.#evict();
  }

  #resize(limit: number): void {
    this.#limit = limit;
    this.#evict();
  }

  #evict(): void {
    while (this.#size > this.#limit) {
      const last = this.#dynamic.pop();
      if (last === undefined) break;
      this.#size -= last[0].length + last[1].length + ENTRY_COST;
    }
  }

  /** An integer with a prefix of `bits` (RFC 7541 §5.1), -1 where it breaks off. */
  #integer(b: Uint8Array, end: number, bits: number): number {
    const mask = (1 << bits) - 1;
    let v = b[this.#at++] & mask;
    if (v < mask) return v;
    for (let shift = 1, n = 0; n < 5; n++, shift *= 128) {
      if (this.#at >= end) return -1;
      const c = b[this.#at++];
      v += (c & 0x7f) * shift;
      if ((c & 0x80) === 0) return v;
    }
    return -1;
  }

  #text(b: Uint8Array, end: number): string | undefined {
    if (this.#at >= end) return undefined;
    const huffman = (b[this.#at] & 0x80) !== 0;
    const length = this.#integer(b, end, 7);
    if (length < 0 || length > MAX_TEXT || this.#at + length > end) return undefined;
    const from = this.#at;
    this.#at += length;
    if (huffman) return huffmanText(b, from, this.#at);
    let text = '';
    for (let p = from; p < this.#at; p++) text += String.fromCharCode(b[p]);
    return text;
  }
}
