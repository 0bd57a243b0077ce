import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';
import { x509afFields } from '../codecs/x509-fields.ts';

/** A certificate on its own. */
export const x509af = defineDissector({
  name: 'x509af',
  title: 'X.509 Authentication Framework',
  spec: ['RFC 5280 §4.1'],
  over: {},
  fields: x509afFields,
  hierarchy: 'inside',
  dissect: () => DONE,
});
export default x509af;
