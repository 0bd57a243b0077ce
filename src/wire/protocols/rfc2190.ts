import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const rfc2190Fields = defineFields({
  ftype: { name: 'rfc2190.ftype', ...put('boolean', 'F', { mask: 0x80 }) },
  pbframes: { name: 'rfc2190.pbframes', ...put('boolean', 'p/b frame', { mask: 0x40 }) },
  sbit: { name: 'rfc2190.sbit', ...put('u8', 'Start bit position', { mask: 0x38 }) },
  ebit: { name: 'rfc2190.ebit', ...put('u8', 'End bit position', { mask: 0x07 }) },
  source: { name: 'rfc2190.srcformat', ...put('u8', 'SRC format', { mask: 0xe0 }) },
});
const F = rfc2190Fields;

/** The head of H.263 in RTP: mode A is 4 bytes, mode B 8, mode C 12. */
export const rfc2190 = defineDissector({
  name: 'rfc2190',
  title: 'H.263 RTP Payload header (RFC2190)',
  spec: ['RFC 2190 §5'],
  over: {},
  fields: rfc2190Fields,
  column: null,
  dissect(p, at, end) {
    const first = p.bytes[at];
    const length = (first & 0x80) === 0 ? 4 : (first & 0x40) === 0 ? 8 : 12;
    if (end - at < length) return p.tooShort(length);
    p.put(F.ftype, at, 1);
    p.put(F.pbframes, at, 1);
    p.put(F.sbit, at, 1);
    p.put(F.ebit, at, 1);
    p.put(F.source, at + 1, 1);
    if (at + length >= p.wireEnd) return DONE;
    p.payload(at + length, p.wireEnd);
    return p.id('h263');
  },
});
export default rfc2190;
