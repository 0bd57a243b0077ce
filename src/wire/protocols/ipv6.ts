import { u16be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed } from '../define-dissector.ts';

const HEADER_LEN = 40;

export const ipv6Fields = defineFields({
  version: { name: 'ipv6.version', ...fixed('u8', 0, 'Version', { mask: 0xf0 }) },
  plen: { name: 'ipv6.plen', ...fixed('u16', 4, 'Payload Length') },
  nxt: { name: 'ipv6.nxt', ...fixed('u8', 6, 'Next Header') },
  hlim: { name: 'ipv6.hlim', ...fixed('u8', 7, 'Hop Limit') },
  src: { name: 'ipv6.src', ...fixed('ipv6', 8, 'Source Address', { also: ['ipv6.addr'] }) },
  dst: { name: 'ipv6.dst', ...fixed('ipv6', 24, 'Destination Address', { also: ['ipv6.addr'] }) },
});

export const ipv6 = defineDissector({
  name: 'ipv6',
  title: 'Internet Protocol Version 6',
  spec: ['RFC 8200'],
  over: { ethertype: [0x86dd], 'ip.proto': [41], 'gre.proto': [0x86dd], 'ppp.protocol': [0x0057], 'chdlc.protocol': [0x86dd] },
  fields: ipv6Fields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const length = u16be(b, at + 4);
    p.ipVersion = 6;
    p.ipAt = at;
    p.srcAt = at + 8;
    p.dstAt = at + 24;
    p.networkSource = p.source;
    p.ipProto = b[at + 6];
    p.ipLen = HEADER_LEN + length;
    p.fragment = false;
    p.payload(at + HEADER_LEN, length === 0 ? p.wireEnd : at + HEADER_LEN + length);
    return p.next('ip.proto', b[at + 6]);
  },
});
export default ipv6;
