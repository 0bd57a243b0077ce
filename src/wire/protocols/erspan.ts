import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const TYPE_II_LEN = 8;
const TYPE_III_LEN = 12;
const SUBHEADER_LEN = 8;
const FRAME_ETHERNET = 0;
const FRAME_IP = 2;

export const erspanFields = defineFields({
  version: { name: 'erspan.version', ...fixed('u16', 0, 'Version', { mask: 0xf000 }) },
  vlan: { name: 'erspan.vlan', ...fixed('u16', 0, 'Vlan', { mask: 0x0fff }) },
  cos: { name: 'erspan.cos', ...fixed('u16', 2, 'COS', { mask: 0xe000 }) },
  truncated: { name: 'erspan.truncated', ...fixed('u16', 2, 'Truncated', { mask: 0x0400 }) },
  spanId: { name: 'erspan.spanid', ...fixed('u16', 2, 'SpanID', { mask: 0x03ff }) },
});

/** Mirrored Ethernet frames in GRE, types II and III. */
export const erspan = defineDissector({
  name: 'erspan',
  title: 'Encapsulated Remote Switch Packet ANalysis',
  spec: ['draft-foschiano-erspan-03 §4'],
  over: { 'gre.proto': [0x88be, 0x22eb] },
  fields: erspanFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < TYPE_II_LEN) return p.tooShort(TYPE_II_LEN);
    if (b[at] >> 4 !== 2) {
      p.payload(at + TYPE_II_LEN, p.wireEnd);
      return p.id('eth');
    }
    if (end - at < TYPE_III_LEN) return p.tooShort(TYPE_III_LEN);
    const tail = u16be(b, at + 10);
    p.payload(at + TYPE_III_LEN + ((tail & 1) !== 0 ? SUBHEADER_LEN : 0), p.wireEnd);
    const type = (tail >> 10) & 0x1f;
    return type === FRAME_ETHERNET ? p.id('eth') : type === FRAME_IP ? p.id('ip') : 0;
  },
});
export default erspan;
