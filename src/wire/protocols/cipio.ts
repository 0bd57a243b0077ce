import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

export const cipioFields = defineFields({
  data: { name: 'cipio.data', ...put('bytes', 'Data') },
});

/** Common Industrial Protocol: implicit (input and output) messages. */
export default defineDissector({
  name: 'cipio',
  title: 'Common Industrial Protocol, I/O',
  spec: ['CIP Volume 2 §3-2'],
  over: {},
  fields: cipioFields,
  short: 'CIP I/O',
  column: 'CIP I/O',
  dissect(p, at, end) {
    p.put(cipioFields.data, at, end - at);
    return DONE;
  },
});
