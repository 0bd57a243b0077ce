import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 4;

export const chdlcFields = defineFields({
  address: { name: 'chdlc.address', ...fixed('u8', 0, 'Address', { base: 'hex', values: { 0x0f: 'Unicast', 0x8f: 'Multicast' } }) },
  control: { name: 'chdlc.control', ...fixed('u8', 1, 'Control', { base: 'hex' }) },
  protocol: { name: 'chdlc.protocol', ...fixed('u16', 2, 'Protocol', { base: 'hex' }) },
});

export const chdlc = defineDissector({
  name: 'chdlc',
  title: 'Cisco HDLC',
  spec: ['RFC 1547 §4.3.1'],
  over: { link: [104] },
  tables: ['chdlc.protocol'],
  fields: chdlcFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.payload(at + HEADER_LEN, p.wireEnd);
    return p.next('chdlc.protocol', u16be(p.bytes, at + 2));
  },
  // Neither end of a line has an address.
  ends: () => ['N/A', 'N/A'],
});
export default chdlc;
