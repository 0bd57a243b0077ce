import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { internetSum, pseudoSum, putChecksum } from '../checksum.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, TRUNCATED, unfit } from '../packet-view.ts';

const HEADER_LEN = 4;
const PROTO = 103;

const HELLO = 0;
const REGISTER = 1;
const REGISTER_STOP = 2;
const JOIN_PRUNE = 3;
const BOOTSTRAP = 4;
const ASSERT = 5;
const GRAFT = 6;
const GRAFT_ACK = 7;
const CANDIDATE_RP = 8;
const STATE_REFRESH = 9;

const TYPES = {
  0: 'Hello', 1: 'Register', 2: 'Register-stop', 3: 'Join/Prune', 4: 'Bootstrap', 5: 'Assert', 6: 'Graft', 7: 'Graft-Ack',
  8: 'Candidate-RP-Advertisement', 9: 'State-Refresh', 10: 'DF election', 11: 'ECMP redirect', 12: 'PIM Flooding Mechanism',
} as const;

export const pimFields = defineFields({ 
  registerFlag: { name: 'pim.register_flag', ...put('u32', 'Flags', { base: 'hex' }) },
  registerFlagBorder: { name: 'pim.register_flag.border', ...put('boolean', 'Border', { mask: 0x80000000, size: 4 }) },
  registerFlagNullRegister: { name: 'pim.register_flag.null_register', ...put('boolean', 'Null-Register', { mask: 0x40000000, size: 4 }) },
  t: { name: 'pim.t', ...put('boolean', 'T', { mask: 0x80 }) },
  propagationDelay: { name: 'pim.propagation_delay', ...put('u16', 'Propagation Delay', { mask: 0x7fff }) },
  overrideInterval: { name: 'pim.override_interval', ...put('u16', 'Override Interval') },
  stateRefreshVersion: { name: 'pim.state_refresh_version', ...put('u8', 'Version') },
  stateRefreshInterval: { name: 'pim.state_refresh_interval', ...put('u8', 'Interval') },
  stateRefreshReserved: { name: 'pim.state_refresh_reserved', ...put('u16', 'Reserved') },
  groupAddrFlags: { name: 'pim.group_addr.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  groupAddrFlagsB: { name: 'pim.group_addr.flags.b', ...put('boolean', 'Bidirectional PIM', { mask: 0x80 }) },
  groupAddrFlagsReserved: { name: 'pim.group_addr.flags.reserved', ...put('u8', 'Reserved', { base: 'hex', mask: 0x7e }) },
  groupAddrFlagsZ: { name: 'pim.group_addr.flags.z', ...put('boolean', 'Admin Scope Zone', { mask: 0x1 }) },
  maskLen: { name: 'pim.mask_len', ...put('u8', 'Masklen') },
  sourceAddrFlags: { name: 'pim.source_addr.flags', ...put('u8', 'Flags', { base: 'hex' }) },
  sourceAddrFlagsReserved: { name: 'pim.source_addr.flags.reserved', ...put('u8', 'Reserved', { base: 'hex', mask: 0xf8 }) },
  sourceAddrFlagsS: { name: 'pim.source_addr.flags.s', ...put('boolean', 'Sparse', { mask: 0x4 }) },
  sourceAddrFlagsW: { name: 'pim.source_addr.flags.w', ...put('boolean', 'WildCard', { mask: 0x2 }) },
  sourceAddrFlagsR: { name: 'pim.source_addr.flags.r', ...put('boolean', 'Rendezvous Point Tree', { mask: 0x1 }) },
  fragmentTag: { name: 'pim.fragment_tag', ...put('u16', 'Fragment tag', { base: 'hex' }) },
  hashMaskLen: { name: 'pim.hash_mask_len', ...put('u8', 'Hash mask len') },
  bsrPriority: { name: 'pim.bsr_priority', ...put('u8', 'BSR priority') },
  rpt: { name: 'pim.rpt', ...put('boolean', 'RP Tree', { mask: 0x80 }) },
  metricPref: { name: 'pim.metric_pref', ...put('u32', 'Metric Preference', { mask: 0x7fffffff }) },
  metric: { name: 'pim.metric', ...put('u32', 'Metric') },
  ttl: { name: 'pim.ttl', ...put('u8', 'TTL') },
  pruneIndicator: { name: 'pim.prune_indicator', ...put('boolean', 'Prune indicator', { mask: 0x80 }) },
  pruneNow: { name: 'pim.prune_now', ...put('boolean', 'Prune now', { mask: 0x40 }) },
  assertOverride: { name: 'pim.assert_override', ...put('boolean', 'Assert override', { mask: 0x20 }) },
  interval: { name: 'pim.interval', ...put('u8', 'Interval') },
  igmpType: { name: 'pim.igmp_type', ...put('string', 'Type') },
  version: { name: 'pim.version', ...put('u8', 'Version', { mask: 0xf0 }) },
  type: { name: 'pim.type', ...put('u8', 'Type', { mask: 0xf, values: TYPES }) },
  resBytes: { name: 'pim.res_bytes', ...put('bytes', 'Reserved byte(s)') },
  cksum: { name: 'pim.cksum', ...put('u16', 'Checksum', { base: 'hex' }) },
  cksumStatus: { name: 'pim.cksum.status', ...put('u8', 'Checksum Status') },
  option: { name: 'pim.option', ...put('none', 'PIM Options') },
  code: { name: 'pim.code', ...put('u8', 'Code') },
  ipVersion: { name: 'pim.ip_version', ...put('u8', 'IP Version', { mask: 0xf0 }) },
  dummyHeader: { name: 'pim.dummy_header', ...put('none', 'Dummy Header') },
  group: { name: 'pim.group', ...put('ipv4', 'Group') },
  groupIp6: { name: 'pim.group_ip6', ...put('ipv6', 'Group') },
  source: { name: 'pim.source', ...put('ipv4', 'Source') },
  sourceIp6: { name: 'pim.source_ip6', ...put('ipv6', 'Source') },
  originator: { name: 'pim.originator', ...put('ipv4', 'Originator') },
  originatorIp6: { name: 'pim.originator_ip6', ...put('ipv6', 'Originator') },
  optiontype: { name: 'pim.optiontype', ...put('u16', 'Type') },
  optionlength: { name: 'pim.optionlength', ...put('u16', 'Length') },
  holdtime: { name: 'pim.holdtime', ...put('u16', 'Holdtime') },
  drPriority: { name: 'pim.dr_priority', ...put('u32', 'DR Priority') },
  generationId: { name: 'pim.generation_id', ...put('u32', 'Generation ID') },
  addressList: { name: 'pim.address_list', ...put('ipv4', 'Address') },
  addressListIp6: { name: 'pim.address_list_ip6', ...put('ipv6', 'Address') },
  optionvalue: { name: 'pim.optionvalue', ...put('bytes', 'Unknown') },
  addrAddressFamily: { name: 'pim.addr_address_family', ...put('u8', 'Address Family') },
  addrEncodingType: { name: 'pim.addr_encoding_type', ...put('u8', 'Encoding Type') },
  unicast: { name: 'pim.unicast', ...put('ipv4', 'Unicast') },
  unicastIpv6: { name: 'pim.unicast_ipv6', ...put('ipv6', 'Unicast') },
  upstreamNeighbor: { name: 'pim.upstream_neighbor', ...put('ipv4', 'Upstream-neighbor') },
  upstreamNeighborIp6: { name: 'pim.upstream_neighbor_ip6', ...put('ipv6', 'Upstream-neighbor') },
  numgroups: { name: 'pim.numgroups', ...put('u16', 'Num Groups') },
  groupSet: { name: 'pim.group_set', ...put('string', 'Group') },
  numjoins: { name: 'pim.numjoins', ...put('u16', 'Num Joins') },
  numprunes: { name: 'pim.numprunes', ...put('u16', 'Num Prunes') },
  joinIp: { name: 'pim.join_ip', ...put('ipv4', 'IP address') },
  joinIp6: { name: 'pim.join_ip6', ...put('ipv6', 'IP address') },
  pruneIp: { name: 'pim.prune_ip', ...put('ipv4', 'IP address') },
  pruneIp6: { name: 'pim.prune_ip6', ...put('ipv6', 'IP address') },
  bsr: { name: 'pim.bsr', ...put('ipv4', 'BSR') },
  bsrIp6: { name: 'pim.bsr_ip6', ...put('ipv6', 'BSR') },
  rpCount: { name: 'pim.rp_count', ...put('u8', 'RP count') },
  frpCount: { name: 'pim.frp_count', ...put('u8', 'FRP count') },
  rp: { name: 'pim.rp', ...put('ipv4', 'RP') },
  rpIp6: { name: 'pim.rp_ip6', ...put('ipv6', 'RP') },
  priority: { name: 'pim.priority', ...put('u8', 'Priority') },
  prefixCount: { name: 'pim.prefix_count', ...put('u8', 'Prefix-count') },
  noteBadChecksum: { name: 'pim.bad_checksum', ...put('none', 'Bad checksum') },
});
const F = pimFields;

const REGISTER_FLAGS = layout({ 4: [F.registerFlag, F.registerFlagBorder, F.registerFlagNullRegister] });
const PRUNE_DELAY = layout({ 0: [F.t, F.propagationDelay], 2: F.overrideInterval });
const REFRESH_OPTION = layout({ 0: F.stateRefreshVersion, 1: F.stateRefreshInterval, 2: F.stateRefreshReserved });
const GROUP_FLAGS = layout({ 2: [F.groupAddrFlags, F.groupAddrFlagsB, F.groupAddrFlagsReserved, F.groupAddrFlagsZ], 3: F.maskLen });
const SOURCE_FLAGS = layout({ 2: [F.sourceAddrFlags, F.sourceAddrFlagsReserved, F.sourceAddrFlagsS, F.sourceAddrFlagsW, F.sourceAddrFlagsR], 3: F.maskLen });
const BOOTSTRAP_HEAD = layout({ 4: F.fragmentTag, 6: F.hashMaskLen, 7: F.bsrPriority });
const METRICS = layout({ 0: [F.rpt, F.metricPref], 4: F.metric });
const REFRESH_TAIL = layout({ 0: F.maskLen, 1: F.ttl, 2: [F.pruneIndicator, F.pruneNow, F.assertOverride], 3: F.interval });

export const pim = defineDissector({
  name: 'pim',
  title: 'Protocol Independent Multicast',
  spec: ['RFC 7761 §4.9', 'RFC 3973 §4.7', 'RFC 5059 §4'],
  over: { 'ip.proto': [PROTO], 'igmp.type': [0x14] },
  fields: pimFields,
  column: (row) => (row.has(F.igmpType) ? 'PIMv1' : `PIMv${row.text(F.version)}`),
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    if (p.ipProto !== PROTO) return dissectFirst(p, at, end);
    const b = p.bytes;
    const type = b[at] & 15;
    p.put(F.version, at, 1);
    p.put(F.type, at, 1);
    p.put(F.resBytes, at + 1, 1);
    p.put(F.cksum, at + 2, 2);
    // A register's checksum leaves out the packet inside; senders that count it are right as well.
    const seed = p.ipVersion === 6 ? pseudoSum(p, PROTO, p.wireEnd - at) : 0;
    const sumEnd = type === REGISTER && internetSum(b, at, Math.min(end, at + 8), seed) === 0xffff ? at + 8 : p.wireEnd;
    putChecksum(p, F.cksumStatus, 'pim.bad_checksum', at + 2, at, sumEnd, seed);
    if (b[at] >> 4 !== 2) return DONE;
    p.open(F.option, at + HEADER_LEN);
    const verdict = putBody(p, type, at, end);
    p.close(end);
    return verdict;
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? 'Unknown',
});
export default pim;

/** Version 1 rode on IGMP: its code is the type (draft-ietf-idmr-pim-spec §3). */
function dissectFirst(p: PacketView, at: number, end: number): number {
  if (p.wants(F.igmpType)) p.putText(F.igmpType, at, 1, 'PIM (0x14)');
  p.put(F.code, at + 1, 1);
  p.put(F.cksum, at + 2, 2);
  putChecksum(p, F.cksumStatus, 'pim.bad_checksum', at + 2, at, p.wireEnd);
  if (end - at >= 8) {
    p.put(F.resBytes, at + 4, 3);
    p.put(F.version, at + 4, 1);
  }
  return end - at < 8 ? p.tooShort(8) : DONE;
}

function putBody(p: PacketView, type: number, at: number, end: number): number {
  const body = at + HEADER_LEN;
  switch (type) {
    case HELLO: return putOptions(p, at, body, end);
    case REGISTER: {
      if (!putLayout(p, REGISTER_FLAGS, at, end)) return p.tooShort(8);
      const packet = at + 8;
      if (packet >= end) return end < p.wireEnd ? TRUNCATED : DONE;
      const version = p.bytes[packet] >> 4;
      p.put(F.ipVersion, packet, 1);
      p.payload(packet, p.wireEnd);
      if (version === 4) return p.id('ip');
      if (version === 6) return p.id('ipv6');
      if (end - packet >= 4) p.put(F.dummyHeader, packet, Math.min(4, end - packet));
      return p.finish();
    }
    case REGISTER_STOP: {
      const source = putGroup(p, F.group, F.groupIp6, body, end);
      return source < 0 || putUnicast(p, F.source, F.sourceIp6, source, end) < 0 ? unfit(p) : DONE;
    }
    case JOIN_PRUNE: case GRAFT: case GRAFT_ACK: return putJoins(p, body, end);
    case BOOTSTRAP: return putBootstrap(p, at, end);
    case ASSERT: {
      const source = putGroup(p, F.group, F.groupIp6, body, end);
      const metrics = source < 0 ? -1 : putUnicast(p, F.source, F.sourceIp6, source, end);
      return metrics >= 0 && putLayout(p, METRICS, metrics, end) ? DONE : unfit(p);
    }
    case CANDIDATE_RP: return putCandidate(p, body, end);
    case STATE_REFRESH: {
      const source = putGroup(p, F.group, F.groupIp6, body, end);
      const origin = source < 0 ? -1 : putUnicast(p, F.source, F.sourceIp6, source, end);
      const metrics = origin < 0 ? -1 : putUnicast(p, F.originator, F.originatorIp6, origin, end);
      if (metrics < 0 || !putLayout(p, METRICS, metrics, end)) return unfit(p);
      return putLayout(p, REFRESH_TAIL, metrics + METRICS.length, end) ? DONE : unfit(p);
    }
    default: return DONE;
  }
}

function putOptions(p: PacketView, message: number, at: number, end: number): number {
  const b = p.bytes;
  for (let i = at; i < end;) {
    if (i + 4 > end) return p.tooShort(i + 4 - message);
    const type = u16be(b, i);
    const length = u16be(b, i + 2);
    const value = i + 4;
    p.put(F.optiontype, i, 2);
    p.put(F.optionlength, i + 2, 2);
    if (value + length > end) return p.tooShort(value + length - message);
    if (type === 1 && length === 2) p.put(F.holdtime, value, 2);
    else if (type === 2 && length === 4) putLayout(p, PRUNE_DELAY, value, end);
    else if (type === 19 && length === 4) p.put(F.drPriority, value, 4);
    else if (type === 20 && length === 4) p.put(F.generationId, value, 4);
    else if (type === 21 && length === 4) putLayout(p, REFRESH_OPTION, value, end);
    else if (type === 24 || type === 65001) {
      for (let k = value; k + 2 <= value + length;) {
        const next = putUnicast(p, F.addressList, F.addressListIp6, k, value + length);
        if (next < 0) break;
        k = next;
      }
    } else if (length > 0) p.put(F.optionvalue, value, length);
    i = value + length;
  }
  return DONE;
}

/** Family and encoding of an address (RFC 7761 §4.9.1); returns its size, 0 where it is unknown. */
function putFamily(p: PacketView, at: number): number {
  const family = p.bytes[at];
  p.put(F.addrAddressFamily, at, 1);
  p.put(F.addrEncodingType, at + 1, 1);
  return family === 1 ? 4 : family === 2 ? 16 : 0;
}

/** Puts an encoded unicast address under `f4` or `f6`; returns where it ends, -1 where it does not read. */
function putUnicast(p: PacketView, f4: Field, f6: Field, at: number, end: number): number {
  if (at + 2 > end) return -1;
  const size = putFamily(p, at);
  const next = at + 2 + size;
  if (size === 0 || next > end) return -1;
  p.put(size === 4 ? f4 : f6, at + 2, size);
  p.put(size === 4 ? F.unicast : F.unicastIpv6, at + 2, size);
  return next;
}

function putGroup(p: PacketView, f4: Field, f6: Field, at: number, end: number): number {
  if (at + 4 > end) return -1;
  const size = putFamily(p, at);
  const next = at + 4 + size;
  if (size === 0 || next > end) return -1;
  putLayout(p, GROUP_FLAGS, at, end);
  p.put(size === 4 ? f4 : f6, at + 4, size);
  p.put(size === 4 ? F.group : F.groupIp6, at + 4, size);
  return next;
}

function putSource(p: PacketView, f4: Field, f6: Field, at: number, end: number): number {
  if (at + 4 > end) return -1;
  const size = putFamily(p, at);
  const next = at + 4 + size;
  if (size === 0 || next > end) return -1;
  putLayout(p, SOURCE_FLAGS, at, end);
  p.put(size === 4 ? f4 : f6, at + 4, size);
  p.put(size === 4 ? F.source : F.sourceIp6, at + 4, size);
  return next;
}

/** Groups, each with the sources to join and those to leave (RFC 7761 §4.9.5). */
function putJoins(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  let i = putUnicast(p, F.upstreamNeighbor, F.upstreamNeighborIp6, at, end);
  if (i < 0 || i + 4 > end) return unfit(p);
  p.put(F.resBytes, i, 1);
  p.put(F.numgroups, i + 1, 1);
  p.put(F.holdtime, i + 2, 2);
  const groups = b[i + 1];
  i += 4;
  for (let g = 0; g < groups; g++) {
    if (p.wants(F.groupSet)) p.putText(F.groupSet, i, 0, '');
    i = putGroup(p, F.group, F.groupIp6, i, end);
    if (i < 0 || i + 4 > end) return unfit(p);
    const joins = u16be(b, i);
    const prunes = u16be(b, i + 2);
    p.put(F.numjoins, i, 2);
    p.put(F.numprunes, i + 2, 2);
    i += 4;
    for (let n = 0; n < joins + prunes; n++) {
      i = n < joins ? putSource(p, F.joinIp, F.joinIp6, i, end) : putSource(p, F.pruneIp, F.pruneIp6, i, end);
      if (i < 0) return unfit(p);
    }
  }
  return DONE;
}

function putBootstrap(p: PacketView, at: number, end: number): number {
  if (!putLayout(p, BOOTSTRAP_HEAD, at, end)) return p.tooShort(8);
  let i = putUnicast(p, F.bsr, F.bsrIp6, at + 8, end);
  while (i >= 0 && i < end) {
    i = putGroup(p, F.group, F.groupIp6, i, end);
    if (i < 0 || i + 4 > end) break;
    const points = p.bytes[i + 1];
    p.put(F.rpCount, i, 1);
    p.put(F.frpCount, i + 1, 1);
    i += 4;
    for (let n = 0; n < points; n++) {
      i = putUnicast(p, F.rp, F.rpIp6, i, end);
      if (i < 0 || i + 4 > end) return unfit(p);
      p.put(F.holdtime, i, 2);
      p.put(F.priority, i + 2, 1);
      p.put(F.resBytes, i + 3, 1);
      i += 4;
    }
  }
  return i === end ? DONE : unfit(p);
}

function putCandidate(p: PacketView, at: number, end: number): number {
  if (at + 4 > end) return unfit(p);
  const count = p.bytes[at];
  p.put(F.prefixCount, at, 1);
  p.put(F.priority, at + 1, 1);
  p.put(F.holdtime, at + 2, 2);
  let i = putUnicast(p, F.rp, F.rpIp6, at + 4, end);
  for (let n = 0; n < count && i >= 0; n++) i = putGroup(p, F.group, F.groupIp6, i, end);
  return i < 0 ? unfit(p) : DONE;
}
