import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 4;

export const ieee8021adFields = defineFields({
  priority: { name: 'ieee8021ad.priority', ...fixed('u16', 0, 'Priority', { mask: 0xe000 }) },
  dei: { name: 'ieee8021ad.dei', ...fixed('u16', 0, 'DEI', { mask: 0x1000 }) },
  id: { name: 'ieee8021ad.id', ...fixed('u16', 0, 'ID', { mask: 0x0fff }) },
});

/** Provider bridges: the outer of two tags. */
export const ieee8021ad = defineDissector({
  name: 'ieee8021ad',
  title: 'IEEE 802.1ad',
  spec: ['IEEE 802.1Q'],
  over: { ethertype: [0x88a8] },
  fields: ieee8021adFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    if (p.vlanCount < p.vlans.length) p.vlans[p.vlanCount++] = u16be(p.bytes, at) & 0x0fff;
    p.payload(at + HEADER_LEN, p.wireEnd);
    return p.next('ethertype', u16be(p.bytes, at + 2));
  },
});
export default ieee8021ad;
