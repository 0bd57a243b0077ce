import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';
import { x509ifFields } from '../codecs/x509-fields.ts';

/** Names in certificates. */
export const x509if = defineDissector({
  name: 'x509if',
  title: 'X.509 Information Framework',
  spec: ['ITU-T X.501'],
  over: {},
  fields: x509ifFields,
  hierarchy: 'inside',
  dissect: () => DONE,
});
export default x509if;
