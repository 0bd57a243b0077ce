import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Content in several parts, shown as a layer. */
export const mimeMultipart = defineDissector({
  name: 'mime_multipart',
  title: 'MIME Multipart Media Encapsulation',
  spec: ['RFC 2046 §5.1'],
  over: {},
  fields: {},
  dissect: () => DONE,
});
export default mimeMultipart;
