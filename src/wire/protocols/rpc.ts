import { u32be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MORE } from '../packet-view.ts';
import { rpcFields as F } from '../codecs/rpc-fields.ts';
import { findCall, keepCall, rpcMessage } from '../codecs/rpc-talk.ts';
import { Xdr } from '../codecs/xdr.ts';

const CALL = 0;
const REPLY = 1;
const TCP = 6;
const VERSION = 2;
const CALL_HEAD = 24;
const REPLY_HEAD = 12;
const LAST_FRAGMENT = 0x80000000;
const MAX_RECORD = 4 * 1024 * 1024;
const AUTH = { NONE: 0, UNIX: 1, GSS: 6 } as const;

const xdr = new Xdr();

/** Programs of ONC RPC that are asked for by number (RFC 1833, IANA's list); others are taken where they have a dissector. */
const PROGRAMS: ReadonlySet<number> = new Set([
  100000, 100001, 100002, 100003, 100004, 100005, 100007, 100008, 100009, 100011, 100012, 100017, 100020, 100021, 100023, 100024, 100026, 100028, 100029, 100069,
  100083, 100227, 100232, 100300, 150001, 200006, 300598, 390113, 0x40000000,
]);

/** ONC remote procedure calls, over UDP and in records over TCP. */
export const rpc = defineDissector({
  name: 'rpc',
  title: 'Remote Procedure Call',
  spec: ['RFC 5531', 'RFC 4506'],
  over: { 'tcp.port': [111], 'udp.port': [111] },
  tables: ['rpc.program'],
  heuristicOver: ['tcp', 'udp'],
  heuristic: (p, at, end) => (p.ipProto === TCP ? end - at >= 4 + REPLY_HEAD && isRecord(p, at) && isMessage(p, at + 4, end) : isMessage(p, at, end)),
  stream: true,
  fields: F,
  dissect(p, at, end) {
    if (p.ipProto !== TCP) return isMessage(p, at, end) ? putMessage(p, at, end) : DECLINE;
    if (end - at < 4) return p.more(4 - (end - at)) === MORE ? MORE : p.tooShort(4);
    const mark = u32be(p.bytes, at);
    const length = mark & 0x7fffffff;
    if (length === 0 || length > MAX_RECORD || !isMessage(p, at + 4, end)) return DECLINE;
    const next = at + 4 + length;
    if (next > p.wireEnd && p.more(next - p.wireEnd) === MORE) return MORE;
    p.put(F.lastfrag, at, 4);
    p.put(F.fraglen, at, 4);
    const verdict = putMessage(p, at + 4, Math.min(next, end));
    if (next >= p.wireEnd) return verdict;
    p.payload(next, p.wireEnd);
    return DONE;
  },
  info: (row) => `${row.num(F.msgtyp) === CALL ? 'Call' : 'Reply'} xid ${row.text(F.xid)} program ${row.text(F.program)} procedure ${row.text(F.procedure)}`,
});

function isRecord(p: PacketView, at: number): boolean {
  const mark = u32be(p.bytes, at);
  return (mark & LAST_FRAGMENT) !== 0 && (mark & 0x7fffffff) >= REPLY_HEAD && (mark & 0x7fffffff) <= MAX_RECORD;
}

/** A call of a program that is known, or the reply to a call that was seen. */
function isMessage(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  if (end - at < REPLY_HEAD) return false;
  const type = u32be(b, at + 4);
  if (type === REPLY) return u32be(b, at + 8) <= 1 && findCall(p, u32be(b, at)) !== undefined;
  return type === CALL && end - at >= CALL_HEAD && u32be(b, at + 8) === VERSION && (PROGRAMS.has(u32be(b, at + 12)));
}

function putMessage(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  const xid = u32be(b, at);
  xdr.begin(at, end);
  xdr.u32(p, F.xid);
  const isReply = xdr.u32(p, F.msgtyp) === REPLY;
  return isReply ? putReply(p, at, end, xid) : putCall(p, at, end, xid);
}

function putCall(p: PacketView, at: number, end: number, xid: number): number {
  xdr.u32(p, F.version);
  const program = xdr.u32(p, F.program);
  const version = xdr.u32(p, F.programversion);
  const procedure = xdr.u32(p, F.procedure);
  keepCall(p, xid, { program, version, procedure, frame: p.frame, seconds: p.seconds, nanoseconds: p.nanoseconds });
  putAuth(p);
  putAuth(p);
  if (xdr.failed) return p.tooShort(end + 1 - at);
  return callProgram(p, program, version, procedure, false, xdr.at, end);
}

function putReply(p: PacketView, at: number, end: number, xid: number): number {
  const call = findCall(p, xid);
  const rejected = xdr.u32(p, F.replystat) === 1;
  if (call !== undefined) {
    p.putInt(F.program, at, 0, call.program);
    p.putInt(F.programversion, at, 0, call.version);
    p.putInt(F.procedure, at, 0, call.procedure);
    p.putInt(F.repframe, at, 0, call.frame);
    p.putSince(F.time, call.seconds, call.nanoseconds);
  }
  if (rejected) {
    if (xdr.u32(p, F.stateReject) === 0) {
      xdr.u32(p, F.versionMin);
      xdr.u32(p, F.versionMax);
    } else xdr.u32(p, F.stateAuth);
    return p.finish();
  }
  putAuth(p);
  const state = xdr.u32(p, F.stateAccept);
  if (state === 2) {
    xdr.u32(p, F.programversionMin);
    xdr.u32(p, F.programversionMax);
  }
  if (xdr.failed) return p.tooShort(end + 1 - at);
  if (state !== 0 || call === undefined) return p.finish();
  return callProgram(p, call.program, call.version, call.procedure, true, xdr.at, end);
}

/** Credentials or a verifier (RFC 5531 §8.2). */
function putAuth(p: PacketView): void {
  const flavor = xdr.u32(p, F.authFlavor);
  const length = xdr.u32(p, F.authLength);
  const next = xdr.at + ((length + 3) & ~3);
  if (!xdr.has(length)) return;
  if (flavor === AUTH.UNIX && length > 0) {
    xdr.u32(p, F.authStamp);
    xdr.opaque(p, F.authMachinename);
    xdr.u32(p, F.authUid);
    xdr.u32(p, F.authGid);
    const count = xdr.u32(p, undefined);
    for (let i = 0; i < count && i < 16 && xdr.at + 4 <= next; i++) xdr.u32(p, F.authGid);
  } else if (flavor === AUTH.GSS && length >= 20) {
    xdr.u32(p, F.authgssVersion);
    xdr.u32(p, F.authgssProcedure);
    xdr.u32(p, F.authgssSeqnum);
    xdr.u32(p, F.authgssService);
  }
  xdr.at = next;
}

function callProgram(p: PacketView, program: number, version: number, procedure: number, isReply: boolean, at: number, end: number): number {
  p.payload(at, p.wireEnd);
  const id = p.next('rpc.program', program);
  if (id === 0) return p.finish();
  p.putInt(F.programversion, at, 0, version);
  rpcMessage.version = version;
  rpcMessage.procedure = procedure;
  rpcMessage.isReply = isReply;
  p.call(id, at, end);
  return p.finish();
}
export default rpc;
