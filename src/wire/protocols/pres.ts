import { presFields as F } from '../codecs/pres-fields.ts';
import { putPresentation } from '../codecs/pres-rules.ts';
import { defineDissector } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';

/** OSI presentation: which abstract syntax each context is, and whose values follow. */
export const pres = defineDissector({
  name: 'pres',
  title: 'ISO 8823 OSI Presentation Protocol',
  spec: ['ISO 8823', 'ITU-T X.226'],
  over: {},
  column: 'PRES',
  fields: F,
  dissect: (p, at, end) => (putPresentation(p, at, end) ? DONE : DECLINE),
  info: () => 'Presentation',
});
export default pres;
