import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';
import { x509ceFields } from '../codecs/x509-fields.ts';

/** An extension of a certificate, shown as a layer. */
export const x509ce = defineDissector({
  name: 'x509ce',
  title: 'X.509 Certificate Extensions',
  spec: ['RFC 5280 §4.2'],
  over: {},
  fields: x509ceFields,
  hierarchy: 'inside',
  dissect: () => DONE,
});
export default x509ce;
