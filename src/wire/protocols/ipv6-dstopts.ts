import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { IP_PROTOCOLS } from '../ip-protocols.ts';
import { ipv6OptionFields, readIpv6Options } from '../ipv6-options.ts';

export const destinationOptionsFields = defineFields({
  nxt: { name: 'ipv6.dstopts.nxt', ...fixed('u8', 0, 'Next Header', { values: IP_PROTOCOLS }) },
  len: { name: 'ipv6.dstopts.len', ...fixed('u8', 1, 'Length') },
  lenBytes: { name: 'ipv6.dstopts.len_oct', ...put('u16', 'Length') },
});
const F = destinationOptionsFields;

export const destinationOptions = defineDissector({
  name: 'ipv6.dstopts',
  title: 'IPv6 Destination Option',
  spec: ['RFC 8200 §4.6'],
  over: { 'ip.proto': [60] },
  fields: { ...destinationOptionsFields, ...ipv6OptionFields },
  hierarchy: 'inside',
  dissect(p, at, end) {
    if (end - at < 8) return p.tooShort(8);
    const length = 8 * (p.bytes[at + 1] + 1);
    p.putInt(F.lenBytes, at + 1, 0, length);
    if (end - at < length) return p.tooShort(length);
    if (p.detail) readIpv6Options(p, at + 2, at + length);
    p.ipProto = p.bytes[at];
    p.payload(at + length, p.wireEnd);
    return p.next('ip.proto', p.bytes[at]);
  },
});
export default destinationOptions;
