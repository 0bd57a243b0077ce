import { u16be } from '../../base/bytes.ts';
import { putChecksum } from '../checksum.ts';
import { defineDissector, defineFields, put } from '../define-dissector.ts';
import { CHECKSUM_STATUS } from '../ip-protocols.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const QUERY = 0x11;
const REPORT_V1 = 0x12;
const REPORT_V2 = 0x16;
const LEAVE = 0x17;
const TRACE_RESPONSE = 0x1e;
const TRACE = 0x1f;
const REPORT_V3 = 0x22;
const TRACE_HEADER_LEN = 24;
const TRACE_BLOCK_LEN = 32;

const TYPES = {
  0x11: 'Membership Query', 0x12: 'Membership Report', 0x13: 'DVMRP Protocol', 0x14: 'PIM Routing Protocol', 0x16: 'Membership Report', 0x17: 'Leave Group',
  0x1e: 'Traceroute Response', 0x1f: 'Traceroute Message', 0x22: 'Membership Report',
} as const;
const RECORDS = {
  1: 'Mode Is Include', 2: 'Mode Is Exclude', 3: 'Change To Include Mode', 4: 'Change To Exclude Mode', 5: 'Allow New Sources', 6: 'Block Old Sources',
} as const;

export const igmpFields = defineFields({ 
  mtraceMaxHops: { name: 'igmp.mtrace.max_hops', ...put('u8', '# hops') },
  maddr: { name: 'igmp.maddr', ...put('ipv4', 'Multicast Address') },
  mtraceSaddr: { name: 'igmp.mtrace.saddr', ...put('ipv4', 'Source Address') },
  mtraceRaddr: { name: 'igmp.mtrace.raddr', ...put('ipv4', 'Receiver Address') },
  mtraceRspaddr: { name: 'igmp.mtrace.rspaddr', ...put('ipv4', 'Response Address') },
  mtraceRespTtl: { name: 'igmp.mtrace.resp_ttl', ...put('u8', 'Response TTL') },
  mtraceQId: { name: 'igmp.mtrace.q_id', ...put('u24', 'Query ID') },
  mtraceQArrival: { name: 'igmp.mtrace.q_arrival', ...put('u32', 'Query Arrival') },
  mtraceQInaddr: { name: 'igmp.mtrace.q_inaddr', ...put('ipv4', 'In itf addr') },
  mtraceQOutaddr: { name: 'igmp.mtrace.q_outaddr', ...put('ipv4', 'Out itf addr') },
  mtraceQPrevrtr: { name: 'igmp.mtrace.q_prevrtr', ...put('ipv4', 'Previous rtr addr') },
  mtraceQInpkt: { name: 'igmp.mtrace.q_inpkt', ...put('u32', 'In pkts') },
  mtraceQOutpkt: { name: 'igmp.mtrace.q_outpkt', ...put('u32', 'Out pkts') },
  mtraceQTotal: { name: 'igmp.mtrace.q_total', ...put('u32', 'S,G pkt count') },
  mtraceQRtgProto: { name: 'igmp.mtrace.q_rtg_proto', ...put('u8', 'Rtg Protocol') },
  mtraceQFwdTtl: { name: 'igmp.mtrace.q_fwd_ttl', ...put('u8', 'FwdTTL') },
  mtraceQMbz: { name: 'igmp.mtrace.q_mbz', ...put('u8', 'MBZ', { base: 'hex', mask: 0x80 }) },
  mtraceQS: { name: 'igmp.mtrace.q_s', ...put('u8', 'S', { base: 'hex', mask: 0x40 }) },
  mtraceQSrcMask: { name: 'igmp.mtrace.q_src_mask', ...put('u8', 'Src Mask', { base: 'hex', mask: 0x3f }) },
  mtraceQFwdCode: { name: 'igmp.mtrace.q_fwd_code', ...put('u8', 'Forwarding Code', { base: 'hex' }) },
  type: { name: 'igmp.type', ...put('u8', 'Type', { base: 'hex', values: TYPES }) },
  version: { name: 'igmp.version', ...put('u8', 'IGMP Version') },
  checksum: { name: 'igmp.checksum', ...put('u16', 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'igmp.checksum.status', ...put('u8', 'Checksum Status', { values: CHECKSUM_STATUS }) },
  reserved: { name: 'igmp.reserved', ...put('bytes', 'Reserved') },
  maxResp: { name: 'igmp.max_resp', ...put('u8', 'Max Resp Time') },
  s: { name: 'igmp.s', ...put('boolean', 'S', { mask: 0x8 }) },
  qrv: { name: 'igmp.qrv', ...put('u8', 'QRV', { mask: 0x7 }) },
  qqic: { name: 'igmp.qqic', ...put('u8', 'QQIC') },
  numSrc: { name: 'igmp.num_src', ...put('u16', 'Num Src') },
  saddr: { name: 'igmp.saddr', ...put('ipv4', 'Source Address') },
  numGrpRecs: { name: 'igmp.num_grp_recs', ...put('u16', 'Num Group Records') },
  recordType: { name: 'igmp.record_type', ...put('u8', 'Record Type', { values: RECORDS }) },
  auxDataLen: { name: 'igmp.aux_data_len', ...put('u8', 'Aux Data Len') },
  auxData: { name: 'igmp.aux_data', ...put('bytes', 'Aux Data') },
  noteBadChecksum: { name: 'igmp.bad_checksum', ...put('none', 'Bad checksum') },
});
const F = igmpFields;

const TRACE_PART = layout({ 1: F.mtraceMaxHops, 4: F.maddr, 8: F.mtraceSaddr, 12: F.mtraceRaddr, 16: F.mtraceRspaddr, 20: F.mtraceRespTtl, 21: F.mtraceQId });
const TRACE_BLOCK = layout({
  0: F.mtraceQArrival, 4: F.mtraceQInaddr, 8: F.mtraceQOutaddr, 12: F.mtraceQPrevrtr, 16: F.mtraceQInpkt, 20: F.mtraceQOutpkt, 24: F.mtraceQTotal,
  28: F.mtraceQRtgProto, 29: F.mtraceQFwdTtl, 30: [F.mtraceQMbz, F.mtraceQS, F.mtraceQSrcMask], 31: F.mtraceQFwdCode,
});

/** Versions 1 to 3 and multicast traceroute. */
export const igmp = defineDissector({
  name: 'igmp',
  title: 'Internet Group Management Protocol',
  spec: ['RFC 1112', 'RFC 2236', 'RFC 3376', 'draft-ietf-idmr-traceroute-ipm'],
  over: { 'igmp.type': [QUERY, REPORT_V1, REPORT_V2, LEAVE, TRACE_RESPONSE, TRACE, REPORT_V3] },
  column: (row) => (row.has(F.version) ? `IGMPv${row.text(F.version)}` : 'IGMP'),
  fields: igmpFields,
  dissect(p, at, end) {
    if (end - at < 1) return p.tooShort(1);
    const b = p.bytes;
    const type = b[at];
    p.put(F.type, at, 1);
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const isThird = type === REPORT_V3 || (type === QUERY && p.wireEnd - at >= 12);
    const isFirst = type === REPORT_V1 || (type === QUERY && !isThird && b[at + 1] === 0);
    if (type !== TRACE && type !== TRACE_RESPONSE) p.putInt(F.version, at, 0, isThird ? 3 : isFirst ? 1 : 2);
    p.put(F.checksum, at + 2, 2);
    putChecksum(p, F.checksumStatus, 'igmp.bad_checksum', at + 2, at, p.wireEnd);
    switch (type) {
      case QUERY: case REPORT_V1: case REPORT_V2: case LEAVE:
        p.put(isFirst ? F.reserved : F.maxResp, at + 1, 1);
        p.put(F.maddr, at + 4, 4);
        return isThird ? putQuery(p, at, end) : DONE;
      case REPORT_V3: return putReport(p, at, end);
      case TRACE: case TRACE_RESPONSE: return putTrace(p, at, end);
      default: return DONE;
    }
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? 'Unknown type',
});
export default igmp;

/** What version 3 adds to a query (RFC 3376 §4.1). */
function putQuery(p: PacketView, at: number, end: number): number {
  if (end - at < 12) return p.tooShort(12);
  p.put(F.s, at + 8, 1);
  p.put(F.qrv, at + 8, 1);
  p.put(F.qqic, at + 9, 1);
  p.put(F.numSrc, at + 10, 2);
  let i = at + 12;
  for (let n = u16be(p.bytes, at + 10); n > 0; n--, i += 4) {
    if (i + 4 > end) return p.tooShort(i + 4 - at);
    p.put(F.saddr, i, 4);
  }
  return DONE;
}

function putReport(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  p.put(F.reserved, at + 1, 1);
  p.put(F.reserved, at + 4, 2);
  p.put(F.numGrpRecs, at + 6, 2);
  let i = at + HEADER_LEN;
  for (let n = u16be(b, at + 6); n > 0; n--) {
    if (i + 8 > end) return p.tooShort(i + 8 - at);
    const sources = u16be(b, i + 2);
    const aux = 4 * b[i + 1];
    p.put(F.recordType, i, 1);
    p.put(F.auxDataLen, i + 1, 1);
    p.put(F.numSrc, i + 2, 2);
    p.put(F.maddr, i + 4, 4);
    i += 8;
    for (let k = 0; k < sources; k++, i += 4) {
      if (i + 4 > end) return p.tooShort(i + 4 - at);
      p.put(F.saddr, i, 4);
    }
    if (aux > 0 && i + aux <= end) p.put(F.auxData, i, aux);
    i += aux;
  }
  return DONE;
}

function putTrace(p: PacketView, at: number, end: number): number {
  if (!putLayout(p, TRACE_PART, at, end)) return p.tooShort(TRACE_HEADER_LEN);
  for (let i = at + TRACE_HEADER_LEN; i < end; i += TRACE_BLOCK_LEN) if (!putLayout(p, TRACE_BLOCK, i, end)) return p.tooShort(i + TRACE_BLOCK_LEN - at);
  return DONE;
}
