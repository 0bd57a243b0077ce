import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** An extension of Netscape, shown as a layer. */
export const nsCertExts = defineDissector({
  name: 'ns_cert_exts',
  title: 'NetScape Certificate Extensions',
  spec: ['Netscape Certificate Extensions'],
  over: {},
  fields: {},
  hierarchy: 'inside',
  dissect: () => DONE,
});
export default nsCertExts;
