import { u16be } from '../../base/bytes.ts';
import { defineBits, namedFields, putBits } from '../bit-fields.ts';
import {
  AUTHENTICATION, EXTENDED_IP, EXTENDED_IS_REACHABILITY, HOSTNAME, IP_EXTERNAL, IP_INTERNAL, IPV6_REACHABILITY, IS_REACHABILITY, isisTlvFields, MULTI_TOPOLOGY, putEach, readCommon, readTlvs, TE_ROUTER_ID,
} from '../codecs/isis-tlv.ts';
import { putSystemId, SYSTEM_ID_LEN } from '../codecs/isis-id.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { CHECKSUM_STATUS } from '../ip-protocols.ts';
import type { PacketView } from '../packet-view.ts';
import { putPadded } from '../padded.ts';
import { DONE } from '../packet-view.ts';

// Length 2, remaining lifetime 2, identifier 8, sequence number 4, checksum 2, a byte of bits; then records.
const HEAD_LEN = 19;
const LSP_ID_LEN = SYSTEM_ID_LEN + 2;
const T = isisTlvFields('isis.lsp');

export const isisLspFields = defineFields({
  length: { name: 'isis.lsp.pdu_length', ...fixed('u16', 0, 'PDU length') },
  lifetime: { name: 'isis.lsp.remaining_life', ...fixed('u16', 2, 'Remaining lifetime') },
  id: { name: 'isis.lsp.lsp_id', ...put('string', 'LSP-ID') },
  sequence: { name: 'isis.lsp.sequence_number', ...fixed('u32', 12, 'Sequence number', { base: 'hex' }) },
  checksum: { name: 'isis.lsp.checksum', ...fixed('u16', 16, 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'isis.lsp.checksum.status', ...put('u8', 'Checksum Status', { base: 'none', values: CHECKSUM_STATUS }) },
  badChecksum: { name: 'isis.lsp.bad_checksum', ...put('none', 'Bad checksum') },
  repair: { name: 'isis.lsp.partition_repair', ...fixed('boolean', 18, 'Partition Repair', { mask: 0x80 }) },
  attachment: { name: 'isis.lsp.att', ...fixed('u8', 18, 'Attachment', { mask: 0x78 }) },
  overload: { name: 'isis.lsp.overload', ...fixed('boolean', 18, 'Overload bit', { mask: 0x04 }) },
  isType: { name: 'isis.lsp.is_type', ...fixed('u8', 18, 'Type of Intermediate System', { mask: 0x03 }) },
  hostname: { name: 'isis.lsp.hostname', ...put('string', 'Hostname') },
  routerId: { name: 'isis.lsp.clv_te_router_id', ...put('ipv4', 'Traffic Engineering Router ID') },
  multiTopology: { name: 'isis.lsp.clv_mt', ...put('u16', 'MT-ID', { base: 'hex' }) },
  authentication: { name: 'isis.lsp.authentication', ...put('bytes', 'Authentication') },
  isVirtual: { name: 'isis.lsp.is_virtual', ...put('boolean', 'IsVirtual') },
  neighbor: { name: 'isis.lsp.eis_neighbors.is_neighbor', ...put('string', 'IS Neighbor') },
  neighborReserved: { name: 'isis.lsp.eis_neighbors_clv_inner.reserved', ...put('u8', 'Reserved', { base: 'hex' }) },
  reachableIs: { name: 'isis.lsp.ext_is_reachability.is_neighbor_id', ...put('string', 'IS neighbor ID') },
  reachableIsMetric: { name: 'isis.lsp.ext_is_reachability.metric', ...put('u24', 'Metric') },
  reachableIsLength: { name: 'isis.lsp.ext_is_reachability.subclvs_length', ...put('u8', 'SubCLV Length') },
  prefix: { name: 'isis.lsp.ip_reachability.ipv4_prefix', ...put('ipv4', 'IPv4 prefix') },
  extMetric: { name: 'isis.lsp.ext_ip_reachability.metric', ...put('u32', 'Metric') },
  extDistribution: { name: 'isis.lsp.ext_ip_reachability.distribution', ...put('boolean', 'Distribution', { mask: 0x80 }) },
  extSub: { name: 'isis.lsp.ext_ip_reachability.subtlv', ...put('boolean', 'Sub-TLV', { mask: 0x40 }) },
  extLength: { name: 'isis.lsp.ext_ip_reachability.prefix_length', ...put('u8', 'Prefix Length', { mask: 0x3f }) },
  extPrefix: { name: 'isis.lsp.ext_ip_reachability.ipv4_prefix', ...put('ipv4', 'IPv4 prefix') },
  extSubLength: { name: 'isis.lsp.ext_ip_reachability.subclvs_length', ...put('u8', 'SubCLV Length') },
  v6Metric: { name: 'isis.lsp.ipv6_reachability.metric', ...put('u32', 'Metric') },
  v6Distribution: { name: 'isis.lsp.ipv6_reachability.distribution', ...put('boolean', 'Distribution', { mask: 0x80 }) },
  v6Internal: { name: 'isis.lsp.ipv6_reachability.distribution_internal', ...put('boolean', 'Distribution', { mask: 0x40 }) },
  v6Sub: { name: 'isis.lsp.ipv6_reachability.subtlv', ...put('boolean', 'Sub-TLV', { mask: 0x20 }) },
  v6Length: { name: 'isis.lsp.ipv6_reachability.prefix_length', ...put('u8', 'Prefix Length') },
  v6Prefix: { name: 'isis.lsp.ipv6_reachability.ipv6_prefix', ...put('ipv6', 'IPv6 prefix') },
});
const F = isisLspFields;

/** Which metrics a system of this type supports: the attachment bits, singly. */
const ATTACHED = defineBits('isis.lsp', [['.error_metric', 0x40, 'Error metric'], ['.expense_metric', 0x20, 'Expense metric'], ['.delay_metric', 0x10, 'Delay metric'], ['.default_metric', 0x08, 'Default metric']]);
const NEIGHBOR_DEFAULT = defineBits('isis.lsp.eis_neighbors', [
  ['.default_metric', 0x3f, 'Default Metric', 'u8'],
  ['.default_metric_ie', 0x40, 'Default Metric'],
]);
const NEIGHBOR_DELAY = defineBits('isis.lsp.eis_neighbors', [
  ['.delay_metric', 0x3f, 'Delay Metric', 'u8'],
  ['.delay_metric_ie', 0x40, 'Delay Metric'],
  ['isis.lsp.eis_neighbors_delay_metric.supported', 0x80, 'Delay Metric'],
]);
const NEIGHBOR_EXPENSE = defineBits('isis.lsp.eis_neighbors', [
  ['.expense_metric', 0x3f, 'Expense Metric', 'u8'],
  ['.expense_metric_supported', 0x80, 'Expense Metric'],
  ['.expense_metric_ie', 0x40, 'Expense Metric'],
]);
const NEIGHBOR_ERROR = defineBits('isis.lsp.eis_neighbors', [
  ['.error_metric', 0x3f, 'Error Metric', 'u8'],
  ['.error_metric_supported', 0x80, 'Error Metric'],
  ['.error_metric_ie', 0x40, 'Error Metric'],
]);
const IP_DEFAULT = defineBits('isis.lsp.ip_reachability', [
  ['.default_metric', 0x3f, 'Default Metric', 'u8'],
  ['.default_metric_ie', 0x40, 'Default Metric IE'],
  ['.distribution', 0x80, 'Distribution'],
]);
const IP_DELAY = defineBits('isis.lsp.ip_reachability', [
  ['.delay_metric', 0x3f, 'Delay Metric', 'u8'],
  ['.delay_metric_support', 0x80, 'Delay Metric'],
  ['.delay_metric_ie', 0x40, 'Delay Metric'],
]);
const IP_EXPENSE = defineBits('isis.lsp.ip_reachability', [
  ['.expense_metric', 0x3f, 'Expense Metric', 'u8'],
  ['.expense_metric_support', 0x80, 'Expense Metric'],
  ['.expense_metric_ie', 0x40, 'Expense Metric'],
]);
const IP_ERROR = defineBits('isis.lsp.ip_reachability', [
  ['.error_metric', 0x3f, 'Error Metric', 'u8'],
  ['.error_metric_support', 0x80, 'Error Metric'],
  ['.error_metric_ie', 0x40, 'Error Metric'],
]);

export const isisLsp = defineDissector({
  name: 'isis.lsp',
  title: 'ISO 10589 ISIS Link State Protocol Data Unit',
  short: 'ISIS LSP',
  column: 'ISIS LSP',
  spec: ['ISO 10589 §9.8', 'RFC 1195 §5.3', 'RFC 5305', 'RFC 5308'],
  over: {},
  fields: {
    ...F, t1: T.type, t2: T.length, t3: T.area, t4: T.protocol, t5: T.ip, t6: T.ipv6, t7: T.instance, t8: T.topology,
    ...namedFields(ATTACHED, NEIGHBOR_DEFAULT, NEIGHBOR_DELAY, NEIGHBOR_EXPENSE, NEIGHBOR_ERROR, IP_DEFAULT, IP_DELAY, IP_EXPENSE, IP_ERROR),
  },
  dissect(p, at, end) {
    if (end - at < HEAD_LEN) return p.tooShort(HEAD_LEN);
    if (!p.detail) return DONE;
    putSystemId(p, F.id, at + 4, LSP_ID_LEN);
    const last = Math.min(end, at - 8 + u16be(p.bytes, at));
    // The checksum covers what stands behind the lifetime; 0 = none.
    const isWhole = last - (at - 8) >= u16be(p.bytes, at) && u16be(p.bytes, at + 16) !== 0;
    const isGood = isWhole && fletcher(p.bytes, at + 4, last);
    if (isWhole) p.putInt(F.checksumStatus, at + 16, 0, isGood ? 1 : 0);
    else if (u16be(p.bytes, at + 16) === 0) p.putInt(F.checksumStatus, at + 16, 0, 3);
    if (isWhole && !isGood) p.expert('error', 'checksum', 'isis.lsp.bad_checksum', at + 16, 2);
    putBits(p, ATTACHED, at + 18, 1);
    return readTlvs(p, T, at + HEAD_LEN, Math.max(last, at + HEAD_LEN), readTlv) ? DONE : p.tooShort(end - at + 1);
  },
  info: (row) => `LSP-ID: ${row.text(F.id)}, Sequence: ${row.text(F.sequence)}, Lifetime: ${row.text(F.lifetime)}s`,
});
export default isisLsp;

/** Fletcher's checksum over `[at, end)`, in which the checksum itself stands: good where both sums are 0 (ISO 8473 annex C). */
function fletcher(b: Uint8Array, at: number, end: number): boolean {
  let c0 = 0;
  let c1 = 0;
  for (let i = at; i < end; i++) {
    c0 = (c0 + b[i]) % 255;
    c1 = (c1 + c0) % 255;
  }
  return c0 === 0 && c1 === 0;
}

function readTlv(p: PacketView, type: number, at: number, end: number): void {
  if (readCommon(p, T, type, at, end)) return;
  switch (type) {
    case IS_REACHABILITY: neighbors(p, at, end); return;
    case AUTHENTICATION: if (end > at + 1) p.put(F.authentication, at + 1, end - at - 1); return;
    case EXTENDED_IS_REACHABILITY: extendedIs(p, at, end); return;
    case IP_INTERNAL: case IP_EXTERNAL: ipReachability(p, at, end); return;
    case TE_ROUTER_ID: if (end - at >= 4) p.put(F.routerId, at, 4); return;
    case EXTENDED_IP: extendedIp(p, at, end); return;
    case HOSTNAME: p.put(F.hostname, at, end - at); return;
    case MULTI_TOPOLOGY: putEach(p, F.multiTopology, at, end, 2); return;
    case IPV6_REACHABILITY: ipv6(p, at, end);
  }
}

function neighbors(p: PacketView, at: number, end: number): void {
  if (end <= at) return;
  p.put(F.isVirtual, at, 1);
  for (let i = at + 1; i + 11 <= end; i += 11) {
    putBits(p, NEIGHBOR_DEFAULT, i, 1);
    putBits(p, NEIGHBOR_DELAY, i + 1, 1);
    putBits(p, NEIGHBOR_EXPENSE, i + 2, 1);
    putBits(p, NEIGHBOR_ERROR, i + 3, 1);
    putSystemId(p, F.neighbor, i + 4, SYSTEM_ID_LEN + 1);
  }
}

function extendedIs(p: PacketView, at: number, end: number): void {
  for (let i = at; i + 11 <= end; i += 11 + p.bytes[i + 10]) {
    putSystemId(p, F.reachableIs, i, SYSTEM_ID_LEN + 1);
    p.put(F.reachableIsMetric, i + 7, 3);
    p.put(F.reachableIsLength, i + 10, 1);
  }
}

function ipReachability(p: PacketView, at: number, end: number): void {
  for (let i = at; i + 12 <= end; i += 12) {
    p.put(F.prefix, i + 4, 4);
    putBits(p, IP_DEFAULT, i, 1);
    putBits(p, IP_DELAY, i + 1, 1);
    putBits(p, IP_EXPENSE, i + 2, 1);
    putBits(p, IP_ERROR, i + 3, 1);
  }
}

/** Prefixes take as many bytes as their length needs; the others are zero. */
function extendedIp(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i + 5 <= end; ) {
    const control = b[i + 4];
    const size = ((control & 0x3f) + 7) >> 3;
    if (size > 4 || i + 5 + size > end) return;
    p.put(F.extMetric, i, 4);
    p.put(F.extDistribution, i + 4, 1);
    p.put(F.extSub, i + 4, 1);
    p.put(F.extLength, i + 4, 1);
    putPadded(p, F.extPrefix, i + 5, size, 4);
    i += 5 + size;
    if ((control & 0x40) !== 0) {
      if (i >= end) return;
      p.put(F.extSubLength, i, 1);
      i += 1 + b[i];
    } else p.putInt(F.extSubLength, i, 0, 0);
  }
}

function ipv6(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i + 6 <= end; ) {
    const control = b[i + 4];
    const size = (b[i + 5] + 7) >> 3;
    if (size > 16 || i + 6 + size > end) return;
    p.put(F.v6Metric, i, 4);
    p.put(F.v6Distribution, i + 4, 1);
    p.put(F.v6Internal, i + 4, 1);
    p.put(F.v6Sub, i + 4, 1);
    p.put(F.v6Length, i + 5, 1);
    putPadded(p, F.v6Prefix, i + 6, size, 16);
    i += 6 + size;
    if ((control & 0x20) !== 0) i += i < end ? 1 + b[i] : 1;
  }
}
