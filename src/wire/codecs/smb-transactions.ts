import { u16le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE } from '../packet-view.ts';
import { smbFields as F, smbGroups as G } from './smb-fields.ts';
import { putFid, putPipeData } from './smb-known.ts';
import type { SmbStrings } from './smb-strings.ts';
import type { SmbRequest, SmbTalk } from './smb-talk.ts';
import { TRANS2, putTrans2Request, putTrans2Response } from './smb-trans2.ts';
import { putAll } from './windows-values.ts';

/** Functions of named pipes (MS-CIFS §2.2.5): the first setup word. */
const PIPE_FUNCTIONS_FROM = 0x01;

/** SMB_COM_TRANSACTION and TRANSACTION2 (MS-CIFS §2.2.4.33.1): `two` = the second kind, which has no name. */
export function putTransactionRequest(p: PacketView, two: boolean, wct: number, words: number, bytes: number, end: number, strings: SmbStrings, talk: SmbTalk, request: SmbRequest): void {
  const b = p.bytes;
  if (wct < 14) return;
  p.put(F.tpc, words, 2);
  p.put(F.tdc, words + 2, 2);
  p.put(F.mpc, words + 4, 2);
  p.put(F.mdc, words + 6, 2);
  p.put(F.msc, words + 8, 1);
  p.put(F.reserved, words + 9, 1);
  putAll(p, G.transactionFlags, words + 10, 2);
  p.put(F.timeout, words + 12, 4);
  p.put(F.reserved, words + 16, 2);
  p.put(F.pc, words + 18, 2);
  p.put(F.po, words + 20, 2);
  p.put(F.dc, words + 22, 2);
  p.put(F.dataOffset, words + 24, 2);
  p.put(F.sc, words + 26, 1);
  p.put(F.reserved, words + 27, 1);
  const setup = Math.min(b[words + 26], wct - 14);
  const parametersAt = strings.head + u16le(b, words + 20);
  const parametersEnd = Math.min(end, parametersAt + u16le(b, words + 18));
  const dataAt = strings.head + u16le(b, words + 24);
  const dataEnd = Math.min(end, dataAt + u16le(b, words + 22));
  const setupAt = words + 28;
  if (two) {
    request.function = setup > 0 ? u16le(b, setupAt) : -1;
    if (setup > 0) p.put(F.trans2Cmd, setupAt, 2);
    putPadding(p, bytes, parametersAt);
    if (u16le(b, words + 18) > 0) {
      putPadding(p, parametersEnd, dataAt);
      putTrans2Request(p, request, parametersAt, parametersEnd, strings, talk);
    }
    return;
  }
  request.name = strings.put(p, F.transName, bytes, end);
  putPadding(p, strings.next, parametersAt);
  request.function = setup > 0 ? u16le(b, setupAt) : -1;
  if (request.name.startsWith('\\PIPE\\')) {
    if (setup >= 2 && request.function >= PIPE_FUNCTIONS_FROM) {
      request.fid = u16le(b, setupAt + 2);
      p.call(p.id('smb_pipe'), setupAt, setupAt + 4);
      putFid(p, setupAt + 2, request.fid, talk);
      if (dataEnd > dataAt) putPipeData(p, dataAt, dataEnd, request.fid);
    } else if (request.name === '\\PIPE\\LANMAN') {
      p.call(p.id('smb_pipe'), setupAt, setupAt);
      p.call(p.id('lanman'), parametersAt, parametersEnd);
    }
    return;
  }
  if (request.name.startsWith('\\MAILSLOT\\') && setup >= 3 && dataEnd >= dataAt) {
    const slot = p.trackers.state('mailslot', 0, createSlot);
    slot.setupAt = setupAt;
    slot.name = request.name;
    slot.reader = READERS[request.name.slice(request.name.lastIndexOf('\\') + 1)] ?? '';
    if (p.call(p.id('mailslot'), dataAt, dataEnd) === DECLINE) p.call(p.id('data'), dataAt, dataEnd);
    return;
  }
  for (let i = 0; i < setup; i++) p.put(F.transDataSetupWord, setupAt + 2 * i, 2);
  if (parametersEnd > parametersAt) p.put(F.transDataParameters, parametersAt, parametersEnd - parametersAt);
  if (dataEnd > dataAt) p.put(F.transData, dataAt, dataEnd - dataAt);
}

