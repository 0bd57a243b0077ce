import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** XML content of a message, shown as a layer. */
export const xml = defineDissector({
  name: 'xml',
  title: 'eXtensible Markup Language',
  spec: ['RFC 7303'],
  over: {},
  column: '/XML',
  fields: {},
  dissect: () => DONE,
});
export default xml;
