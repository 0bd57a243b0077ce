import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Video of H.263 behind its RTP header, shown as a layer. */
export const h263 = defineDissector({
  name: 'h263',
  title: 'ITU-T Recommendation H.263',
  spec: ['ITU-T H.263'],
  over: {},
  fields: {},
  column: 'H.263 ',
  dissect: () => DONE,
});
export default h263;
