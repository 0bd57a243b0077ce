import { u16be, u32be } from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { IP_PROTOCOLS } from '../ip-protocols.ts';
import type { PacketView } from '../packet-view.ts';

const HEADER_LEN = 8;

export const fragmentHeaderFields = defineFields({
  nxt: { name: 'ipv6.fraghdr.nxt', ...fixed('u8', 0, 'Next header', { values: IP_PROTOCOLS }) },
  reserved: { name: 'ipv6.fraghdr.reserved_octet', ...fixed('u8', 1, 'Reserved octet', { base: 'hex' }) },
  offset: { name: 'ipv6.fraghdr.offset', ...fixed('u16', 2, 'Offset', { mask: 0xfff8 }) },
  bits: { name: 'ipv6.fraghdr.reserved_bits', ...fixed('u16', 2, 'Reserved bits', { mask: 0x0006 }) },
  more: { name: 'ipv6.fraghdr.more', ...fixed('boolean', 2, 'More Fragments', { size: 2, mask: 0x0001 }) },
  ident: { name: 'ipv6.fraghdr.ident', ...fixed('u32', 4, 'Identification', { base: 'hex' }) },
  fragments: { name: 'ipv6.fragments', ...put('bytes', 'IPv6 Fragments') },
  fragment: { name: 'ipv6.fragment', ...put('framenum', 'IPv6 Fragment') },
  overlap: { name: 'ipv6.fragment.overlap', ...put('boolean', 'Fragment overlap') },
  conflict: { name: 'ipv6.fragment.overlap.conflict', ...put('boolean', 'Conflicting data in fragment overlap') },
  count: { name: 'ipv6.fragment.count', ...put('u32', 'Fragment count') },
  reassembledIn: { name: 'ipv6.reassembled.in', ...put('framenum', 'Reassembled IPv6 in frame') },
  length: { name: 'ipv6.reassembled.length', ...put('u32', 'Reassembled IPv6 length') },
});
const F = fragmentHeaderFields;

function readFragment(p: PacketView, at: number, offset: number, more: boolean): number {
  const b = p.bytes;
  const next = b[at];
  // The key has no protocol: only the first fragment's next header counts (RFC 8200 §4.5).
  const datagram = p.trackers.defrag.add(b, p.srcAt, 16, u32be(b, at + 4), 256, offset, more, at + HEADER_LEN, p.wireEnd, p.frame);
  if (datagram === undefined || !datagram.complete) return 0;
  p.open(F.fragments, at);
  for (let i = 0; i < datagram.frames.length; i++) p.putInt(F.fragment, at, 0, datagram.frames[i]);
  if (datagram.overlap) p.putInt(F.overlap, at, 0, 1);
  if (datagram.conflict) p.putInt(F.conflict, at, 0, 1);
  p.putInt(F.count, at, 0, datagram.frames.length);
  p.putInt(F.length, at, 0, datagram.total);
  p.close(at);
  const source = p.derive(datagram.bytes.subarray(0, datagram.total), 'reassembled');
  p.fragment = false;
  const id = p.next('ip.proto', next);
  p.callSource(id > 0 ? id : p.id('data'), source);
  return p.finish();
}

export const ipv6Fragment = defineDissector({
  name: 'ipv6.fraghdr',
  title: 'Fragment Header for IPv6',
  spec: ['RFC 8200 §4.5', 'RFC 5722', 'RFC 6946'],
  over: { 'ip.proto': [44] },
  fields: fragmentHeaderFields,
  hierarchy: 'inside',
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const word = u16be(b, at + 2);
    const offset = word & 0xfff8;
    const more = (word & 1) !== 0;
    p.ipProto = b[at];
    p.fragment = offset > 0;
    p.payload(at + HEADER_LEN, p.wireEnd);
    // Offset 0 without more is an atomic fragment: the whole packet (RFC 6946).
    if (offset === 0 && !more) return p.next('ip.proto', b[at]);
    if (p.reassemble && p.wireEnd <= end && !p.quoted && p.networkSource === p.source) return readFragment(p, at, offset, more);
    return offset > 0 ? 0 : p.next('ip.proto', b[at]);
  },
});
export default ipv6Fragment;
