import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const TAG_LEN = 6;
const FIRST_TYPE = 0x600;

export const vntagFields = defineFields({
  dir: { name: 'vntag.dir', ...fixed('u32', 0, 'Direction', { mask: 0x80000000 }) },
  dst: { name: 'vntag.dst', ...fixed('u32', 0, 'Destination', { mask: 0x3fff0000 }) },
  src: { name: 'vntag.src', ...fixed('u32', 0, 'Source', { mask: 0x00000fff }) },
  etype: { name: 'vntag.etype', ...fixed('u16', 4, 'Type', { base: 'hex' }) },
});

export const vntag = defineDissector({
  name: 'vntag',
  title: 'VN-Tag',
  spec: ['IEEE 802.1BR'],
  over: { ethertype: [0x8926] },
  fields: vntagFields,
  dissect(p, at, end) {
    if (end - at < TAG_LEN) return p.tooShort(TAG_LEN);
    const type = u16be(p.bytes, at + 4);
    p.payload(at + TAG_LEN, p.wireEnd);
    return type < FIRST_TYPE ? p.id('llc') : p.next('ethertype', type);
  },
});
export default vntag;
