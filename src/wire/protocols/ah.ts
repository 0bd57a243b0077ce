import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';

const HEADER_LEN = 12;

export const ahFields = defineFields({
  next: { name: 'ah.next_header', ...fixed('u8', 0, 'Next header') },
  length: { name: 'ah.length', ...fixed('u8', 1, 'Length') },
  spi: { name: 'ah.spi', ...fixed('u32', 4, 'AH SPI', { base: 'hex' }) },
  sequence: { name: 'ah.sequence', ...fixed('u32', 8, 'AH Sequence') },
  icv: { name: 'ah.icv', ...put('bytes', 'AH ICV') },
});

export const ah = defineDissector({
  name: 'ah',
  title: 'Authentication Header',
  spec: ['RFC 4302 §2'],
  over: { 'ip.proto': [51] },
  fields: ahFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    // The length counts words of four bytes, less two.
    const length = (p.bytes[at + 1] + 2) * 4;
    if (end - at < length) return p.tooShort(length);
    if (length > HEADER_LEN) p.put(ahFields.icv, at + HEADER_LEN, length - HEADER_LEN);
    p.payload(at + length, p.wireEnd);
    return p.next('ip.proto', p.bytes[at]);
  },
});
export default ah;
