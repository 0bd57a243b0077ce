import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 8;

export const ayiyaFields = defineFields({
  idLength: { name: 'ayiya.idlen', ...fixed('u8', 0, 'Identity field length', { mask: 0xf0 }) },
  idType: { name: 'ayiya.idtype', ...fixed('u8', 0, 'Identity field type', { mask: 0x0f, base: 'hex' }) },
  signatureLength: { name: 'ayiya.siglen', ...fixed('u8', 1, 'Signature Length', { mask: 0xf0 }) },
  hashMethod: { name: 'ayiya.hashmethod', ...fixed('u8', 1, 'Hash method', { mask: 0x0f, base: 'hex' }) },
  opcode: { name: 'ayiya.opcode', ...fixed('u8', 2, 'Operation Code', { mask: 0x0f, base: 'hex' }) },
  next: { name: 'ayiya.nextheader', ...fixed('u8', 3, 'Next Header', { base: 'hex' }) },
  epoch: { name: 'ayiya.epoch', ...fixed('u32', 4, 'Epoch') },
});

export const ayiya = defineDissector({
  name: 'ayiya',
  title: 'Anything in Anything Protocol',
  spec: ['draft-massar-v6ops-ayiya-02 §4'],
  carries: true,
  over: { 'udp.port': [5072] },
  fields: ayiyaFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    // The identity is 2 to the power of its length field long, the signature a multiple of four bytes.
    const length = HEADER_LEN + (1 << (b[at] >> 4)) + (b[at + 1] >> 4) * 4;
    if (end - at < length) return p.tooShort(length);
    p.payload(at + length, p.wireEnd);
    return p.next('ip.proto', b[at + 3]);
  },
});
export default ayiya;
