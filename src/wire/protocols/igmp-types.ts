import { defineDissector } from '../define-dissector.ts';

/** IP protocol 2: its first byte says which protocol the message belongs to, IGMP itself among them. */
export const igmpTypes = defineDissector({
  name: 'igmp-types',
  hierarchy: 'inside',
  shownAs: 'igmp',
  title: 'Types of IGMP messages',
  spec: ['RFC 2236 §2.1', 'IANA "IGMP Type Numbers"'],
  over: { 'ip.proto': [2] },
  tables: ['igmp.type'],
  column: null,
  fields: {},
  dissect(p, at, end) {
    if (end - at < 1) return p.tooShort(1);
    p.payload(at, p.wireEnd);
    return p.next('igmp.type', p.bytes[at]);
  },
});
export default igmpTypes;
