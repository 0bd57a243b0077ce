import { u16be } from '../../base/bytes.ts';
import { putChecksum } from '../checksum.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import { putPadded } from '../padded.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 20;
const HELLO = 5;

// Types of TLVs (RFC 7868 §6.6): the high byte is the address family, or the encoding by several topologies.
const PARAMETERS = 0x0001;
const AUTHENTICATION = 0x0002;
const SEQUENCE = 0x0003;
const SOFTWARE = 0x0004;
const NEXT_SEQUENCE = 0x0005;
const STUB = 0x0006;
const TOPOLOGIES = 0x00f5;
const IPV4_INTERNAL = 0x0102;
const IPV4_EXTERNAL = 0x0103;
const IPV6_INTERNAL = 0x0402;
const IPV6_EXTERNAL = 0x0403;
const MTR_INTERNAL = 0x00f2;
const MTR_EXTERNAL = 0x00f3;
const AFI_IPV6 = 2;
const MD5 = 2;

const OPCODES = { 1: 'Update', 2: 'Request', 3: 'Query', 4: 'Reply', 5: 'Hello', 6: 'IPX/SAP Update', 10: 'SIA-Query', 11: 'SIA-Reply' } as const;

export const eigrpFields = defineFields({ 
  version: { name: 'eigrp.version', ...fixed('u8', 0, 'Version') },
  opcode: { name: 'eigrp.opcode', ...fixed('u8', 1, 'Opcode', { values: OPCODES }) },
  checksum: { name: 'eigrp.checksum', ...fixed('u16', 2, 'Checksum', { base: 'hex' }) },
  flags: { name: 'eigrp.flags', ...fixed('u32', 4, 'Flags', { base: 'hex' }) },
  flagsInit: { name: 'eigrp.flags.init', ...fixed('boolean', 4, 'Init', { mask: 0x1, size: 4 }) },
  flagsCondrecv: { name: 'eigrp.flags.condrecv', ...fixed('boolean', 4, 'Conditional Receive', { mask: 0x2, size: 4 }) },
  flagsRestart: { name: 'eigrp.flags.restart', ...fixed('boolean', 4, 'Restart', { mask: 0x4, size: 4 }) },
  flagsEot: { name: 'eigrp.flags.eot', ...fixed('boolean', 4, 'End Of Table', { mask: 0x8, size: 4 }) },
  seq: { name: 'eigrp.seq', ...fixed('u32', 8, 'Sequence') },
  ack: { name: 'eigrp.ack', ...fixed('u32', 12, 'Acknowledge') },
  vrid: { name: 'eigrp.vrid', ...fixed('u16', 16, 'Virtual Router ID') },
  as: { name: 'eigrp.as', ...fixed('u16', 18, 'Autonomous System') },
  parK1: { name: 'eigrp.par.k1', ...put('u8', 'K1') },
  parK2: { name: 'eigrp.par.k2', ...put('u8', 'K2') },
  parK3: { name: 'eigrp.par.k3', ...put('u8', 'K3') },
  parK4: { name: 'eigrp.par.k4', ...put('u8', 'K4') },
  parK5: { name: 'eigrp.par.k5', ...put('u8', 'K5') },
  parK6: { name: 'eigrp.par.k6', ...put('u8', 'K6') },
  parHoldtime: { name: 'eigrp.par.holdtime', ...put('u16', 'Hold Time') },
  releaseVersion: { name: 'eigrp.release_version', ...put('u16', 'EIGRP Release') },
  tlvVersion: { name: 'eigrp.tlv_version', ...put('u16', 'EIGRP TLV version') },
  authType: { name: 'eigrp.auth.type', ...put('u16', 'Type') },
  authLength: { name: 'eigrp.auth.length', ...put('u16', 'Length') },
  authKeyid: { name: 'eigrp.auth.keyid', ...put('u32', 'Key ID') },
  authKeyseq: { name: 'eigrp.auth.keyseq', ...put('u32', 'Key Sequence') },
  nullpad: { name: 'eigrp.nullpad', ...put('bytes', 'Nullpad') },
  stubOptions: { name: 'eigrp.stub_options', ...put('u16', 'Stub Options', { base: 'hex' }) },
  stubOptionsConnected: { name: 'eigrp.stub_options.connected', ...put('boolean', 'Connected', { mask: 0x1, size: 2 }) },
  stubOptionsStatic: { name: 'eigrp.stub_options.static', ...put('boolean', 'Static', { mask: 0x2, size: 2 }) },
  stubOptionsSummary: { name: 'eigrp.stub_options.summary', ...put('boolean', 'Summary', { mask: 0x4, size: 2 }) },
  stubOptionsRedist: { name: 'eigrp.stub_options.redist', ...put('boolean', 'Redistributed', { mask: 0x8, size: 2 }) },
  stubOptionsLeakmap: { name: 'eigrp.stub_options.leakmap', ...put('boolean', 'Leak-Map', { mask: 0x10, size: 2 }) },
  stubOptionsRecvonly: { name: 'eigrp.stub_options.recvonly', ...put('boolean', 'Receive-Only', { mask: 0x20, size: 2 }) },
  oldMetricDelay: { name: 'eigrp.old_metric.delay', ...put('u32', 'Scaled Delay') },
  oldMetricBw: { name: 'eigrp.old_metric.bw', ...put('u32', 'Scaled BW') },
  oldMetricMtu: { name: 'eigrp.old_metric.mtu', ...put('u24', 'MTU') },
  oldMetricHopcount: { name: 'eigrp.old_metric.hopcount', ...put('u8', 'Hop Count') },
  oldMetricRel: { name: 'eigrp.old_metric.rel', ...put('u8', 'Reliability') },
  oldMetricLoad: { name: 'eigrp.old_metric.load', ...put('u8', 'Load') },
  oldMetricIntag: { name: 'eigrp.old_metric.intag', ...put('u8', 'Route Tag') },
  metricFlagsSrcwd: { name: 'eigrp.metric.flags.srcwd', ...put('boolean', 'Source Withdraw', { mask: 0x1 }) },
  metricFlagsCd: { name: 'eigrp.metric.flags.cd', ...put('boolean', 'Candidate Default', { mask: 0x2 }) },
  metricFlagsActive: { name: 'eigrp.metric.flags.active', ...put('boolean', 'Route is Active', { mask: 0x4 }) },
  metricFlagsRepl: { name: 'eigrp.metric.flags.repl', ...put('boolean', 'Route is Replicated', { mask: 0x8 }) },
  extdataOrigrid: { name: 'eigrp.extdata.origrid', ...put('ipv4', 'Originating RouterID') },
  extdataAs: { name: 'eigrp.extdata.as', ...put('u32', 'Originating A.S.') },
  extdataTag: { name: 'eigrp.extdata.tag', ...put('u32', 'Administrative Tag') },
  extdataMetric: { name: 'eigrp.extdata.metric', ...put('u32', 'External Metric') },
  extdataReserved: { name: 'eigrp.extdata.reserved', ...put('u16', 'Reserved') },
  extdataProto: { name: 'eigrp.extdata.proto', ...put('u8', 'External Protocol ID') },
  opaqueFlagExt: { name: 'eigrp.opaque.flag.ext', ...put('boolean', 'Route is External', { mask: 0x1 }) },
  opaqueFlagCd: { name: 'eigrp.opaque.flag.cd', ...put('boolean', 'Route is Candidate Default', { mask: 0x2 }) },
  tid: { name: 'eigrp.tid', ...put('u16', 'Topology') },
  afi: { name: 'eigrp.afi', ...put('u16', 'AFI') },
  routerid: { name: 'eigrp.routerid', ...put('ipv4', 'RouterID') },
  oldMetricTag: { name: 'eigrp.old_metric.tag', ...put('u32', 'Tag') },
  checksumStatus: { name: 'eigrp.checksum.status', ...put('u8', 'Checksum Status') },
  tlvType: { name: 'eigrp.tlv_type', ...put('u16', 'Type', { base: 'hex' }) },
  tlvLen: { name: 'eigrp.tlv.len', ...put('u16', 'Length') },
  authDigest: { name: 'eigrp.auth.digest', ...put('bytes', 'Digest') },
  seqAddrlen: { name: 'eigrp.seq.addrlen', ...put('u8', 'Address length') },
  seqIpv4addr: { name: 'eigrp.seq.ipv4addr', ...put('ipv4', 'IP Address') },
  seqIpv6addr: { name: 'eigrp.seq.ipv6addr', ...put('ipv6', 'IPv6 Address') },
  nextMcastSeq: { name: 'eigrp.next_mcast_seq', ...put('u32', 'Multicast Sequence') },
  tidlistFlags: { name: 'eigrp.tidlist.flags', ...put('u16', 'TID List Flags', { base: 'hex' }) },
  tidlistLen: { name: 'eigrp.tidlist.len', ...put('u16', 'TID List Size') },
  tidlist: { name: 'eigrp.tidlist', ...put('u16', 'TID List') },
  ipv4Nexthop: { name: 'eigrp.ipv4.nexthop', ...put('ipv4', 'NextHop') },
  ipv6Nexthop: { name: 'eigrp.ipv6.nexthop', ...put('ipv6', 'NextHop') },
  ipv4Prefixlen: { name: 'eigrp.ipv4.prefixlen', ...put('u8', 'Prefix Length') },
  ipv6Prefixlen: { name: 'eigrp.ipv6.prefixlen', ...put('u8', 'Prefix Length') },
  ipv4Destination: { name: 'eigrp.ipv4.destination', ...put('ipv4', 'Destination') },
  ipv6Destination: { name: 'eigrp.ipv6.destination', ...put('ipv6', 'Destination') },
  peerTerminationGraceful: { name: 'eigrp.peer_termination_graceful', ...put('none', 'Peer Termination (Graceful Shutdown)') },
});
const F = eigrpFields;

