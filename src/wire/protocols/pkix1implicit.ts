import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';
import { pkixFields } from '../codecs/x509-fields.ts';

/** An extension of the PKIX arc, shown as a layer. */
export const pkix1implicit = defineDissector({
  name: 'pkix1implicit',
  title: 'PKIX1Implicit',
  spec: ['RFC 5280 §A.2'],
  over: {},
  fields: pkixFields,
  hierarchy: 'inside',
  dissect: () => DONE,
});
export default pkix1implicit;
