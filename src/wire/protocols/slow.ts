import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

export const slowFields = defineFields({
  subtype: { name: 'slow.subtype', ...fixed('u8', 0, 'Slow Protocols subtype', { base: 'hex', values: { 1: 'LACP', 2: 'Marker Protocol', 3: 'OAM', 10: 'Organization Specific' } }) },
});

/** Protocols that send at most ten frames a second share one EtherType. */
export const slow = defineDissector({
  name: 'slow',
  title: 'Slow Protocols',
  spec: ['IEEE 802.3 annex 57A'],
  over: { ethertype: [0x8809] },
  tables: ['slow.subtype'],
  fields: slowFields,
  dissect(p, at, end) {
    if (end - at < 1) return p.tooShort(1);
    p.payload(at + 1, p.wireEnd);
    return p.next('slow.subtype', p.bytes[at]);
  },
  info: (row) => `Subtype ${row.text(slowFields.subtype)}`,
});
export default slow;
