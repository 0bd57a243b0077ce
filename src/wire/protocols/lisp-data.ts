import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 8;

export const lispDataFields = defineFields({
  flags: { name: 'lisp-data.flags', ...fixed('u8', 0, 'Flags', { base: 'hex' }) },
});

/** Packets between sites: an IP packet behind a head of eight bytes. */
export const lispData = defineDissector({
  name: 'lisp-data',
  title: 'Locator/ID Separation Protocol (Data)',
  short: 'LISP Data',
  spec: ['RFC 9300 §5'],
  carries: true,
  over: { 'udp.port': [4341] },
  fields: lispDataFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.payload(at + HEADER_LEN, p.wireEnd);
    const version = end > at + HEADER_LEN ? p.bytes[at + HEADER_LEN] >> 4 : 0;
    return version === 4 ? p.id('ip') : version === 6 ? p.id('ipv6') : 0;
  },
});
export default lispData;
