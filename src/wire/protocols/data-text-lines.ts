import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Text content of a message: shown as a layer, its lines are not fields. */
export const dataTextLines = defineDissector({
  name: 'data-text-lines',
  title: 'Line-based text data',
  spec: ['RFC 2046 §4.1'],
  over: {},
  fields: {},
  dissect: () => DONE,
});
export default dataTextLines;
