/** Reads signed 8 bits. */
export function i8(b: Uint8Array, at: number): number {
  return (b[at] << 24) >> 24;
}

/** Reads unsigned 16 bits, network byte order. The caller has checked the length. */
export function u16be(b: Uint8Array, at: number): number {
  return (b[at] << 8) | b[at + 1];
}

/** Reads unsigned 16 bits, little endian. */
export function u16le(b: Uint8Array, at: number): number {
  return b[at] | (b[at + 1] << 8);
}

/** Reads unsigned 24 bits, network byte order. */
export function u24be(b: Uint8Array, at: number): number {
  return (b[at] << 16) | (b[at + 1] << 8) | b[at + 2];
}

/** Reads unsigned 32 bits, network byte order. */
export function u32be(b: Uint8Array, at: number): number {
  return ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
}

/** Reads unsigned 32 bits, little endian. */
export function u32le(b: Uint8Array, at: number): number {
  return (b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24)) >>> 0;
}

/** Writes unsigned 16 bits, network byte order. */
export function put16be(b: Uint8Array, at: number, v: number): void {
  b[at] = v >>> 8;
  b[at + 1] = v;
}

/** Writes unsigned 32 bits, network byte order. */
export function put32be(b: Uint8Array, at: number, v: number): void {
  b[at] = v >>> 24;
  b[at + 1] = v >>> 16;
  b[at + 2] = v >>> 8;
  b[at + 3] = v;
}

const HEX = '0123456789abcdef';

/** Lower-case hex digits of `b[at..end)`, with an optional separator between bytes. For the edge, not for the packet path. */
export function toHex(b: Uint8Array, at = 0, end = b.length, separator = ''): string {
  let out = '';
  for (let i = at; i < end; i++) {
    if (i > at && separator !== '') out += separator;
    out += HEX[b[i] >> 4] + HEX[b[i] & 15];
  }
  return out;
}

/** Bytes of a string of hex digits; undefined where it is not one (odd length, other characters). */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const out = new Uint8Array(text.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return out;
}
