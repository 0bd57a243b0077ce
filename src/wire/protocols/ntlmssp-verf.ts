import { defineDissector } from '../define-dissector.ts';
import { ntlmsspFields as F } from '../codecs/ntlmssp-fields.ts';
import { putNtlmVerifier } from '../codecs/ntlmssp-put.ts';
import { DONE } from '../packet-view.ts';

/** NTLM's signature of one message (MS-NLMP §2.2.2.9). */
export const ntlmsspVerf = defineDissector({
  name: 'ntlmssp.verf',
  title: 'NTLMSSP Verifier',
  spec: ['MS-NLMP §2.2.2.9'],
  over: {},
  column: null,
  hierarchy: 'inside',
  shownAs: 'ntlmssp',
  fields: F,
  dissect(p, at, end) {
    putNtlmVerifier(p, at, end);
    return DONE;
  },
});
export default ntlmsspVerf;
