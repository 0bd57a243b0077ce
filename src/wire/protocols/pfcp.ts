import { u16be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const SESSION = 0x01;
const MAX_DEPTH = 6;
const VENDOR = 0x8000;

const MESSAGES = {
  1: 'PFCP Heartbeat Request', 2: 'PFCP Heartbeat Response', 3: 'PFCP PFD Management Request', 4: 'PFCP PFD Management Response', 5: 'PFCP Association Setup Request',
  6: 'PFCP Association Setup Response', 7: 'PFCP Association Update Request', 8: 'PFCP Association Update Response', 9: 'PFCP Association Release Request',
  10: 'PFCP Association Release Response', 11: 'PFCP Version Not Supported Response', 12: 'PFCP Node Report Request', 13: 'PFCP Node Report Response',
  14: 'PFCP Session Set Deletion Request', 15: 'PFCP Session Set Deletion Response', 50: 'PFCP Session Establishment Request',
  51: 'PFCP Session Establishment Response', 52: 'PFCP Session Modification Request', 53: 'PFCP Session Modification Response',
  54: 'PFCP Session Deletion Request', 55: 'PFCP Session Deletion Response', 56: 'PFCP Session Report Request', 57: 'PFCP Session Report Response',
} as const;

export const pfcpFields = defineFields({ 
  flags: { name: 'pfcp.flags', ...fixed('u8', 0, 'Flags', { base: 'hex' }) },
  version: { name: 'pfcp.version', ...fixed('u8', 0, 'Version', { mask: 0xe0 }) },
  spareB4: { name: 'pfcp.spare_b4', ...fixed('u8', 0, 'Spare', { mask: 0x10 }) },
  spareB3: { name: 'pfcp.spare_b3', ...fixed('u8', 0, 'Spare', { mask: 0x8 }) },
  foFlag: { name: 'pfcp.fo_flag', ...fixed('boolean', 0, 'Follow On (FO)', { mask: 0x4 }) },
  mpFlag: { name: 'pfcp.mp_flag', ...fixed('boolean', 0, 'Message Priority (MP)', { mask: 0x2 }) },
  s: { name: 'pfcp.s', ...fixed('boolean', 0, 'SEID (S)', { mask: 0x1 }) },
  msgType: { name: 'pfcp.msg_type', ...fixed('u8', 1, 'Message Type', { values: MESSAGES }) },
  length: { name: 'pfcp.length', ...fixed('u16', 2, 'Length') },
  cause: { name: 'pfcp.cause', ...put('u8', 'Cause') },
  sourceInterface: { name: 'pfcp.source_interface', ...put('u8', 'Source Interface', { mask: 0xf }) },
  sequenceNumber: { name: 'pfcp.sequence_number', ...put('u32', 'Sequence Number') },
  pdrId: { name: 'pfcp.pdr_id', ...put('u16', 'Rule ID') },
  seid: { name: 'pfcp.seid', ...put('u64', 'SEID', { base: 'hex' }) },
  seqno: { name: 'pfcp.seqno', ...put('u24', 'Sequence Number') },
  spareOct: { name: 'pfcp.spare_oct', ...put('u8', 'Spare') },
  responseTo: { name: 'pfcp.response_to', ...put('framenum', 'Response To') },
  responseTime: { name: 'pfcp.response_time', ...put('reltime', 'Response Time') },
  fSeidFlagsV4: { name: 'pfcp.f_seid_flags.v4', ...put('boolean', 'V4 (IPv4)', { mask: 0x2 }) },
  fSeidFlagsV6: { name: 'pfcp.f_seid_flags.v6', ...put('boolean', 'V6 (IPv6)', { mask: 0x1 }) },
  ieType: { name: 'pfcp.ie_type', ...put('u16', 'IE Type') },
  ieLen: { name: 'pfcp.ie_len', ...put('u16', 'IE Length') },
  nodeIdType: { name: 'pfcp.node_id_type', ...put('u8', 'Address Type', { mask: 0xf }) },
  nodeIdIpv4: { name: 'pfcp.node_id_ipv4', ...put('ipv4', 'IPv4') },
  nodeIdIpv6: { name: 'pfcp.node_id_ipv6', ...put('ipv6', 'IPv6') },
  fSeidIpv4: { name: 'pfcp.f_seid.ipv4', ...put('ipv4', 'IPv4 address') },
});
const F = pfcpFields;

/** Elements that hold others (3GPP TS 29.244 §8.1.2). */
const GROUPED: ReadonlySet<number> = new Set([
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 51, 54, 58, 59, 68, 77, 78, 79, 80, 83, 85, 86, 87, 99, 105, 118, 127, 128, 129, 132, 143, 147,
  165, 166, 167, 168, 169, 170, 171, 175, 176, 183, 188, 189, 190,
]);
/** Elements with one value at their beginning. */
const VALUES: Readonly<Record<number, Field>> = { 19: F.cause, 20: F.sourceInterface, 52: F.sequenceNumber, 56: F.pdrId };

export const pfcp = defineDissector({
  name: 'pfcp',
  title: 'Packet Forwarding Control Protocol',
  spec: ['3GPP TS 29.244 §7, §8'],
  over: { 'udp.port': [8805] },
  fields: pfcpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    if (b[at] >> 5 !== 1) return DECLINE;
    let i = at + 4;
    if ((b[at] & SESSION) !== 0) {
      if (end - at < 16) return p.tooShort(16);
      p.put(F.seid, i, 8);
      i += 8;
    }
    p.put(F.seqno, i, 3);
    p.put(F.spareOct, i + 3, 1);
    if (p.track) pair(p, at, (b[i] << 16) | (b[i + 1] << 8) | b[i + 2]);
    putElements(p, i + 4, Math.min(end, at + 4 + u16be(b, at + 2)), 0);
    return DONE;
  },
  info: (row) => (MESSAGES as Readonly<Record<number, string>>)[row.num(F.msgType)] ?? 'Unknown',
});
export default pfcp;

