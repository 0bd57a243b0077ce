import { u32be } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { nfsFields as F } from './nfs-fields.ts';
import type { Xdr } from './xdr.ts';

/** Puts a file handle: counted, or of a fixed size (NFS 2). Its hash lets people tell handles apart. */
export function putHandle(p: PacketView, xdr: Xdr, size = -1): void {
  let length = size;
  if (size < 0) {
    if (!xdr.has(4)) return;
    length = u32be(p.bytes, xdr.at);
    p.put(F.fhLength, xdr.at, 4);
    xdr.at += 4;
  }
  if (!xdr.has(length)) return;
  if (length > 0) {
    if (p.wants(F.fhHash)) p.putInt(F.fhHash, xdr.at, 0, crc32(p.bytes, xdr.at, xdr.at + length));
    p.put(F.fhandle, xdr.at, length);
  }
  xdr.at += (length + 3) & ~3;
}

const POLYNOMIAL = 0xedb88320;
const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = (c & 1) !== 0 ? POLYNOMIAL ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** CRC-32 of ISO 3309. */
function crc32(b: Uint8Array, at: number, end: number): number {
  let c = 0xffffffff;
  for (let q = at; q < end; q++) c = table[(c ^ b[q]) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
