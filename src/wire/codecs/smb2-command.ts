import { u16le, u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, MALFORMED } from '../packet-view.ts';
import { smb2Fields as F, smb2Groups as G } from './smb2-fields.ts';
import { FLAG_ASYNC, FLAG_RESPONSE, HEAD } from './smb2-head.ts';
import { putRequest } from './smb2-requests.ts';
import { putResponse } from './smb2-responses.ts';
import { createSmb2Sessions, createSmb2Talk, idKey, type Smb2Request, type Smb2Session, type Smb2Talk } from './smb2-talk.ts';
import { createNtlmTalk } from './ntlmssp-put.ts';
import { putAll, u64le } from './windows-values.ts';

const SESSION_SETUP = 1;

/** A command and what is chained behind it: each is a part of the hierarchy of its own. */
export function putCommand(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < HEAD.SIZE) return p.tooShort(HEAD.SIZE);
  const chain = u32le(b, at + HEAD.NEXT);
  const next = chain >= HEAD.SIZE && at + chain + HEAD.SIZE <= end ? at + chain : 0;
  const to = next > 0 ? next : end;
  const isResponse = (b[at + HEAD.FLAGS] & FLAG_RESPONSE) !== 0;
  const isAsync = (b[at + HEAD.FLAGS] & FLAG_ASYNC) !== 0;
  putHead(p, at, isResponse, isAsync);
  const talk = p.flow >= 0 ? p.trackers.state('smb2', p.flow, createSmb2Talk) : createSmb2Talk();
  const command = u16le(b, at + HEAD.COMMAND);
  const session = p.trackers.state('smb2.sessions', 0, createSmb2Sessions).get(idKey(b, at + HEAD.SESSION, 8));
  const isWhole = isResponse ? putAnswer(p, at, to, talk, session, command, isAsync) : putAsked(p, at, to, talk, session, command);
  if (next > 0) p.call(p.id('smb2.chained'), next, end);
  if (isWhole) return DONE;
  return end < p.wireEnd && next === 0 ? p.tooShort(p.wireEnd - at) : MALFORMED;
}

function putHead(p: PacketView, at: number, isResponse: boolean, isAsync: boolean): void {
  p.put(F.protocolId, at, 4);
  p.put(F.headerLen, at + HEAD.LENGTH, 2);
  p.put(F.creditCharge, at + HEAD.CREDIT_CHARGE, 2);
  if (isResponse) p.put(F.ntStatus, at + HEAD.STATUS, 4);
  else {
    p.put(F.channelSequence, at + HEAD.STATUS, 2);
    p.put(F.reserved, at + HEAD.STATUS + 2, 2);
  }
  p.put(F.cmd, at + HEAD.COMMAND, 2);
  p.put(isResponse ? F.creditsGranted : F.creditsRequested, at + HEAD.CREDITS, 2);
  putAll(p, G.flags, at + HEAD.FLAGS, 4);
  p.put(F.chainOffset, at + HEAD.NEXT, 4);
  p.put(F.msgId, at + HEAD.MESSAGE_ID, 8);
  if (isAsync) p.put(F.aid, at + HEAD.ASYNC_ID, 8);
  else {
    p.put(F.pid, at + HEAD.PROCESS, 4);
    p.put(F.tid, at + HEAD.TREE, 4);
  }
  p.put(F.sesid, at + HEAD.SESSION, 8);
  p.put(F.signature, at + HEAD.SIGNATURE, 16);
}

/** What is known of the session and the tree from earlier frames. */
function putKnown(p: PacketView, at: number, session: Smb2Session, isAsync: boolean): void {
  const tree = isAsync ? undefined : session.trees.get(u32le(p.bytes, at + HEAD.TREE));
  if (tree !== undefined) {
    if (tree.name !== '' && p.wants(F.tree)) p.putText(F.tree, at, 0, tree.name);
    p.putInt(F.shareType, at, 0, tree.shareType);
    p.putInt(F.tconFrame, at, 0, tree.frame);
  }
  if (session.authFrame === 0) return;
  if (session.account !== '') {
    if (p.wants(F.acct)) p.putText(F.acct, at, 0, session.account);
    if (p.wants(F.domain)) p.putText(F.domain, at, 0, session.domain);
    if (p.wants(F.host)) p.putText(F.host, at, 0, session.host);
  }
  p.putInt(F.authFrame, at, 0, session.authFrame);
}

function putBuffer(p: PacketView, at: number): void {
  putAll(p, G.bufferCode, at, 2);
}

function putAsked(p: PacketView, at: number, end: number, talk: Smb2Talk, session: Smb2Session, command: number): boolean {
  const request: Smb2Request = { command, frame: p.frame, seconds: p.seconds, nanoseconds: p.nanoseconds, name: '', class: 0, level: 0, file: '' };
  putKnown(p, at, session, (p.bytes[at + HEAD.FLAGS] & FLAG_ASYNC) !== 0);
  if (end - at < HEAD.SIZE + 2) return false;
  putBuffer(p, at + HEAD.SIZE);
  talk.ask(u64le(p.bytes, at + HEAD.MESSAGE_ID), request);
  const isWhole = putRequest(p, at, at + HEAD.SIZE, end, request, session);
  if (command === SESSION_SETUP && p.flow >= 0) noteAccount(p, session);
  return isWhole;
}

/** An NTLM token in this frame said who authenticates. */
function noteAccount(p: PacketView, session: Smb2Session): void {
  const ntlm = p.trackers.state('ntlmssp', p.flow, createNtlmTalk);
  if (ntlm.frame !== p.frame) return;
  session.account = ntlm.user;
  session.domain = ntlm.domain;
  session.host = ntlm.host;
  session.authFrame = p.frame;
}

function putAnswer(p: PacketView, at: number, end: number, talk: Smb2Talk, session: Smb2Session, command: number, isAsync: boolean): boolean {
  const b = p.bytes;
  const id = u64le(b, at + HEAD.MESSAGE_ID);
  const status = u32le(b, at + HEAD.STATUS);
  const known = talk.requests.get(id);
  const request = known !== undefined && known.command === command ? known : { command, frame: 0, seconds: 0, nanoseconds: 0, name: '', class: 0, level: 0, file: '' };
  putKnown(p, at, session, isAsync);
  if (request.frame > 0) {
    p.putInt(F.responseTo, at, 0, request.frame);
    p.putSince(F.time, request.seconds, request.nanoseconds);
  }
  if (end - at < HEAD.SIZE + 2) return false;
  if (command === SESSION_SETUP && status === 0) session.authFrame = p.frame;
  putBuffer(p, at + HEAD.SIZE);
  return putResponse(p, at, at + HEAD.SIZE, end, talk, request, session, status);
}
