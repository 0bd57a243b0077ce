import { u16le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { isNtlm } from './gss-mechanisms.ts';
import { smbFields as F, smbGroups as G } from './smb-fields.ts';
import type { SmbStrings } from './smb-strings.ts';
import type { SmbRequest, SmbTalk } from './smb-talk.ts';
import { putAll, putFileTime } from './windows-values.ts';

// Offsets are from the first parameter word; `bytes` is where the data bytes begin (behind the byte count).

/** Dialects that the client offers, each behind a format byte. */
export function putNegotiateRequest(p: PacketView, bytes: number, end: number): void {
  const b = p.bytes;
  for (let q = bytes; q < end && b[q] === 2;) {
    let to = q + 1;
    while (to < end && b[to] !== 0) to++;
    p.put(F.dialect, q + 1, to - q - 1);
    p.put(F.bufferFormat, q, 1);
    p.put(F.dialectName, q + 1, to - q - 1);
    q = to + 1;
  }
}

function callToken(p: PacketView, at: number, end: number): void {
  p.call(p.id(isNtlm(p.bytes, at, end) ? 'ntlmssp' : 'gss-api'), at, end);
}

const EXTENDED_SECURITY = 0x80;

/** The dialect that the server chose, with what it can do (MS-SMB §2.2.4.5.2). */
export function putNegotiateResponse(p: PacketView, wct: number, words: number, bytes: number, end: number, strings: SmbStrings): void {
  const b = p.bytes;
  if (wct < 1) return;
  p.put(F.dialectIndex, words, 2);
  if (wct !== 17) return;
  putAll(p, G.sm, words + 2, 1);
  p.put(F.maxMpxCount, words + 3, 2);
  p.put(F.maxVcs, words + 5, 2);
  p.put(F.maxBufsize, words + 7, 4);
  p.put(F.maxRaw, words + 11, 4);
  p.put(F.sessionKey, words + 15, 4);
  putAll(p, G.serverCap, words + 19, 4);
  putFileTime(p, F.systemTime, words + 23);
  p.put(F.serverTimezone, words + 31, 2);
  p.put(F.challengeLength, words + 33, 1);
  const isExtended = (b[words + 22] & EXTENDED_SECURITY) !== 0;
  if (isExtended) {
    if (end - bytes < 16) return;
    p.put(F.serverGuid, bytes, 16);
    if (end > bytes + 16) {
      p.put(F.securityBlob, bytes + 16, end - bytes - 16);
      callToken(p, bytes + 16, end);
    }
    return;
  }
  const length = b[words + 33];
  if (length > 0 && bytes + length <= end) p.put(F.challenge, bytes, length);
  if (bytes + length >= end) return;
  // These two are never aligned (MS-CIFS §2.2.4.52.2).
  const head = strings.head;
  strings.head = bytes + length;
  strings.put(p, F.primaryDomain, bytes + length, end, true);
  if (strings.next < end) strings.put(p, F.server, strings.next, end, true);
  strings.head = head;
}

export function putSetupRequest(p: PacketView, wct: number, words: number, bytes: number, end: number, strings: SmbStrings): void {
  const b = p.bytes;
  if (wct < 10) return;
  p.put(F.maxBuf, words + 4, 2);
  p.put(F.maxMpxCount, words + 6, 2);
  p.put(F.vc, words + 8, 2);
  p.put(F.sessionKey, words + 10, 4);
  if (wct === 12) {
    const length = u16le(b, words + 14);
    p.put(F.securityBlobLen, words + 14, 2);
    p.put(F.reserved, words + 16, 4);
    putAll(p, G.serverCap, words + 20, 4);
    const to = Math.min(end, bytes + length);
    if (to > bytes) {
      p.put(F.securityBlob, bytes, to - bytes);
      callToken(p, bytes, to);
    }
    putSystems(p, to, end, strings, true);
    return;
  }
  if (wct !== 13) return;
  const ansi = u16le(b, words + 14);
  const unicode = u16le(b, words + 16);
  p.put(F.ansiPwlen, words + 14, 2);
  p.put(F.unicodePwlen, words + 16, 2);
  p.put(F.reserved, words + 18, 4);
  putAll(p, G.serverCap, words + 22, 4);
  let q = bytes;
  if (ansi > 0 && q + ansi <= end) p.put(F.ansiPassword, q, ansi);
  q += ansi;
  if (unicode > 0 && q + unicode <= end) p.put(F.unicodePassword, q, unicode);
  q += unicode;
  if (q >= end) return;
  strings.put(p, F.account, q, end);
  if (strings.next < end) strings.put(p, F.primaryDomain, strings.next, end);
  putSystems(p, strings.next, end, strings, false);
}

function putSystems(p: PacketView, from: number, end: number, strings: SmbStrings, withDomain: boolean): void {
  if (from >= end) return;
  strings.put(p, F.nativeOs, from, end);
  if (strings.next < end) strings.put(p, F.nativeLanman, strings.next, end);
  if (withDomain && strings.next < end) strings.put(p, F.primaryDomain, strings.next, end);
  if (strings.next < end) p.put(F.extraByteParameters, strings.next, end - strings.next);
}

export function putSetupResponse(p: PacketView, wct: number, words: number, bytes: number, end: number, strings: SmbStrings): void {
  const b = p.bytes;
  if (wct < 3) return;
  putAll(p, G.setupAction, words + 4, 2);
  let q = bytes;
  if (wct === 4) {
    p.put(F.securityBlobLen, words + 6, 2);
    const to = Math.min(end, q + u16le(b, words + 6));
    if (to > q) {
      p.put(F.securityBlob, q, to - q);
      callToken(p, q, to);
    }
    q = to;
  }
  putSystems(p, q, end, strings, true);
}

export function putTreeRequest(p: PacketView, wct: number, words: number, bytes: number, end: number, strings: SmbStrings, request: SmbRequest): void {
  if (wct < 4) return;
  putAll(p, G.connectFlags, words + 4, 2);
  p.put(F.pwlen, words + 6, 2);
  const length = Math.min(u16le(p.bytes, words + 6), Math.max(0, end - bytes));
  p.put(F.password, bytes, length);
  if (bytes + length >= end) return;
  request.name = strings.put(p, F.path, bytes + length, end);
  if (strings.next < end) strings.put(p, F.service, strings.next, end, false);
}

export function putTreeResponse(p: PacketView, wct: number, words: number, bytes: number, end: number, strings: SmbStrings, talk: SmbTalk, tid: number, request: SmbRequest): void {
  if (wct < 2) return;
  putAll(p, G.connectSupport, words + 4, 2);
  if (wct === 7) {
    putAll(p, G.accessMask, words + 6, 4);
    putAll(p, G.accessMask, words + 10, 4);
  }
  if (request.name !== '') {
    talk.connect(tid, request.name, p.frame);
    // The tree number that the request bore stands for it as well, as Wireshark has it.
    talk.connect(request.tid, request.name, p.frame);
  }
  if (bytes >= end) return;
  strings.put(p, F.service, bytes, end, false);
  if (strings.next < end) strings.put(p, F.nativeFs, strings.next, end);
}
