import { u16le, u32le } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { ntlmsspFields as F, ntlmsspGroups as G } from './ntlmssp-fields.ts';
import { putAll, putFileTime, utf16Text } from './windows-values.ts';

const MESSAGE = { NEGOTIATE: 1, CHALLENGE: 2, AUTHENTICATE: 3 } as const;
const UNICODE = 0x1;
const NTLMV2_HEAD = 28;
/** AV_PAIR ids (MS-NLMP §2.2.2.1). */
const AV = { EOL: 0, NB_COMPUTER: 1, NB_DOMAIN: 2, DNS_COMPUTER: 3, DNS_DOMAIN: 4, DNS_TREE: 5, FLAGS: 6, TIMESTAMP: 7, RESTRICTIONS: 8, TARGET: 9, BINDINGS: 10 } as const;

/** Who authenticated, for the protocol that carries the token. */
export interface NtlmTalk {
  frame: number;
  user: string;
  domain: string;
  host: string;
}
export const createNtlmTalk = (): NtlmTalk => ({ frame: 0, user: '', domain: '', host: '' });

/** A text given by length, room and offset; returns it where it is there. */
function putString(p: PacketView, f: Field, head: number, at: number, end: number, unicode: boolean): string {
  const b = p.bytes;
  const length = u16le(b, at);
  const from = head + u32le(b, at + 4);
  if (length === 0) {
    if (p.wants(f)) p.putText(f, at, 8, 'NULL');
    return '';
  }
  const text = from + length <= end ? (unicode ? utf16Text(b, from, from + length) : p.host.latin1(b, from, from + length)) : '';
  if (p.wants(f)) p.putText(f, from, length, text);
  p.put(F.stringLength, at, 2);
  p.put(F.stringMaxlen, at + 2, 2);
  p.put(F.stringOffset, at + 4, 4);
  return text;
}

/** The same for bytes; returns where they are, -1 = nowhere. */
function putBlob(p: PacketView, f: Field, head: number, at: number, end: number): number {
  const b = p.bytes;
  const length = u16le(b, at);
  const from = head + u32le(b, at + 4);
  if (length === 0) {
    p.put(f, at, 0);
    return -1;
  }
  if (from + length <= end) p.put(f, from, length);
  p.put(F.blobLength, at, 2);
  p.put(F.blobMaxlen, at + 2, 2);
  p.put(F.blobOffset, at + 4, 4);
  return from + length <= end ? from : -1;
}

function putVersion(p: PacketView, at: number, end: number): void {
  if (end - at < 8) return;
  p.put(F.version, at, 8);
  p.put(F.versionMajor, at, 1);
  p.put(F.versionMinor, at + 1, 1);
  p.put(F.versionBuildNumber, at + 2, 2);
  p.put(F.versionNtlmCurrentRevision, at + 7, 1);
}

/** A message of NTLM; the caller has seen its signature. */
export function putNtlm(p: PacketView, at: number, end: number): void {
  if (end - at < 12) return;
  if (p.wants(F.identifier)) p.putText(F.identifier, at, 8, 'NTLMSSP');
  p.put(F.messagetype, at + 8, 4);
  const type = u32le(p.bytes, at + 8);
  if (type === MESSAGE.NEGOTIATE) putNegotiate(p, at, end);
  else if (type === MESSAGE.CHALLENGE) putChallenge(p, at, end);
  else if (type === MESSAGE.AUTHENTICATE) putAuthenticate(p, at, end);
}

/** NTLM's signature of one message (MS-NLMP §2.2.2.9). */
export function putNtlmVerifier(p: PacketView, at: number, end: number): void {
  if (end - at < 16) return;
  p.put(F.verf, at, end - at);
  p.put(F.verfVers, at, 4);
  p.put(F.verfBody, at + 4, end - at - 4);
}

/** NEGOTIATE_MESSAGE (MS-NLMP §2.2.1.1). */
function putNegotiate(p: PacketView, at: number, end: number): void {
  if (end - at < 16) return;
  putAll(p, G.flags, at + 12, 4);
  if (end - at < 32) return;
  putString(p, F.negotiateDomain, at, at + 16, end, false);
  putString(p, F.negotiateCallingworkstation, at, at + 24, end, false);
  if (end - at >= 40) putVersion(p, at + 32, end);
}

/** CHALLENGE_MESSAGE (MS-NLMP §2.2.1.2). */
function putChallenge(p: PacketView, at: number, end: number): void {
  if (end - at < 32) return;
  const flags = u32le(p.bytes, at + 20);
  putString(p, F.challengeTargetName, at, at + 12, end, (flags & UNICODE) !== 0);
  putAll(p, G.flags, at + 20, 4);
  p.put(F.ntlmserverchallenge, at + 24, 8);
  if (end - at < 48) return;
  p.put(F.reserved, at + 32, 8);
  const length = u16le(p.bytes, at + 40);
  const from = at + u32le(p.bytes, at + 44);
  if (length > 0) {
    p.put(F.challengeTargetInfo, Math.min(from, end), Math.max(0, Math.min(length, end - from)));
    p.put(F.challengeTargetInfoLength, at + 40, 2);
    p.put(F.challengeTargetInfoMaxlen, at + 42, 2);
    p.put(F.challengeTargetInfoOffset, at + 44, 4);
    if (from < end) putPairs(p, CHALLENGE_FIELDS, from, Math.min(end, from + length));
  }
  if (end - at >= 56 && u32le(p.bytes, at + 16) >= 56) putVersion(p, at + 48, end);
}