const PARAMETERS_PART = layout({ 4: F.parK1, 5: F.parK2, 6: F.parK3, 7: F.parK4, 8: F.parK5, 9: F.parK6, 10: F.parHoldtime });
const SOFTWARE_PART = layout({ 4: F.releaseVersion, 6: F.tlvVersion });
const AUTHENTICATION_PART = layout({ 4: F.authType, 6: F.authLength, 8: F.authKeyid, 12: F.authKeyseq, 16: [[F.nullpad, 8]] });
const STUB_PART = layout({
  4: [F.stubOptions, F.stubOptionsConnected, F.stubOptionsStatic, F.stubOptionsSummary, F.stubOptionsRedist, F.stubOptionsLeakmap, F.stubOptionsRecvonly],
});
const METRIC = layout({
  0: F.oldMetricDelay, 4: F.oldMetricBw, 8: F.oldMetricMtu, 11: F.oldMetricHopcount, 12: F.oldMetricRel, 13: F.oldMetricLoad, 14: F.oldMetricIntag,
  15: [F.metricFlagsSrcwd, F.metricFlagsCd, F.metricFlagsActive, F.metricFlagsRepl],
});
const EXTERNAL = layout({
  0: F.extdataOrigrid, 4: F.extdataAs, 8: F.extdataTag, 12: F.extdataMetric, 16: F.extdataReserved, 18: F.extdataProto, 19: [F.opaqueFlagExt, F.opaqueFlagCd],
});
const TOPOLOGY = layout({ 6: F.tid, 8: F.afi, 10: F.routerid, 14: F.oldMetricTag });

