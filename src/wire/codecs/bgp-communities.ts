import { u16be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { bgpFields as F } from './bgp-fields.ts';

const WELL_KNOWN = 0xffff;

/** Communities (RFC 1997), each an AS and a value unless it is well-known. */
export function putCommunities(p: PacketView, at: number, end: number): void {
  p.open(F.attrCommunities, at);
  for (let i = at; i + 4 <= end; i += 4) {
    if (u16be(p.bytes, i) === WELL_KNOWN || u32be(p.bytes, i) === 0) {
      p.put(F.attrCommunityWellknown, i, 4);
      continue;
    }
    p.open(F.attrCommunity, i);
    p.put(F.attrCommunityAs, i, 2);
    p.put(F.attrCommunityValue, i + 2, 2);
    p.close(i + 4);
  }
  p.close(end);
}

/** Large communities (RFC 8092). */
export function putLargeCommunities(p: PacketView, at: number, end: number): void {
  for (let i = at; i + 12 <= end; i += 12) {
    if (p.wants(F.largeCommunities)) p.putText(F.largeCommunities, i, 12, `${u32be(p.bytes, i)}:${u32be(p.bytes, i + 4)}:${u32be(p.bytes, i + 8)}`);
    p.put(F.largeCommunitiesGa, i, 4);
    p.put(F.largeCommunitiesLdp1, i + 4, 4);
    p.put(F.largeCommunitiesLdp2, i + 8, 4);
  }
}

/** Field of the subtype by type (RFC 4360, RFC 7153). */
const SUBTYPES: Readonly<Record<number, Field>> = {
  0x00: F.extComStypeTrAs2, 0x01: F.extComStypeTrIP4, 0x02: F.extComStypeTrAs4, 0x03: F.extComStypeTrOpaque, 0x06: F.extComStypeTrEvpn,
  0x40: F.extComStypeNtrAs2, 0x41: F.extComStypeNtrIP4, 0x42: F.extComStypeNtrAs4, 0x43: F.extComStypeNtrOpaque, 0x80: F.extComStypeTrExp,
  0x81: F.extComStypeTrExp2, 0x82: F.extComStypeTrExp3,
};
const AS2 = layout({ 2: F.extComValueAs2, 4: F.extComValueAn4 });
const IP4 = layout({ 2: F.extComValueIP4, 6: F.extComValueAn2 });
const AS4 = layout({ 2: F.extComValueAs4, 6: F.extComValueAn2 });
const BANDWIDTH = layout({ 2: F.extComValueAs2, 4: F.extComValueLinkBw });
const ROUTE_TYPE = layout({
  2: F.extComValueOspfRtypeArea, 6: F.extComValueOspfRtypeType, 7: [F.extComValueOspfRtypeOptions, F.extComValueOspfRtypeOptionsMt],
});
const MOBILITY = layout({ 2: [F.extComEvpnMmacFlags, F.extComEvpnMmacFlagsSticky], 4: F.extComEvpnMmacSeq });

const OSPF_ROUTE_TYPE = 0x06;
const OSPF_ROUTE_TYPE_OLD = 0x00;
const OSPF_ROUTER_ID = 0x07;
const OSPF_ROUTER_ID_OLD = 0x01;
const LINK_BANDWIDTH = 0x04;

/** Extended communities, eight bytes each (RFC 4360 §2). */
export function putExtendedCommunities(p: PacketView, at: number, end: number): void {
  p.open(F.extCommunities, at);
  for (let i = at; i + 8 <= end; i += 8) {
    const type = p.bytes[i];
    p.open(F.extCommunity, i);
    p.put(F.extComType, i, 1);
    p.put(F.extComTypeAuth, i, 1);
    p.put(F.extComTypeTran, i, 1);
    p.put(SUBTYPES[type] ?? F.extComStypeUnknown, i + 1, 1);
    putValue(p, type, p.bytes[i + 1], i, i + 8);
    p.close(i + 8);
  }
  p.close(end);
}

function putValue(p: PacketView, type: number, subtype: number, at: number, end: number): void {
  switch (type) {
    case 0x00: case 0x40: putLayout(p, type === 0x40 && subtype === LINK_BANDWIDTH ? BANDWIDTH : AS2, at, end); return;
    case 0x01: case 0x41: putLayout(p, IP4, at, end); return;
    case 0x02: case 0x42: putLayout(p, AS4, at, end); return;
    case 0x03:
      if (subtype === OSPF_ROUTE_TYPE) putLayout(p, ROUTE_TYPE, at, end);
      else if (subtype === OSPF_ROUTER_ID) p.put(F.extComValueOspfRid, at + 2, 4);
      else p.put(F.extComValueRaw, at + 2, 6);
      return;
    case 0x06:
      if (subtype === 0) putLayout(p, MOBILITY, at, end);
      else if (subtype === 2) p.put(F.extComEvpnEsiRt, at + 2, 6);
      else if (subtype === 3) p.put(F.extComEvpnEsiRouterMac, at + 2, 6);
      return;
    case 0x80:
      if (subtype === OSPF_ROUTE_TYPE_OLD) putLayout(p, ROUTE_TYPE, at, end);
      else if (subtype === OSPF_ROUTER_ID_OLD) p.put(F.extComValueOspfRid, at + 2, 4);
      else p.put(F.extComValueRaw, at + 2, 6);
      return;
    default: p.put(F.extComValueRaw, at + 2, 6);
  }
}
