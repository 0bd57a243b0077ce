import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** A PNG image, shown as a layer. */
export const png = defineDissector({
  name: 'png',
  title: 'Portable Network Graphics',
  spec: ['RFC 2083'],
  over: {},
  fields: {},
  dissect: () => DONE,
});
export default png;
