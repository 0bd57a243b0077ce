import { defineDissector } from '../define-dissector.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { putBasicResponse, putOcsp } from '../codecs/ocsp-put.ts';
import { ocspFields } from '../codecs/x509-fields.ts';

/** Requests and responses about the state of certificates, over HTTP and in TLS. */
export const ocsp = defineDissector({
  name: 'ocsp',
  title: 'Online Certificate Status Protocol',
  spec: ['RFC 6960'],
  over: {},
  fields: ocspFields,
  column: 'OCSP',
  dissect(p, at, end) {
    // A response holds another one by its type's identifier, which is a layer of its own.
    if (p.caller === p.id('ocsp') || p.caller === p.id('tls') || p.caller === p.id('dtls')) {
      putBasicResponse(p, at, end);
      return DONE;
    }
    return putOcsp(p, at, end) ? DONE : DECLINE;
  },
  info: (row) => (row.has(ocspFields.status) ? 'Response' : 'Request'),
});
export default ocsp;
