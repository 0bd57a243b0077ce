import type { PacketView } from '../packet-view.ts';
import { nfsFields as F } from './nfs-fields.ts';
import { putHandle } from './nfs-handle.ts';
import type { Xdr } from './xdr.ts';

const OP = {
  ACCESS: 3, CLOSE: 4, COMMIT: 5, DELEGRETURN: 8, GETATTR: 9, GETFH: 10, LINK: 11, LOOKUP: 15, LOOKUPP: 16, OPEN_CONFIRM: 20, PUTFH: 22, PUTPUBFH: 23, PUTROOTFH: 24,
  READ: 25, READDIR: 26, READLINK: 27, REMOVE: 28, RENAME: 29, RENEW: 30, RESTOREFH: 31, SAVEFH: 32, SECINFO: 33, SETATTR: 34, SETCLIENTID: 35,
  SETCLIENTID_CONFIRM: 36, WRITE: 38, SEQUENCE: 53,
} as const;
const MOST_OPS = 64;
const STATEID = 16;

/** COMPOUND of NFS 4 (RFC 7530 §16.2): operations one after another, until one whose arguments are not read here. */
export function putCompoundCall(p: PacketView, xdr: Xdr): void {
  xdr.opaque(p, F.tag);
  xdr.u32(p, F.minorversion);
  const count = xdr.u32(p, F.opsCount);
  for (let i = 0; i < count && i < MOST_OPS && !xdr.failed; i++) if (!putOperation(p, xdr, xdr.u32(p, F.opcode))) return;
}

function skipBitmap(p: PacketView, xdr: Xdr): void {
  const words = xdr.u32(p, undefined);
  for (let i = 0; i < words && i < 8 && !xdr.failed; i++) xdr.u32(p, undefined);
}

function putOperation(p: PacketView, xdr: Xdr, op: number): boolean {
  switch (op) {
    case OP.ACCESS: xdr.u32(p, undefined); return true;
    case OP.CLOSE:
      xdr.u32(p, F.seqid);
      xdr.fixed(p, undefined, STATEID);
      return true;
    case OP.COMMIT:
      xdr.u64(p, F.offset4);
      xdr.u32(p, F.count4);
      return true;
    case OP.DELEGRETURN: xdr.fixed(p, undefined, STATEID); return true;
    case OP.GETATTR: skipBitmap(p, xdr); return true;
    case OP.LOOKUP: case OP.REMOVE: case OP.SECINFO: case OP.LINK: xdr.opaque(p, F.name); return true;
    case OP.RENAME:
      xdr.opaque(p, F.name);
      xdr.opaque(p, F.name);
      return true;
    case OP.OPEN_CONFIRM:
      xdr.fixed(p, undefined, STATEID);
      xdr.u32(p, F.seqid);
      return true;
    case OP.PUTFH: putHandle(p, xdr); return true;
    case OP.GETFH: case OP.LOOKUPP: case OP.PUTPUBFH: case OP.PUTROOTFH: case OP.READLINK: case OP.RESTOREFH: case OP.SAVEFH: return true;
    case OP.READ:
      xdr.fixed(p, undefined, STATEID);
      xdr.u64(p, F.offset4);
      xdr.u32(p, F.count4);
      return true;
    case OP.READDIR:
      xdr.u64(p, F.cookie4);
      xdr.fixed(p, F.verifier4, 8);
      xdr.u32(p, undefined);
      xdr.u32(p, undefined);
      skipBitmap(p, xdr);
      return true;
    case OP.RENEW: xdr.u64(p, F.clientid); return true;
    case OP.SETCLIENTID_CONFIRM:
      xdr.u64(p, F.clientid);
      xdr.fixed(p, F.verifier4, 8);
      return true;
    case OP.SEQUENCE:
      xdr.fixed(p, undefined, STATEID);
      for (let i = 0; i < 4; i++) xdr.u32(p, undefined);
      return true;
    case OP.WRITE:
      xdr.fixed(p, undefined, STATEID);
      xdr.u64(p, F.offset4);
      xdr.u32(p, undefined);
      xdr.opaque(p, F.data);
      return true;
    default: return false;
  }
}

export function putCompoundReply(p: PacketView, xdr: Xdr): void {
  const at = xdr.at;
  xdr.u32(p, F.nfsstat4);
  if (!xdr.failed) p.put(F.status, at, 4);
  xdr.opaque(p, F.tag);
  const count = xdr.u32(p, F.opsCount);
  for (let i = 0; i < count && i < MOST_OPS && !xdr.failed; i++) {
    const op = xdr.u32(p, F.opcode);
    if (xdr.has(4)) p.put(F.status, xdr.at, 4);
    if (xdr.u32(p, F.nfsstat4) !== 0) return;
    if (op === OP.GETFH) putHandle(p, xdr);
    else if (op === OP.ACCESS) {
      xdr.u32(p, undefined);
      xdr.u32(p, undefined);
    } else if (op === OP.GETATTR) {
      skipBitmap(p, xdr);
      xdr.opaque(p, undefined, false);
    } else if (op !== OP.PUTFH && op !== OP.PUTROOTFH && op !== OP.SAVEFH && op !== OP.RESTOREFH && op !== OP.LOOKUP && op !== OP.RENEW && op !== OP.LOOKUPP) return;
  }
}