/** Requests have odd types below 50 and even ones from there on; a response has the next. */
function pair(p: PacketView, at: number, sequence: number): void {
  if (p.flow < 0) return;
  const type = p.bytes[at + 1];
  const isRequest = type < 50 ? (type & 1) !== 0 && type !== 11 : (type & 1) === 0;
  const { pending } = p.trackers;
  const kind = p.id('pfcp');
  if (isRequest) pending.ask(kind, p.flow, sequence, p.frame, p.seconds, p.nanoseconds);
  else {
    const i = pending.find(kind, p.flow, sequence);
    if (i < 0) return;
    p.putInt(F.responseTo, at, 0, pending.frame[i]);
    p.putSince(F.responseTime, pending.seconds[i], pending.nanos[i]);
  }
}

const NODE_ID = 60;
const F_SEID = 57;
const F_SEID_PART = layout({ 0: [F.fSeidFlagsV4, F.fSeidFlagsV6], 1: F.seid });

function putElements(p: PacketView, at: number, end: number, depth: number): void {
  const b = p.bytes;
  for (let i = at; i + 4 <= end;) {
    const type = u16be(b, i);
    const value = i + 4;
    const next = value + u16be(b, i + 2);
    p.put(F.ieType, i, 2);
    p.put(F.ieLen, i + 2, 2);
    if (next > end) return;
    const size = next - value;
    const single = VALUES[type];
    if (single !== undefined && size > 0) p.put(single, value, size);
    else if (type === NODE_ID && size >= 5) {
      p.put(F.nodeIdType, value, 1);
      if ((b[value] & 15) === 0) p.put(F.nodeIdIpv4, value + 1, 4);
      else if ((b[value] & 15) === 1 && size >= 17) p.put(F.nodeIdIpv6, value + 1, 16);
    } else if (type === F_SEID && putLayout(p, F_SEID_PART, value, next)) {
      if ((b[value] & 2) !== 0 && size >= 13) p.put(F.fSeidIpv4, value + 9, 4);
    } else if ((type & VENDOR) === 0 && GROUPED.has(type) && depth < MAX_DEPTH) putElements(p, value, next, depth + 1);
    i = next;
  }
}
