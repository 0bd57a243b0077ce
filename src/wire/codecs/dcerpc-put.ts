import { u16be, u16le, u32be, u32le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { putAuth, trailerOf } from './dcerpc-auth.ts';
import { putBind, putBindAck, putBindNak } from './dcerpc-bind.ts';
import { dcerpcFields as F, dcerpcGroups as G } from './dcerpc-fields.ts';
import { PDU } from './dcerpc-pdu.ts';
import { DcerpcTalk, dcerpcCall, dcerpcTalk, pipeOf } from './dcerpc-talk.ts';
import { putAll } from './windows-values.ts';

const HEADER_LEN = 16;
const FIRST = 0x01;
const LAST = 0x02;
const OBJECT = 0x80;
const PRIVACY = 6;

/** Reads the PDU at `at`, which ends at `end` or is cut there. */
export function putPdu(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  const little = (b[at + 4] & 0x10) !== 0;
  putHead(p, at, little);
  putFragment(p, at, end, little, at + (little ? u16le(b, at + 8) : u16be(b, at + 8)) <= end);
  return p.finish();
}

function putHead(p: PacketView, at: number, little: boolean): void {
  const b = p.bytes;
  p.put(F.ver, at, 1);
  p.put(F.verMinor, at + 1, 1);
  p.put(F.pktType, at + 2, 1);
  putAll(p, G.cnFlags, at + 3, 1);
  p.put(F.drep, at + 4, 4);
  p.putInt(F.drepByteorder, at + 4, 1, b[at + 4] >> 4);
  p.putInt(F.drepCharacter, at + 4, 1, b[at + 4] & 15);
  p.put(F.drepFp, at + 5, 1);
  p.putInt(F.cnFragLen, at + 8, 2, little ? u16le(b, at + 8) : u16be(b, at + 8));
  p.putInt(F.cnAuthLen, at + 10, 2, little ? u16le(b, at + 10) : u16be(b, at + 10));
  p.putInt(F.cnCallId, at + 12, 4, little ? u32le(b, at + 12) : u32be(b, at + 12));
}

function putFragment(p: PacketView, at: number, end: number, little: boolean, isWhole: boolean): void {
  const b = p.bytes;
  const type = b[at + 2];
  const body = at + HEADER_LEN;
  const talk = dcerpcTalk(p);
  const trailer = isWhole ? trailerOf(b, at, end, little) : end;
  switch (type) {
    case PDU.BIND: case PDU.ALTER: putBind(p, body, trailer, little, talk); break;
    case PDU.BIND_ACK: case PDU.ALTER_ACK: putBindAck(p, body, trailer, little); break;
    case PDU.BIND_NAK: putBindNak(p, body, trailer, little); break;
    case PDU.REQUEST: case PDU.RESPONSE: case PDU.FAULT: putCall(p, at, end, trailer, little, isWhole, talk); return;
  }
  if (trailer < end) putAuth(p, trailer, end, little, type);
}

/** Request, response and fault. */
function putCall(p: PacketView, at: number, end: number, trailer: number, little: boolean, isWhole: boolean, talk: DcerpcTalk): void {
  const b = p.bytes;
  const type = b[at + 2];
  const isRequest = type === PDU.REQUEST;
  if (end - at < HEADER_LEN + 8) return;
  const body = at + HEADER_LEN;
  const u16 = little ? u16le : u16be;
  const pipe = pipeOf(p);
  const id = (little ? u32le : u32be)(b, at + 12);
  const context = `${pipe}/${u16(b, body + 4)}`;
  const callKey = `${pipe}/${id}`;
  p.putInt(F.cnAllocHint, body, 4, (little ? u32le : u32be)(b, body));
  p.putInt(F.cnCtxId, body + 4, 2, u16(b, body + 4));
  let stub = body + 8;
  let opnum = -1;
  let contextKey = context;
  if (isRequest) {
    opnum = u16(b, body + 6);
    p.putInt(F.opnum, body + 6, 2, opnum);
    if ((b[at + 3] & OBJECT) !== 0 && stub + 16 <= end) {
      p.put(F.objId, stub, 16);
      stub += 16;
    }
    if ((b[at + 3] & FIRST) !== 0) talk.ask(callKey, { opnum, context, object: (b[at + 3] & OBJECT) !== 0 && body + 24 <= end ? b.slice(body + 8, body + 24) : undefined, frame: p.frame, seconds: p.seconds, nanoseconds: p.nanoseconds });
  } else {
    p.put(F.cnCancelCount, body + 6, 1);
    const call = talk.calls.get(callKey);
    if (call !== undefined) {
      opnum = call.opnum;
      contextKey = call.context;
    }
    if (type === PDU.FAULT) {
      if (end >= body + 12) {
        putAll(p, G.cnFaultFlags, body + 7, 1);
        p.putInt(F.cnStatus, body + 8, 4, (little ? u32le : u32be)(b, body + 8));
        p.expert('note', 'response', 'dcerpc.cn_status.expert', body + 8, 4);
        stub = Math.min(trailer, body + 16);
      }
    }
    if (call !== undefined) {
      p.putInt(F.opnum, at, 0, opnum);
      p.putInt(F.requestIn, at, 0, call.frame);
      // An interface that is known says it once more.
      if (p.next('dcerpc.uuid', talk.contexts.get(contextKey) ?? -1) > 0) p.putInt(F.requestIn, at, 0, call.frame);
      if (call.object !== undefined && p.wants(F.objId)) putCopy(p, F.objId, call.object);
      p.putSince(F.time, call.seconds, call.nanoseconds);
    }
  }
  let encrypted = false;
  let padding = 0;
  if (trailer < end) {
    encrypted = b[trailer + 1] === PRIVACY;
    padding = Math.min(b[trailer + 2], Math.max(0, trailer - stub));
    putAuth(p, trailer, end, little, type);
  }
  if (type === PDU.FAULT) return;
  putStub(p, at, stub, trailer - (encrypted ? 0 : padding), encrypted, isWhole, talk, contextKey, callKey, opnum, little, isRequest);
  if (padding > 0 && !encrypted) p.put(F.authPadding, trailer - padding, padding);
}

/** Puts bytes that are not in this frame: the object that the request named. */
function putCopy(p: PacketView, f: Field, bytes: Uint8Array): void {
  const source = p.derive(bytes, 'reassembled');
  if (source < 0) return;
  const { source: outer, bytes: outerBytes } = p;
  p.source = source;
  p.bytes = bytes;
  p.put(f, 0, bytes.length);
  p.source = outer;
  p.bytes = outerBytes;
}

function putStub(p: PacketView, at: number, stub: number, end: number, encrypted: boolean, isWhole: boolean, talk: DcerpcTalk, context: string, callKey: string, opnum: number, little: boolean, isRequest: boolean): void {
  const flags = p.bytes[at + 3] & (FIRST | LAST);
  const interfaceNumber = talk.contexts.get(context);
  if (interfaceNumber === undefined) p.expert('note', 'undecoded', 'dcerpc.cn_ctx_id.no_bind', at, 0);
  const reader = interfaceNumber === undefined ? 0 : p.next('dcerpc.uuid', interfaceNumber);
  dcerpcCall.opnum = opnum;
  dcerpcCall.isResponse = !isRequest;
  dcerpcCall.isEncrypted = encrypted;
  dcerpcCall.little = little;
  if (flags !== (FIRST | LAST) && (encrypted || !isWhole || (flags & LAST) === 0)) p.expert('chat', 'reassemble', 'dcerpc.fragment.part', at + 3, 1);
  if (flags !== (FIRST | LAST) && !encrypted && isWhole) {
    const parts = talk.parts(`${callKey}/${isRequest ? 0 : 1}`);
    if ((flags & FIRST) !== 0) parts.clear();
    if ((flags & FIRST) === 0 && !parts.pending) return;
    if (!parts.add(p.bytes, stub, Math.max(stub, end), p.frame) || (flags & LAST) === 0) return;
    p.expert('chat', 'reassemble', 'dcerpc.fragment_reassembled', at + 3, 1);
    const source = p.derive(parts.take(), 'reassembled');
    p.call(p.id('dcerpc.fragments'), stub, stub);
    for (const frame of parts.frames) p.putInt(F.fragment, at, 0, frame);
    p.putInt(F.fragmentCount, at, 0, parts.frames.length);
    p.putInt(F.reassembledLength, at, 0, parts.length);
    parts.clear();
    if (reader > 0) p.callSource(reader, source);
    return;
  }
  if (reader > 0) {
    p.call(reader, stub, Math.max(stub, end));
    return;
  }
  if (interfaceNumber !== undefined && flags === (FIRST | LAST)) p.putInt(F.unknownIfId, at, 0, 1);
  if (end <= stub) return;
  if (encrypted) p.call(p.id('dcerpc.encrypted_stub_data'), stub, end);
  else if (interfaceNumber === undefined) p.call(p.id('dcerpc.stub_data'), stub, end);
  else p.put(F.stubData, stub, end - stub);
}