export const eigrp = defineDissector({
  name: 'eigrp',
  title: 'Cisco EIGRP',
  spec: ['RFC 7868 §6'],
  over: { 'ip.proto': [88] },
  fields: eigrpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    putChecksum(p, F.checksumStatus, 'eigrp.checksum.bad', at + 2, at, p.wireEnd);
    for (let i = at + HEADER_LEN; i < end;) {
      if (end - i < 4) return p.tooShort(i + 4 - at);
      const length = u16be(b, i + 2);
      p.put(F.tlvType, i, 2);
      p.put(F.tlvLen, i + 2, 2);
      if (length < 4) {
        p.expert('error', 'malformed', 'eigrp.tlv.len.invalid', i + 2, 2);
        return DONE;
      }
      if (i + length > end) return p.tooShort(i + length - at);
      putTlv(p, u16be(b, i), i, i + length);
      i += length;
    }
    return DONE;
  },
  info: (row) => (row.num(F.opcode) === HELLO ? (row.num(F.ack) === 0 ? 'Hello' : 'Hello (Ack)') : (OPCODES as Readonly<Record<number, string>>)[row.num(F.opcode)] ?? 'Unknown'),
});
export default eigrp;

function putTlv(p: PacketView, type: number, at: number, end: number): void {
  const b = p.bytes;
  switch (type) {
    case PARAMETERS:
      putLayout(p, PARAMETERS_PART, at, end);
      // All weights at their most say that the neighbour takes its leave.
      if (end - at >= 9 && b[at + 4] === 255 && b[at + 5] === 255 && b[at + 6] === 255 && b[at + 7] === 255 && b[at + 8] === 255) p.expert('note', 'response', 'eigrp.peer_termination', at, end - at);
      return;
    case AUTHENTICATION:
      putLayout(p, AUTHENTICATION_PART, at, end);
      if (end - at >= 24 && u16be(b, at + 4) === MD5) p.put(F.authDigest, at + 24, Math.min(16, end - at - 24));
      return;
    case SEQUENCE:
      for (let i = at + 4; i < end;) {
        const size = b[i];
        p.put(F.seqAddrlen, i, 1);
        if (i + 1 + size > end || size === 0) return;
        if (size === 4) p.put(F.seqIpv4addr, i + 1, 4);
        else if (size === 16) p.put(F.seqIpv6addr, i + 1, 16);
        i += 1 + size;
      }
      return;
    case SOFTWARE: putLayout(p, SOFTWARE_PART, at, end); return;
    case NEXT_SEQUENCE: if (end - at >= 8) p.put(F.nextMcastSeq, at + 4, 4); return;
    case STUB: putLayout(p, STUB_PART, at, end); return;
    case TOPOLOGIES:
      if (end - at < 8) return;
      p.put(F.tidlistFlags, at + 4, 2);
      p.put(F.tidlistLen, at + 6, 2);
      for (let i = at + 8; i + 2 <= end; i += 2) p.put(F.tidlist, i, 2);
      return;
    case IPV4_INTERNAL: case IPV4_EXTERNAL: putClassic(p, at + 4, end, 4, type === IPV4_EXTERNAL); return;
    case IPV6_INTERNAL: case IPV6_EXTERNAL: putClassic(p, at + 4, end, 16, type === IPV6_EXTERNAL); return;
    case MTR_INTERNAL: case MTR_EXTERNAL: {
      if (!putLayout(p, TOPOLOGY, at, end)) return;
      const size = u16be(b, at + 8) === AFI_IPV6 ? 16 : 4;
      putMetric(p, at + 18, end, size, type === MTR_EXTERNAL);
      return;
    }
    default:
  }
}

