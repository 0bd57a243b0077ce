import { u16le, u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { SMB } from './smb-commands.ts';
import { smbFields as F, smbGroups as G } from './smb-fields.ts';
import { putFid, putPipeData } from './smb-known.ts';
import type { SmbStrings } from './smb-strings.ts';
import { OPEN_DETAILS, type SmbRequest, type SmbTalk } from './smb-talk.ts';
import { putAll, putFileTime } from './windows-values.ts';

// Offsets are from the first parameter word; `bytes` is where the data bytes begin (behind the byte count).

export function putCreateRequest(p: PacketView, wct: number, words: number, bytes: number, end: number, strings: SmbStrings, request: SmbRequest): void {
  if (wct !== 24) return;
  p.put(F.reserved, words + 4, 1);
  p.put(F.fileNameLen, words + 5, 2);
  putAll(p, G.createFlags, words + 7, 4);
  p.put(F.rfid, words + 11, 4);
  putAll(p, G.accessMask, words + 15, 4);
  p.put(F.allocSize64, words + 19, 8);
  putAll(p, G.fileAttribute, words + 27, 4);
  putAll(p, G.shareAccess, words + 31, 4);
  p.put(F.createDisposition, words + 35, 4);
  putAll(p, G.createOptions, words + 39, 4);
  p.put(F.impersonationLevel, words + 43, 4);
  putAll(p, G.securityFlags, words + 47, 1);
  request.name = bytes < end ? strings.put(p, F.file, bytes, end) : '';
  request.details = detailsOf(p.bytes, words);
}

/** What the answer and later commands repeat of how the file was opened. */
function detailsOf(b: Uint8Array, words: number): Uint8Array {
  const details = new Uint8Array(OPEN_DETAILS.SIZE);
  details.set(b.subarray(words + 15, words + 19), OPEN_DETAILS.ACCESS);
  details.set(b.subarray(words + 27, words + 35), OPEN_DETAILS.ATTRIBUTES);
  details.set(b.subarray(words + 39, words + 43), OPEN_DETAILS.OPTIONS);
  details.set(b.subarray(words + 35, words + 39), OPEN_DETAILS.DISPOSITION);
  details.set(b.subarray(words + 7, words + 11), OPEN_DETAILS.FLAGS);
  return details;
}

export function putCreateResponse(p: PacketView, wct: number, words: number, talk: SmbTalk, request: SmbRequest): void {
  if (wct < 34) return;
  p.put(F.oplockLevel, words + 4, 1);
  const fid = u16le(p.bytes, words + 5);
  talk.open(fid, request.name, p.frame, request.details);
  putFid(p, words + 5, fid, talk);
  p.put(F.createAction, words + 7, 4);
  putFileTime(p, F.createTime, words + 11);
  putFileTime(p, F.accessTime, words + 19);
  putFileTime(p, F.lastWriteTime, words + 27);
  putFileTime(p, F.changeTime, words + 35);
  putAll(p, G.fileAttribute, words + 43, 4);
  p.put(F.allocSize64, words + 47, 8);
  p.put(F.endOfFile, words + 55, 8);
  p.put(F.fileType, words + 63, 2);
  putAll(p, G.ipcState, words + 65, 2);
  p.put(F.isDirectory, words + 67, 1);
  if (wct < 42) return;
  p.put(F.volumeGuid, words + 68, 16);
  p.put(F.createFileId64b, words + 84, 8);
  putAll(p, G.accessMask, words + 92, 4);
  putAll(p, G.accessMask, words + 96, 4);
}

/** Reads, writes, closes, and the like: commands about one open file. */
export function putFileRequest(p: PacketView, command: number, wct: number, words: number, bytes: number, end: number, talk: SmbTalk, request: SmbRequest, head: number): void {
  const b = p.bytes;
  const fidAt = command === SMB.READ_ANDX || command === SMB.WRITE_ANDX || command === SMB.LOCKING_ANDX ? words + 4 : words;
  if (wct < 3 || fidAt + 2 > words + 2 * wct) return;
  request.fid = u16le(b, fidAt);
  if (command === SMB.CLOSE) {
    putFid(p, fidAt, request.fid, talk, true);
    p.putTime(F.lastWriteTime, words + 2, 4, u32le(b, words + 2), 0);
    return;
  }
  putFid(p, fidAt, request.fid, talk);
  if (command === SMB.READ_ANDX && wct >= 10) {
    p.put(F.offset, words + 6, 4);
    p.put(F.maxcountLow, words + 10, 2);
    p.put(F.mincount, words + 12, 2);
    p.put(F.maxcountHigh, words + 14, 2);
    p.put(F.remaining, words + 18, 2);
    if (wct >= 12) p.put(F.offsetHigh, words + 20, 4);
  } else if (command === SMB.WRITE_ANDX && wct >= 12) {
    p.put(F.offset, words + 6, 4);
    p.put(F.reserved, words + 10, 4);
    putAll(p, G.writeMode, words + 14, 2);
    p.put(F.remaining, words + 16, 2);
    p.put(F.dataLenHigh, words + 18, 2);
    p.put(F.dataLenLow, words + 20, 2);
    p.put(F.dataOffset, words + 22, 2);
    if (wct >= 14) p.put(F.offsetHigh, words + 24, 4);
    putFileData(p, head + u16le(b, words + 22), u16le(b, words + 20), bytes, end, talk, request);
  }
}

export function putFileResponse(p: PacketView, command: number, wct: number, words: number, bytes: number, end: number, talk: SmbTalk, request: SmbRequest, head: number): void {
  const b = p.bytes;
  if (request.fid > 0) {
    putFid(p, words, request.fid, talk, command === SMB.CLOSE, true);
  }
  if (command === SMB.READ_ANDX && wct >= 12) {
    p.put(F.remaining, words + 4, 2);
    p.put(F.dcm, words + 6, 2);
    p.put(F.reserved, words + 8, 2);
    p.put(F.dataLenLow, words + 10, 2);
    p.put(F.dataOffset, words + 12, 2);
    p.put(F.dataLenHigh, words + 14, 4);
    p.put(F.reserved, words + 18, 6);
    putFileData(p, head + u16le(b, words + 12), u16le(b, words + 10), bytes, end, talk, request);
  } else if (command === SMB.WRITE_ANDX && wct >= 6) {
    p.put(F.countLow, words + 4, 2);
    p.put(F.remaining, words + 6, 2);
    p.put(F.countHigh, words + 8, 2);
    p.put(F.reserved, words + 10, 2);
  }
}

/** Bytes of a file; those of a pipe are DCE/RPC. */
function putFileData(p: PacketView, at: number, length: number, bytes: number, end: number, talk: SmbTalk, request: SmbRequest): void {
  if (at < bytes || at >= end || length === 0) return;
  const to = Math.min(end, at + length);
  const file = talk.files.get(request.fid);
  if (file !== undefined && isPipe(file.name)) putPipeData(p, at, to, request.fid);
  else p.put(F.fileData, at, to - at);
}

const PIPES = new Set(['lsarpc', 'samr', 'srvsvc', 'wkssvc', 'netlogon', 'svcctl', 'spoolss', 'winreg', 'atsvc', 'browser', 'epmapper', 'eventlog', 'ntsvcs', 'lsass']);

function isPipe(name: string): boolean {
  return PIPES.has(name.replaceAll('\\', '').toLowerCase());
}
