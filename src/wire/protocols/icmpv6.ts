import { u16be, u32be } from '../../base/bytes.ts';
import { pseudoSum, putChecksum } from '../checksum.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { CHECKSUM_STATUS } from '../ip-protocols.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 4;

const UNREACHABLE = 1;
const TOO_BIG = 2;
const TIME_EXCEEDED = 3;
const PARAMETER_PROBLEM = 4;
const ECHO = 128;
const ECHO_REPLY = 129;
const MLD_QUERY = 130;
const MLD_DONE = 132;
const ROUTER_SOLICITATION = 133;
const ROUTER_ADVERTISEMENT = 134;
const NEIGHBOR_SOLICITATION = 135;
const NEIGHBOR_ADVERTISEMENT = 136;
const REDIRECT = 137;
const MLDV2_REPORT = 143;

const OPTION_SOURCE = 1;
const OPTION_TARGET = 2;
const OPTION_PREFIX = 3;
const OPTION_MTU = 5;
const OPTION_RDNSS = 25;

const TYPES = {
  1: 'Destination Unreachable', 2: 'Packet Too Big', 3: 'Time Exceeded', 4: 'Parameter Problem', 128: 'Echo (ping) request', 129: 'Echo (ping) reply',
  130: 'Multicast Listener Query', 131: 'Multicast Listener Report', 132: 'Multicast Listener Done', 133: 'Router Solicitation', 134: 'Router Advertisement',
  135: 'Neighbor Solicitation', 136: 'Neighbor Advertisement', 137: 'Redirect', 138: 'Router Renumbering', 143: 'Multicast Listener Report Message v2',
  151: 'Multicast Router Advertisement', 152: 'Multicast Router Solicitation', 153: 'Multicast Router Termination', 155: 'RPL Control',
} as const;
const OPTIONS = { 1: 'Source link-layer address', 2: 'Target link-layer address', 3: 'Prefix information', 4: 'Redirected header', 5: 'MTU', 14: 'Nonce', 24: 'Route Information', 25: 'Recursive DNS Server', 31: 'DNS Search List' } as const;
const RECORDS = { 1: 'Include', 2: 'Exclude', 3: 'Changed to include', 4: 'Changed to exclude', 5: 'Allow new sources', 6: 'Block old sources' } as const;

const ECHO_WAITS = 0x69637636;

/** Its number as a next header. */
const ICMPV6 = 58;

