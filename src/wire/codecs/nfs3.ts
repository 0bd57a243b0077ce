import { u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { nfsFields as F, nfsGroups as G } from './nfs-fields.ts';
import { putHandle } from './nfs-handle.ts';
import { rpcFields } from './rpc-fields.ts';
import { putAll } from './windows-values.ts';
import type { Xdr } from './xdr.ts';

const P = {
  GETATTR: 1, SETATTR: 2, LOOKUP: 3, ACCESS: 4, READLINK: 5, READ: 6, WRITE: 7, CREATE: 8, MKDIR: 9, SYMLINK: 10, MKNOD: 11, REMOVE: 12, RMDIR: 13, RENAME: 14,
  LINK: 15, READDIR: 16, READDIRPLUS: 17, FSSTAT: 18, FSINFO: 19, PATHCONF: 20, COMMIT: 21,
} as const;
const MOST_ENTRIES = 4096;

/** Arguments of NFS 3 (RFC 1813 §3.3). */
export function putNfs3Call(p: PacketView, xdr: Xdr, procedure: number): void {
  putHandle(p, xdr);
  switch (procedure) {
    case P.SETATTR:
      putSetAttributes(p, xdr);
      if (xdr.u32(p, F.sattrguard3) === 1) putTime(p, xdr, F.ctime, F.ctimeSec, F.ctimeNsec);
      break;
    case P.LOOKUP: case P.REMOVE: case P.RMDIR: xdr.opaque(p, F.name); break;
    case P.ACCESS: putAccess(p, xdr, F.accessCheck); break;
    case P.READ:
      xdr.u64(p, F.offset3);
      xdr.u32(p, F.count3);
      break;
    case P.WRITE:
      xdr.u64(p, F.offset3);
      xdr.u32(p, F.count3);
      xdr.u32(p, F.writeStable);
      xdr.opaque(p, F.data);
      break;
    case P.CREATE:
      xdr.opaque(p, F.name);
      if (xdr.u32(p, F.createmode) === 2) xdr.fixed(p, F.verifier, 8);
      else putSetAttributes(p, xdr);
      break;
    case P.MKDIR:
      xdr.opaque(p, F.name);
      putSetAttributes(p, xdr);
      break;
    case P.SYMLINK:
      xdr.opaque(p, F.name);
      putSetAttributes(p, xdr);
      xdr.opaque(p, F.symlinkTo);
      break;
    case P.RENAME:
      xdr.opaque(p, F.name);
      putHandle(p, xdr);
      xdr.opaque(p, F.name);
      break;
    case P.LINK:
      putHandle(p, xdr);
      xdr.opaque(p, F.name);
      break;
    case P.READDIR: case P.READDIRPLUS:
      xdr.u64(p, F.cookie3);
      xdr.fixed(p, F.verifier, 8);
      if (procedure === P.READDIR) xdr.u32(p, F.count3);
      else {
        xdr.u32(p, F.count3Dircount);
        xdr.u32(p, F.count3Maxcount);
      }
      break;
    case P.COMMIT:
      xdr.u64(p, F.offset3);
      xdr.u32(p, F.count3);
      break;
  }
}

/** Results of NFS 3. */
export function putNfs3Reply(p: PacketView, xdr: Xdr, procedure: number): void {
  const at = xdr.at;
  const status = xdr.u32(p, F.status3);
  if (p.end >= at + 4) p.put(F.status, at, 4);
  const ok = status === 0;
  switch (procedure) {
    case P.GETATTR:
      if (ok) putAttributes(p, xdr);
      break;
    case P.SETATTR: case P.REMOVE: case P.RMDIR: putWcc(p, xdr); break;
    case P.LOOKUP:
      if (ok) {
        putHandle(p, xdr);
        putPostAttributes(p, xdr);
      }
      putPostAttributes(p, xdr);
      break;
    case P.ACCESS:
      putPostAttributes(p, xdr);
      if (ok) putAccess(p, xdr, F.accessRights);
      break;
    case P.READLINK:
      putPostAttributes(p, xdr);
      if (ok) xdr.opaque(p, F.readlinkData);
      break;
    case P.READ:
      putPostAttributes(p, xdr);
      if (ok) {
        xdr.u32(p, F.count3);
        xdr.u32(p, F.readEof);
        xdr.opaque(p, F.data);
      }
      break;
    case P.WRITE:
      putWcc(p, xdr);
      if (ok) {
        xdr.u32(p, F.count3);
        xdr.u32(p, F.writeCommitted);
        xdr.fixed(p, F.verifier, 8);
      }
      break;
    case P.CREATE: case P.MKDIR: case P.SYMLINK: case P.MKNOD:
      if (ok) {
        if (xdr.u32(p, F.handleFollow) === 1) putHandle(p, xdr);
        putPostAttributes(p, xdr);
      }
      putWcc(p, xdr);
      break;
    case P.RENAME:
      putWcc(p, xdr);
      putWcc(p, xdr);
      break;
    case P.LINK:
      putPostAttributes(p, xdr);
      putWcc(p, xdr);
      break;
    case P.READDIR: case P.READDIRPLUS:
      putPostAttributes(p, xdr);
      if (ok) putEntries(p, xdr, procedure === P.READDIRPLUS);
      break;
    case P.FSSTAT:
      putPostAttributes(p, xdr);
      if (ok) {
        for (const f of FSSTAT) xdr.u64(p, f);
        xdr.u32(p, F.fsstatInvarsec);
      }
      break;
    case P.FSINFO:
      putPostAttributes(p, xdr);
      if (ok) putFsInfo(p, xdr);
      break;
    case P.PATHCONF:
      putPostAttributes(p, xdr);
      if (ok) for (const f of PATHCONF) xdr.u32(p, f);
      break;
    case P.COMMIT:
      putWcc(p, xdr);
      if (ok) xdr.fixed(p, F.verifier, 8);
      break;
  }
}

const FSSTAT: readonly Field[] = [F.fsstat3ResokTbytes, F.fsstat3ResokFbytes, F.fsstat3ResokAbytes, F.fsstat3ResokTfiles, F.fsstat3ResokFfiles, F.fsstat3ResokAfiles];
const PATHCONF: readonly Field[] = [
  F.pathconfLinkmax, F.pathconfNameMax, F.pathconfNoTrunc, F.pathconfChownRestricted, F.pathconfCaseInsensitive, F.pathconfCasePreserving,
];

const FSINFO: readonly Field[] = [F.fsinfoRtmax, F.fsinfoRtpref, F.fsinfoRtmult, F.fsinfoWtmax, F.fsinfoWtpref, F.fsinfoWtmult, F.fsinfoDtpref];

function putFsInfo(p: PacketView, xdr: Xdr): void {
  for (const f of FSINFO) xdr.u32(p, f);
  xdr.u64(p, F.fsinfoMaxfilesize);
  putTime(p, xdr, F.dtime, F.dtimeSec, F.dtimeNsec);
  if (xdr.has(4)) putAll(p, G.fsinfoProperties, xdr.at, 4);
  xdr.at += 4;
}

function putEntries(p: PacketView, xdr: Xdr, plus: boolean): void {
  xdr.fixed(p, F.verifier, 8);
  for (let i = 0; i < MOST_ENTRIES; i++) {
    if (xdr.u32(p, rpcFields.valueFollows) !== 1) break;
    p.put(F.readdirEntry, xdr.at, 0);
    xdr.u64(p, plus ? F.readdirplusEntryFileid : F.readdirEntry3Fileid);
    xdr.opaque(p, plus ? F.readdirplusEntryName : F.readdirEntry3Name);
    xdr.u64(p, plus ? F.readdirplusEntryCookie : F.readdirEntry3Cookie);
    if (plus) {
      putPostAttributes(p, xdr);
      if (xdr.u32(p, F.handleFollow) === 1) putHandle(p, xdr);
    }
    if (xdr.failed) return;
  }
  xdr.u32(p, F.readdirEof);
}

function putTime(p: PacketView, xdr: Xdr, f: Field, seconds: Field, nanoseconds: Field): void {
  if (!xdr.has(8)) return;
  p.putTime(f, xdr.at, 8, u32be(p.bytes, xdr.at), u32be(p.bytes, xdr.at + 4));
  xdr.u32(p, seconds);
  xdr.u32(p, nanoseconds);
}

function putMode(p: PacketView, xdr: Xdr): void {
  if (xdr.has(4)) putAll(p, G.mode3, xdr.at, 4);
  xdr.at += 4;
}

/** fattr3. */
function putAttributes(p: PacketView, xdr: Xdr): void {
  if (!xdr.has(84)) return;
  xdr.u32(p, F.fattr3Type);
  putMode(p, xdr);
  xdr.u32(p, F.fattr3Nlink);
  xdr.u32(p, F.fattr3Uid);
  xdr.u32(p, F.fattr3Gid);
  xdr.u64(p, F.fattr3Size);
  xdr.u64(p, F.fattr3Used);
  xdr.u32(p, F.specdata1);
  xdr.u32(p, F.specdata2);
  xdr.u64(p, F.fattr3Fsid);
  xdr.u64(p, F.fattr3Fileid);
  putTime(p, xdr, F.atime, F.atimeSec, F.atimeNsec);
  putTime(p, xdr, F.mtime, F.mtimeSec, F.mtimeNsec);
  putTime(p, xdr, F.ctime, F.ctimeSec, F.ctimeNsec);
}

function putPostAttributes(p: PacketView, xdr: Xdr): void {
  if (xdr.u32(p, F.attributesFollow) === 1) putAttributes(p, xdr);
}

function putWcc(p: PacketView, xdr: Xdr): void {
  if (xdr.u32(p, F.attributesFollow) === 1) {
    xdr.u64(p, F.wccAttrSize);
    putTime(p, xdr, F.mtime, F.mtimeSec, F.mtimeNsec);
    putTime(p, xdr, F.ctime, F.ctimeSec, F.ctimeNsec);
  }
  putPostAttributes(p, xdr);
}

/** sattr3: each attribute may be set or left. */
function putSetAttributes(p: PacketView, xdr: Xdr): void {
  if (xdr.u32(p, F.setIt) === 1) putMode(p, xdr);
  if (xdr.u32(p, F.setIt) === 1) xdr.u32(p, F.uid3);
  if (xdr.u32(p, F.setIt) === 1) xdr.u32(p, F.gid3);
  if (xdr.u32(p, F.setIt) === 1) xdr.u64(p, F.setSize);
  if (xdr.u32(p, F.setIt) === 2) putTime(p, xdr, F.atime, F.atimeSec, F.atimeNsec);
  if (xdr.u32(p, F.setIt) === 2) putTime(p, xdr, F.mtime, F.mtimeSec, F.mtimeNsec);
}

function putAccess(p: PacketView, xdr: Xdr, f: Field): void {
  if (!xdr.has(4)) return;
  p.put(f, xdr.at, 4);
  putAll(p, G.accessBits, xdr.at, 4);
  xdr.at += 4;
}
