import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

// Service tag 4, the customer's destination 6, source 6, type 2.
const HEADER_LEN = 18;
const FIRST_TYPE = 0x600;

export const ieee8021ahFields = defineFields({
  priority: { name: 'ieee8021ah.priority', ...fixed('u32', 0, 'Priority', { mask: 0xe0000000 }) },
  drop: { name: 'ieee8021ah.drop', ...fixed('u32', 0, 'DROP', { mask: 0x10000000 }) },
  nca: { name: 'ieee8021ah.nca', ...fixed('u32', 0, 'NCA', { mask: 0x08000000 }) },
  reserved1: { name: 'ieee8021ah.res1', ...fixed('u32', 0, 'RES1', { mask: 0x04000000 }) },
  reserved2: { name: 'ieee8021ah.res2', ...fixed('u32', 0, 'RES2', { mask: 0x03000000 }) },
  isid: { name: 'ieee8021ah.isid', ...fixed('u32', 0, 'I-SID', { mask: 0x00ffffff }) },
  destination: { name: 'ieee8021ah.cdst', ...fixed('ether', 4, 'C-Destination') },
  source: { name: 'ieee8021ah.csrc', ...fixed('ether', 10, 'C-Source') },
  type: { name: 'ieee8021ah.etype', ...fixed('u16', 16, 'Type', { base: 'hex' }) },
});
const F = ieee8021ahFields;

/** The frame of a customer in that of a provider: its addresses stand behind the service tag. */
export const ieee8021ah = defineDissector({
  name: 'ieee8021ah',
  title: 'IEEE 802.1ah (provider backbone bridge)',
  short: '802.1ah',
  spec: ['IEEE 802.1Q §9.7'],
  over: { ethertype: [0x88e7] },
  fields: ieee8021ahFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const type = u16be(p.bytes, at + 16);
    const payload = at + HEADER_LEN;
    if (type < FIRST_TYPE) {
      p.payload(payload, payload + type);
      return p.id('llc');
    }
    p.payload(payload, p.wireEnd);
    return p.next('ethertype', type);
  },
  ends: (row) => [row.all(F.source).at(-1) ?? '', row.all(F.destination).at(-1) ?? ''],
  info: (row) => `I-SID ${row.text(F.isid)}`,
});
export default ieee8021ah;
