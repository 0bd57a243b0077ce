import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';
import { x509satFields } from '../codecs/x509-fields.ts';

/** A value of an attribute in a certificate's names, shown as a layer. */
export const x509sat = defineDissector({
  name: 'x509sat',
  title: 'X.509 Selected Attribute Types',
  spec: ['ITU-T X.520'],
  over: {},
  fields: x509satFields,
  hierarchy: 'inside',
  dissect: () => DONE,
});
export default x509sat;
