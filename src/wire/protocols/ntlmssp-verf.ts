import { defineDissector } from '../define-dissector.ts';
import { ntlmsspFields as F } from '../codecs/ntlmssp-fields.ts';
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
    if (end - at < 16) return DONE;
    p.put(F.verf, at, end - at);
    p.put(F.verfVers, at, 4);
    p.put(F.verfBody, at + 4, end - at - 4);
    return DONE;
  },
});
export default ntlmsspVerf;
