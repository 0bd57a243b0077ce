import { u32be, u32le } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';

const HEADER_LEN = 4;
const AF_INET = 2;
/** AF_INET6 of the BSDs and of macOS. */
const AF_INET6 = [10, 24, 28, 30];
/** Frames with an Ethernet type in place of a family begin with these two bytes. */
const LOOPBACK_LINK = 108;

export const nullFields = defineFields({
  family: { name: 'null.family', ...put('u32', 'Family', { values: { 2: 'IP', 10: 'IPv6', 24: 'IPv6', 28: 'IPv6', 30: 'IPv6' } }) },
  type: { name: 'null.type', ...put('u16', 'Type', { base: 'hex' }) },
});
const F = nullFields;

/** BSD loopback: an address family in the byte order of the host that captured, or in network order (OpenBSD). */
export const nullLoopback = defineDissector({
  name: 'null',
  title: 'Null/Loopback',
  spec: ['LINKTYPE_NULL', 'LINKTYPE_LOOP'],
  over: { link: [0, LOOPBACK_LINK] },
  fields: nullFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    // Some drivers wrote a PPP head under this type.
    if (b[at] === 0xff && b[at + 1] === 0x03) {
      p.payload(at, p.wireEnd);
      return p.id('ppp_hdlc');
    }
    let family = u32le(b, at);
    if ((family & 0xffff0000) !== 0) family = u32be(b, at);
    // The second word may be an EtherType behind AF_UNSPEC.
    p.payload(at + HEADER_LEN, p.wireEnd);
    if (family > 0x5ff && family < 0x10000) {
      p.put(F.type, at + 2, 2);
      return p.next('ethertype', family);
    }
    p.putInt(F.family, at, 4, family);
    if (family === AF_INET) return p.id('ip');
    for (let i = 0; i < AF_INET6.length; i++) if (family === AF_INET6[i]) return p.id('ipv6');
    return 0;
  },
});
export default nullLoopback;
