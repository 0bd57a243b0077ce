import { u16le, u32le } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { MALFORMED } from '../packet-view.ts';

const HEADER_LEN = 8;

export const ppiFields = defineFields({
  version: { name: 'ppi.version', ...fixed('u8', 0, 'Version') },
  flags: { name: 'ppi.flags', ...fixed('u8', 1, 'Flags', { base: 'hex' }) },
  length: { name: 'ppi.length', ...fixed('u16', 2, 'Header length', { little: true }) },
  dlt: { name: 'ppi.dlt', ...fixed('u32', 4, 'DLT', { little: true }) },
});

export const ppi = defineDissector({
  name: 'ppi',
  title: 'Per-Packet Information header',
  spec: ['LINKTYPE_PPI'],
  over: { link: [192] },
  fields: ppiFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const length = u16le(p.bytes, at + 2);
    if (length < HEADER_LEN) return MALFORMED;
    p.payload(at + length, p.wireEnd);
    return p.next('link', u32le(p.bytes, at + 4));
  },
});
export default ppi;
