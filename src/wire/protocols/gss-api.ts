import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DER, DerElement, expectElement, oidText, readElement } from '../codecs/der.ts';
import { OID_SPNEGO, isKerberosMechanism, isNtlm } from '../codecs/gss-mechanisms.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = defineFields({
  oid: { name: 'gss-api.OID', ...put('string', 'OID') },
  token: { name: 'gss-api.token_object', ...put('bytes', 'Token object') },
});
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

/** Tokens of the generic security services: which mechanism, and its token. */
export const gssApi = defineDissector({
  name: 'gss-api',
  title: 'GSS-API Generic Security Service Application Program Interface',
  spec: ['RFC 2743 §3.1', 'RFC 4178'],
  over: {},
  short: 'GSS-API',
  column: null,
  hierarchy: 'inside',
  fields: F,
  dissect(p, at, end) {
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
    const known = talk === undefined || talk.mechanism === 'spnego' || talk.mechanism === '' ? 0 : p.id(talk.mechanism);
    if (known === 0) {
      p.put(F.token, at, end - at);
      return DECLINE;
    }
    p.call(known, at, end);
    return DONE;
  },
});
export default gssApi;
