// Classic pcap with nanoseconds, little endian (draft-ietf-opsawg-pcap). Each call returns the bytes to append to the file.

const NANOSECOND_MAGIC = 0xa1b23c4d;
const SNAPLEN = 262_144;

/** The head of a file whose packets are all of one link type. */
export function pcapHead(linkType: number, snaplen = SNAPLEN): Uint8Array {
  const out = new Uint8Array(24);
  const view = new DataView(out.buffer);
  view.setUint32(0, NANOSECOND_MAGIC, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snaplen, true);
  view.setUint32(20, linkType, true);
  return out;
}

/** The record of a packet `bytes[at, at + caplen)` of which `wireLen` bytes were sent. */
export function pcapPacket(seconds: number, nanoseconds: number, bytes: Uint8Array, at: number, caplen: number, wireLen: number): Uint8Array {
  const out = new Uint8Array(16 + caplen);
  const view = new DataView(out.buffer);
  view.setUint32(0, seconds, true);
  view.setUint32(4, nanoseconds, true);
  view.setUint32(8, caplen, true);
  view.setUint32(12, wireLen, true);
  out.set(bytes.subarray(at, at + caplen), 16);
  return out;
}
