import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Adaptive multi-rate speech in RTP, shown as a layer. */
export const amr = defineDissector({
  name: 'amr',
  title: 'Adaptive Multi-Rate',
  spec: ['RFC 4867'],
  over: {},
  fields: {},
  column: 'AMR',
  dissect: () => DONE,
});
export default amr;
