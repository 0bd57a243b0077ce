import { u16le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { smbFields as F, smbGroups as G } from './smb-fields.ts';
import { putFid } from './smb-known.ts';
import type { SmbRequest, SmbTalk } from './smb-talk.ts';
import { smb2Fields as F2, smb2Groups as G2 } from './smb2-fields.ts';
import { putAll } from './windows-values.ts';

const IOCTL = 2;
const NOTIFY = 4;
const LEAST_WORDS = 19;
const SETUP_LEN = 8;

/** SMB_COM_NT_TRANSACT (MS-CIFS §2.2.4.62.1): counts and offsets of four bytes, and what is done in the setup words. */
export function putNtTransactRequest(p: PacketView, wct: number, words: number, bytes: number, talk: SmbTalk, request: SmbRequest): void {
  const b = p.bytes;
  if (wct < LEAST_WORDS) return;
  p.put(F.msc, words, 1);
  p.put(F.reserved, words + 1, 2);
  p.put(F.tpc, words + 3, 4);
  p.put(F.tdc, words + 7, 4);
  p.put(F.mpc, words + 11, 4);
  p.put(F.mdc, words + 15, 4);
  p.put(F.pc, words + 19, 4);
  p.put(F.po, words + 23, 4);
  p.put(F.dc, words + 27, 4);
  p.put(F.dataOffset, words + 31, 4);
  p.put(F.sc, words + 35, 1);
  p.put(F.ntFunction, words + 36, 2);
  request.function = u16le(b, words + 36);
  const setup = words + 38;
  if (b[words + 35] * 2 < SETUP_LEN || setup + SETUP_LEN > bytes) return;
  if (request.function === IOCTL) {
    putAll(p, G2.ioctlFunction, setup, 4);
    request.fid = u16le(b, setup + 4);
    putFid(p, setup + 4, request.fid, talk);
    p.put(F2.ioctlIsFsctl, setup + 6, 1);
  } else if (request.function === NOTIFY) {
    putAll(p, G.ntNotifyCompletionFilter, setup, 4);
    request.fid = u16le(b, setup + 4);
    putFid(p, setup + 4, request.fid, talk);
    p.put(F.ntNotifyWatchTree, setup + 6, 1);
    p.put(F.reserved, setup + 7, 1);
  }
}

/** What an answer repeats of its request. */
export function putNtTransactResponse(p: PacketView, at: number, talk: SmbTalk, request: SmbRequest): void {
  if (request.fid > 0) putFid(p, at, request.fid, talk, false, true);
  if (request.function >= 0) p.putInt(F.ntFunction, at, 0, request.function);
}
