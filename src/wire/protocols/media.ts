import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Content whose media type no dissector reads. */
export const media = defineDissector({
  name: 'media',
  title: 'Media Type',
  spec: ['RFC 2046'],
  over: {},
  fields: {},
  dissect: () => DONE,
});
export default media;
