import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** A GIF image, shown as a layer. */
export const imageGif = defineDissector({
  name: 'image-gif',
  title: 'Compuserve GIF',
  spec: ['GIF89a'],
  over: {},
  fields: {},
  dissect: () => DONE,
});
export default imageGif;
