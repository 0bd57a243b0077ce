import { defineDissector } from '../define-dissector.ts';
import { dcerpcFields as F } from '../codecs/dcerpc-fields.ts';
import { DONE } from '../packet-view.ts';

/** A heading of the hierarchy: a stub of an interface that no bind named. */
export const dcerpcStubData = defineDissector({
  name: 'dcerpc.stub_data',
  title: 'Stub data',
  spec: ['C706 §12.6'],
  over: {},
  column: null,
  hierarchy: 'heading',
  fields: F,
  dissect(p, at, end) {
    if (end > at) p.put(F.stubData, at, end - at);
    return DONE;
  },
});
export default dcerpcStubData;
