import { u16be } from '../../base/bytes.ts';
import { juniperFields as F } from '../codecs/juniper-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

// Magic 3, flags 1, extensions with their length 2 where a flag says so; then a cookie by the hardware, and the frame.
const MAGIC = 0x4d4743;
const HEADER_LEN = 4;
const EXTENSIONS = 0x80;
const NO_LINK_HEAD = 0x02;
/** Where the router left the link-layer head out, a word stands in its place. */
const NO_LINK_WORD = 4;
const ATM2 = 135;
const ATM1 = 137;

/** Text of Juniper's captures: flags, extensions, a cookie, the frame. */
export const text = defineDissector({
  name: 'text',
  title: 'Text item',
  hierarchy: 'heading',
  column: null,
  spec: ['LINKTYPE_JUNIPER_ETHER'],
  over: {},
  fields: F,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    if (((b[at] << 16) | u16be(b, at + 1)) !== MAGIC) {
      p.expert('warn', 'protocol', 'juniper.magic-number.none', at, 3);
      return DONE;
    }
    const flags = b[at + 3];
    p.put(F.direction, at + 3, 1);
    p.put(F.noLinkHead, at + 3, 1);
    let len = HEADER_LEN;
    if ((flags & EXTENSIONS) !== 0) {
      if (end - at < len + 2) return p.tooShort(len + 2);
      p.put(F.extensions, at + len, 2);
      len += 2 + u16be(b, at + HEADER_LEN);
    }
    if ((flags & NO_LINK_HEAD) !== 0) {
      len += NO_LINK_WORD;
      if (end - at < len) return p.tooShort(len);
      p.payload(at + len, p.wireEnd);
      return network(p, at + len, end);
    }
    const cookie = p.linkType === ATM1 ? 4 : p.linkType === ATM2 ? 8 : 0;
    if (end - at < len + cookie) return p.tooShort(len + cookie);
    if (cookie > 0) p.put(cookie === 4 ? F.atm1 : F.atm2, at + len, cookie);
    const from = at + len + cookie;
    p.payload(from, p.wireEnd);
    switch (p.linkType) {
      case 178: case 167: return p.id('eth');
      case 179: return p.id('ppp');
      case 180: return p.id('fr');
      case 181: return p.id('chdlc');
      case ATM1: case ATM2: return end - from >= 3 && b[from] === b[from + 1] && b[from + 2] === 0x03 ? p.id('llc') : network(p, from, end);
      default: return 0;
    }
  },
});
export default text;

function network(p: PacketView, at: number, end: number): number {
  if (at >= end) return DONE;
  const version = p.bytes[at] >> 4;
  if (version === 4) return p.id('ip');
  return version === 6 ? p.id('ipv6') : DONE;
}
