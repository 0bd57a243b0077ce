import { u16be, u24be, u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { DONE } from '../packet-view.ts';
import { ipv6Text } from '../field-text.ts';
import { DSCP_NAMES, ECN_NAMES, IP_PROTOCOLS } from '../ip-protocols.ts';

//  0                   1                   2                   3
// |ver| traffic class |               flow label                  |
// |         payload length        |  next header  |   hop limit   |
// |                    source address, 16 bytes                   |
// |                 destination address, 16 bytes                 |
const HEADER_LEN = 40;
const PAYLOAD_LENGTH = 4;
const NEXT_HEADER = 6;
const SOURCE = 8;
const DESTINATION = 24;

const HOP_BY_HOP = 0;

export const ipv6Fields = defineFields({
  version: { name: 'ipv6.version', ...fixed('u8', 0, 'Version', { mask: 0xf0, also: ['ip.version'] }) },
  tclass: { name: 'ipv6.tclass', ...fixed('u32', 0, 'Traffic Class', { base: 'hex', mask: 0x0ff00000 }) },
  dscp: { name: 'ipv6.tclass.dscp', ...fixed('u32', 0, 'Differentiated Services Codepoint', { mask: 0x0fc00000, values: DSCP_NAMES }) },
  ecn: { name: 'ipv6.tclass.ecn', ...fixed('u32', 0, 'Explicit Congestion Notification', { mask: 0x00300000, values: ECN_NAMES }) },
  flow: { name: 'ipv6.flow', ...fixed('u24', 1, 'Flow Label', { base: 'hex', mask: 0x0fffff }) },
  plen: { name: 'ipv6.plen', ...fixed('u16', PAYLOAD_LENGTH, 'Payload Length') },
  nxt: { name: 'ipv6.nxt', ...fixed('u8', NEXT_HEADER, 'Next Header', { values: IP_PROTOCOLS }) },
  hlim: { name: 'ipv6.hlim', ...fixed('u8', 7, 'Hop Limit') },
  src: { name: 'ipv6.src', ...fixed('ipv6', SOURCE, 'Source Address', { also: ['ipv6.addr'] }) },
  srcHost: { name: 'ipv6.src_host', ...put('string', 'Source Host', { also: ['ipv6.host'] }) },
  dst: { name: 'ipv6.dst', ...fixed('ipv6', DESTINATION, 'Destination Address', { also: ['ipv6.addr'] }) },
  dstHost: { name: 'ipv6.dst_host', ...put('string', 'Destination Host', { also: ['ipv6.host'] }) },
  srcSlaacMac: { name: 'ipv6.src_slaac_mac', ...put('ether', 'Source SLAAC MAC', { also: ['ipv6.slaac_mac'] }) },
  dstSlaacMac: { name: 'ipv6.dst_slaac_mac', ...put('ether', 'Destination SLAAC MAC', { also: ['ipv6.slaac_mac'] }) },
  bogusVersion: { name: 'ipv6.bogus_ipv6_version', ...put('none', 'Bogus IPv6 version') },
  bogusLength: { name: 'ipv6.plen_exceeds_framing', ...put('none', 'IPv6 payload length does not match expected framing length') },
  invalidHeader: { name: 'ipv6.invalid_header', ...put('none', 'Invalid IPv6 header') },
});
const F = ipv6Fields;

export const ipv6 = defineDissector({
  name: 'ipv6',
  title: 'Internet Protocol Version 6',
  short: 'IPv6',
  spec: ['RFC 8200', 'RFC 2675'],
  over: { link: [229], ethertype: [0x86dd], 'ip.proto': [41], 'gre.proto': [0x86dd], 'ppp.protocol': [0x0057], 'chdlc.protocol': [0x86dd] },
  fields: ipv6Fields,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end > at && b[at] >> 4 !== 6) {
      p.expert('error', 'malformed', 'ipv6.bogus_ipv6_version', at, 1);
      return DONE;
    }
    if (end > at && p.wireEnd - at < HEADER_LEN && !p.quoted) p.expert('error', 'malformed', 'ipv6.invalid_header', at, 0);
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const length = u16be(b, at + PAYLOAD_LENGTH);
    const next = b[at + NEXT_HEADER];
    p.ipVersion = 6;
    p.ipAt = at;
    p.srcAt = at + SOURCE;
    p.dstAt = at + DESTINATION;
    p.networkSource = p.source;
    p.ipProto = next;
    p.fragment = false;
    p.ipLen = HEADER_LEN + length;
    if (p.wants(F.srcHost)) p.putText(F.srcHost, at + SOURCE, 16, ipv6Text(b, at + SOURCE));
    if (p.wants(F.dstHost)) p.putText(F.dstHost, at + DESTINATION, 16, ipv6Text(b, at + DESTINATION));
    // A payload length of 0 is a jumbogram: its hop-by-hop option has the length (RFC 2675 §2). Offload writes 0 too.
    const payload = at + HEADER_LEN;
    let wireEnd = length === 0 && next !== 59 ? p.wireEnd : payload + length;
    if (length === 0 && next === HOP_BY_HOP && payload + 8 <= end && b[payload + 2] === 0xc2) wireEnd = payload + u32be(b, payload + 4);
    if (wireEnd > p.wireEnd && !p.quoted) p.expert('warn', 'protocol', 'ipv6.plen_exceeds_framing', at + PAYLOAD_LENGTH, 2);
    p.payload(payload, wireEnd);
    if (length === 0 && u24be(b, at + PAYLOAD_LENGTH) === next && next === 59) return 0;
    return p.next('ip.proto', next);
  },
});
export default ipv6;
