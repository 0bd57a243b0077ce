import { u16be } from '../base/bytes.ts';

const MPLS = 0x8847;
const MPLS_MULTICAST = 0x8848;

/**
 * Where the payload of an Ethernet or VLAN head ends by its own length field, -1 where it has none (or goes beyond the frame):
 * what stands behind is padding or a trailer.
 */
export function etherPayloadEnd(b: Uint8Array, type: number, at: number, end: number, wireEnd: number): number {
  let last = -1;
  if (type === MPLS || type === MPLS_MULTICAST) {
    // The bottom of the stack is marked; the first four bits behind it tell the version of IP (RFC 3032 §2.1).
    while (end - at >= 4 && (b[at + 2] & 1) === 0) at += 4;
    at += 4;
    if (end - at < 1) return -1;
    type = b[at] >> 4 === 4 ? 0x0800 : b[at] >> 4 === 6 ? 0x86dd : 0;
  }
  if (type === 0x0800 && end - at >= 20) last = at + u16be(b, at + 2);
  else if (type === 0x86dd && end - at >= 40) last = at + 40 + u16be(b, at + 4);
  else if (type === 0x0806 && end - at >= 8) last = at + 8 + 2 * b[at + 4] + 2 * b[at + 5];
  return last <= at || last > wireEnd ? -1 : last;
}
