import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

export const bpqFields = defineFields({
  length: { name: 'bpq.len', ...fixed('u16', 0, 'BPQ len', { little: true }) },
});

/** Amateur radio's AX.25 in Ethernet. */
export const bpq = defineDissector({
  name: 'bpq',
  title: 'Amateur Radio BPQ',
  spec: ['EtherType 0x08ff'],
  over: { ethertype: [0x08ff] },
  fields: bpqFields,
  dissect(p, at, end) {
    if (end - at < 2) return p.tooShort(2);
    p.payload(at + 2, p.wireEnd);
    return p.id('ax25');
  },
  info: (row) => `Length ${row.text(bpqFields.length)}`,
});
export default bpq;
