import { u16le, u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { smbFields as F, smbGroups as G } from './smb-fields.ts';
import { putFsInfo } from './smb-fs-info.ts';
import { putFid } from './smb-known.ts';
import type { SmbStrings } from './smb-strings.ts';
import type { SmbRequest, SmbTalk } from './smb-talk.ts';
import { putAll, putFileTime, putUtf16 } from './windows-values.ts';

export const TRANS2 = {
  OPEN: 0, FIND_FIRST: 1, FIND_NEXT: 2, QUERY_FS: 3, QUERY_PATH: 5, SET_PATH: 6, QUERY_FILE: 7, SET_FILE: 8, CREATE_DIRECTORY: 0xd, GET_DFS_REFERRAL: 0x10,
} as const;

/** Parameters of a TRANSACTION2 request (MS-CIFS §2.2.6). */
export function putTrans2Request(p: PacketView, request: SmbRequest, at: number, end: number, strings: SmbStrings, talk: SmbTalk): void {
  const b = p.bytes;
  const size = end - at;
  switch (request.function) {
    case TRANS2.FIND_FIRST:
      if (size < 12) return;
      putAll(p, G.searchAttribute, at, 2);
      p.put(F.searchCount, at + 2, 2);
      putAll(p, G.findFirst2Flags, at + 4, 2);
      p.put(F.ff2Loi, at + 6, 2);
      p.put(F.storageType, at + 8, 4);
      request.level = u16le(b, at + 6);
      request.name = strings.put(p, F.searchPattern, at + 12, end);
      break;
    case TRANS2.FIND_NEXT:
      if (size < 12) return;
      p.put(F.searchId, at, 2);
      p.put(F.searchCount, at + 2, 2);
      p.put(F.ff2Loi, at + 4, 2);
      p.put(F.resume, at + 6, 4);
      putAll(p, G.findFirst2Flags, at + 10, 2);
      request.level = u16le(b, at + 4);
      strings.put(p, F.file, at + 12, end);
      break;
    case TRANS2.QUERY_FS:
      if (size < 2) return;
      p.put(F.qfsiLoi, at, 2);
      request.level = u16le(b, at);
      break;
    case TRANS2.QUERY_PATH: case TRANS2.SET_PATH:
      if (size < 6) return;
      p.put(request.function === TRANS2.QUERY_PATH ? F.qpiLoi : F.spiLoi, at, 2);
      p.put(F.reserved, at + 2, 4);
      request.level = u16le(b, at);
      strings.put(p, F.file, at + 6, end);
      break;
    case TRANS2.QUERY_FILE: case TRANS2.SET_FILE:
      if (size < 4) return;
      request.fid = u16le(b, at);
      putFid(p, at, request.fid, talk);
      p.put(request.function === TRANS2.QUERY_FILE ? F.qpiLoi : F.spiLoi, at + 2, 2);
      request.level = u16le(b, at + 2);
      break;
    case TRANS2.GET_DFS_REFERRAL:
      if (size < 2) return;
      p.put(F.maxReferralLevel, at, 2);
      strings.put(p, F.file, at + 2, end);
      break;
  }
}

/** Parameters and data of a TRANSACTION2 response. */
export function putTrans2Response(p: PacketView, request: SmbRequest, at: number, end: number, dataAt: number, dataEnd: number, strings: SmbStrings): void {
  const size = end - at;
  switch (request.function) {
    case TRANS2.FIND_FIRST: case TRANS2.FIND_NEXT: {
      const from = request.function === TRANS2.FIND_FIRST ? at + 2 : at;
      if (size < 8) return;
      if (from > at) p.put(F.searchId, at, 2);
      p.put(F.searchCount, from, 2);
      p.put(F.endOfSearch, from + 2, 2);
      p.put(F.eaErrorOffset, from + 4, 2);
      if (from + 8 <= end) p.put(F.lastNameOffset, from + 6, 2);
      if (request.level === 0x104) putBothDirectory(p, dataAt, dataEnd);
      break;
    }
    case TRANS2.QUERY_FS:
      putFsLevel(p, request.level, dataAt, dataEnd);
      break;
    case TRANS2.QUERY_PATH: case TRANS2.QUERY_FILE:
      if (size >= 2) p.put(F.eaErrorOffset, at, 2);
      putQueried(p, request.level, dataAt, dataEnd);
      break;
    case TRANS2.GET_DFS_REFERRAL: putReferrals(p, dataAt, dataEnd, strings); break;
  }
}

/** Levels of file systems: 0x102 and on are the native ones, from 1. */
function putFsLevel(p: PacketView, level: number, at: number, end: number): void {
  const native = level >= 0x3e8 ? level - 0x3e8 : level >= 0x102 && level <= 0x105 ? level - 0x101 : 0;
  if (native > 0) putFsInfo(p, native, at, end);
  else if (level === 1 && end - at >= 18) {
    p.put(F.fsId, at, 4);
    p.put(F.fsSectorPerUnit, at + 4, 4);
    p.put(F.fsUnits, at + 8, 4);
    p.put(F.availUnits, at + 12, 4);
    p.put(F.fsBytesPerSector, at + 16, 2);
  }
}

function putQueried(p: PacketView, level: number, at: number, end: number): void {
  const size = end - at;
  const native = level >= 0x3e8 ? level - 0x3e8 : level;
  if ((level === 0x101 || native === 4) && size >= 36) {
    putTimes(p, at);
    putAll(p, G.fileAttribute, at + 32, 4);
  } else if ((level === 0x102 || native === 5) && size >= 22) {
    p.put(F.allocSize64, at, 8);
    p.put(F.endOfFile, at + 8, 8);
    p.put(F.linkCount, at + 16, 4);
    p.put(F.deletePending, at + 20, 1);
    p.put(F.isDirectory, at + 21, 1);
  } else if ((level === 0x103 || native === 7) && size >= 4) p.put(F.eaListLength, at, 4);
  else if (native === 6 && size >= 8) p.put(F.indexNumber, at, 8);
}

function putTimes(p: PacketView, at: number): void {
  putFileTime(p, F.createTime, at);
  putFileTime(p, F.accessTime, at + 8);
  putFileTime(p, F.lastWriteTime, at + 16);
  putFileTime(p, F.changeTime, at + 24);
}

function putBothDirectory(p: PacketView, from: number, end: number): void {
  const b = p.bytes;
  for (let q = from; q + 94 <= end;) {
    const next = u32le(b, q);
    p.put(F.nextEntryOffset, q, 4);
    p.put(F.fileIndex, q + 4, 4);
    putTimes(p, q + 8);
    p.put(F.endOfFile, q + 40, 8);
    p.put(F.allocSize64, q + 48, 8);
    putAll(p, G.fileAttribute, q + 56, 4);
    p.put(F.fileNameLen, q + 60, 4);
    p.put(F.eaListLength, q + 64, 4);
    p.put(F.shortFileNameLen, q + 68, 1);
    p.put(F.reserved, q + 69, 1);
    putUtf16(p, F.shortFile, q + 70, Math.min(b[q + 68], 24));
    putUtf16(p, F.file, q + 94, Math.min(u32le(b, q + 60), end - q - 94));
    if (next < 94) return;
    q += next;
  }
}

/** MS-DFSC §2.2.4. */
function putReferrals(p: PacketView, at: number, end: number, strings: SmbStrings): void {
  const b = p.bytes;
  if (end - at < 8) return;
  p.put(F.dfsPathConsumed, at, 2);
  p.put(F.dfsNumReferrals, at + 2, 2);
  putAll(p, G.dfsFlags, at + 4, 2);
  const count = u16le(b, at + 2);
  for (let i = 0, q = at + 8; i < count && q + 8 <= end; i++) {
    const version = u16le(b, q);
    const size = u16le(b, q + 2);
    if (size < 8 || q + size > end) return;
    p.put(F.dfsReferralVersion, q, 2);
    p.put(F.dfsReferralSize, q + 2, 2);
    p.put(F.dfsReferralServerType, q + 4, 2);
    putAll(p, G.dfsReferralFlags, q + 6, 2);
    if (version >= 3 && size >= 18) putReferral(p, q, size, end, strings);
    q += size;
  }
}

const REFERRAL_TEXTS = [[F.dfsReferralPath, 12], [F.dfsReferralAltPath, 14], [F.dfsReferralNode, 16]] as const;

function putReferral(p: PacketView, q: number, size: number, end: number, strings: SmbStrings): void {
  const b = p.bytes;
  p.put(F.dfsReferralTtl, q + 8, 4);
  if ((b[q + 6] & 2) !== 0) {
    p.put(F.dfsReferralDomainOffset, q + 12, 2);
    p.put(F.dfsReferralNumberOfExpnames, q + 14, 2);
    p.put(F.dfsReferralExpnamesOffset, q + 16, 2);
    const name = q + u16le(b, q + 12);
    if (name < end) strings.put(p, F.dfsReferralDomainName, name, end, true);
    let next = q + u16le(b, q + 16);
    for (let i = 0; i < u16le(b, q + 14) && next < end; i++) {
      strings.put(p, F.dfsReferralExpname, next, end, true);
      next = strings.next;
    }
    return;
  }
  p.put(F.dfsReferralPathOffset, q + 12, 2);
  p.put(F.dfsReferralAltPathOffset, q + 14, 2);
  p.put(F.dfsReferralNodeOffset, q + 16, 2);
  if (size >= 34) p.put(F.dfsReferralServerGuid, q + 18, 16);
  for (const [field, offset] of REFERRAL_TEXTS) {
    const text = q + u16le(b, q + offset);
    if (text < end) strings.put(p, field, text, end, true);
  }
}
