/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little endian, nanosecond timestamps: each function returns the bytes of one
 * block. A file is a section header, one interface description for each link type, then packets.
 */

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;
const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_FILTER = 11;
const IF_TSRESOL = 9;
const ISB_RECEIVED = 4;
const ISB_DROPPED = 5;
const NANOSECONDS = 9;

type Option = readonly [code: number, value: Uint8Array];

const padded = (n: number): number => (n + 3) & ~3;

/** UTF-8 of a text without surrogates' surprises: pure code has no TextEncoder. */
function utf8(text: string): Uint8Array {
  const out: number[] = [];
  for (const char of text) {
    const c = char.codePointAt(0)!;
    if (c < 0x80) out.push(c);
    else if (c < 0x800) out.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) out.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else out.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  }
  return Uint8Array.from(out);
}

function block(type: number, fixed: Uint8Array, data: Uint8Array, options: readonly Option[]): Uint8Array {
  const optionBytes = options.length === 0 ? 0 : options.reduce((n, [, v]) => n + 4 + padded(v.length), 4);
  const length = 12 + fixed.length + padded(data.length) + optionBytes;
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  out.set(fixed, 8);
  out.set(data, 8 + fixed.length);
  let at = 8 + fixed.length + padded(data.length);
  for (const [code, value] of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    out.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(length - 4, length, true);
  return out;
}

/** The file's first block. `comment` speaks of the whole file. */
export function pcapngSection(application: string, comment = ''): Uint8Array {
  const fixed = new Uint8Array(16);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, BYTE_ORDER, true);
  view.setUint16(4, 1, true);
  view.setBigInt64(8, -1n, true);
  return block(SECTION_HEADER, fixed, new Uint8Array(0), [[SHB_USERAPPL, utf8(application)], ...(comment === '' ? [] : [[OPT_COMMENT, utf8(comment)] as const])]);
}

/** Describes the next interface (numbers count from 0); timestamps of its packets are nanoseconds. */
export function pcapngInterface(linkType: number, snaplen: number, name = '', filter = ''): Uint8Array {
  const fixed = new Uint8Array(8);
  const view = new DataView(fixed.buffer);
  view.setUint16(0, linkType, true);
  view.setUint32(4, snaplen, true);
  const options: Option[] = [[IF_TSRESOL, Uint8Array.of(NANOSECONDS)]];
  if (name !== '') options.unshift([IF_NAME, utf8(name)]);
  // The first byte says that the filter is a libpcap string.
  if (filter !== '') options.push([IF_FILTER, Uint8Array.of(0, ...utf8(filter))]);
  return block(INTERFACE_DESCRIPTION, fixed, new Uint8Array(0), options);
}

/** One packet: `bytes[at, at + caplen)` of `wireLen` sent, on interface number `interfaceId`. */
export function pcapngPacket(interfaceId: number, seconds: number, nanoseconds: number, bytes: Uint8Array, at: number, caplen: number, wireLen: number, comment = ''): Uint8Array {
  const fixed = new Uint8Array(20);
  const view = new DataView(fixed.buffer);
  const time = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  view.setUint32(0, interfaceId, true);
  view.setUint32(4, Number(time >> 32n), true);
  view.setUint32(8, Number(time & 0xffff_ffffn), true);
  view.setUint32(12, caplen, true);
  view.setUint32(16, wireLen, true);
  return block(ENHANCED_PACKET, fixed, bytes.subarray(at, at + caplen), comment === '' ? [] : [[OPT_COMMENT, utf8(comment)]]);
}

/** Packets that interface `interfaceId` received and dropped until that time; a reader takes the last block of each interface. */
export function pcapngStatistics(interfaceId: number, seconds: number, nanoseconds: number, received: number, dropped: number): Uint8Array {
  const fixed = new Uint8Array(12);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, interfaceId, true);
  putTime(view, 4, seconds, nanoseconds);
  return block(INTERFACE_STATISTICS, fixed, new Uint8Array(0), [[ISB_RECEIVED, count64(received)], [ISB_DROPPED, count64(dropped)]]);
}

/** What `writePcapngPacket` adds to the bytes of a packet at most: head, padding, closing length. */
export const PACKET_BLOCK_OVERHEAD = 28 + 3 + 4;

/**
 * `pcapngPacket` in place, for a capture at full speed: writes to `into` at `p`, allocates nothing for small packets, and returns
 * the offset behind the block. `into` must have room for `caplen + PACKET_BLOCK_OVERHEAD` bytes; `view` looks at the same bytes.
 */
export function writePcapngPacket(
  into: Uint8Array, view: DataView, p: number, interfaceId: number, seconds: number, nanoseconds: number, bytes: Uint8Array, at: number, caplen: number, wireLen: number,
): number {
  const total = 32 + padded(caplen);
  view.setUint32(p, ENHANCED_PACKET, true);
  view.setUint32(p + 4, total, true);
  view.setUint32(p + 8, interfaceId, true);
  putTime(view, p + 12, seconds, nanoseconds);
  view.setUint32(p + 20, caplen, true);
  view.setUint32(p + 24, wireLen, true);
  // A view costs more than a loop where the packet is small.
  if (caplen < 96) for (let i = 0; i < caplen; i++) into[p + 28 + i] = bytes[at + i];
  else into.set(bytes.subarray(at, at + caplen), p + 28);
  for (let i = p + 28 + caplen; i < p + total - 4; i++) into[i] = 0;
  view.setUint32(p + total - 4, total, true);
  return p + total;
}

function count64(n: number): Uint8Array {
  const b = new Uint8Array(8);
  new DataView(b.buffer).setBigUint64(0, BigInt(n), true);
  return b;
}

/** A 64-bit count of nanoseconds, high word first, without a bigint: two partial products that each fit a double. */
function putTime(v: DataView, at: number, seconds: number, nanoseconds: number): void {
  const upper = Math.floor(seconds / 65_536) * 1e9;
  const lower = (seconds % 65_536) * 1e9 + nanoseconds + (upper % 65_536) * 65_536;
  v.setUint32(at, Math.floor(upper / 65_536) + Math.floor(lower / 4_294_967_296), true);
  v.setUint32(at + 4, lower % 4_294_967_296, true);
}
