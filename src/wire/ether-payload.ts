import { u16be } from '../base/bytes.ts';

const IP = 0x0800;
const ARP = 0x0806;
const VLAN = 0x8100;
const IPX = 0x8137;
const IPV6 = 0x86dd;
const PPPOE_DISCOVERY = 0x8863;
const PPPOE_SESSION = 0x8864;
const MPLS = 0x8847;
const MPLS_MULTICAST = 0x8848;
const LLDP = 0x88cc;
/** Smaller values are lengths (IEEE 802.3 §3.2.6). */
const FIRST_TYPE = 0x600;

/**
 * Where the payload of an Ethernet or VLAN head ends by its own length field, -1 where it has none (or goes beyond the frame):
 * what stands behind is padding or a trailer.
 */
export function etherPayloadEnd(b: Uint8Array, type: number, at: number, end: number, wireEnd: number): number {
  let last = -1;
  const left = end - at;
  if (type < FIRST_TYPE) last = at + type;
  else if (type === IP && left >= 20) last = at + u16be(b, at + 2);
  else if (type === IPV6 && left >= 40) last = at + 40 + u16be(b, at + 4);
  else if (type === ARP && left >= 8) last = at + 8 + 2 * b[at + 4] + 2 * b[at + 5];
  else if (type === MPLS || type === MPLS_MULTICAST) return mplsEnd(b, at, end, wireEnd);
  else if (type === VLAN && left >= 4) return etherPayloadEnd(b, u16be(b, at + 2), at + 4, end, wireEnd);
  else if (type === IPX && left >= 4) last = at + u16be(b, at + 2);
  else if ((type === PPPOE_SESSION || type === PPPOE_DISCOVERY) && left >= 6) last = at + 6 + u16be(b, at + 4);
  else if (type === LLDP) last = recordsEnd(b, at, end);
  return last <= at || last > wireEnd ? -1 : last;
}

/** The bottom of the stack is marked; the first four bits behind it tell the version of IP (RFC 3032 §2.1). */
function mplsEnd(b: Uint8Array, at: number, end: number, wireEnd: number): number {
  let from = at;
  while (end - from >= 4 && (b[from + 2] & 1) === 0) from += 4;
  from += 4;
  if (from >= end) return -1;
  const version = b[from] >> 4;
  return version === 4 || version === 6 ? etherPayloadEnd(b, version === 4 ? IP : IPV6, from, end, wireEnd) : -1;
}

/** LLDP ends with a record of type 0. */
function recordsEnd(b: Uint8Array, at: number, end: number): number {
  let from = at;
  while (end - from >= 2) {
    const head = u16be(b, from);
    from += 2 + (head & 0x1ff);
    if (head >> 9 === 0) return from;
  }
  return -1;
}
