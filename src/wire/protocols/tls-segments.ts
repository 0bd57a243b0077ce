import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';
import { tlsSegmentFields } from '../codecs/tls-application.ts';

/** A PDU that was put together of several records' contents. */
export const tlsSegments = defineDissector({
  name: 'tls.segments',
  title: 'Reassembled TLS segments',
  spec: ['RFC 8446 §5.1'],
  over: {},
  hierarchy: 'heading',
  fields: tlsSegmentFields,
  column: null,
  dissect: () => DONE,
});
export default tlsSegments;
