import { u16be } from '../../base/bytes.ts';
import { formatIp, ipHex } from '../../base/ip.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { MALFORMED } from '../packet-view.ts';

const HEADER_LEN = 20;
const TOTAL_LENGTH = 2;
const FLAGS = 6;
const PROTOCOL = 9;
const SOURCE = 12;
const DESTINATION = 16;

const PROTOCOLS = { 1: 'ICMP', 2: 'IGMP', 4: 'IPIP', 6: 'TCP', 17: 'UDP', 41: 'IPv6', 47: 'GRE', 50: 'ESP', 51: 'AH', 58: 'ICMPv6', 89: 'OSPF IGP', 103: 'PIM', 112: 'VRRP', 132: 'SCTP' } as const;

export const ipFields = defineFields({
  version: { name: 'ip.version', ...fixed('u8', 0, 'Version', { mask: 0xf0 }) },
  headerLen: { name: 'ip.hdr_len', ...put('u8', 'Header Length') },
  dsfield: { name: 'ip.dsfield', ...fixed('u8', 1, 'Differentiated Services Field', { base: 'hex' }) },
  dscp: { name: 'ip.dsfield.dscp', ...fixed('u8', 1, 'Differentiated Services Codepoint', { mask: 0xfc }) },
  ecn: { name: 'ip.dsfield.ecn', ...fixed('u8', 1, 'Explicit Congestion Notification', { mask: 0x03 }) },
  len: { name: 'ip.len', ...fixed('u16', TOTAL_LENGTH, 'Total Length') },
  id: { name: 'ip.id', ...fixed('u16', 4, 'Identification', { base: 'hex_dec' }) },
  flags: { name: 'ip.flags', ...fixed('u8', FLAGS, 'Flags', { base: 'hex', mask: 0xe0 }) },
  rb: { name: 'ip.flags.rb', ...fixed('boolean', FLAGS, 'Reserved bit', { mask: 0x80 }) },
  df: { name: 'ip.flags.df', ...fixed('boolean', FLAGS, "Don't fragment", { mask: 0x40 }) },
  mf: { name: 'ip.flags.mf', ...fixed('boolean', FLAGS, 'More fragments', { mask: 0x20 }) },
  fragOffset: { name: 'ip.frag_offset', ...put('u16', 'Fragment Offset') },
  ttl: { name: 'ip.ttl', ...fixed('u8', 8, 'Time to Live') },
  proto: { name: 'ip.proto', ...fixed('u8', PROTOCOL, 'Protocol', { values: PROTOCOLS }) },
  checksum: { name: 'ip.checksum', ...fixed('u16', 10, 'Header Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'ip.checksum.status', ...put('u8', 'Header checksum status', { values: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present' } }) },
  src: { name: 'ip.src', ...fixed('ipv4', SOURCE, 'Source Address', { also: ['ip.addr'] }) },
  srcHost: { name: 'ip.src_host', ...put('string', 'Source Host', { also: ['ip.host'] }) },
  dst: { name: 'ip.dst', ...fixed('ipv4', DESTINATION, 'Destination Address', { also: ['ip.addr'] }) },
  dstHost: { name: 'ip.dst_host', ...put('string', 'Destination Host', { also: ['ip.host'] }) },
});
const F = ipFields;

function hostText(b: Uint8Array, at: number): string {
  return formatIp(ipHex(b, at, 4));
}

export const ip = defineDissector({
  name: 'ip',
  title: 'Internet Protocol Version 4',
  spec: ['RFC 791', 'RFC 2474', 'RFC 3168'],
  over: { ethertype: [0x0800], 'ip.proto': [4], 'gre.proto': [0x0800], 'ppp.protocol': [0x0021], 'chdlc.protocol': [0x0800] },
  tables: ['ip.proto'],
  fields: ipFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const headerLen = (b[at] & 15) * 4;
    p.putInt(F.headerLen, at, 1, headerLen);
    if (headerLen < HEADER_LEN) return MALFORMED;
    const total = u16be(b, at + TOTAL_LENGTH);
    const fragment = u16be(b, at + FLAGS);
    const offset = (fragment & 0x1fff) * 8;
    p.putInt(F.fragOffset, at + FLAGS, 2, offset);
    p.putInt(F.checksumStatus, at + 10, 0, 2);
    // Names are not looked up: a host is its address, as with tshark's -n.
    if (p.wants(F.srcHost)) p.putText(F.srcHost, at + SOURCE, 4, hostText(b, at + SOURCE));
    if (p.wants(F.dstHost)) p.putText(F.dstHost, at + DESTINATION, 4, hostText(b, at + DESTINATION));
    p.ipVersion = 4;
    p.ipAt = at;
    p.srcAt = at + SOURCE;
    p.dstAt = at + DESTINATION;
    p.networkSource = p.source;
    p.ipProto = b[at + PROTOCOL];
    p.ipLen = total;
    p.fragment = offset > 0;
    if (end - at < headerLen) return p.tooShort(headerLen);
    // A total length of 0 comes from segmentation offload: the packet runs to the end of the frame.
    p.payload(at + headerLen, total === 0 ? p.wireEnd : at + total);
    if (offset > 0) return 0;
    return p.next('ip.proto', b[at + PROTOCOL]);
  },
});
export default ip;
