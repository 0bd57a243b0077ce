import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';
import { pkcs1Fields } from '../codecs/x509-fields.ts';

/** A key of a certificate, shown as a layer. */
export const pkcs1 = defineDissector({
  name: 'pkcs-1',
  title: 'PKCS#1',
  spec: ['RFC 8017 §A.1'],
  over: {},
  fields: pkcs1Fields,
  hierarchy: 'inside',
  dissect: () => DONE,
});
export default pkcs1;
