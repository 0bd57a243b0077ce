import { u32le } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import { isNtlm } from '../codecs/gss-mechanisms.ts';
import { ntlmsspFields as F } from '../codecs/ntlmssp-fields.ts';
import { putAuthenticate, putChallenge, putNegotiate } from '../codecs/ntlmssp-put.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const MESSAGE = { NEGOTIATE: 1, CHALLENGE: 2, AUTHENTICATE: 3 } as const;

/** NTLM authentication, within the protocol that it authenticates. */
export const ntlmssp = defineDissector({
  name: 'ntlmssp',
  title: 'NTLM Secure Service Provider',
  spec: ['MS-NLMP §2.2.1'],
  over: {},
  short: 'NTLMSSP',
  column: null,
  hierarchy: 'inside',
  fields: F,
  dissect(p, at, end) {
    if (!isNtlm(p.bytes, at, end)) return DECLINE;
    if (end - at < 12) return p.tooShort(12);
    if (p.wants(F.identifier)) p.putText(F.identifier, at, 8, 'NTLMSSP');
    p.put(F.messagetype, at + 8, 4);
    const type = u32le(p.bytes, at + 8);
    if (type === MESSAGE.NEGOTIATE) putNegotiate(p, at, end);
    else if (type === MESSAGE.CHALLENGE) putChallenge(p, at, end);
    else if (type === MESSAGE.AUTHENTICATE) putAuthenticate(p, at, end);
    return DONE;
  },
});
export default ntlmssp;
