import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { ospfFields as F } from './ospf-fields.ts';

// Opaque LSAs (RFC 5250): traffic engineering, graceful restart, router information, extended prefixes and links.

const TRAFFIC_ENGINEERING = 1;
const GRACE = 3;
const ROUTER_INFORMATION = 4;
const EXTENDED_PREFIX = 7;
const EXTENDED_LINK = 8;

const SWITCHING = 15;

/** Sub-TLVs of a traffic-engineered link with one value (RFC 3630 §2.5, RFC 4203 §1). */
const LINK_VALUES: Readonly<Record<number, Field>> = {
  1: F.mplsLinktype, 2: F.mplsLinkid, 3: F.mplsLocalAddr, 4: F.mplsRemoteAddr, 5: F.mplsTeMetric, 6: F.mplsLinkMaxBw, 7: F.mplsLinkMaxBw, 9: F.mplsLinkcolor,
};
const LOCAL_REMOTE = layout({ 0: F.mplsLocalId, 4: F.mplsRemoteId });
const PREFIX_HEAD = layout({ 0: F.tlvExtpfxRotuetype, 1: F.prefixLength, 2: F.tlvExtpfxAf, 3: [F.tlvExtpfxFlags, F.tlvExtpfxFlagsA, F.tlvExtpfxFlagsN] });
const RANGE_HEAD = layout({ 0: F.prefixLength, 1: F.tlvExtpfxAf, 4: [F.tlvExtpfxRangeFlags, F.tlvExtpfxRangeFlagsIa], 8: F.v3AddressPrefixIpv4 });
const PREFIX_SID = layout({
  0: [F.tlvPfxsidFlags, F.tlvPfxsidFlagsNp, F.tlvPfxsidFlagsM, F.tlvPfxsidFlagsE, F.tlvPfxsidFlagsV, F.tlvPfxsidFlagsL], 2: F.tlvExtlinkMtId, 3: F.lsaSa,
});
const LINK_HEAD = layout({ 0: F.lsaRouterLinktype, 4: F.lsaRouterLinkid, 8: F.lsaRouterLinkdata });
const ADJACENCY_SID = layout({
  0: [F.tlvAdjsidFlags, F.tlvAdjsidFlagsB, F.tlvAdjsidFlagsV, F.tlvAdjsidFlagsG, F.tlvAdjsidFlagsP], 2: F.tlvExtlinkMtId, 3: F.tlvExtlinkWeight,
});
const GRACE_VALUES: Readonly<Record<number, Layout>> = { 1: layout({ 0: F.v2GracePeriod }), 2: layout({ 0: F.v2GraceReason }), 3: layout({ 0: F.v2GraceIp }) };

/** Puts the TLVs of an opaque LSA by its type. */
export function putOpaque(p: PacketView, type: number, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i + 4 <= end;) {
    const kind = u16be(b, i);
    const value = i + 4;
    const length = Math.min(u16be(b, i + 2), end - value);
    if (type === TRAFFIC_ENGINEERING) putEngineering(p, kind, i, value + length);
    else if (type === GRACE) {
      p.open(F.v2Grace, i);
      p.put(F.tlvType, i, 2);
      p.put(F.tlvLength, i + 2, 2);
      const part = GRACE_VALUES[kind];
      if (part !== undefined) putLayout(p, part, value, end);
      p.close(value + length);
    } else if (type === ROUTER_INFORMATION) putInformation(p, kind, i, value + length);
    else if (type === EXTENDED_PREFIX) putPrefix(p, kind, i, value + length);
    else if (type === EXTENDED_LINK) putLink(p, kind, i, value + length);
    i = value + ((length + 3) & ~3);
  }
}

