import { u16le, u32le } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MALFORMED } from '../packet-view.ts';
import { SMB, SMB_COMMANDS } from '../codecs/smb-commands.ts';
import { smbFields as F, smbGroups as G } from '../codecs/smb-fields.ts';
import { putCreateRequest, putCreateResponse, putFileRequest, putFileResponse } from '../codecs/smb-files.ts';
import {
  putNegotiateRequest, putNegotiateResponse, putSetupRequest, putSetupResponse, putTreeRequest, putTreeResponse,
} from '../codecs/smb-session.ts';
import { putNtTransactRequest, putNtTransactResponse } from '../codecs/smb-nt-transact.ts';
import { SmbStrings } from '../codecs/smb-strings.ts';
import { createSmbTalk, type SmbRequest, type SmbTalk } from '../codecs/smb-talk.ts';
import { putTransactionRequest, putTransactionResponse } from '../codecs/smb-transactions.ts';
import { putAll } from '../codecs/windows-values.ts';

// The header of MS-CIFS §2.2.3.1: offsets from 0xff 'SMB'.
const AT = { COMMAND: 4, STATUS: 5, FLAGS: 9, FLAGS2: 10, PID_HIGH: 12, SIGNATURE: 14, RESERVED: 22, TID: 24, PID: 26, UID: 28, MID: 30 } as const;
const HEADER_LEN = 32;
const FLAG_RESPONSE = 0x80;
const FLAGS2_NT_STATUS = 0x4000;
const FLAGS2_UNICODE = 0x8000;
const MOST_ANDX = 16;

const strings = new SmbStrings();

/** SMB 1, and CIFS. */
export const smb = defineDissector({
  name: 'smb',
  title: 'SMB (Server Message Block Protocol)',
  spec: ['MS-CIFS', 'MS-SMB'],
  over: { netbios: [1] },
  fields: F,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 4) return end < p.wireEnd ? p.tooShort(4) : DECLINE;
    if (b[at] !== 0xff || b[at + 1] !== 0x53 || b[at + 2] !== 0x4d || b[at + 3] !== 0x42) return DECLINE;
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const isResponse = (b[at + AT.FLAGS] & FLAG_RESPONSE) !== 0;
    const talk = p.flow >= 0 ? p.trackers.state('smb', p.flow, createSmbTalk) : createSmbTalk();
    const command = b[at + AT.COMMAND];
    const pid = u16le(b, at + AT.PID);
    const mid = u16le(b, at + AT.MID);
    const asked = isResponse ? talk.asked(pid, mid) : undefined;
    const request = asked !== undefined && asked.command === command ? asked : newRequest(p, command, isResponse ? 0 : p.frame);
    if (!isResponse) {
      request.tid = u16le(b, at + AT.TID);
      talk.ask(pid, mid, request);
    }
    p.put(F.serverComponent, at, 4);
    if (isResponse && request.frame > 0) {
      p.putInt(F.responseTo, at, 0, request.frame);
      p.putSince(F.time, request.seconds, request.nanoseconds);
    }
    putHead(p, at, request, talk, isResponse);
    strings.head = at;
    strings.unicode = (u16le(b, at + AT.FLAGS2) & FLAGS2_UNICODE) !== 0;
    return putCommands(p, at, end, command, isResponse, talk, request);
  },
  info: (row) => `${SMB_COMMANDS[row.num(F.cmd) as keyof typeof SMB_COMMANDS] ?? 'Unknown'} ${row.text(F.flagsResponse) === '1' ? 'response' : 'request'}${row.has(F.file) ? ` ${row.text(F.file)}` : ''}`,
});

function newRequest(p: PacketView, command: number, frame: number): SmbRequest {
  return { command, frame, seconds: p.seconds, nanoseconds: p.nanoseconds, name: '', tid: 0, function: -1, level: 0, fid: 0, details: undefined };
}

function putHead(p: PacketView, at: number, request: SmbRequest, talk: SmbTalk, isResponse: boolean): void {
  const b = p.bytes;
  p.put(F.cmd, at + AT.COMMAND, 1);
  if ((u16le(b, at + AT.FLAGS2) & FLAGS2_NT_STATUS) !== 0) p.put(F.ntStatus, at + AT.STATUS, 4);
  else {
    p.put(F.errorClass, at + AT.STATUS, 1);
    p.put(F.reserved, at + AT.STATUS + 1, 1);
    p.put(F.errorCode, at + AT.STATUS + 2, 2);
  }
  putAll(p, G.flags, at + AT.FLAGS, 1);
  putAll(p, G.flags2, at + AT.FLAGS2, 2);
  p.put(F.pidHigh, at + AT.PID_HIGH, 2);
  p.put(F.signature, at + AT.SIGNATURE, 8);
  p.put(F.reserved, at + AT.RESERVED, 2);
  p.put(F.tid, at + AT.TID, 2);
  const tid = u16le(b, at + AT.TID);
  const tree = talk.trees.get(tid);
  const isConnect = isResponse && request.command === SMB.TREE_CONNECT && u32le(b, at + AT.STATUS) === 0 && request.name !== '';
  if (isConnect) {
    if (p.wants(F.path)) p.putText(F.path, at, 0, request.name);
    p.putInt(F.fidMappedIn, at, 0, p.frame);
  } else if (tree !== undefined) {
    if (p.wants(F.path)) p.putText(F.path, at, 0, tree.name);
    p.putInt(F.fidMappedIn, at, 0, tree.frame);
  }
  p.put(F.pid, at + AT.PID, 2);
  p.put(F.uid, at + AT.UID, 2);
  p.put(F.mid, at + AT.MID, 2);
}

