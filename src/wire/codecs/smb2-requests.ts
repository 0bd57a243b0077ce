import { u16le, u32le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { smb2Fields as F, smb2Groups as G } from './smb2-fields.ts';
import { putCreateContexts, putNegotiateContexts } from './smb2-contexts.ts';
import { putInfo } from './smb2-info.ts';
import { callBlob, putFile, putOffsetLength, putPipe } from './smb2-blobs.ts';
import { putIoctlData } from './smb2-ioctl.ts';
import { smbGroups as S } from './smb-fields.ts';
import { CMD } from './smb2-head.ts';
import type { Smb2Request, Smb2Session } from './smb2-talk.ts';
import { putAll, putUtf16, utf16Text } from './windows-values.ts';

/** Bytes of a request's fixed part, its structure size included, by command. */
const FIXED: readonly number[] = [36, 24, 4, 8, 4, 56, 24, 24, 48, 48, 48, 56, 4, 4, 32, 32, 40, 32, 24];

/** The body of a request: `[at, end)`, the header at `head`. False where it is shorter than its command's fixed part. */
export function putRequest(p: PacketView, head: number, at: number, end: number, request: Smb2Request, session: Smb2Session): boolean {
  const b = p.bytes;
  if (end - at < (FIXED[request.command] ?? 4)) return false;
  switch (request.command) {
    case CMD.NEGOTIATE: putNegotiate(p, head, at, end); break;
    case CMD.SESSION_SETUP:
      putAll(p, G.sesReqFlags, at + 2, 1);
      putAll(p, G.secMode, at + 3, 1);
      putAll(p, G.capabilities, at + 4, 4);
      p.put(F.channel, at + 8, 4);
      callBlob(p, F.securityBlob, putOffsetLength(p, at + 12, 2, 2, head), u16le(b, at + 14), end, 'gss-api');
      p.put(F.previousSesid, at + 16, 8);
      break;
    case CMD.TREE_CONNECT: {
      putAll(p, G.tcFlags, at + 2, 2);
      const name = putOffsetLength(p, at + 4, 2, 2, head);
      const length = u16le(b, at + 6);
      if (name + length <= end) {
        putUtf16(p, F.tree, name, length);
        request.name = utf16Text(b, name, name + length);
      }
      break;
    }
    case CMD.CREATE: putCreate(p, head, at, end, request); break;
    case CMD.CLOSE:
      putAll(p, G.closeFlags, at + 2, 2);
      putFile(p, at + 8, request);
      break;
    case CMD.FLUSH:
      putFile(p, at + 8, request);
      break;
    case CMD.READ:
      p.put(F.readPadding, at + 2, 1);
      putAll(p, G.readFlags, at + 3, 1);
      p.put(F.readLength, at + 4, 4);
      p.put(F.fileOffset, at + 8, 8);
      putFile(p, at + 16, request);
      p.put(F.minCount, at + 32, 4);
      p.put(F.channel, at + 36, 4);
      p.put(F.remainingBytes, at + 40, 4);
      putOffsetLength(p, at + 44, 2, 2, head);
      p.put(F.channelInfoBlob, at + 44, 4);
      break;
    case CMD.WRITE: {
      const length = u32le(b, at + 4);
      p.put(F.dataOffset, at + 2, 2);
      p.put(F.writeLength, at + 4, 4);
      p.put(F.fileOffset, at + 8, 8);
      putFile(p, at + 16, request);
      p.put(F.channel, at + 32, 4);
      p.put(F.remainingBytes, at + 36, 4);
      putOffsetLength(p, at + 40, 2, 2, head);
      p.put(F.channelInfoBlob, at + 40, 4);
      putAll(p, G.writeFlags, at + 44, 4);
      const data = head + u16le(b, at + 2);
      if (data >= at + 48 && length > 0) putPipe(p, data, Math.min(data + length, p.wireEnd), session, head, request.file, F.writeData);
      break;
    }
    case CMD.LOCK: putLock(p, at, end, request); break;
    case CMD.IOCTL: {
      p.put(F.reserved, at + 2, 2);
      request.class = u32le(b, at + 4);
      putAll(p, G.ioctlFunction, at + 4, 4);
      putFile(p, at + 8, request);
      const inAt = putOffsetLength(p, at + 24, 4, 4, head);
      p.put(F.maxIoctlInSize, at + 32, 4);
      const inLength = u32le(b, at + 28);
      const outAt = putOffsetLength(p, at + 36, 4, 4, head);
      p.put(F.maxIoctlOutSize, at + 44, 4);
      putAll(p, G.ioctlFlags, at + 48, 4);
      p.put(F.ioctlIsFsctl, at + 48, 4);
      p.put(F.reserved, at + 52, 4);
      putIoctlData(p, true, request, inAt, inLength, end, session, head);
      putIoctlData(p, false, request, outAt, u32le(b, at + 40), end, session, head);
      break;
    }
    case CMD.FIND: {
      request.level = b[at + 2];
      p.put(F.findInfolevel, at + 2, 1);
      putAll(p, G.findFlags, at + 3, 1);
      p.put(F.fileIndex, at + 4, 4);
      putFile(p, at + 8, request);
      const pattern = putOffsetLength(p, at + 24, 2, 2, head);
      const length = u16le(b, at + 26);
      if (pattern + length <= end) putUtf16(p, F.findPattern, pattern, length);
      p.put(F.outputBufferLen, at + 28, 4);
      break;
    }
    case CMD.NOTIFY:
      putAll(p, G.notifyFlags, at + 2, 2);
      p.put(F.outputBufferLen, at + 4, 4);
      putFile(p, at + 8, request);
      putAll(p, S.ntNotifyCompletionFilter, at + 24, 4);
      p.put(F.reserved, at + 28, 4);
      break;
    case CMD.GET_INFO:
      putClass(p, at + 2, request);
      p.put(F.maxResponseSize, at + 4, 4);
      p.put(F.getinfoInputOffset, at + 8, 2);
      p.put(F.reserved, at + 10, 2);
      p.put(F.getinfoInputSize, at + 12, 4);
      putAdditional(p, at + 16, request.class);
      p.put(F.getinfoFlags, at + 20, 4);
      putFile(p, at + 24, request);
      break;
    case CMD.SET_INFO: {
      putClass(p, at + 2, request);
      p.put(F.setinfoSize, at + 4, 4);
      p.put(F.setinfoOffset, at + 8, 2);
      p.put(F.setinfoReserved, at + 10, 2);
      putAdditional(p, at + 12, request.class);
      putFile(p, at + 16, request);
      const data = head + u16le(b, at + 8);
      if (data >= at + 32) putInfo(p, request.class, request.level, data, Math.min(end, data + u32le(b, at + 4)));
      break;
    }
    case CMD.BREAK:
      if (u16le(b, at) === 24) {
        p.put(F.createOplock, at + 2, 1);
        putFile(p, at + 8, request);
      } else if (end - at >= 36) putLeaseBreak(p, at);
      break;
    case CMD.LOGOFF: case CMD.TREE_DISCONNECT: case CMD.CANCEL: case CMD.KEEPALIVE:
      p.put(F.reserved, at + 2, 2);
      break;
  }
  return true;
}

/** A lease and the state that it falls to (MS-SMB2 §2.2.24.2); the notification has more. */
export function putLeaseBreak(p: PacketView, at: number): void {
  p.put(F.reserved, at + 2, 2);
  putAll(p, G.leaseLeaseFlags, at + 4, 4);
  p.put(F.leaseLeaseKey, at + 8, 16);
  p.put(F.leaseLeaseState, at + 24, 4);
  putAll(p, G.leaseLeaseState, at + 24, 4);
}

function putNegotiate(p: PacketView, head: number, at: number, end: number): void {
  const b = p.bytes;
  const count = u16le(b, at + 2);
  p.put(F.dialectCount, at + 2, 2);
  putAll(p, G.secMode, at + 4, 1);
  p.put(F.reserved, at + 6, 2);
  putAll(p, G.capabilities, at + 8, 4);
  p.put(F.clientGuid, at + 12, 16);
  let has311 = false;
  for (let i = 0; i < count && at + 36 + 2 * i + 2 <= end; i++) if (u16le(b, at + 36 + 2 * i) === 0x311) has311 = true;
  p.put(F.negotiateContextOffset, at + 28, 4);
  p.put(F.negotiateContextCount, at + 32, 2);
  p.put(F.reserved, at + 34, 2);
  for (let i = 0; i < count && at + 36 + 2 * i + 2 <= end; i++) p.put(F.dialect, at + 36 + 2 * i, 2);
  if (has311) putNegotiateContexts(p, head + u32le(b, at + 28), u16le(b, at + 32), end);
}

function putCreate(p: PacketView, head: number, at: number, end: number, request: Smb2Request): void {
  const b = p.bytes;
  p.put(F.createOplock, at + 3, 1);
  p.put(F.impersonationLevel, at + 4, 4);
  p.put(F.createFlags, at + 8, 8);
  p.put(F.reserved, at + 16, 8);
  putAll(p, S.accessMask, at + 24, 4);
  putAll(p, G.fileAttribute, at + 28, 4);
  putAll(p, S.shareAccess, at + 32, 4);
  p.put(F.createDisposition, at + 36, 4);
  putAll(p, S.createOptions, at + 40, 4);
  const name = putOffsetLength(p, at + 44, 2, 2, head);
  const length = u16le(b, at + 46);
  if (name + length <= end) {
    putUtf16(p, F.filename, name, length);
    request.name = utf16Text(b, name, name + length);
  }
  const contexts = putOffsetLength(p, at + 48, 4, 4, head);
  p.put(F.createExtrainfo, Math.min(contexts, end), 0);
  const size = u32le(b, at + 52);
  if (size > 0) putCreateContexts(p, true, contexts, Math.min(end, contexts + size));
}

function putLock(p: PacketView, at: number, end: number, request: Smb2Request): void {
  const count = u16le(p.bytes, at + 2);
  p.put(F.lockCount, at + 2, 2);
  putFile(p, at + 8, request);
  for (let i = 0, q = at + 24; i < count && q + 24 <= end; i++, q += 24) {
    p.put(F.lockInfo, q, 24);
    p.put(F.fileOffset, q, 8);
    p.put(F.lockLength, q + 8, 8);
    putAll(p, G.lockFlags, q + 16, 4);
    p.put(F.reserved, q + 20, 4);
  }
}

function putClass(p: PacketView, at: number, request: Smb2Request): void {
  const b = p.bytes;
  request.class = b[at];
  request.level = b[at + 1];
  p.put(F.class, at, 1);
  p.put(levelField(request.class), at + 1, 1);
}

/** The level has a name of its own in each class. */
export function levelField(infoClass: number): Field {
  return [undefined, F.fileInfoInfolevel, F.fsInfoInfolevel, F.secInfoInfolevel][infoClass] ?? F.infolevel;
}

/** What of a security descriptor is meant, where the class is security. */
function putAdditional(p: PacketView, at: number, infoClass: number): void {
  if (infoClass === 3) {
    p.put(F.getsetinfoAdditionals, at, 4);
    putAll(p, G.secInfoBits, at, 4);
  } else p.put(F.getsetinfoAdditional, at, 4);
}
