import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { IP_PROTOCOLS } from '../ip-protocols.ts';

const TYPES = { 0: 'Source Route', 2: 'Type 2 Routing', 3: 'RPL Source Route', 4: 'Segment Routing' } as const;

export const routingFields = defineFields({
  nxt: { name: 'ipv6.routing.nxt', ...fixed('u8', 0, 'Next Header', { values: IP_PROTOCOLS }) },
  len: { name: 'ipv6.routing.len', ...fixed('u8', 1, 'Length') },
  lenBytes: { name: 'ipv6.routing.len_oct', ...put('u16', 'Length') },
  type: { name: 'ipv6.routing.type', ...fixed('u8', 2, 'Type', { values: TYPES }) },
  segleft: { name: 'ipv6.routing.segleft', ...fixed('u8', 3, 'Segments Left') },
  sourceAddress: { name: 'ipv6.routing.src.addr', ...put('ipv6', 'Source Address') },
  mobileAddress: { name: 'ipv6.routing.mipv6.home_address', ...put('ipv6', 'Home Address') },
  deprecated: { name: 'ipv6.routing.deprecated', ...put('none', 'Routing header type is deprecated') },
  segmentAddress: { name: 'ipv6.routing.srh.addr', ...put('ipv6', 'Address') },
});
const F = routingFields;

export const ipv6Routing = defineDissector({
  name: 'ipv6.routing',
  title: 'Routing Header for IPv6',
  spec: ['RFC 8200 §4.4', 'RFC 8754', 'RFC 6275 §6.4'],
  over: { 'ip.proto': [43] },
  fields: routingFields,
  short: 'IPv6 Routing',
  column: null,
  hierarchy: 'inside',
  dissect(p, at, end) {
    if (end - at < 8) return p.tooShort(8);
    const b = p.bytes;
    const length = 8 * (b[at + 1] + 1);
    p.putInt(F.lenBytes, at + 1, 0, length);
    if (end - at < length) return p.tooShort(length);
    const type = b[at + 2];
    // RFC 5095 §1: whoever may list addresses at will can send packets around in circles.
    if (type === 0) p.expert('note', 'deprecated', F.deprecated.name, at + 2, 1);
    const field = type === 4 ? F.segmentAddress : type === 2 ? F.mobileAddress : F.sourceAddress;
    if (type === 0 || type === 2 || type === 4) {
      for (let i = at + 8; i + 16 <= at + length; i += 16) p.put(field, i, 16);
    }
    p.ipProto = b[at];
    p.payload(at + length, p.wireEnd);
    return p.next('ip.proto', b[at]);
  },
});
export default ipv6Routing;
