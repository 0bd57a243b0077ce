import { u16be, u16le, u32be, u32le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { dcerpcFields as F } from './dcerpc-fields.ts';
import { putGssToken } from './gss-token.ts';
import { isNtlm } from './gss-mechanisms.ts';
import { putNtlm, putNtlmVerifier } from './ntlmssp-put.ts';
import { PDU } from './dcerpc-pdu.ts';

/** The trailer before the credentials (MS-RPCE §2.2.2.11). */
const TRAILER_LEN = 8;
const TYPE = { SPNEGO: 9, NTLMSSP: 10, KERBEROS: 16 } as const;
const PACKET = 4;
const PRIVACY = 6;

/** Where the authentication trailer begins; `end` where there is none. */
export function trailerOf(b: Uint8Array, at: number, end: number, little: boolean): number {
  const length = little ? u16le(b, at + 10) : u16be(b, at + 10);
  const trailer = end - length - TRAILER_LEN;
  return length === 0 || trailer < at + 16 ? end : trailer;
}

/** How the association is secured, and the token of its mechanism. */
export function putAuth(p: PacketView, at: number, end: number, little: boolean, type: number): void {
  const b = p.bytes;
  p.put(F.authInfo, at, end - at);
  if (type === PDU.REQUEST || type === PDU.RESPONSE) p.put(F.authInfo, at, end - at);
  p.put(F.authType, at, 1);
  p.put(F.authLevel, at + 1, 1);
  p.put(F.authPadLen, at + 2, 1);
  p.put(F.authRsrvd, at + 3, 1);
  p.putInt(F.authCtxId, at + 4, 4, (little ? u32le : u32be)(b, at + 4));
  const token = at + TRAILER_LEN;
  const isCall = type === PDU.REQUEST || type === PDU.RESPONSE || type === PDU.FAULT;
  const isSealed = isCall && b[at + 1] === PRIVACY;
  switch (b[at]) {
    case TYPE.SPNEGO:
      if (isSealed) callSeal(p, token, end);
      else if (isCall || b[at + 1] === PACKET) p.put(F.authCredentials, token, end - token);
      else putGssToken(p, token, end);
      return;
    case TYPE.NTLMSSP:
      if (isCall) putNtlmVerifier(p, token, end);
      else if (isNtlm(b, token, end)) putNtlm(p, token, end);
      return;
    case TYPE.KERBEROS:
      if (isSealed) callSeal(p, token, end);
      else if (isCall) p.put(F.authCredentials, token, end - token);
      else p.call(p.id('spnego-krb5'), token, end);
      return;
    default:
      p.put(F.authCredentials, token, end - token);
  }
}

/** A seal is Kerberos' token, or NTLM's signature. */
function callSeal(p: PacketView, at: number, end: number): void {
  const isKerberos = p.bytes[at] === 0x05 && p.bytes[at + 1] === 0x04;
  if (isKerberos || p.bytes[at] === 0x60) {
    // The token, and what it seals.
    p.call(p.id('spnego-krb5'), at, end);
    p.call(p.id('spnego-krb5'), end, end);
  } else putNtlmVerifier(p, at, end);
}
