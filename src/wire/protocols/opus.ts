import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Speech and music in RTP, shown as a layer. */
export const opus = defineDissector({
  name: 'opus',
  title: 'Opus Interactive Audio Codec',
  spec: ['RFC 7587'],
  over: {},
  fields: {},
  column: 'OPUS',
  dissect: () => DONE,
});
export default opus;
