import { defineDissector } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

/** Stands in the protocol hierarchy where a message of several frames was put together. */
export const websocketFragments = defineDissector({
  name: 'websocket.fragments',
  title: 'Reassembled WebSocket fragments',
  spec: ['RFC 6455 §5.4'],
  over: {},
  hierarchy: 'heading',
  fields: {},
  column: null,
  dissect: () => DONE,
});
export default websocketFragments;
