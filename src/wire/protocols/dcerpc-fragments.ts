import { defineDissector } from '../define-dissector.ts';
import { dcerpcFields as F } from '../codecs/dcerpc-fields.ts';
import { DONE } from '../packet-view.ts';

/** A heading of the hierarchy: a stub that was put together of fragments. */
export const dcerpcFragments = defineDissector({
  name: 'dcerpc.fragments',
  title: 'Reassembled DCE/RPC Fragments',
  spec: ['C706 §12.6'],
  over: {},
  column: null,
  hierarchy: 'heading',
  fields: F,
  dissect: () => DONE,
});
export default dcerpcFragments;
