import { u16le, u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { callBlob, putOffsetLength, putPipe } from './smb2-blobs.ts';
import { putCreateContexts, putNegotiateContexts } from './smb2-contexts.ts';
import { smb2Fields as F, smb2Groups as G } from './smb2-fields.ts';
import { putFound } from './smb2-find.ts';
import { CMD } from './smb2-head.ts';
import { putInfo, putNotified } from './smb2-info.ts';
import { putIoctlData } from './smb2-ioctl.ts';
import { smbGroups as S } from './smb-fields.ts';
import { levelField, putLeaseBreak } from './smb2-requests.ts';
import type { Smb2Request, Smb2Session, Smb2Talk } from './smb2-talk.ts';
import { idKey } from './smb2-talk.ts';
import { putAll, putFileTime } from './windows-values.ts';

/** Structure sizes of responses by command (MS-SMB2 §2.2), the dynamic bit included. */
const SIZES: readonly number[] = [65, 9, 4, 16, 4, 89, 60, 4, 17, 17, 4, 49, 0, 4, 9, 9, 9, 2, 24];

/** The body of a response to `request`, which may be unknown. False where it is shorter than it says. */
export function putResponse(p: PacketView, head: number, at: number, end: number, talk: Smb2Talk, request: Smb2Request, session: Smb2Session, status: number): boolean {
  const b = p.bytes;
  const command = request.command;
  const size = u16le(b, at);
  if (request.frame > 0) {
    if (command === CMD.FIND) p.putInt(F.findInfolevel, head, 0, request.level);
    else if (command === CMD.GET_INFO || command === CMD.SET_INFO) putClassOf(p, head, request);
  }
  if (isError(command, size, status)) return putError(p, at, end);
  if (end - at < (Math.max(size, SIZES[command] ?? 0) & ~1)) return false;
  switch (command) {
    case CMD.NEGOTIATE: {
      putAll(p, G.secMode, at + 2, 1);
      p.put(F.dialect, at + 4, 2);
      const has311 = u16le(b, at + 4) === 0x311;
      p.put(F.negotiateContextCount, at + 6, 2);
      p.put(F.serverGuid, at + 8, 16);
      putAll(p, G.capabilities, at + 24, 4);
      p.put(F.maxTransSize, at + 28, 4);
      p.put(F.maxReadSize, at + 32, 4);
      p.put(F.maxWriteSize, at + 36, 4);
      putFileTime(p, F.currentTime, at + 40);
      putFileTime(p, F.bootTime, at + 48);
      callBlob(p, F.securityBlob, putOffsetLength(p, at + 56, 2, 2, head), u16le(b, at + 58), end, 'gss-api');
      p.put(F.negotiateContextOffset, at + 60, 4);
      if (has311) putNegotiateContexts(p, head + u32le(b, at + 60), u16le(b, at + 6), end);
      break;
    }
    case CMD.SESSION_SETUP:
      putAll(p, G.sessionFlags, at + 2, 2);
      callBlob(p, F.securityBlob, putOffsetLength(p, at + 4, 2, 2, head), u16le(b, at + 6), end, 'gss-api');
      break;
    case CMD.TREE_CONNECT: {
      p.put(F.shareType, at + 2, 1);
      p.put(F.reserved, at + 3, 1);
      putAll(p, G.shareFlags, at + 4, 4);
      p.put(F.shareCaching, at + 4, 4);
      putAll(p, G.shareCaps, at + 8, 4);
      putAll(p, S.accessMask, at + 12, 4);
      talk.connectTree(session, u32le(b, head + 36), { name: request.name, frame: p.frame, shareType: b[at + 2] });
      break;
    }
    case CMD.CREATE: {
      p.put(F.createOplock, at + 2, 1);
      putAll(p, G.createRepFlags, at + 3, 1);
      p.put(F.createAction, at + 4, 4);
      putFourTimes(p, at + 8);
      p.put(F.allocationSize, at + 40, 8);
      p.put(F.eof, at + 48, 8);
      putAll(p, G.fileAttribute, at + 56, 4);
      p.put(F.reserved, at + 60, 4);
      p.put(F.fid, at + 64, 16);
      if (status === 0) talk.openFile(idKey(b, at + 64, 16), request.name);
      const contexts = putOffsetLength(p, at + 80, 4, 4, head);
      p.put(F.createExtrainfo, at + 80, 0);
      const length = u32le(b, at + 84);
      if (length > 0) putCreateContexts(p, false, contexts, Math.min(end, contexts + length));
      break;
    }
    case CMD.CLOSE:
      putAll(p, G.closeFlags, at + 2, 2);
      p.put(F.reserved, at + 4, 4);
      putFourTimes(p, at + 8);
      p.put(F.allocationSize, at + 40, 8);
      p.put(F.eof, at + 48, 8);
      putAll(p, G.fileAttribute, at + 56, 4);
      break;
    case CMD.READ: {
      const data = head + b[at + 2];
      p.put(F.readRemaining, at + 8, 4);
      p.put(F.reserved, at + 12, 4);
      p.put(F.olbOffset, at + 2, 1);
      p.put(F.reserved, at + 3, 1);
      p.put(F.olbLength, at + 4, 4);
      const length = u32le(b, at + 4);
      if (length > 0 && data >= at + 16) putPipe(p, data, Math.min(data + length, p.wireEnd), session, head, request.file, F.readBlob);
      break;
    }
    case CMD.WRITE:
      p.put(F.reserved, at + 2, 2);
      p.put(F.writeCount, at + 4, 4);
      p.put(F.writeRemaining, at + 8, 4);
      p.put(F.channelInfoOffset, at + 12, 2);
      p.put(F.channelInfoLength, at + 14, 2);
      break;
    case CMD.IOCTL: {
      p.put(F.reserved, at + 2, 2);
      putAll(p, G.ioctlFunction, at + 4, 4);
      request.class = u32le(b, at + 4);
      p.put(F.fid, at + 8, 16);
      request.file = idKey(b, at + 8, 16);
      const inAt = putOffsetLength(p, at + 24, 4, 4, head);
      const outAt = putOffsetLength(p, at + 32, 4, 4, head);
      p.put(F.flags, at + 40, 4);
      p.put(F.reserved, at + 44, 4);
      putIoctlData(p, true, request, inAt, u32le(b, at + 28), end, session, head, true);
      putIoctlData(p, false, request, outAt, u32le(b, at + 36), end, session, head, true);
      break;
    }
    case CMD.FIND: {
      const data = putOffsetLength(p, at + 2, 2, 4, head);
      const length = u32le(b, at + 4);
      if (length > 0) putFound(p, request.level, data, Math.min(end, data + length));
      break;
    }
    case CMD.NOTIFY: {
      const data = putOffsetLength(p, at + 2, 2, 4, head);
      p.put(F.notifyOut, Math.min(data, end), 0);
      putNotified(p, data, Math.min(end, data + u32le(b, at + 4)));
      break;
    }
    case CMD.GET_INFO: {
      const data = putOffsetLength(p, at + 2, 2, 4, head);
      const length = u32le(b, at + 4);
      if (length > 0) putInfo(p, request.class, request.level, data, Math.min(end, data + length));
      break;
    }
    case CMD.BREAK:
      if (size === 24) {
        p.put(F.createOplock, at + 2, 1);
        p.put(F.reserved, at + 4, 4);
        p.put(F.fid, at + 8, 16);
      } else if (size === 36) putLeaseBreak(p, at);
      break;
    case CMD.SET_INFO: break;
    case CMD.LOGOFF: case CMD.TREE_DISCONNECT: case CMD.FLUSH: case CMD.LOCK: case CMD.KEEPALIVE:
      p.put(F.reserved, at + 2, 2);
      break;
  }
  return true;
}

/** Class and level are the request's: the answer does not repeat them. */
function putClassOf(p: PacketView, at: number, request: Smb2Request): void {
  p.putInt(F.class, at, 0, request.class);
  p.putInt(levelField(request.class), at, 0, request.level);
}

const MORE_PROCESSING = 0xc0000016;

/** An error has a structure of its own (MS-SMB2 §2.2.2), whose size three commands share. */
function isError(command: number, size: number, status: number): boolean {
  if (size !== 9) return false;
  if (SIZES[command] !== 9) return true;
  return (status >= 0xc0000000 && status !== MORE_PROCESSING) || status === 0x103 || status === 0x80000006;
}

function putError(p: PacketView, at: number, end: number): boolean {
  p.put(F.errorContextCount, at + 2, 1);
  p.put(F.errorReserved, at + 3, 1);
  p.put(F.errorByteCount, at + 4, 4);
  const length = u32le(p.bytes, at + 4);
  if (length > 0 || end > at + 8) p.put(F.errorData, at + 8, length === 0 ? 1 : Math.min(length, Math.max(0, end - at - 8)));
  else p.put(F.errorData, at + 8, 0);
  return true;
}

export function putFourTimes(p: PacketView, at: number): void {
  putFileTime(p, F.createTime, at);
  putFileTime(p, F.lastAccessTime, at + 8);
  putFileTime(p, F.lastWriteTime, at + 16);
  putFileTime(p, F.lastChangeTime, at + 24);
}
