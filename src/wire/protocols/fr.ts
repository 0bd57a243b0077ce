import { u16be, u24be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';

const UNNUMBERED_INFORMATION = 0x03;
const NLPID_IP = 0xcc;
const NLPID_IPV6 = 0x8e;
const NLPID_SNAP = 0x80;

export const frFields = defineFields({
  dlci: { name: 'fr.dlci', ...put('u32', 'DLCI') },
  control: { name: 'fr.control', ...put('u8', 'Control', { base: 'hex' }) },
  nlpid: { name: 'fr.nlpid', ...put('u8', 'NLPID', { base: 'hex' }) },
  type: { name: 'fr.type', ...put('u16', 'Type', { base: 'hex' }) },
});
const F = frFields;

export const fr = defineDissector({
  name: 'fr',
  title: 'Frame Relay',
  spec: ['RFC 2427 §3'],
  over: { link: [107] },
  fields: frFields,
  dissect(p, at, end) {
    const b = p.bytes;
    let from = at;
    let dlci = 0;
    // The address is two to four bytes long; the lowest bit ends it (Q.922 §3.3).
    for (;;) {
      if (end - from < 1) return p.tooShort(from - at + 1);
      dlci = from === at ? b[from] >> 2 : (dlci << 4) | (b[from] >> 4);
      if ((b[from++] & 1) !== 0 || from - at >= 4) break;
    }
    p.putInt(F.dlci, at, from - at, dlci);
    if (end - from < 2) return p.tooShort(from - at + 2);
    if (b[from] !== UNNUMBERED_INFORMATION) {
      // Cisco's encapsulation has an EtherType at once.
      p.put(F.type, from, 2);
      p.payload(from + 2, p.wireEnd);
      const type = u16be(b, from);
      if (type === 0x0800) return p.id('ip');
      return type === 0x86dd ? p.id('ipv6') : p.next('ethertype', type);
    }
    p.put(F.control, from, 1);
    from++;
    if (b[from] === 0 && end - from > 1) from++;
    p.put(F.nlpid, from, 1);
    p.payload(from + 1, p.wireEnd);
    if (b[from] === NLPID_IP) return p.id('ip');
    if (b[from] === NLPID_IPV6) return p.id('ipv6');
    if (b[from] !== NLPID_SNAP) return 0;
    if (end - from < 6) return p.tooShort(from - at + 6);
    p.payload(from + 6, p.wireEnd);
    return u24be(b, from + 1) === 0 ? p.next('ethertype', u16be(b, from + 4)) : 0;
  },
});
export default fr;
