import { u16be } from '../base/bytes.ts';

/**
 * Where the payload of an Ethernet or VLAN head ends by its own length field, -1 where it has none (or goes beyond the frame):
 * what stands behind is padding or a trailer.
 */
export function etherPayloadEnd(b: Uint8Array, type: number, at: number, end: number, wireEnd: number): number {
  let last = -1;
  if (type === 0x0800 && end - at >= 20) last = at + u16be(b, at + 2);
  else if (type === 0x86dd && end - at >= 40) last = at + 40 + u16be(b, at + 4);
  else if (type === 0x0806 && end - at >= 8) last = at + 8 + 2 * b[at + 4] + 2 * b[at + 5];
  return last <= at || last > wireEnd ? -1 : last;
}
