import { u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { putFsInfo } from './smb-fs-info.ts';
import { smbFields as S, smbGroups as SG } from './smb-fields.ts';
import { smb2Fields as F, smb2Groups as G } from './smb2-fields.ts';
import { putAll, putFileTime, putUtf16 } from './windows-values.ts';

const CLASS = { FILE: 1, FS: 2, SECURITY: 3 } as const;

/** What GET_INFO returns and SET_INFO sets: `class` and `level` are the request's. */
export function putInfo(p: PacketView, infoClass: number, level: number, at: number, end: number): void {
  if (at >= end) return;
  if (infoClass === CLASS.FILE) putFileInfo(p, level, at, end);
  else if (infoClass === CLASS.FS) {
    const label = [undefined, F.fsVolumeInfo, undefined, F.fsSizeInfo, F.fsDeviceInfo, F.fsAttributeInfo, F.fsControlInfo, F.fsFullSizeInfo, F.fsObjectidInfo][level];
    if (label !== undefined) p.put(label, at, end - at);
    putFsInfo(p, level, at, end);
  } else if (infoClass === CLASS.SECURITY) p.put(F.secInfo00, at, end - at);
}

/** Levels of MS-FSCC §2.4. */
function putFileInfo(p: PacketView, level: number, at: number, end: number): void {
  const b = p.bytes;
  const size = end - at;
  switch (level) {
    case 4:
      p.put(F.fileBasicInfo, at, size);
      if (size >= 40) {
        putBasic(p, at);
        p.put(F.unknown, at + 36, 4);
      }
      break;
    case 5:
      p.put(F.fileStandardInfo, at, size);
      if (size >= 22) {
        p.put(S.allocSize64, at, 8);
        p.put(S.endOfFile, at + 8, 8);
        p.put(S.linkCount, at + 16, 4);
        p.put(S.deletePending, at + 20, 1);
        p.put(S.isDirectory, at + 21, 1);
      }
      break;
    case 6:
      p.put(F.fileInternalInfo, at, size);
      if (size >= 8) p.put(S.indexNumber, at, 8);
      break;
    case 7:
      p.put(F.fileEaInfo, at, size);
      if (size >= 4) p.put(F.eaSize, at, 4);
      break;
    case 10:
      p.put(F.fileRenameInfo, at, size);
      if (size >= 20) {
        p.put(F.renameReplaceIf, at, 1);
        p.put(F.reservedRandom, at + 1, 7);
        p.put(F.rootDirectory, at + 8, 8);
        p.put(F.filenameLen, at + 16, 4);
        putUtf16(p, F.filename, at + 20, Math.min(u32le(b, at + 16), size - 20));
      }
      break;
    case 13:
      p.put(F.fileDispositionInfo, at, size);
      p.put(F.dispositionDeleteOnClose, at, 1);
      break;
    case 18: putAllInfo(p, at, size); break;
    case 19:
      p.put(F.fileAllocationInfo, at, size);
      if (size >= 8) p.put(S.allocSize64, at, 8);
      break;
    case 20:
      p.put(F.fileEndoffileInfo, at, size);
      if (size >= 8) p.put(F.eof, at, 8);
      break;
    case 22: putStreams(p, at, end); break;
    case 34:
      p.put(F.fileNetworkOpenInfo, at, size);
      if (size >= 56) {
        putTimes(p, at);
        p.put(F.allocationSize, at + 32, 8);
        p.put(F.eof, at + 40, 8);
        putAll(p, G.fileAttribute, at + 48, 4);
        p.put(F.unknown, at + 52, 4);
      }
      break;
  }
}

function putTimes(p: PacketView, at: number): void {
  putFileTime(p, F.createTime, at);
  putFileTime(p, F.lastAccessTime, at + 8);
  putFileTime(p, F.lastWriteTime, at + 16);
  putFileTime(p, F.lastChangeTime, at + 24);
}

function putBasic(p: PacketView, at: number): void {
  putTimes(p, at);
  putAll(p, G.fileAttribute, at + 32, 4);
}

/** FileAllInformation: the levels basic, standard, internal, EA, access, position, mode, alignment and name in one. */
function putAllInfo(p: PacketView, at: number, size: number): void {
  p.put(F.fileAllInfo, at, size);
  if (size < 100) return;
  putBasic(p, at);
  p.put(F.unknown, at + 36, 4);
  p.put(F.allocationSize, at + 40, 8);
  p.put(F.eof, at + 48, 8);
  p.put(F.nlinks, at + 56, 4);
  p.put(F.deletePending, at + 60, 1);
  p.put(F.isDirectory, at + 61, 1);
  p.put(F.fileId, at + 64, 8);
  p.put(F.eaSize, at + 72, 4);
  putAll(p, SG.accessMask, at + 76, 4);
  p.put(F.positionInfo, at + 80, 8);
  p.put(F.modeInfo, at + 88, 4);
  putAll(p, G.mode, at + 88, 4);
  p.put(F.alignmentInfo, at + 92, 4);
  p.put(F.filenameLen, at + 96, 4);
  const length = Math.min(u32le(p.bytes, at + 96), size - 100);
  if (length > 0) putUtf16(p, F.filename, at + 100, length);
}

function putStreams(p: PacketView, from: number, end: number): void {
  p.put(F.fileStreamInfo, from, end - from);
  for (let q = from; q + 24 <= end;) {
    const next = u32le(p.bytes, q);
    p.put(S.nextEntryOffset, q, 4);
    p.put(S.streamNameLen, q + 4, 4);
    p.put(S.streamSize, q + 8, 8);
    p.put(S.allocSize64, q + 16, 8);
    putUtf16(p, S.streamName, q + 24, Math.min(u32le(p.bytes, q + 4), end - q - 24));
    if (next < 24) return;
    q += next;
  }
}

/** What changed in a directory (MS-FSCC §2.7.1). */
export function putNotified(p: PacketView, from: number, end: number): void {
  for (let q = from; q + 12 <= end;) {
    const next = u32le(p.bytes, q);
    p.put(F.notifyNextOffset, q, 4);
    p.put(F.notifyAction, q + 4, 4);
    p.put(F.filenameLen, q + 8, 4);
    putUtf16(p, F.filename, q + 12, Math.min(u32le(p.bytes, q + 8), end - q - 12));
    if (next < 12) return;
    q += next;
  }
}
