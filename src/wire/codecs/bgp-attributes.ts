import { u16be } from '../../base/bytes.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { putCommunities, putExtendedCommunities, putLargeCommunities } from './bgp-communities.ts';
import { bgpFields as F } from './bgp-fields.ts';
import { AFI_IPV4, AFI_IPV6, SAFI_VPN, SAFI_VPN_MULTICAST, distinguisherText, putRoutes } from './bgp-routes.ts';

const EXTENDED_LENGTH = 0x10;

// Type codes (IANA "BGP Path Attributes").
const ORIGIN = 1;
const AS_PATH = 2;
const NEXT_HOP = 3;
const MULTI_EXIT_DISC = 4;
const LOCAL_PREF = 5;
const ATOMIC_AGGREGATE = 6;
const AGGREGATOR = 7;
const COMMUNITIES = 8;
const ORIGINATOR_ID = 9;
const CLUSTER_LIST = 10;
const MP_REACH = 14;
const MP_UNREACH = 15;
const EXTENDED_COMMUNITIES = 16;
const AS4_PATH = 17;
const AS4_AGGREGATOR = 18;
const AIGP = 26;
const LARGE_COMMUNITIES = 32;
const PREFIX_SID = 40;
const ATTR_SET = 128;

const FLAGS = layout({
  0: [F.attrFlags, F.attrFlagsOptional, F.attrFlagsTransitive, F.attrFlagsPartial, F.attrFlagsExtendedLength, F.attrFlagsUnused], 1: F.attrTypeCode,
});
const METRIC = layout({ 0: F.updateAttributeAigpType, 1: F.updateAttributeAigpLength, 3: F.updateAttributeAigpAccuIgpMetric });
const SID = layout({
  0: F.l3SubTlvType, 1: F.l3SubTlvLength, 3: [[F.l3SubTlvReserved, 1]], 4: F.l3SidValue, 20: F.l3SidFlags, 21: F.l3Srv6EndpointBehavior, 23: [[F.l3Reserved, 1]],
});
const SID_STRUCTURE = layout({
  0: F.l3SubSubTlvType, 1: F.l3SubSubTlvLength, 3: F.l3SidLocatorBlockLen, 4: F.l3SidLocatorNodeLen, 5: F.l3SidFuncLen, 6: F.l3SidArgLen, 7: F.l3SidTransLen,
  8: F.l3SidTransOffset,
});

/** Puts path attributes up to `end` (RFC 4271 §4.3). */
export function putAttributes(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i < end;) {
    const long = (b[i] & EXTENDED_LENGTH) !== 0;
    const head = long ? 4 : 3;
    if (i + head > end) return;
    const length = long ? u16be(b, i + 2) : b[i + 2];
    const value = i + head;
    const next = Math.min(end, value + length);
    p.open(F.attr, i);
    putLayout(p, FLAGS, i, end);
    p.put(F.attrLength, i + 2, head - 2);
    putValue(p, b[i + 1], value, next);
    p.close(next);
    i = next;
  }
}

/** True where the attribute has the length that its type asks for; else notes it. */
function fits(p: PacketView, holds: boolean, at: number, end: number): boolean {
  if (!holds) p.expert('error', 'malformed', 'bgp.length.invalid', at, end - at);
  return holds;
}

function putValue(p: PacketView, type: number, at: number, end: number): void {
  const length = end - at;
  switch (type) {
    case ORIGIN: if (fits(p, length === 1, at, end)) p.put(F.attrOrigin, at, 1); return;
    case AS_PATH: case AS4_PATH: putPath(p, type === AS4_PATH || !isPath(p.bytes, at, end, 2) ? 4 : 2, at, end); return;
    case NEXT_HOP: if (fits(p, length === 4, at, end)) p.put(F.attrNextHop, at, 4); return;
    case MULTI_EXIT_DISC: if (fits(p, length === 4, at, end)) p.put(F.attrMultiExitDisc, at, 4); return;
    case LOCAL_PREF: if (fits(p, length === 4, at, end)) p.put(F.attrLocalPref, at, 4); return;
    case ATOMIC_AGGREGATE: fits(p, length === 0, at, end); return;
    case AGGREGATOR: case AS4_AGGREGATOR:
      if (!fits(p, length === 8 || (length === 6 && type === AGGREGATOR), at, end)) return;
      p.put(F.attrAggregatorAs, at, length - 4);
      p.put(F.attrAggregatorOrigin, end - 4, 4);
      return;
    case COMMUNITIES: if (fits(p, length % 4 === 0, at, end)) putCommunities(p, at, end); return;
    case ORIGINATOR_ID: if (fits(p, length === 4, at, end)) p.put(F.attrOriginatorId, at, 4); return;
    case CLUSTER_LIST:
      if (!fits(p, length % 4 === 0, at, end)) return;
      p.open(F.pathAttributeClusterList, at);
      for (let i = at; i < end; i += 4) p.put(F.pathAttributeClusterId, i, 4);
      p.close(end);
      return;
    case MP_REACH: putReachable(p, at, end); return;
    case MP_UNREACH:
      if (length < 3) return;
      p.put(F.attrMpUnreachNlriAfi, at, 2);
      p.put(F.attrMpUnreachNlriSafi, at + 2, 1);
      p.put(F.attrMpUnreachNlri, at + 3, length - 3);
      putRoutes(p, F.mpUnreachNlriIpv4Prefix, F.mpUnreachNlriIpv6Prefix, u16be(p.bytes, at), p.bytes[at + 2], at + 3, end);
      return;
    case EXTENDED_COMMUNITIES: if (fits(p, length % 8 === 0, at, end)) putExtendedCommunities(p, at, end); return;
    case AIGP:
      p.open(F.attrAigp, at);
      putLayout(p, METRIC, at, end);
      p.close(end);
      return;
    case LARGE_COMMUNITIES: if (fits(p, length % 12 === 0, at, end)) putLargeCommunities(p, at, end); return;
    case PREFIX_SID: putPrefixSid(p, at, end); return;
    case ATTR_SET:
      if (length < 4) return;
      p.put(F.attrAttrSetOriginAs, at, 4);
      putAttributes(p, at + 4, end);
      return;
    default: if (length > 0) p.put(F.updatePathAttributesUnknown, at, length);
  }
}

