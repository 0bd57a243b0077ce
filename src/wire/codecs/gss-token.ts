import { defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { DER, DerElement, expectElement, oidText, readElement } from './der.ts';
import { OID_SPNEGO, isKerberosMechanism, isNtlm } from './gss-mechanisms.ts';

export const gssFields = defineFields({
  oid: { name: 'gss-api.OID', ...put('string', 'OID') },
  token: { name: 'gss-api.token_object', ...put('bytes', 'Token object') },
});
const F = gssFields;
const e = new DerElement();

/** `[APPLICATION 0]`: a token that begins with the mechanism's identifier (RFC 2743 §3.1). */
const INITIAL = 0x60;
/** SPNEGO's later tokens: negTokenInit without a head, negTokenResp. */
const SPNEGO_INIT = 0xa0;
const SPNEGO_TARG = 0xa1;

/** The mechanism of the conversation, for tokens that do not name it. */
interface GssTalk {
  mechanism: string;
}
const create = (): GssTalk => ({ mechanism: '' });

/** Signatures and seals of messages tell their mechanism by how they begin (RFC 4121 §4.2.6, MS-NLMP §2.2.2.9). */
function signatureReader(b: Uint8Array, at: number, end: number): string {
  if (end - at < 16) return '';
  if ((b[at] === 0x05 || b[at] === 0x04) && b[at + 1] === 0x04) return 'spnego-krb5';
  return b[at] === 1 && b[at + 1] === 0 && b[at + 2] === 0 && b[at + 3] === 0 ? 'ntlmssp.verf' : '';
}

/** Reads a token of GSS-API: the mechanism that it names, or that of the conversation, gets what is in it. */
export function putGssToken(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < 2) return DONE;
  const talk = p.flow >= 0 ? p.trackers.state('gss-api', p.flow, create) : undefined;
  if (b[at] === INITIAL) {
    if (!readElement(b, at, Math.max(end, p.wireEnd), e)) return DONE;
    const inner = e.contentAt;
    if (!expectElement(b, inner, end, DER.OID, e)) return DONE;
    const oid = oidText(b, e.contentAt, e.end);
    if (p.wants(F.oid)) p.putText(F.oid, inner, e.end - inner, oid);
    const next = e.end;
    if (oid === OID_SPNEGO) {
      if (talk !== undefined) talk.mechanism = 'spnego';
      p.call(p.id('spnego'), next, end);
    } else if (isKerberosMechanism(oid)) {
      if (talk !== undefined) talk.mechanism = 'spnego-krb5';
      p.call(p.id('spnego-krb5'), at, end);
    } else if (isNtlm(b, next, end)) p.call(p.id('ntlmssp'), next, end);
    return DONE;
  }
  if (isNtlm(b, at, end)) {
    if (talk !== undefined) talk.mechanism = 'ntlmssp';
    p.call(p.id('ntlmssp'), at, end);
    return DONE;
  }
  if (b[at] === SPNEGO_INIT || b[at] === SPNEGO_TARG) {
    p.call(p.id('spnego'), at, end);
    return DONE;
  }
  const signature = signatureReader(b, at, end);
  if (signature !== '') {
    p.call(p.id(signature), at, end);
    return DONE;
  }
  const known = talk === undefined || talk.mechanism === 'spnego' || talk.mechanism === '' ? 0 : p.id(talk.mechanism);
  if (known === 0) {
    p.put(F.token, at, end - at);
    return DECLINE;
  }
  p.call(known, at, end);
  return DONE;
}
