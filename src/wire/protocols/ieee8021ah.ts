import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const TAG_LEN = 4;

export const ieee8021ahFields = defineFields({
  priority: { name: 'ieee8021ah.priority', ...fixed('u32', 0, 'Priority', { mask: 0xe0000000 }) },
  isid: { name: 'ieee8021ah.isid', ...fixed('u32', 0, 'I-SID', { mask: 0x00ffffff }) },
});

export const ieee8021ah = defineDissector({
  name: 'ieee8021ah',
  title: 'IEEE 802.1ah (provider backbone bridge)',
  spec: ['IEEE 802.1ah'],
  over: { ethertype: [0x88e7] },
  fields: ieee8021ahFields,
  dissect(p, at, end) {
    if (end - at < TAG_LEN) return p.tooShort(TAG_LEN);
    p.payload(at + TAG_LEN, p.wireEnd);
    return p.id('eth');
  },
});
export default ieee8021ah;
