import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 4;

export const ipcompFields = defineFields({ 
  nextHeader: { name: 'ipcomp.next_header', ...fixed('u8', 0, 'Next Header', { base: 'hex' }) },
  flags: { name: 'ipcomp.flags', ...fixed('u8', 1, 'IPComp Flags', { base: 'hex' }) },
  cpi: { name: 'ipcomp.cpi', ...fixed('u16', 2, 'IPComp CPI', { base: 'hex' }) },
});

/** What follows is compressed by what the index stands for. */
export const ipcomp = defineDissector({
  name: 'ipcomp',
  title: 'IP Payload Compression',
  short: 'IPComp',
  spec: ['RFC 3173 §3'],
  over: { 'ip.proto': [108] },
  fields: ipcompFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.payload(at + HEADER_LEN, p.wireEnd);
    return 0;
  },
  info: (row) => `IPComp (CPI=${row.text(ipcompFields.cpi)})`,
});
export default ipcomp;