function putEngineering(p: PacketView, kind: number, at: number, end: number): void {
  const b = p.bytes;
  p.put(F.tlvType, at, 2);
  p.putInt(F.lsaMpls, at, 2, 1);
  p.put(F.tlvLength, at + 2, 2);
  if (kind === 1 && end - at >= 8) p.put(F.mplsRouterid, at + 4, 4);
  if (kind !== 2) return;
  for (let i = at + 4; i + 4 <= end;) {
    const type = u16be(b, i);
    const value = i + 4;
    const length = Math.min(u16be(b, i + 2), end - value);
    p.put(F.tlvType, i, 2);
    p.put(F.tlvLength, i + 2, 2);
    const single = LINK_VALUES[type];
    if (single !== undefined && length > 0) p.put(single, value, Math.min(length, single.type === 'u8' ? 1 : 4));
    else if (type === 8) for (let k = value; k + 4 <= value + length; k += 4) p.put(F.mplsPri, k, 4);
    else if (type === 11) putLayout(p, LOCAL_REMOTE, value, value + length);
    else if (type === SWITCHING && length >= 36) {
      p.put(F.mplsSwitchingType, value, 1);
      p.put(F.mplsEncoding, value + 1, 1);
      for (let k = 0; k < 8; k++) p.put(F.mplsPri, value + 4 + 4 * k, 4);
      if (length >= 42) {
        p.put(F.mplsMinimumLspBandwidth, value + 36, 4);
        p.put(F.mplsInterfaceMtu, value + 40, 2);
      }
    }
    i = value + ((length + 3) & ~3);
  }
}

/** Router information (RFC 7770, RFC 8665 §3). */
function putInformation(p: PacketView, kind: number, at: number, end: number): void {
  p.put(F.tlvTypeOpaque, at, 2);
  p.put(F.tlvLength, at + 2, 2);
  const value = at + 4;
  if (kind === 7) p.put(F.dynhostname, value, end - value);
  else if (kind === 8) for (let k = value; k < end; k++) p.put(F.lsaSa, k, 1);
  else if (kind === 9 || kind === 14) {
    if (end - value < 11) return;
    p.put(F.tlvRangeSize, value, 3);
    p.put(F.tlvSidlabelRangeType, value + 4, 2);
    p.put(F.tlvLength, value + 6, 2);
    putLabel(p, value + 8, Math.min(end, value + 8 + u16be(p.bytes, value + 6)));
  } else if (kind === 15 && end - value >= 4) p.put(F.tlvPreference, value, 1);
}

/** Extended prefixes and ranges of them (RFC 7684 §2, RFC 8665 §4). */
function putPrefix(p: PacketView, kind: number, at: number, end: number): void {
  const b = p.bytes;
  p.put(F.tlvExtpfxTlvType, at, 2);
  p.put(F.tlvLength, at + 2, 2);
  const head = kind === 2 ? RANGE_HEAD : PREFIX_HEAD;
  if (!putLayout(p, head, at + 4, end)) return;
  if (kind === 2) p.put(F.tlvRangeSize, at + 6, 2);
  let i = at + 4 + head.length;
  if (kind !== 2) {
    if (i + 4 > end) return;
    p.put(F.v3AddressPrefixIpv4, i, 4);
    i += 4;
  }
  while (i + 4 <= end) {
    const length = u16be(b, i + 2);
    p.put(F.tlvExtpfxSubtlvType, i, 2);
    p.put(F.tlvLength, i + 2, 2);
    if (u16be(b, i) === 2) putSid(p, PREFIX_SID, i + 4, Math.min(end, i + 4 + length), 4);
    i += 4 + ((length + 3) & ~3);
  }
}

/** Extended links (RFC 7684 §3, RFC 8665 §6). */
function putLink(p: PacketView, kind: number, at: number, end: number): void {
  const b = p.bytes;
  p.put(F.tlvExtlinkTlvType, at, 2);
  p.put(F.tlvLength, at + 2, 2);
  if (kind !== 1 || !putLayout(p, LINK_HEAD, at + 4, end)) return;
  for (let i = at + 4 + LINK_HEAD.length; i + 4 <= end;) {
    const type = u16be(b, i);
    const length = u16be(b, i + 2);
    const next = Math.min(end, i + 4 + length);
    p.put(F.tlvExtlinkSubtlvType, i, 2);
    p.put(F.tlvLength, i + 2, 2);
    if (type === 2) putSid(p, ADJACENCY_SID, i + 4, next, 4);
    else if (type === 3) {
      putLayout(p, ADJACENCY_SID, i + 4, next);
      if (next - i >= 12) p.put(F.tlvExtlinkNbr, i + 8, 4);
      putLabel(p, i + 12, next);
    }
    i += 4 + ((length + 3) & ~3);
  }
}

function putSid(p: PacketView, head: Layout, at: number, end: number, size: number): void {
  putLayout(p, head, at, end);
  putLabel(p, at + size, end);
}

/** A label of three bytes, or an index of four. */
function putLabel(p: PacketView, at: number, end: number): void {
  if (end - at === 3) p.put(F.tlvSidLabel, at, 3);
  else if (end - at >= 4) p.put(F.tlvSidLabel, at, 4);
}
