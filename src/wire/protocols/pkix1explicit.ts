import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** A part of a certificate of the PKIX arc, shown as a layer. */
export const pkix1explicit = defineDissector({
  name: 'pkix1explicit',
  title: 'PKIX1Explicit',
  spec: ['RFC 5280 §A.1'],
  over: {},
  fields: {},
  hierarchy: 'inside',
  dissect: () => DONE,
});
export default pkix1explicit;
