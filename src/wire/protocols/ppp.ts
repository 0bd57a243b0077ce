import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';

const ALL_STATIONS = 0xff;
const CISCO_UNICAST = 0x0f;
const CISCO_MULTICAST = 0x8f;

export const pppFields = defineFields({
  address: { name: 'ppp.address', ...put('u8', 'Address', { base: 'hex' }) },
  control: { name: 'ppp.control', ...put('u8', 'Control', { base: 'hex' }) },
  protocol: { name: 'ppp.protocol', ...put('u16', 'Protocol', { base: 'hex', values: { 0x0021: 'Internet Protocol version 4', 0x0057: 'Internet Protocol version 6', 0x8021: 'Internet Protocol Control Protocol', 0xc021: 'Link Control Protocol' } }) },
});
const F = pppFields;

/** PPP on links of its own, in HDLC-like framing or without it, and in PPPoE. */
export const ppp = defineDissector({
  name: 'ppp',
  title: 'Point-to-Point Protocol',
  spec: ['RFC 1661 §2', 'RFC 1662 §3.1'],
  over: { link: [9, 50], 'gre.proto': [0x880b] },
  tables: ['ppp.protocol'],
  fields: pppFields,
  dissect(p, at, end) {
    const b = p.bytes;
    let from = at;
    // Cisco's framing stands under the same link type, and shows itself by its address.
    if (end - at >= 2 && (b[at] === CISCO_UNICAST || b[at] === CISCO_MULTICAST) && b[at + 1] === 0) {
      p.payload(at, p.wireEnd);
      return p.id('chdlc');
    }
    if (end - from < 1) return p.tooShort(from - at + 1);
    if (b[from] === ALL_STATIONS) {
      if (end - from < 2) return p.tooShort(from - at + 2);
      p.put(F.address, from, 1);
      p.put(F.control, from + 1, 1);
      from += 2;
      if (end - from < 1) return p.tooShort(from - at + 1);
    }
    // A protocol number ends with an odd byte; a compressed one has only that (RFC 1661 §6.5).
    const short = (b[from] & 1) === 1;
    if (!short && end - from < 2) return p.tooShort(from - at + 2);
    const protocol = short ? b[from] : u16be(b, from);
    p.putInt(F.protocol, from, short ? 1 : 2, protocol);
    p.payload(from + (short ? 1 : 2), p.wireEnd);
    return p.next('ppp.protocol', protocol);
  },
});
export default ppp;
