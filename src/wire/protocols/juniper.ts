import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';

const MAGIC = 0x4d4743;
const HEADER_LEN = 4;
const EXTENSIONS = 0x80;
const NO_LINK_HEAD = 0x02;
/** Where the router left the link-layer head out, a word stands in its place. */
const NO_LINK_WORD = 4;

export const juniperFields = defineFields({
  magic: { name: 'juniper.magic-number', ...fixed('u24', 0, 'Magic Number', { base: 'hex' }) },
});

/** The head that Juniper routers write before Ethernet frames in their captures (LINKTYPE_JUNIPER_ETHER): flags, extensions, frame. */
export const juniper = defineDissector({
  name: 'juniper',
  title: 'Juniper',
  spec: ['LINKTYPE_JUNIPER_ETHER'],
  over: { link: [178] },
  fields: juniperFields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    if (((b[at] << 16) | u16be(b, at + 1)) !== MAGIC) return DONE;
    const flags = b[at + 3];
    let len = HEADER_LEN;
    if ((flags & EXTENSIONS) !== 0) {
      if (end - at < len + 2) return p.tooShort(len + 2);
      len += 2 + u16be(b, at + HEADER_LEN);
    }
    if ((flags & NO_LINK_HEAD) !== 0) len += NO_LINK_WORD;
    if (end - at < len) return p.tooShort(len);
    p.payload(at + len, p.wireEnd);
    if ((flags & NO_LINK_HEAD) === 0) return p.id('eth');
    if (at + len >= end) return DONE;
    const version = b[at + len] >> 4;
    if (version === 4) return p.id('ip');
    if (version === 6) return p.id('ipv6');
    return DONE;
  },
});
export default juniper;
