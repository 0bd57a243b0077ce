import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const TAG_LEN = 2;

export const cfpFields = defineFields({
  tree: { name: 'cfp.ftag', ...fixed('u16', 0, 'FTAG', { mask: 0xffc0 }) },
  ttl: { name: 'cfp.ttl', ...fixed('u16', 0, 'TTL', { mask: 0x003f }) },
});

export const cfp = defineDissector({
  name: 'cfp',
  title: 'Cisco FabricPath',
  spec: ['EtherType 0x8903'],
  over: { ethertype: [0x8903] },
  fields: cfpFields,
  dissect(p, at, end) {
    if (end - at < TAG_LEN) return p.tooShort(TAG_LEN);
    p.payload(at + TAG_LEN, p.wireEnd);
    return p.id('eth');
  },
});
export default cfp;