/** AUTHENTICATE_MESSAGE (MS-NLMP §2.2.1.3). */
function putAuthenticate(p: PacketView, at: number, end: number): void {
  if (end - at < 52) return;
  const b = p.bytes;
  // Old clients leave out flags and session key: the first item then stands earlier.
  let first = end;
  for (let q = at + 12; q < at + 52; q += 8) if (u16le(b, q) > 0) first = Math.min(first, at + u32le(b, q + 4));
  const hasKey = first - at >= 64 && end - at >= 64;
  const unicode = hasKey ? (u32le(b, at + 60) & UNICODE) !== 0 : true;
  const lm = putBlob(p, F.authLmresponse, at, at + 12, end);
  if (lm >= 0 && u16le(b, at + 12) >= 24) p.put(F.ntlmclientchallenge, lm + 16, 8);
  const nt = putBlob(p, F.authNtresponse, at, at + 20, end);
  if (nt >= 0 && u16le(b, at + 20) > 24) putNtlmV2(p, nt, nt + u16le(b, at + 20));
  const domain = putString(p, F.authDomain, at, at + 28, end, unicode);
  const user = putString(p, F.authUsername, at, at + 36, end, unicode);
  const host = putString(p, F.authHostname, at, at + 44, end, unicode);
  if (p.flow >= 0) {
    const talk = p.trackers.state('ntlmssp', p.flow, createNtlmTalk);
    talk.frame = p.frame;
    talk.user = user;
    talk.domain = domain;
    talk.host = host;
  }
  if (!hasKey) return;
  putBlob(p, F.authSesskey, at, at + 52, end);
  putAll(p, G.flags, at + 60, 4);
  if (first - at < 72) return;
  putVersion(p, at + 64, end);
  if (first - at >= 88 && end - at >= 88) p.put(F.authenticateMic, at + 72, 16);
}

/** NTLMv2_RESPONSE (MS-NLMP §2.2.2.8). */
function putNtlmV2(p: PacketView, at: number, end: number): void {
  p.put(F.ntlmv2Response, at, end - at);
  if (end - at < 16 + NTLMV2_HEAD) return;
  p.put(F.ntlmv2ResponseNtproofstr, at, 16);
  const c = at + 16;
  p.put(F.ntlmv2ResponseRversion, c, 1);
  p.put(F.ntlmv2ResponseHirversion, c + 1, 1);
  p.put(F.ntlmv2ResponseZ, c + 2, 6);
  putFileTime(p, F.ntlmv2ResponseTime, c + 8);
  p.put(F.ntlmv2ResponseChal, c + 16, 8);
  p.put(F.ntlmv2ResponseZ, c + 24, 4);
  const rest = putPairs(p, RESPONSE_FIELDS, c + NTLMV2_HEAD, end);
  if (rest < end) p.put(F.ntlmv2ResponseZ, rest, Math.min(4, end - rest));
  if (rest + 4 < end) p.put(F.ntlmv2ResponsePad, rest + 4, end - rest - 4);
}

const CHALLENGE_FIELDS: readonly (Field | undefined)[] = [
  F.challengeTargetInfoEnd, F.challengeTargetInfoNbComputerName, F.challengeTargetInfoNbDomainName, F.challengeTargetInfoDnsComputerName,
  F.challengeTargetInfoDnsDomainName, F.challengeTargetInfoDnsTreeName, F.challengeTargetInfoFlags, F.challengeTargetInfoTimestamp,
  F.challengeTargetInfoRestrictions, F.challengeTargetInfoTargetName, F.challengeTargetInfoChannelBindings, F.challengeTargetInfoItemType, F.challengeTargetInfoItemLength,
];
const RESPONSE_FIELDS: readonly (Field | undefined)[] = [
  F.ntlmv2ResponseEnd, F.ntlmv2ResponseNbComputerName, F.ntlmv2ResponseNbDomainName, F.ntlmv2ResponseDnsComputerName, F.ntlmv2ResponseDnsDomainName,
  F.ntlmv2ResponseDnsTreeName, F.ntlmv2ResponseFlags, F.ntlmv2ResponseTimestamp, F.ntlmv2ResponseRestrictions, F.ntlmv2ResponseTargetName,
  F.ntlmv2ResponseChannelBindings, F.ntlmv2ResponseItemType, F.ntlmv2ResponseItemLength,
];
const ITEM_TYPE = 11;
const ITEM_LENGTH = 12;

/** A list of AV_PAIRs; returns where it ends. */
function putPairs(p: PacketView, fields: readonly (Field | undefined)[], from: number, end: number): number {
  const b = p.bytes;
  for (let q = from; q + 4 <= end;) {
    const id = u16le(b, q);
    const length = u16le(b, q + 2);
    const type = fields[ITEM_TYPE];
    const size = fields[ITEM_LENGTH];
    if (type !== undefined) p.put(type, q, 2);
    if (size !== undefined) p.put(size, q + 2, 2);
    const at = q + 4;
    if (id === AV.EOL || at + length > end) return at;
    const field = id <= AV.BINDINGS ? fields[id] : undefined;
    if (field !== undefined) {
      if (field.type === 'string') {
        if (p.wants(field)) p.putText(field, at, length, utf16Text(b, at, at + length));
      } else if (id === AV.TIMESTAMP) {
        if (length >= 8) putFileTime(p, field, at);
      } else p.put(field, at, length);
    }
    q = at + length;
  }
  return end;
}
