import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { IP_PROTOCOLS } from '../ip-protocols.ts';
import { ipv6OptionFields, readIpv6Options } from '../ipv6-options.ts';

export const hopOptionsFields = defineFields({
  nxt: { name: 'ipv6.hopopts.nxt', ...fixed('u8', 0, 'Next Header', { values: IP_PROTOCOLS }) },
  len: { name: 'ipv6.hopopts.len', ...fixed('u8', 1, 'Length') },
  lenBytes: { name: 'ipv6.hopopts.len_oct', ...put('u16', 'Length') },
});
const F = hopOptionsFields;

export const hopOptions = defineDissector({
  name: 'ipv6.hopopts',
  title: 'IPv6 Hop-by-Hop Option',
  spec: ['RFC 8200 §4.3'],
  over: { 'ip.proto': [0] },
  fields: { ...hopOptionsFields, ...ipv6OptionFields },
  hierarchy: 'inside',
  dissect(p, at, end) {
    if (end - at < 8) return p.tooShort(8);
    if (p.ipVersion !== 6) {
      p.payload(at, p.wireEnd);
      return 0;
    }
    const length = 8 * (p.bytes[at + 1] + 1);
    p.putInt(F.lenBytes, at + 1, 0, length);
    if (end - at < length) return p.tooShort(length);
    if (p.detail) readIpv6Options(p, at + 2, at + length);
    p.ipProto = p.bytes[at];
    p.payload(at + length, p.wireEnd);
    return p.next('ip.proto', u16be(p.bytes, at) >> 8);
  },
});
export default hopOptions;
