import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Key agreement on the ports of RTP, shown as a layer. */
export const zrtp = defineDissector({
  name: 'zrtp',
  title: 'ZRTP',
  spec: ['RFC 6189'],
  over: {},
  fields: {},
  column: 'ZRTP',
  dissect: () => DONE,
});
export default zrtp;
