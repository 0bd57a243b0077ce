import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { DECLINE } from '../packet-view.ts';

const AUTHENTICATION = 0x0001;
const ORIGIN = 0x0000;
const ORIGIN_LEN = 8;

export const teredoFields = defineFields({
  authentication: { name: 'teredo.auth', ...put('none', 'Teredo Authentication header') },
  nonce: { name: 'teredo.auth.nonce', ...put('bytes', 'Nonce value') },
  origin: { name: 'teredo.orig', ...put('none', 'Teredo Origin Indication header') },
  originPort: { name: 'teredo.orig.port', ...put('u16', 'Origin UDP port') },
});
const F = teredoFields;

export const teredo = defineDissector({
  name: 'teredo',
  title: 'Teredo IPv6 over UDP tunneling',
  spec: ['RFC 4380 §5.1.1'],
  carries: true,
  over: { 'udp.port': [3544] },
  fields: teredoFields,
  dissect(p, at, end) {
    const b = p.bytes;
    let from = at;
    if (end - from >= 4 && u16be(b, from) === AUTHENTICATION) {
      const values = b[from + 2] + b[from + 3];
      if (end - from < 13 + values) return p.tooShort(13 + values);
      p.put(F.authentication, from, 13 + values);
      p.put(F.nonce, from + 4 + values, 8);
      from += 13 + values;
    }
    if (end - from >= ORIGIN_LEN && u16be(b, from) === ORIGIN) {
      p.put(F.origin, from, ORIGIN_LEN);
      // Port and address are written with all bits inverted, so that no translator on the way rewrites them.
      p.putInt(F.originPort, from + 2, 2, u16be(b, from + 2) ^ 0xffff);
      from += ORIGIN_LEN;
    }
    if (from >= end || b[from] >> 4 !== 6) return DECLINE;
    p.payload(from, p.wireEnd);
    return p.id('ipv6');
  },
});
export default teredo;
