import { u16le, u32be, u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { smb2Fields as F, smb2Groups as G } from './smb2-fields.ts';
import { smbGroups as S } from './smb-fields.ts';
import { putAll, putFileTime, putUtf16 } from './windows-values.ts';

const NEGOTIATE = { PREAUTH: 1, ENCRYPTION: 2, COMPRESSION: 3, NETNAME: 5, TRANSPORT: 6, RDMA: 7, SIGNING: 8, POSIX: 0x100 } as const;
/** Tags of create contexts (MS-SMB2 §2.2.13.2), as big-endian words. */
const TAG = { MXAC: 0x4d784163, QFID: 0x51466964, DHNQ: 0x44486e51, DHNC: 0x44486e43, RQLS: 0x52714c73, DH2Q: 0x44483251, DH2C: 0x44483243, ALSI: 0x416c5369, TWRP: 0x54577270 } as const;

/** Contexts of a negotiation (MS-SMB2 §2.2.3.1), each at a multiple of 8 bytes. */
export function putNegotiateContexts(p: PacketView, from: number, count: number, end: number): void {
  const b = p.bytes;
  let q = from;
  for (let i = 0; i < count && q + 8 <= end; i++) {
    const type = u16le(b, q);
    const length = u16le(b, q + 2);
    const at = q + 8;
    const to = Math.min(end, at + length);
    p.put(F.negotiateContextType, q, 2);
    p.put(F.negotiateContextDataLength, q + 2, 2);
    p.put(F.reserved, q + 4, 4);
    if (type === NEGOTIATE.PREAUTH && to - at >= 4) {
      const hashes = u16le(b, at);
      p.put(F.negotiateContextHashAlgCount, at, 2);
      p.put(F.negotiateContextSaltLength, at + 2, 2);
      for (let k = 0; k < hashes && at + 6 + 2 * k <= to; k++) p.put(F.negotiateContextHashAlgorithm, at + 4 + 2 * k, 2);
      const salt = at + 4 + 2 * hashes;
      if (salt < to) p.put(F.negotiateContextSalt, salt, Math.min(u16le(b, at + 2), to - salt));
    } else if (type === NEGOTIATE.ENCRYPTION && to - at >= 2) {
      p.put(F.negotiateContextCipherCount, at, 2);
      for (let k = 0; k < u16le(b, at) && at + 4 + 2 * k <= to; k++) p.put(F.negotiateContextCipherId, at + 2 + 2 * k, 2);
    } else if (type === NEGOTIATE.COMPRESSION && to - at >= 8) {
      p.put(F.negotiateContextCompAlgCount, at, 2);
      p.put(F.reserved, at + 2, 2);
      putAll(p, G.negotiateContextCompAlgFlags, at + 4, 4);
      for (let k = 0; k < u16le(b, at) && at + 10 + 2 * k <= to; k++) p.put(F.negotiateContextCompAlgId, at + 8 + 2 * k, 2);
    } else if (type === NEGOTIATE.NETNAME) putUtf16(p, F.negotiateContextNetname, at, Math.max(0, to - at));
    else if (type === NEGOTIATE.TRANSPORT && to - at >= 4) p.put(F.negotiateContextTransportFlags, at, 4);
    else if (type === NEGOTIATE.SIGNING && to - at >= 2) {
      p.put(F.negotiateContextSigningAlgCount, at, 2);
      for (let k = 0; k < u16le(b, at) && at + 4 + 2 * k <= to; k++) p.put(F.negotiateContextSigningId, at + 2 + 2 * k, 2);
    } else if (type === NEGOTIATE.POSIX && to > at) p.put(F.negotiateContextPosixReserved, at, to - at);
    q = at + ((length + 7) & ~7);
  }
}

/** Create contexts: a chain of tagged blobs, offsets from each element's start. */
export function putCreateContexts(p: PacketView, isRequest: boolean, from: number, end: number): void {
  const b = p.bytes;
  for (let q = from; q + 16 <= end;) {
    const next = u32le(b, q);
    const tag = q + u16le(b, q + 4);
    const data = q + u16le(b, q + 10);
    const length = u32le(b, q + 12);
    p.put(F.createChainOffset, q, 4);
    p.put(F.olbOffset, q + 4, 2);
    p.put(F.olbLength, q + 6, 2);
    p.put(F.tag, Math.min(tag, end), tag + u16le(b, q + 6) <= end ? u16le(b, q + 6) : 0);
    p.put(F.olbOffset, q + 10, 2);
    p.put(F.olbLength, q + 12, 4);
    p.put(F.createChainData, Math.min(data, end), 0);
    if (length > 0 && data + length <= end && tag + 4 <= end && u16le(b, q + 6) === 4) putContext(p, isRequest, u32be(b, tag), data, length);
    if (next < 16) return;
    q += next;
  }
}

function putContext(p: PacketView, isRequest: boolean, tag: number, at: number, length: number): void {
  switch (tag) {
    case TAG.MXAC:
      if (isRequest) {
        if (length >= 8) putFileTime(p, F.mxacTimestamp, at);
      } else if (length >= 8) {
        p.put(F.mxacStatus, at, 4);
        putAll(p, S.accessMask, at + 4, 4);
      }
      break;
    case TAG.QFID:
      if (!isRequest) p.put(F.qfidFid, at, Math.min(length, 32));
      break;
    case TAG.DHNQ:
      if (isRequest) {
        if (length >= 16) p.put(F.fid, at, 16);
      } else if (length >= 8) p.put(F.dhnqBufferReserved, at, 8);
      break;
    case TAG.DHNC:
      if (length >= 16) p.put(F.fid, at, 16);
      break;
    case TAG.RQLS: putLease(p, at, length); break;
    case TAG.DH2Q:
      if (length < 8) break;
      p.put(F.dh2xTimeout, at, 4);
      putAll(p, G.dh2xFlags, at + 4, 4);
      if (isRequest && length >= 32) {
        p.put(F.dh2xReserved, at + 8, 8);
        p.put(F.dh2xCreateGuid, at + 16, 16);
      }
      break;
    case TAG.DH2C:
      if (length < 36) break;
      p.put(F.fid, at, 16);
      p.put(F.dh2xCreateGuid, at + 16, 16);
      putAll(p, G.dh2xFlags, at + 32, 4);
      break;
    case TAG.ALSI:
      if (length >= 8) p.put(F.allocationSize, at, 8);
      break;
    case TAG.TWRP:
      if (length >= 8) putFileTime(p, F.twrpTimestamp, at);
      break;
  }
}

/** Lease of version 1 (32 bytes) or 2 (52). */
function putLease(p: PacketView, at: number, length: number): void {
  if (length < 32) return;
  p.put(F.leaseLeaseKey, at, 16);
  p.put(F.leaseLeaseState, at + 16, 4);
  putAll(p, G.leaseLeaseState, at + 16, 4);
  putAll(p, G.leaseLeaseFlags, at + 20, 4);
  p.put(F.leaseLeaseDuration, at + 24, 8);
  if (length < 52) return;
  p.put(F.leaseParentLeaseKey, at + 32, 16);
  p.put(F.leaseLeaseOplock, at + 48, 2);
  p.put(F.leaseLeaseReserved, at + 50, 2);
}
