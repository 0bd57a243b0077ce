import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** JSON content of a message: shown as a layer, its members are not fields. */
export const json = defineDissector({
  name: 'json',
  title: 'JavaScript Object Notation',
  spec: ['RFC 8259'],
  over: {},
  column: '/JSON',
  fields: {},
  dissect: () => DONE,
});
export default json;
