import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;

export const openflowV4Fields = defineFields({
  version: { name: 'openflow_v4.version', ...fixed('u8', 0, 'Version', { base: 'hex' }) },
  type: { name: 'openflow_v4.type', ...fixed('u8', 1, 'Type') },
  length: { name: 'openflow_v4.length', ...fixed('u16', 2, 'Length') },
  xid: { name: 'openflow_v4.xid', ...fixed('u32', 4, 'Transaction ID') },
});

/** Messages of version 1.3 by their head. */
export const openflowV4 = defineDissector({
  name: 'openflow_v4',
  title: 'OpenFlow 1.3',
  short: 'OpenFlow 1.3',
  column: 'OpenFlow',
  spec: ['OpenFlow Switch Specification 1.3 §7.1'],
  over: {},
  fields: openflowV4Fields,
  dissect(p, at, end) {
    return end - at < HEADER_LEN ? p.tooShort(HEADER_LEN) : DONE;
  },
});
export default openflowV4;