/** The command, and those that are chained to it (AndX). */
function putCommands(p: PacketView, head: number, end: number, first: number, isResponse: boolean, talk: SmbTalk, request: SmbRequest): number {
  const b = p.bytes;
  let at = head + HEADER_LEN;
  let command = first;
  for (let n = 0; n < MOST_ANDX; n++) {
    if (at >= end) return end < p.wireEnd ? p.tooShort(at + 1 - head) : MALFORMED;
    const wct = b[at];
    const words = at + 1;
    const bytes = words + 2 * wct + 2;
    if (bytes > end) return bytes <= p.wireEnd ? p.tooShort(bytes - head) : MALFORMED;
    p.put(F.wct, at, 1);
    const count = u16le(b, bytes - 2);
    const to = Math.min(end, Math.max(bytes + count, command === SMB.READ_ANDX || command === SMB.WRITE_ANDX ? end : 0));
    const isChain = CHAINS.has(command) && wct >= 2;
    if (isChain) {
      p.put(F.cmd, words, 1);
      p.put(F.reserved, words + 1, 1);
      p.put(F.andxoffset, words + 2, 2);
    }
    p.put(F.bcc, bytes - 2, 2);
    if (isResponse) putAnswer(p, command, wct, words, bytes, to, talk, request, head);
    else putAsked(p, command, wct, words, bytes, to, talk, request, head);
    if (!isChain) break;
    command = b[words];
    const next = head + u16le(b, words + 2);
    if (command === SMB.NONE || next < bytes) break;
    at = next;
  }
  return DONE;
}

const CHAINS: ReadonlySet<number> = new Set([SMB.LOCKING_ANDX, SMB.OPEN_ANDX, SMB.READ_ANDX, SMB.WRITE_ANDX, SMB.SESSION_SETUP, SMB.LOGOFF, SMB.TREE_CONNECT, SMB.NT_CREATE]);

function putAsked(p: PacketView, command: number, wct: number, words: number, bytes: number, end: number, talk: SmbTalk, request: SmbRequest, head: number): void {
  switch (command) {
    case SMB.NEGOTIATE: return putNegotiateRequest(p, bytes, end);
    case SMB.SESSION_SETUP: return putSetupRequest(p, wct, words, bytes, end, strings);
    case SMB.TREE_CONNECT: return putTreeRequest(p, wct, words, bytes, end, strings, request);
    case SMB.NT_CREATE: return putCreateRequest(p, wct, words, bytes, end, strings, request);
    case SMB.TRANSACTION: return putTransactionRequest(p, false, wct, words, bytes, end, strings, talk, request);
    case SMB.TRANSACTION2: return putTransactionRequest(p, true, wct, words, bytes, end, strings, talk, request);
    case SMB.NT_TRANSACT: return putNtTransactRequest(p, wct, words, bytes, talk, request);
    case SMB.CLOSE: case SMB.READ_ANDX: case SMB.WRITE_ANDX: case SMB.LOCKING_ANDX:
      return putFileRequest(p, command, wct, words, bytes, end, talk, request, head);
    case SMB.ECHO:
      if (wct >= 1) p.put(F.echoCount, words, 2);
      if (end > bytes) p.put(F.echoData, bytes, end - bytes);
      return;
    case SMB.FIND_CLOSE2:
      if (wct >= 1) p.put(F.searchId, words, 2);
      return;
    case SMB.DELETE: case SMB.QUERY_INFORMATION: case SMB.CHECK_DIRECTORY: case SMB.DELETE_DIRECTORY: case SMB.CREATE_DIRECTORY: case SMB.RENAME:
      return putNamed(p, command, wct, words, bytes, end);
  }
}

/** Commands about a name: a format byte and a text. */
function putNamed(p: PacketView, command: number, wct: number, words: number, bytes: number, end: number): void {
  if ((command === SMB.DELETE || command === SMB.RENAME) && wct >= 1) putAll(p, G.searchAttribute, words, 2);
  const isDirectory = command === SMB.CHECK_DIRECTORY || command === SMB.DELETE_DIRECTORY || command === SMB.CREATE_DIRECTORY;
  let q = bytes;
  for (let i = 0; i < (command === SMB.RENAME ? 2 : 1) && q + 1 < end; i++) {
    p.put(F.bufferFormat, q, 1);
    strings.put(p, command === SMB.RENAME && i === 0 ? F.oldFile : isDirectory ? F.dirName : F.file, q + 1, end);
    q = strings.next;
  }
}

function putAnswer(p: PacketView, command: number, wct: number, words: number, bytes: number, end: number, talk: SmbTalk, request: SmbRequest, head: number): void {
  switch (command) {
    case SMB.NEGOTIATE: return putNegotiateResponse(p, wct, words, bytes, end, strings);
    case SMB.SESSION_SETUP: return putSetupResponse(p, wct, words, bytes, end, strings);
    case SMB.TREE_CONNECT: return putTreeResponse(p, wct, words, bytes, end, strings, talk, u16le(p.bytes, head + AT.TID), request);
    case SMB.NT_CREATE: return putCreateResponse(p, wct, words, talk, request);
    case SMB.TRANSACTION: return putTransactionResponse(p, false, wct, words, bytes, end, strings, talk, request);
    case SMB.TRANSACTION2: return putTransactionResponse(p, true, wct, words, bytes, end, strings, talk, request);
    case SMB.NT_TRANSACT: return putNtTransactResponse(p, words, talk, request);
    case SMB.CLOSE: case SMB.READ_ANDX: case SMB.WRITE_ANDX: case SMB.LOCKING_ANDX:
      return putFileResponse(p, command, wct, words, bytes, end, talk, request, head);
    case SMB.ECHO:
      if (wct >= 1) p.put(F.echoSeqNum, words, 2);
      if (end > bytes) p.put(F.echoData, bytes, end - bytes);
      return;
  }
}
export default smb;
