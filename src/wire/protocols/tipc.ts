import { u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE, TRUNCATED } from '../packet-view.ts';

const SHORTEST = 24;

export const tipcFields = defineFields({
  version: { name: 'tipc.ver', ...fixed('u32', 0, 'Version', { mask: 0xe0000000 }) },
  user: { name: 'tipc.usr', ...fixed('u32', 0, 'User', { mask: 0x1e000000 }) },
  headerSize: { name: 'tipc.hdr_size', ...fixed('u32', 0, 'Header size', { mask: 0x01e00000 }) },
  size: { name: 'tipc.msg_size', ...fixed('u32', 0, 'Message size', { mask: 0x0001ffff }) },
});

/** Messages between the nodes of a cluster; their first word says how long head and message are. */
export const tipc = defineDissector({
  name: 'tipc',
  title: 'Transparent Inter Process Communication(TIPC)',
  spec: ['TIPC 2.0 specification §3.2'],
  over: { ethertype: [0x88ca] },
  fields: tipcFields,
  dissect(p, at, end) {
    if (end - at < 4) return p.tooShort(4);
    const word = u32be(p.bytes, at);
    const header = 4 * ((word >>> 21) & 15);
    if (end - at < Math.max(header, SHORTEST)) return p.wireEnd > end ? TRUNCATED : p.tooShort(Math.max(header, SHORTEST));
    return DONE;
  },
  info: (row) => `User ${row.text(tipcFields.user)}`,
});
export default tipc;
