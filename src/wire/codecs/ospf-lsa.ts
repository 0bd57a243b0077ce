import { u16be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { layout, putLayout } from '../layout.ts';
import { putPadded } from '../padded.ts';
import type { PacketView } from '../packet-view.ts';
import { OPTIONS_V2, OPTIONS_V2_NSSA, OPTIONS_V3 } from './ospf-blocks.ts';
import { ospfFields as F } from './ospf-fields.ts';
import { putOpaque } from './ospf-opaque.ts';

export const LSA_HEADER = 20;

// Types of version 2 (RFC 2328 §A.4.1); the function codes of version 3 are the same up to 7 (RFC 5340 §A.4.2.1).
const ROUTER = 1;
const NETWORK = 2;
const SUMMARY = 3;
const SUMMARY_ASBR = 4;
const EXTERNAL = 5;
const NSSA = 7;
const LINK = 8;
const INTRA_PREFIX = 9;
const OPAQUE_AREA = 10;

/** True values by type: `ospf.lsa.router` is in a frame that holds one. */
const KINDS_V2: readonly (Field | undefined)[] = [
  undefined, F.lsaRouter, F.lsaNetwork, F.lsaSummary, F.lsaAsbr, F.lsaAsext, F.lsaMember, F.lsaNssa, F.lsaAttr, F.lsaOpaque, F.lsaOpaque, F.lsaOpaque,
];
const KINDS_V3: readonly (Field | undefined)[] = [
  undefined, F.v3LsaRouter, F.v3LsaNetwork, F.v3LsaInterprefix, F.v3LsaInterrouter, F.v3LsaAsext, F.v3LsaMember, F.v3LsaNssa, F.v3LsaLink, F.v3LsaIntraprefix,
  F.v3LsaOpaque,
];

const HEAD_V2 = layout({ 0: [F.lsaAge, F.lsaDonotage], 3: F.lsa, 8: F.advrouter, 12: F.lsaSeqnum, 16: F.lsaChksum, 18: F.lsaLength });
const HEAD_V3 = layout({
  0: [F.lsaAge, F.v3LsaDoNotAge], 2: [F.v3Lsa, F.v3LsaU, F.v3LsaS12, F.v3LsaFc], 4: F.linkStateId, 8: F.advrouter, 12: F.lsaSeqnum, 16: F.lsaChksum, 18: F.lsaLength,
});
const ENGINEERING_ID = layout({ 4: F.lsidOpaqueType, 5: F.lsidTeLsaReserved, 6: F.lsidTeLsaInstance });
const OPAQUE_ID = layout({ 4: F.lsidOpaqueType, 5: F.lsidOpaqueId });
const ROUTER_V2 = layout({
  0: [F.v2RouterLsaFlags, F.v2RouterLsaFlagsH, F.v2RouterLsaFlagsN, F.v2RouterLsaFlagsW, F.v2RouterLsaFlagsV, F.v2RouterLsaFlagsE, F.v2RouterLsaFlagsB],
  2: F.lsaNumberOfLinks,
});
const LINK_V2 = layout({ 0: F.lsaRouterLinkid, 4: F.lsaRouterLinkdata, 8: F.lsaRouterLinktype, 9: F.lsaRouterNummetrics, 10: F.lsaRouterMetric0 });
const SUMMARY_V2 = layout({ 0: F.lsaAsbrNetmask, 4: F.lsaTos, 5: [[F.metric, 3]] });
const EXTERNAL_V2 = layout({ 0: F.lsaAsextNetmask, 4: F.lsaAsextType, 5: [[F.metric, 3]], 8: F.lsaAsextFwdaddr, 12: F.lsaAsextExtrttag });
const ROUTER_V3 = layout({ 0: [F.v3RouterLsaFlags, F.v3RouterLsaFlagsW, F.v3RouterLsaFlagsV, F.v3RouterLsaFlagsE, F.v3RouterLsaFlagsB] });
const LINK_V3 = layout({ 0: F.v3LsaType, 1: [[F.reserved, 1]], 2: [[F.metric, 2]], 4: F.v3LsaInterfaceId, 8: F.v3LsaNeighborInterfaceId, 12: F.v3LsaNeighborRouterId });
const PREFIX_OPTIONS = layout({ 1: [F.v3PrefixOptions, F.v3PrefixOptionsP, F.v3PrefixOptionsMc, F.v3PrefixOptionsLa, F.v3PrefixOptionsNu] });
const EXTERNAL_FLAGS = layout({ 0: [F.v3AsExternalFlags, F.v3AsExternalFlagsE, F.v3AsExternalFlagsF, F.v3AsExternalFlagsT], 1: [[F.metric, 3]] });
const REFERENCED = layout({ 2: F.v3LsaReferencedLsType, 4: F.v3LsaReferencedLinkStateId, 8: F.v3LsaReferencedAdvertisingRouter });

/** Puts the head of the LSA at `at`; false where it is cut. */
export function putLsaHead(p: PacketView, version: number, at: number, end: number): boolean {
  const b = p.bytes;
  if (end - at < LSA_HEADER) return false;
  if (version === 3) {
    const kind = u16be(b, at + 2) & 0x1fff;
    putLayout(p, HEAD_V3, at, end);
    const truth = KINDS_V3[kind];
    if (truth !== undefined) p.putInt(truth, at + 2, 2, 1);
    return true;
  }
  const type = b[at + 3];
  putLayout(p, HEAD_V2, at, end);
  putLayout(p, type === NSSA ? OPTIONS_V2_NSSA : OPTIONS_V2, at + 2, end);
  const truth = KINDS_V2[type];
  if (truth !== undefined) p.putInt(truth, at + 3, 1, 1);
  if (type >= INTRA_PREFIX && type <= OPAQUE_AREA + 1) putLayout(p, b[at + 4] === 1 ? ENGINEERING_ID : OPAQUE_ID, at, end);
  else p.put(F.lsaId, at + 4, 4);
  return true;
}

/** Puts what follows the head, `at` to `end`. */
export function putLsaBody(p: PacketView, version: number, head: number, end: number): void {
  const at = head + LSA_HEADER;
  if (version === 3) putBodyV3(p, u16be(p.bytes, head + 2) & 0x1fff, at, end);
  else putBodyV2(p, p.bytes[head + 3], head, at, end);
}

function putBodyV2(p: PacketView, type: number, head: number, at: number, end: number): void {
  switch (type) {
    case ROUTER:
      if (!putLayout(p, ROUTER_V2, at, end)) return;
      for (let i = at + 4, n = u16be(p.bytes, at + 2); n > 0 && putLayout(p, LINK_V2, i, end); n--) i += LINK_V2.length + 4 * p.bytes[i + 9];
      return;
    case NETWORK:
      if (end - at < 4) return;
      p.put(F.lsaNetworkNetmask, at, 4);
      for (let i = at + 4; i + 4 <= end; i += 4) p.put(F.lsaNetworkAttchrtr, i, 4);
      return;
    case SUMMARY: case SUMMARY_ASBR: putLayout(p, SUMMARY_V2, at, end); return;
    case EXTERNAL: case NSSA:
      putLayout(p, EXTERNAL_V2, at, end);
      if (end - at >= 5) p.putInt(F.lsaTos, at + 4, 1, p.bytes[at + 4] & 0x7f);
      return;
    case INTRA_PREFIX: case OPAQUE_AREA: case OPAQUE_AREA + 1: putOpaque(p, p.bytes[head + 4], at, end); return;
    default:
  }
}

function putBodyV3(p: PacketView, kind: number, at: number, end: number): void {
  const b = p.bytes;
  switch (kind) {
    case ROUTER:
      if (!putLayout(p, ROUTER_V3, at, end)) return;
      putLayout(p, OPTIONS_V3, at + 1, end);
      for (let i = at + 4; putLayout(p, LINK_V3, i, end); i += LINK_V3.length);
      return;
    case NETWORK:
      if (end - at < 4) return;
      p.put(F.reserved, at, 1);
      putLayout(p, OPTIONS_V3, at + 1, end);
      for (let i = at + 4; i + 4 <= end; i += 4) p.put(F.v3LsaAttachedRouter, i, 4);
      return;
    case SUMMARY:
      if (end - at < 8) return;
      p.put(F.reserved, at, 1);
      p.put(F.metric, at + 1, 3);
      putPrefix(p, at + 4, end, undefined);
      return;
    case SUMMARY_ASBR:
      if (end - at < 12) return;
      p.put(F.reserved, at, 1);
      putLayout(p, OPTIONS_V3, at + 1, end);
      p.put(F.reserved, at + 4, 1);
      p.put(F.metric, at + 5, 3);
      p.put(F.v3LsaDestinationRouterId, at + 8, 4);
      return;
    case EXTERNAL: case NSSA: {
      if (!putLayout(p, EXTERNAL_FLAGS, at, end) || end - at < 8) return;
      const next = putPrefix(p, at + 4, end, F.v3LsaReferencedLsType);
      const forward = (b[at] & 2) !== 0 && next + 16 <= end;
      if (forward) p.put(F.v3LsaForwardingAddressIpv6, next, 16);
      const tag = forward ? next + 16 : next;
      if ((b[at] & 1) !== 0 && tag + 4 <= end) p.put(F.v3LsaExternalRouteTag, tag, 4);
      return;
    }
    case LINK: {
      if (end - at < 24) return;
      p.put(F.v3LsaRouterPriority, at, 1);
      putLayout(p, OPTIONS_V3, at + 1, end);
      p.put(F.v3LsaLinkLocalInterfaceAddressIpv6, at + 4, 16);
      p.put(F.v3LsaNumPrefixes, at + 20, 4);
      for (let i = at + 24, n = u32be(b, at + 20); n > 0 && i + 4 <= end; n--) i = putPrefix(p, i, end, undefined);
      return;
    }
    case INTRA_PREFIX:
      if (!putLayout(p, REFERENCED, at, end)) return;
      p.put(F.v3LsaNumPrefixes, at, 2);
      for (let i = at + 12, n = u16be(b, at); n > 0 && i + 4 <= end; n--) i = putPrefix(p, i, end, F.metric);
      return;
    default:
  }
}

/** A prefix with its length and options, in whole words (RFC 5340 §A.4.1); `second` is what its third and fourth byte mean. */
function putPrefix(p: PacketView, at: number, end: number, second: Field | undefined): number {
  const bits = p.bytes[at];
  const words = (bits + 31) >> 5;
  const size = 4 * words;
  p.put(F.prefixLength, at, 1);
  putLayout(p, PREFIX_OPTIONS, at, end);
  if (second === undefined) p.put(F.reserved, at + 2, 2);
  else p.put(second, at + 2, 2);
  if (words <= 4 && at + 4 + size <= end) putPadded(p, F.v3AddressPrefixIpv6, at + 4, size, 16);
  return at + 4 + size;
}
