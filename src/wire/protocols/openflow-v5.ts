import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;

export const openflowV5Fields = defineFields({
  version: { name: 'openflow_v5.version', ...fixed('u8', 0, 'Version', { base: 'hex' }) },
  type: { name: 'openflow_v5.type', ...fixed('u8', 1, 'Type') },
  length: { name: 'openflow_v5.length', ...fixed('u16', 2, 'Length') },
  xid: { name: 'openflow_v5.xid', ...fixed('u32', 4, 'Transaction ID') },
});

/** Messages of version 1.4 by their head. */
export const openflowV5 = defineDissector({
  name: 'openflow_v5',
  title: 'OpenFlow 1.4',
  short: 'OpenFlow 1.4',
  column: 'OpenFlow',
  spec: ['OpenFlow Switch Specification 1.4 §7.1'],
  over: {},
  fields: openflowV5Fields,
  dissect(p, at, end) {
    return end - at < HEADER_LEN ? p.tooShort(HEADER_LEN) : DONE;
  },
});
export default openflowV5;
