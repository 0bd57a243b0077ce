import { defineDissector } from '../define-dissector.ts';
import { dcerpcFields as F } from '../codecs/dcerpc-fields.ts';
import { DONE } from '../packet-view.ts';

/** A heading of the hierarchy: a sealed stub of an interface that nobody knows. */
export const dcerpcEncryptedStubData = defineDissector({
  name: 'dcerpc.encrypted_stub_data',
  title: 'Encrypted stub data',
  spec: ['C706 §12.6'],
  over: {},
  column: null,
  hierarchy: 'heading',
  fields: F,
  dissect(p, at, end) {
    if (end > at) p.put(F.encryptedStubData, at, end - at);
    return DONE;
  },
});
export default dcerpcEncryptedStubData;
