import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** A JPEG image, shown as a layer. */
export const imageJfif = defineDissector({
  name: 'image-jfif',
  title: 'JPEG File Interchange Format',
  spec: ['ITU-T T.871'],
  over: {},
  fields: {},
  dissect: () => DONE,
});
export default imageJfif;
