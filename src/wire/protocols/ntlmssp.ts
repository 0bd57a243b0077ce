import { defineDissector } from '../define-dissector.ts';
import { isNtlm } from '../codecs/gss-mechanisms.ts';
import { ntlmsspFields as F } from '../codecs/ntlmssp-fields.ts';
import { putNtlm } from '../codecs/ntlmssp-put.ts';
import { DECLINE, DONE } from '../packet-view.ts';

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
    putNtlm(p, at, end);
    return DONE;
  },
});
export default ntlmssp;
