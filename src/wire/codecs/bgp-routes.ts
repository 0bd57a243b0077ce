import { u16be, u24be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { ipv4Text } from '../field-text.ts';
import { putPadded } from '../padded.ts';
import type { PacketView } from '../packet-view.ts';
import { bgpFields as F } from './bgp-fields.ts';

export const AFI_IPV4 = 1;
export const AFI_IPV6 = 2;
export const SAFI_UNICAST = 1;
export const SAFI_MULTICAST = 2;
export const SAFI_LABEL = 4;
export const SAFI_VPN = 128;
export const SAFI_VPN_MULTICAST = 129;
export const SAFI_ROUTE_TARGET = 132;

const WITHDRAWN_LABEL = 0x800000;

/** Text of a route distinguisher (RFC 4364 §4.2). */
export function distinguisherText(b: Uint8Array, at: number): string {
  const type = u16be(b, at);
  if (type === 1) return `${ipv4Text(b, at + 2)}:${u16be(b, at + 6)}`;
  if (type === 2) return `${u32be(b, at + 2)}:${u16be(b, at + 6)}`;
  return `${u16be(b, at + 2)}:${u32be(b, at + 4)}`;
}

/**
 * True where the routes carry path identifiers (RFC 7911 §3). Nothing in the message says so: they fit with identifiers, and
 * without them they would not, or would hold the default route again and again.
 */
function hasPathIds(b: Uint8Array, at: number, end: number, most: number): boolean {
  let i = at;
  while (i + 5 <= end && b[i + 4] <= most) i += 5 + ((b[i + 4] + 7) >> 3);
  if (i !== end) return false;
  let defaults = 0;
  for (i = at; i < end && b[i] <= most; i += 1 + ((b[i] + 7) >> 3)) if (b[i] === 0) defaults++;
  return i !== end || defaults > 1;
}

/** Routes of one family under `f4` or `f6`; stops where one does not read. */
export function putRoutes(p: PacketView, f4: Field, f6: Field, afi: number, safi: number, at: number, end: number): void {
  if (safi === SAFI_ROUTE_TARGET) {
    putTargets(p, at, end);
    return;
  }
  if (afi !== AFI_IPV4 && afi !== AFI_IPV6) return;
  const size = afi === AFI_IPV4 ? 4 : 16;
  const field = afi === AFI_IPV4 ? f4 : f6;
  if (safi === SAFI_UNICAST || safi === SAFI_MULTICAST) {
    const ids = hasPathIds(p.bytes, at, end, 8 * size);
    for (let i = at; i < end;) {
      if (ids) {
        p.put(F.nlriPathId, i, 4);
        i += 4;
      }
      const bits = p.bytes[i];
      const len = (bits + 7) >> 3;
      p.put(F.prefixLength, i, 1);
      if (bits > 8 * size || i + 1 + len > end) return;
      putPadded(p, field, i + 1, len, size, bits);
      i += 1 + len;
    }
  } else if (safi === SAFI_LABEL || safi === SAFI_VPN || safi === SAFI_VPN_MULTICAST) putLabelled(p, field, safi !== SAFI_LABEL, size, at, end);
}

/** Prefixes behind labels, and in a VPN behind a route distinguisher (RFC 8277 §2, RFC 4364 §4.3). */
function putLabelled(p: PacketView, f: Field, vpn: boolean, size: number, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i < end;) {
    const bits = b[i];
    const next = i + 1 + ((bits + 7) >> 3);
    p.put(F.prefixLength, i, 1);
    if (next > end) return;
    let q = i + 1;
    let bottom = false;
    while (!bottom && q + 3 <= next) {
      const label = u24be(b, q);
      bottom = (label & 1) !== 0 || label === 0 || label === WITHDRAWN_LABEL;
      q += 3;
    }
    if (p.wants(F.labelStack)) p.putText(F.labelStack, i + 1, q - i - 1, labelText(b, i + 1, q));
    if (vpn) {
      if (q + 8 > next) return;
      if (p.wants(F.rd)) p.putText(F.rd, q, 8, distinguisherText(b, q));
      q += 8;
    }
    putPadded(p, f, q, next - q, size);
    i = next;
  }
}

function labelText(b: Uint8Array, at: number, end: number): string {
  let text = '';
  for (let i = at; i + 3 <= end; i += 3) {
    const label = u24be(b, i);
    const end = label === 0 || label === WITHDRAWN_LABEL ? ' (withdrawn)' : (label & 1) !== 0 ? ' (bottom)' : '';
    text += `${text === '' ? '' : ','}${label >> 4}${end}`;
  }
  return text;
}

/** Route target constraints (RFC 4684 §4). */
function putTargets(p: PacketView, at: number, end: number): void {
  for (let i = at; i < end;) {
    const bits = p.bytes[i];
    const next = i + 1 + ((bits + 7) >> 3);
    if (next > end) return;
    p.put(F.prefixLength, i, 1);
    if (next - i >= 5) p.put(F.originatingAs, i + 1, 4);
    i = next;
  }
}