/** A route: next hop, where it came from, its metric, destinations. */
function putClassic(p: PacketView, at: number, end: number, size: 4 | 16, external: boolean): void {
  if (at + size > end) return;
  p.put(size === 4 ? F.ipv4Nexthop : F.ipv6Nexthop, at, size);
  let i = at + size;
  if (external) {
    if (!putLayout(p, EXTERNAL, i, end)) return;
    i += EXTERNAL.length;
  }
  if (!putLayout(p, METRIC, i, end)) return;
  putDestinations(p, i + METRIC.length, end, size);
}

/** A route of one topology: metric, next hop, destinations. */
function putMetric(p: PacketView, at: number, end: number, size: 4 | 16, external: boolean): void {
  if (!putLayout(p, METRIC, at, end)) return;
  let i = at + METRIC.length;
  if (i + size > end) return;
  p.put(size === 4 ? F.ipv4Nexthop : F.ipv6Nexthop, i, size);
  i += size;
  if (external) {
    if (!putLayout(p, EXTERNAL, i, end)) return;
    i += EXTERNAL.length;
  }
  putDestinations(p, i, end, size);
}

/** Prefix lengths, each with as many bytes as it needs (IPv4) or as one more bit would need (IPv6). */
function putDestinations(p: PacketView, at: number, end: number, size: 4 | 16): void {
  for (let i = at; i < end;) {
    const bits = p.bytes[i];
    p.put(size === 4 ? F.ipv4Prefixlen : F.ipv6Prefixlen, i, 1);
    if (bits > 8 * size) return;
    const len = size === 4 ? Math.min(4, Math.max(1, (bits + 7) >> 3)) : Math.min(16, bits === 128 ? 16 : (bits >> 3) + 1);
    if (i + 1 + len > end) return;
    putPadded(p, size === 4 ? F.ipv4Destination : F.ipv6Destination, i + 1, len, size);
    i += 1 + len;
  }
}
