import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { MALFORMED } from '../packet-view.ts';

const HEADER_LEN = 8;

export const nshFields = defineFields({
  version: { name: 'nsh.version', ...fixed('u16', 0, 'Version', { mask: 0xc000 }) },
  length: { name: 'nsh.length', ...fixed('u16', 0, 'Length', { mask: 0x003f }) },
  mdType: { name: 'nsh.mdtype', ...fixed('u8', 2, 'MD Type') },
  next: { name: 'nsh.nextproto', ...fixed('u8', 3, 'Next Protocol') },
  spi: { name: 'nsh.spi', ...fixed('u24', 4, 'Service Path Identifier') },
  si: { name: 'nsh.si', ...fixed('u8', 7, 'Service Index') },
});

export const nsh = defineDissector({
  name: 'nsh',
  title: 'Network Service Header',
  spec: ['RFC 8300 §2'],
  over: { ethertype: [0x894f], 'gre.proto': [0x894f] },
  fields: nshFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const length = (b[at + 1] & 0x3f) * 4;
    if (length < HEADER_LEN) return MALFORMED;
    p.payload(at + length, p.wireEnd);
    switch (b[at + 3]) {
      case 1: return p.id('ip');
      case 2: return p.id('ipv6');
      case 3: return p.id('eth');
      case 5: return p.id('mpls');
      default: return 0;
    }
  },
});
export default nsh;