/** True where AS numbers of `size` bytes fill the segments of a path. */
function isPath(b: Uint8Array, at: number, end: number, size: number): boolean {
  let i = at;
  while (i + 2 <= end && b[i] >= 1 && b[i] <= 4 && b[i + 1] > 0) i += 2 + size * b[i + 1];
  return i === end;
}

function putPath(p: PacketView, size: 2 | 4, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i + 2 <= end;) {
    const next = Math.min(end, i + 2 + size * b[i + 1]);
    p.open(F.attrAsPathSegment, i);
    p.put(F.attrAsPathSegmentType, i, 1);
    p.put(F.attrAsPathSegmentLength, i + 1, 1);
    for (let k = i + 2; k + size <= next; k += size) p.put(size === 2 ? F.attrAsPathSegmentAs2 : F.attrAsPathSegmentAs4, k, size);
    p.close(next);
    i = next;
  }
}

/** Reachable routes of a family (RFC 4760 §3): next hop, attachment points, routes. */
function putReachable(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  if (end - at < 5) return;
  const afi = u16be(b, at);
  const safi = b[at + 2];
  const hop = at + 4;
  const hopEnd = hop + b[at + 3];
  p.put(F.attrMpReachNlriAfi, at, 2);
  p.put(F.attrMpReachNlriSafi, at + 2, 1);
  if (hopEnd >= end) return;
  p.put(F.attrMpReachNlriNextHop, at + 3, hopEnd - hop + 1);
  putNextHop(p, afi, safi === SAFI_VPN || safi === SAFI_VPN_MULTICAST, hop, hopEnd);
  p.put(F.attrMpReachNlriNbrSnpa, hopEnd, 1);
  let i = hopEnd + 1;
  for (let n = b[hopEnd]; n > 0 && i < end; n--) {
    const size = b[i];
    p.put(F.attrMpReachNlriSnpaLength, i, 1);
    if (i + 1 + size > end) return;
    p.put(F.attrMpReachNlriSnpa, i + 1, size);
    i += 1 + size;
  }
  if (i > end) return;
  p.put(F.attrMpReachNlri, i, end - i);
  putRoutes(p, F.mpReachNlriIpv4Prefix, F.mpReachNlriIpv6Prefix, afi, safi, i, end);
}

function putNextHop(p: PacketView, afi: number, vpn: boolean, at: number, end: number): void {
  for (let i = at; i < end;) {
    if (vpn) {
      if (i + 8 > end) return;
      if (p.wants(F.attrMpReachNlriNextHopRd)) p.putText(F.attrMpReachNlriNextHopRd, i, 8, distinguisherText(p.bytes, i));
      i += 8;
    }
    // IPv4 routes may have IPv6 next hops (RFC 8950).
    const size = end - i >= 16 && (afi === AFI_IPV6 || afi === AFI_IPV4 || (end - i) % 4 !== 0 || end - i > 8) ? 16 : 4;
    if (i + size > end) return;
    const second = !vpn && i > at && size === 16;
    p.put(size === 4 ? F.attrMpReachNlriNextHopIpv4 : second ? F.attrMpReachNlriNextHopIpv6LinkLocal : F.attrMpReachNlriNextHopIpv6, i, size);
    i += size;
  }
}

const LABEL_INDEX = 1;
const SRV6_L3_SERVICE = 5;

/** Prefix-SID and SRv6 services (RFC 8669 §3, RFC 9252 §2). */
function putPrefixSid(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i + 3 <= end;) {
    const next = Math.min(end, i + 3 + u16be(b, i + 1));
    const isService = b[i] === SRV6_L3_SERVICE;
    if (isService) p.open(F.l3, i);
    p.put(F.prefixSidType, i, 1);
    p.put(F.prefixSidLength, i + 1, 2);
    if (b[i] === LABEL_INDEX && next - i >= 10) {
      p.put(F.prefixSidLabelIndexFlags, i + 4, 2);
      p.put(F.prefixSidLabelIndexValue, i + 6, 4);
    } else if (isService && next - i >= 4) {
      p.put(F.prefixSidReserved, i + 3, 1);
      p.put(F.l3SubTlvs, i + 4, next - i - 4);
      for (let k = i + 4; k + 3 <= next;) {
        const subEnd = Math.min(next, k + 3 + u16be(b, k + 1));
        p.put(F.l3SubTlv, k, subEnd - k);
        if (putLayout(p, SID, k, subEnd) && k + SID.length < subEnd) {
          p.put(F.l3SubSubTlvs, k + SID.length, subEnd - k - SID.length);
          p.put(F.l3SubSubTlv, k + SID.length, subEnd - k - SID.length);
          putLayout(p, SID_STRUCTURE, k + SID.length, subEnd);
        }
        k = subEnd;
      }
    }
    if (isService) p.close(next);
    i = next;
  }
}
