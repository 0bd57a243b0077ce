import { sesFields as F } from '../codecs/ses-fields.ts';
import { SPDU_TYPES, putSpdu } from '../codecs/ses-spdu.ts';
import { defineDissector } from '../define-dissector.ts';
import { DECLINE } from '../packet-view.ts';

/** OSI session: connections, and tokens before data. */
export const ses = defineDissector({
  name: 'ses',
  title: 'ISO 8327-1 OSI Session Protocol',
  spec: ['ISO 8327-1', 'ITU-T X.225'],
  over: {},
  column: 'SES',
  heuristicOver: ['cotp'],
  heuristic: (p, at, end) => end - at >= 2 && p.bytes[at] in SPDU_TYPES,
  fields: F,
  dissect: (p, at, end) => (p.bytes[at] in SPDU_TYPES ? putSpdu(p, at, end, true) : DECLINE),
  info: (row) => SPDU_TYPES[row.num(F.type) as keyof typeof SPDU_TYPES] ?? 'Unknown SPDU',
});
export default ses;