export const icmpv6Fields = defineFields({
  type: { name: 'icmpv6.type', ...fixed('u8', 0, 'Type', { values: TYPES }) },
  code: { name: 'icmpv6.code', ...fixed('u8', 1, 'Code') },
  checksum: { name: 'icmpv6.checksum', ...fixed('u16', 2, 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'icmpv6.checksum.status', ...put('u8', 'Checksum Status', { base: 'none', values: CHECKSUM_STATUS }) },
  checksumBad: { name: 'icmpv6.checksum_bad.expert', ...put('none', 'Bad checksum') },
  reserved: { name: 'icmpv6.reserved', ...put('bytes', 'Reserved') },
  mtu: { name: 'icmpv6.mtu', ...put('u32', 'MTU') },
  pointer: { name: 'icmpv6.pointer', ...put('u32', 'Pointer') },
  identifier: { name: 'icmpv6.echo.identifier', ...put('u16', 'Identifier', { base: 'hex' }) },
  sequence: { name: 'icmpv6.echo.sequence_number', ...put('u16', 'Sequence') },
  hopLimit: { name: 'icmpv6.nd.ra.cur_hop_limit', ...put('u8', 'Cur hop limit') },
  raFlags: { name: 'icmpv6.nd.ra.flag', ...put('u8', 'Flags', { base: 'hex' }) },
  managed: { name: 'icmpv6.nd.ra.flag.m', ...put('boolean', 'Managed address configuration', { mask: 0x80 }) },
  other: { name: 'icmpv6.nd.ra.flag.o', ...put('boolean', 'Other configuration', { mask: 0x40 }) },
  homeAgent: { name: 'icmpv6.nd.ra.flag.h', ...put('boolean', 'Home Agent', { mask: 0x20 }) },
  preference: { name: 'icmpv6.nd.ra.flag.prf', ...put('u8', 'Prf (Default Router Preference)', { mask: 0x18 }) },
  proxy: { name: 'icmpv6.nd.ra.flag.p', ...put('boolean', 'Proxy', { mask: 0x04 }) },
  routerLifetime: { name: 'icmpv6.nd.ra.router_lifetime', ...put('u16', 'Router lifetime (s)') },
  reachable: { name: 'icmpv6.nd.ra.reachable_time', ...put('u32', 'Reachable time (ms)') },
  retransmit: { name: 'icmpv6.nd.ra.retrans_timer', ...put('u32', 'Retrans timer (ms)') },
  nsTarget: { name: 'icmpv6.nd.ns.target_address', ...put('ipv6', 'Target Address') },
  naFlags: { name: 'icmpv6.nd.na.flag', ...put('u32', 'Flags', { base: 'hex' }) },
  naRouter: { name: 'icmpv6.nd.na.flag.r', ...put('boolean', 'Router', { mask: 0x80000000 }) },
  naSolicited: { name: 'icmpv6.nd.na.flag.s', ...put('boolean', 'Solicited', { mask: 0x40000000 }) },
  naOverride: { name: 'icmpv6.nd.na.flag.o', ...put('boolean', 'Override', { mask: 0x20000000 }) },
  naTarget: { name: 'icmpv6.nd.na.target_address', ...put('ipv6', 'Target Address') },
  rdTarget: { name: 'icmpv6.rd.na.target_address', ...put('ipv6', 'Target Address') },
  rdDestination: { name: 'icmpv6.rd.na.destination_address', ...put('ipv6', 'Destination Address') },
  option: { name: 'icmpv6.opt', ...put('none', 'ICMPv6 Option') },
  optType: { name: 'icmpv6.opt.type', ...put('u8', 'Type', { values: OPTIONS }) },
  optLength: { name: 'icmpv6.opt.length', ...put('u8', 'Length') },
  linkAddress: { name: 'icmpv6.opt.linkaddr', ...put('ether', 'Link-layer address') },
  sourceLink: { name: 'icmpv6.opt.src_linkaddr', ...put('ether', 'Source Link-layer address') },
  targetLink: { name: 'icmpv6.opt.target_linkaddr', ...put('ether', 'Target Link-layer address') },
  prefixLength: { name: 'icmpv6.opt.prefix.length', ...put('u8', 'Prefix Length') },
  prefixFlags: { name: 'icmpv6.opt.prefix.flag', ...put('u8', 'Flag', { base: 'hex' }) },
  onLink: { name: 'icmpv6.opt.prefix.flag.l', ...put('boolean', 'On-link flag(L)', { mask: 0x80 }) },
  autonomous: { name: 'icmpv6.opt.prefix.flag.a', ...put('boolean', 'Autonomous address-configuration flag(A)', { mask: 0x40 }) },
  validLifetime: { name: 'icmpv6.opt.prefix.valid_lifetime', ...put('u32', 'Valid Lifetime') },
  preferredLifetime: { name: 'icmpv6.opt.prefix.preferred_lifetime', ...put('u32', 'Preferred Lifetime') },
  prefix: { name: 'icmpv6.opt.prefix', ...put('ipv6', 'Prefix') },
  optMtu: { name: 'icmpv6.opt.mtu', ...put('u32', 'MTU') },
  rdnssLifetime: { name: 'icmpv6.opt.rdnss.lifetime', ...put('u32', 'Lifetime') },
  rdnss: { name: 'icmpv6.opt.rdnss', ...put('ipv6', 'Recursive DNS Servers') },
  maxDelay: { name: 'icmpv6.mld.maximum_response_delay', ...put('u16', 'Maximum Response Delay [ms]') },
  maxCode: { name: 'icmpv6.mld.maximum_response_code', ...put('u16', 'Maximum Response Code') },
  mldAddress: { name: 'icmpv6.mld.multicast_address', ...put('ipv6', 'Multicast Address') },
  mldSources: { name: 'icmpv6.mld.nb_sources', ...put('u16', 'Number of Sources') },
  mldSource: { name: 'icmpv6.mld.source_address', ...put('ipv6', 'Source Address') },
  records: { name: 'icmpv6.mldr.nb_mcast_records', ...put('u16', 'Number of Multicast Address Records') },
  record: { name: 'icmpv6.mldr.mar', ...put('none', 'Multicast Address Record') },
  recordType: { name: 'icmpv6.mldr.mar.record_type', ...put('u8', 'Record Type', { values: RECORDS }) },
  recordAux: { name: 'icmpv6.mldr.mar.aux_data_len', ...put('u8', 'Aux Data Len') },
  recordSources: { name: 'icmpv6.mldr.mar.nb_sources', ...put('u16', 'Number of Sources') },
  recordAddress: { name: 'icmpv6.mldr.mar.multicast_address', ...put('ipv6', 'Multicast Address') },
  recordSource: { name: 'icmpv6.mldr.mar.source_address', ...put('ipv6', 'Source Address') },
  responseIn: { name: 'icmpv6.resp_in', ...put('framenum', 'Response In') },
  responseTo: { name: 'icmpv6.resp_to', ...put('framenum', 'Response To') },
  responseTime: { name: 'icmpv6.resptime', ...put('double', 'Response Time') },
});
const F = icmpv6Fields;

function pair(p: PacketView, at: number, isReply: boolean): void {
  p.srcPort = 0;
  p.dstPort = 0;
  const key = u32be(p.bytes, at + 4);
  const conversation = p.converse(58);
  const pending = p.trackers.pending;
  if (!isReply) {
    pending.ask(ECHO_WAITS, conversation, key, p.frame, p.seconds, p.nanoseconds);
    return;
  }
  const asked = pending.take(ECHO_WAITS, conversation, key);
  if (asked < 0) return;
  p.putInt(F.responseTo, at, 0, pending.frame[asked]);
  p.putInt(F.responseTime, at, 0, (p.seconds - pending.seconds[asked]) * 1000 + (p.nanoseconds - pending.nanos[asked]) / 1e6);
}

/** Options of neighbour discovery (RFC 4861 §4.6): type, length in units of eight bytes, value. */
function readOptions(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  for (let i = at; i < end; ) {
    if (i + 2 > end) return p.tooShort(i + 2 - p.l4At);
    const type = b[i];
    const len = 8 * b[i + 1];
    if (len === 0 || i + len > end) return p.tooShort(i + Math.max(len, 8) - p.l4At);
    p.open(F.option, i);
    p.put(F.optType, i, 1);
    p.put(F.optLength, i + 1, 1);
    if (type === OPTION_SOURCE || type === OPTION_TARGET) {
      p.put(F.linkAddress, i + 2, len === 8 ? 6 : len - 2);
      p.put(type === OPTION_SOURCE ? F.sourceLink : F.targetLink, i + 2, len === 8 ? 6 : len - 2);
    } else if (type === OPTION_PREFIX && len === 32) {
      p.put(F.prefixLength, i + 2, 1);
      p.put(F.prefixFlags, i + 3, 1);
      p.put(F.onLink, i + 3, 1);
      p.put(F.autonomous, i + 3, 1);
      p.put(F.validLifetime, i + 4, 4);
      p.put(F.preferredLifetime, i + 8, 4);
      p.put(F.prefix, i + 16, 16);
    } else if (type === OPTION_MTU && len === 8) p.put(F.optMtu, i + 4, 4);
    else if (type === OPTION_RDNSS && len >= 24) {
      p.put(F.rdnssLifetime, i + 4, 4);
      for (let k = i + 8; k + 16 <= i + len; k += 16) p.put(F.rdnss, k, 16);
    }
    p.close(i + len);
    i += len;
  }
  return DONE;
}

/** MLDv2 report (RFC 3810 §5.2). */
function readRecords(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  p.put(F.reserved, at + 4, 2);
  p.put(F.records, at + 6, 2);
  let i = at + 8;
  for (let n = u16be(b, at + 6); n > 0; n--) {
    if (i + 20 > end) return p.tooShort(i + 20 - at);
    const sources = u16be(b, i + 2);
    const recordEnd = i + 20 + 16 * sources + 4 * b[i + 1];
    p.open(F.record, i);
    p.put(F.recordType, i, 1);
    p.put(F.recordAux, i + 1, 1);
    p.put(F.recordSources, i + 2, 2);
    p.put(F.recordAddress, i + 4, 16);
    for (let k = 0; k < sources && i + 36 + 16 * k <= end; k++) p.put(F.recordSource, i + 20 + 16 * k, 16);
    p.close(Math.min(recordEnd, end));
    if (recordEnd > end) return p.tooShort(recordEnd - at);
    i = recordEnd;
  }
  return DONE;
}

function readAdvertisement(p: PacketView, at: number, end: number): number {
  if (end - at < 16) return p.tooShort(16);
  p.put(F.hopLimit, at + 4, 1);
  p.put(F.raFlags, at + 5, 1);
  p.put(F.managed, at + 5, 1);
  p.put(F.other, at + 5, 1);
  p.put(F.homeAgent, at + 5, 1);
  p.put(F.preference, at + 5, 1);
  p.put(F.proxy, at + 5, 1);
  p.put(F.routerLifetime, at + 6, 2);
  p.put(F.reachable, at + 8, 4);
  p.put(F.retransmit, at + 12, 4);
  return readOptions(p, at + 16, end);
}

function readMulticastQuery(p: PacketView, at: number, end: number): number {
  if (end - at < 24) return p.tooShort(24);
  const isSecond = p.bytes[at] === MLD_QUERY && p.wireEnd - at >= 28;
  p.put(isSecond ? F.maxCode : F.maxDelay, at + 4, 2);
  p.put(F.reserved, at + 6, 2);
  p.put(F.mldAddress, at + 8, 16);
  if (!isSecond) return DONE;
  if (end - at < 28) return p.tooShort(28);
  p.put(F.mldSources, at + 26, 2);
  for (let k = 0, n = u16be(p.bytes, at + 26); k < n && at + 44 + 16 * k <= end; k++) p.put(F.mldSource, at + 28 + 16 * k, 16);
  return DONE;
}

export const icmpv6 = defineDissector({
  name: 'icmpv6',
  title: 'Internet Control Message Protocol v6',
  short: 'ICMPv6',
  spec: ['RFC 4443', 'RFC 4861', 'RFC 3810', 'RFC 8106'],
  over: { 'ip.proto': [58] },
  fields: icmpv6Fields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    p.l4At = at;
    if (end - at < 8) return p.tooShort(8);
    if (!p.detail && !p.track) return DONE;
    if (p.detail && p.source === p.networkSource) putChecksum(p, F.checksumStatus, 'icmpv6.checksum_bad.expert', at + 2, at, p.wireEnd, pseudoSum(p, ICMPV6, p.wireEnd - at), 'warn');
    const type = p.bytes[at];
    switch (type) {
      case UNREACHABLE:
      case TIME_EXCEEDED:
        p.put(F.reserved, at + 4, 4);
        return p.quote(p.id('ipv6'), at + 8, end);
      case TOO_BIG:
        p.put(F.mtu, at + 4, 4);
        return p.quote(p.id('ipv6'), at + 8, end);
      case PARAMETER_PROBLEM:
        p.put(F.pointer, at + 4, 4);
        return p.quote(p.id('ipv6'), at + 8, end);
      case ECHO:
      case ECHO_REPLY:
        p.put(F.identifier, at + 4, 2);
        p.put(F.sequence, at + 6, 2);
        if (p.track && !p.quoted) pair(p, at, type === ECHO_REPLY);
        p.payload(at + 8, p.wireEnd);
        return 0;
      case ROUTER_SOLICITATION:
        p.put(F.reserved, at + 4, 4);
        return readOptions(p, at + 8, end);
      case ROUTER_ADVERTISEMENT:
        return readAdvertisement(p, at, end);
      case NEIGHBOR_SOLICITATION:
        if (end - at < 24) return p.tooShort(24);
        p.put(F.reserved, at + 4, 4);
        p.put(F.nsTarget, at + 8, 16);
        return readOptions(p, at + 24, end);
      case NEIGHBOR_ADVERTISEMENT:
        if (end - at < 24) return p.tooShort(24);
        p.put(F.naFlags, at + 4, 4);
        p.put(F.naRouter, at + 4, 4);
        p.put(F.naSolicited, at + 4, 4);
        p.put(F.naOverride, at + 4, 4);
        p.put(F.naTarget, at + 8, 16);
        return readOptions(p, at + 24, end);
      case REDIRECT:
        if (end - at < 40) return p.tooShort(40);
        p.put(F.reserved, at + 4, 4);
        p.put(F.rdTarget, at + 8, 16);
        p.put(F.rdDestination, at + 24, 16);
        return readOptions(p, at + 40, end);
      case MLDV2_REPORT:
        return readRecords(p, at, end);
      default:
        if (type >= MLD_QUERY && type <= MLD_DONE) return readMulticastQuery(p, at, end);
        return DONE;
    }
  },
  info: (row) => {
    const target = row.has(F.nsTarget) ? row.text(F.nsTarget) : row.text(F.naTarget);
    return `${(TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? `Type ${row.num(F.type)}`}${target === '' ? '' : ` for ${target}`}${row.has(F.sequence) ? ` id=${row.text(F.identifier)}, seq=${row.num(F.sequence)}` : ''}`;
  },
});
export default icmpv6;