/** What an answer of the second kind repeats of its request. */
function putAsked2(p: PacketView, at: number, request: SmbRequest, talk: SmbTalk): void {
  if (request.fid > 0) putFid(p, at, request.fid, talk, false, true);
  if (request.function < 0) return;
  p.putInt(F.trans2Cmd, at, 0, request.function);
  if (request.function === TRANS2.FIND_FIRST || request.function === TRANS2.FIND_NEXT) {
    p.putInt(F.ff2Loi, at, 0, request.level);
    if (p.wants(F.searchPattern)) p.putText(F.searchPattern, at, 0, request.name);
  } else if (request.function === TRANS2.QUERY_PATH || request.function === TRANS2.QUERY_FILE) p.putInt(F.qpiLoi, at, 0, request.level);
  else if (request.function === TRANS2.QUERY_FS) p.putInt(F.qfsiLoi, at, 0, request.level);
}

export function putTransactionResponse(p: PacketView, two: boolean, wct: number, words: number, bytes: number, end: number, strings: SmbStrings, talk: SmbTalk, request: SmbRequest): void {
  const b = p.bytes;
  if (wct < 10) {
    if (two) putAsked2(p, words, request, talk);
    return;
  }
  p.put(F.tpc, words, 2);
  p.put(F.tdc, words + 2, 2);
  p.put(F.reserved, words + 4, 2);
  p.put(F.pc, words + 6, 2);
  p.put(F.po, words + 8, 2);
  p.put(F.pd, words + 10, 2);
  p.put(F.dc, words + 12, 2);
  p.put(F.dataOffset, words + 14, 2);
  p.put(F.dataDisp, words + 16, 2);
  p.put(F.sc, words + 18, 1);
  p.put(F.reserved, words + 19, 1);
  const parametersAt = strings.head + u16le(b, words + 8);
  const parametersEnd = Math.min(end, parametersAt + u16le(b, words + 6));
  const dataAt = strings.head + u16le(b, words + 14);
  const dataEnd = Math.min(end, dataAt + u16le(b, words + 12));
  if (two) {
    putAsked2(p, words, request, talk);
    putPadding(p, bytes, u16le(b, words + 6) > 0 ? parametersAt : dataAt);
    if (u16le(b, words + 6) > 0 && u16le(b, words + 12) > 0) putPadding(p, parametersEnd, dataAt);
    putTrans2Response(p, request, parametersAt, parametersEnd, dataAt, dataEnd, strings);
    return;
  }
  putPadding(p, bytes, u16le(b, words + 6) > 0 ? parametersAt : dataAt);
  if (request.name.startsWith('\\PIPE\\') && request.fid > 0) {
    putFid(p, words, request.fid, talk, false, true);
    p.call(p.id('smb_pipe'), words, words);
    putFid(p, words, request.fid, talk, false, true);
    if (dataEnd > dataAt) putPipeData(p, dataAt, dataEnd, request.fid);
  } else if (request.name === '\\PIPE\\LANMAN') {
    p.call(p.id('smb_pipe'), words, words);
    p.call(p.id('lanman'), parametersAt, parametersEnd);
  }
}

/** Alignment before a part of the message. */
function putPadding(p: PacketView, from: number, to: number): void {
  if (to > from && to - from < 8 && to <= p.end) p.put(F.padding, from, to - from);
}

/** Who reads a mailslot, by the end of its name. */
const READERS: Readonly<Record<string, string>> = { BROWSE: 'browser', LANMAN: 'browser', NETLOGON: 'smb_netlogon', NTLOGON: 'smb_netlogon', NTLOGON64: 'smb_netlogon' };

/** What a mailslot's message needs of the transaction that carries it. */
export interface MailslotCarrier {
  name: string;
  setupAt: number;
  /** Dissector of the messages. */
  reader: string;
}
export const createSlot = (): MailslotCarrier => ({ name: '', setupAt: 0, reader: '' });
