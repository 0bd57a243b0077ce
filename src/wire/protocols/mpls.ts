import { u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const ENTRY_LEN = 4;
const BOTTOM = 0x100;

export const mplsFields = defineFields({
  label: { name: 'mpls.label', ...put('u32', 'MPLS Label') },
  exp: { name: 'mpls.exp', ...put('u32', 'MPLS Experimental Bits') },
  bottom: { name: 'mpls.bottom', ...put('u32', 'MPLS Bottom Of Label Stack') },
  ttl: { name: 'mpls.ttl', ...put('u32', 'MPLS TTL') },
});
const F = mplsFields;

export const mpls = defineDissector({
  name: 'mpls',
  title: 'MultiProtocol Label Switching Header',
  spec: ['RFC 3032 §2.1', 'RFC 4385 §3'],
  over: { ethertype: [0x8847, 0x8848], 'gre.proto': [0x8847, 0x8848], 'ppp.protocol': [0x0281, 0x0283], 'chdlc.protocol': [0x8847, 0x8848], 'udp.port': [6635] },
  fields: mplsFields,
  dissect(p, at, end) {
    const b = p.bytes;
    let label = at;
    for (;;) {
      if (end - label < ENTRY_LEN) return p.tooShort(label - at + ENTRY_LEN);
      const entry = u32be(b, label);
      p.putInt(F.label, label, 4, entry >>> 12);
      p.putInt(F.exp, label, 4, (entry >>> 9) & 7);
      p.putInt(F.bottom, label, 4, (entry >>> 8) & 1);
      p.putInt(F.ttl, label, 4, entry & 0xff);
      label += ENTRY_LEN;
      if ((entry & BOTTOM) !== 0) break;
    }
    p.payload(label, p.wireEnd);
    if (label >= end) return DONE;
    // Nothing says what follows the bottom: an IP version does, all else may be a pseudowire.
    const version = b[label] >> 4;
    if (version === 4) return p.id('ip');
    if (version === 6) return p.id('ipv6');
    if (version !== 0) return p.id('eth');
    if (end - label < ENTRY_LEN) return DONE;
    p.payload(label + ENTRY_LEN, p.wireEnd);
    return p.id('eth');
  },
});
export default mpls;
