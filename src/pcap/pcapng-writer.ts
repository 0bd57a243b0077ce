/**
 * Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little endian, nanosecond timestamps: each function returns the bytes of one
 * block. A file is a section header, one interface description for each link type, then packets.
 */

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;
const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_FILTER = 11;
const IF_TSRESOL = 9;
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
