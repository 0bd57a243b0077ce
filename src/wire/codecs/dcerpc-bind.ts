import { u16be, u16le, u32be, u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { dcerpcFields as F, dcerpcGroups as G } from './dcerpc-fields.ts';
import { interfaceKey, pipeOf, type DcerpcTalk } from './dcerpc-talk.ts';
import { putAll } from './windows-values.ts';

/** Bind-time feature negotiation stands in place of a transfer syntax (MS-RPCE §3.3.1.5.3): 6cb71c2c-9812-4540-… */
const FEATURES = 0x6cb71c2c;

function isFeatures(b: Uint8Array, at: number): boolean {
  return u32le(b, at) === FEATURES && u16le(b, at + 4) === 0x9812;
}

/** Bind and alter-context: each context names an interface and the ways to write its data. */
export function putBind(p: PacketView, at: number, end: number, little: boolean, talk: DcerpcTalk): void {
  if (end - at < 12) return;
  const b = p.bytes;
  const u16 = little ? u16le : u16be;
  const u32 = little ? u32le : u32be;
  p.putInt(F.cnMaxXmit, at, 2, u16(b, at));
  p.putInt(F.cnMaxRecv, at + 2, 2, u16(b, at + 2));
  p.putInt(F.cnAssocGroup, at + 4, 4, u32(b, at + 4));
  p.put(F.cnNumCtxItems, at + 8, 1);
  const pipe = pipeOf(p);
  let q = at + 12;
  for (let i = 0; i < b[at + 8] && q + 24 <= end; i++) {
    const syntaxes = b[q + 2];
    const id = u16(b, q);
    p.put(F.cnCtxItem, q, Math.min(24 + 20 * syntaxes, end - q));
    p.putInt(F.cnCtxId, q, 2, id);
    p.put(F.cnNumTransItems, q + 2, 1);
    p.put(F.cnBindAbstractSyntax, q + 4, 20);
    p.put(F.cnBindToUuid, q + 4, 16);
    p.putInt(F.cnBindIfVer, q + 20, 2, u16(b, little ? q + 20 : q + 22));
    p.putInt(F.cnBindIfVerMinor, q + 22, 2, u16(b, little ? q + 22 : q + 20));
    talk.bind(`${pipe}/${id}`, interfaceKey(b, q + 4, little));
    let t = q + 24;
    for (let k = 0; k < syntaxes && t + 20 <= end; k++, t += 20) {
      p.put(F.cnBindTrans, t, 20);
      p.put(F.cnBindTransId, t, 16);
      if (isFeatures(b, t)) putAll(p, G.cnBindTransBtfn, t + 8, 2);
      p.putInt(F.cnBindTransVer, t + 16, 4, u32(b, t + 16));
    }
    q = t;
  }
}

const NEGOTIATE_ACK = 3;

export function putBindAck(p: PacketView, at: number, end: number, little: boolean): void {
  if (end - at < 10) return;
  const b = p.bytes;
  const u16 = little ? u16le : u16be;
  const u32 = little ? u32le : u32be;
  p.putInt(F.cnMaxXmit, at, 2, u16(b, at));
  p.putInt(F.cnMaxRecv, at + 2, 2, u16(b, at + 2));
  p.putInt(F.cnAssocGroup, at + 4, 4, u32(b, at + 4));
  const length = u16(b, at + 8);
  p.putInt(F.cnSecAddrLen, at + 8, 2, length);
  if (length > 0 && at + 10 + length <= end) p.put(F.cnSecAddr, at + 10, b[at + 9 + length] === 0 ? length - 1 : length);
  // Aligned to four bytes from the header's start, which is itself aligned.
  const results = at + ((10 + length + 3) & ~3);
  if (results + 4 > end) return;
  p.put(F.cnNumResults, results, 1);
  let q = results + 4;
  for (let i = 0; i < b[results] && q + 24 <= end; i++, q += 24) {
    const result = u16(b, q);
    p.putInt(F.cnAckResult, q, 2, result);
    if (result === NEGOTIATE_ACK) putAll(p, G.cnBindTransBtfn, q + 2, 2);
    else if (result !== 0) p.putInt(F.cnAckReason, q + 2, 2, u16(b, q + 2));
    p.put(F.cnAckTransId, q + 4, 16);
    p.putInt(F.cnAckTransVer, q + 20, 4, u32(b, q + 20));
  }
}

export function putBindNak(p: PacketView, at: number, end: number, little: boolean): void {
  if (end - at < 3) return;
  const b = p.bytes;
  p.putInt(F.cnRejectReason, at, 2, little ? u16le(b, at) : u16be(b, at));
  p.put(F.cnNumProtocols, at + 2, 1);
  for (let i = 0; i < b[at + 2] && at + 5 + 2 * i <= end; i++) {
    p.put(F.cnProtocolVerMajor, at + 3 + 2 * i, 1);
    p.put(F.cnProtocolVerMinor, at + 4 + 2 * i, 1);
  }
}
