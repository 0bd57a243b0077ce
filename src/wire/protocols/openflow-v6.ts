import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;

export const openflowV6Fields = defineFields({
  version: { name: 'openflow_v6.version', ...fixed('u8', 0, 'Version', { base: 'hex' }) },
  type: { name: 'openflow_v6.type', ...fixed('u8', 1, 'Type') },
  length: { name: 'openflow_v6.length', ...fixed('u16', 2, 'Length') },
  xid: { name: 'openflow_v6.xid', ...fixed('u32', 4, 'Transaction ID') },
});

/** Messages of version 1.5 by their head. */
export const openflowV6 = defineDissector({
  name: 'openflow_v6',
  title: 'OpenFlow 1.5',
  short: 'OpenFlow 1.5',
  column: 'OpenFlow',
  spec: ['OpenFlow Switch Specification 1.5 §7.1'],
  over: {},
  fields: openflowV6Fields,
  dissect(p, at, end) {
    return end - at < HEADER_LEN ? p.tooShort(HEADER_LEN) : DONE;
  },
});
export default openflowV6;
