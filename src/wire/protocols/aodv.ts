import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { Layout } from '../layout.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const TYPES = {
  1: 'Route Request', 2: 'Route Reply', 3: 'Route Error', 4: 'Route Reply Acknowledgment', 16: 'IPv6 Route Request', 17: 'IPv6 Route Reply',
  18: 'IPv6 Route Error', 19: 'IPv6 Route Reply Acknowledgment',
} as const;

export const aodvFields = defineFields({ 
  type: { name: 'aodv.type', ...fixed('u8', 0, 'Type', { values: TYPES }) },
  flags: { name: 'aodv.flags', ...put('u16', 'Flags') },
  flagsRreqJoin: { name: 'aodv.flags.rreq_join', ...put('boolean', 'RREQ Join', { mask: 0x8000, size: 2 }) },
  flagsRreqRepair: { name: 'aodv.flags.rreq_repair', ...put('boolean', 'RREQ Repair', { mask: 0x4000, size: 2 }) },
  flagsRreqGratuitous: { name: 'aodv.flags.rreq_gratuitous', ...put('boolean', 'RREQ Gratuitous RREP', { mask: 0x2000, size: 2 }) },
  flagsRreqDestinationonly: { name: 'aodv.flags.rreq_destinationonly', ...put('boolean', 'RREQ Destination only', { mask: 0x1000, size: 2 }) },
  flagsRreqUnknown: { name: 'aodv.flags.rreq_unknown', ...put('boolean', 'RREQ Unknown Sequence Number', { mask: 0x800, size: 2 }) },
  flagsRrepRepair: { name: 'aodv.flags.rrep_repair', ...put('boolean', 'RREP Repair', { mask: 0x8000, size: 2 }) },
  flagsRrepAck: { name: 'aodv.flags.rrep_ack', ...put('boolean', 'RREP Acknowledgement', { mask: 0x4000, size: 2 }) },
  flagsRerrNodelete: { name: 'aodv.flags.rerr_nodelete', ...put('boolean', 'RERR No Delete', { mask: 0x8000, size: 2 }) },
  hopcount: { name: 'aodv.hopcount', ...put('u8', 'Hop Count') },
  rreqId: { name: 'aodv.rreq_id', ...put('u32', 'RREQ Id') },
  destIp: { name: 'aodv.dest_ip', ...put('ipv4', 'Destination IP') },
  destSeqno: { name: 'aodv.dest_seqno', ...put('u32', 'Destination Sequence Number') },
  origIp: { name: 'aodv.orig_ip', ...put('ipv4', 'Originator IP') },
  origSeqno: { name: 'aodv.orig_seqno', ...put('u32', 'Originator Sequence Number') },
  prefixSz: { name: 'aodv.prefix_sz', ...put('u8', 'Prefix Size') },
  lifetime: { name: 'aodv.lifetime', ...put('u32', 'Lifetime') },
  destcount: { name: 'aodv.destcount', ...put('u8', 'Destination Count') },
  destIpv6: { name: 'aodv.dest_ipv6', ...put('ipv6', 'Destination IPv6') },
  origIpv6: { name: 'aodv.orig_ipv6', ...put('ipv6', 'Originator IPv6') },
  unreachDestIp: { name: 'aodv.unreach_dest_ip', ...put('ipv4', 'Unreachable Destination IP') },
  unreachDestIpv6: { name: 'aodv.unreach_dest_ipv6', ...put('ipv6', 'Unreachable Destination IPv6') },
  extType: { name: 'aodv.ext_type', ...put('u8', 'Extension Type') },
  extLength: { name: 'aodv.ext_length', ...put('u8', 'Extension Length') },
  helloInterval: { name: 'aodv.hello_interval', ...put('u32', 'Hello Interval') },
  timestamp: { name: 'aodv.timestamp', ...put('u64', 'Timestamp') },
});
const F = aodvFields;

const REQUEST_FLAGS = [F.flags, F.flagsRreqJoin, F.flagsRreqRepair, F.flagsRreqGratuitous, F.flagsRreqDestinationonly, F.flagsRreqUnknown];
const REPLY_FLAGS = [F.flags, F.flagsRrepRepair, F.flagsRrepAck];
const ERROR_FLAGS = [F.flags, F.flagsRerrNodelete];

/** Bodies by type (RFC 3561 §5). The IPv6 draft moves the sequence number of the destination in front of its address. */
const BODIES: Readonly<Record<number, Layout>> = {
  1: layout({ 1: REQUEST_FLAGS, 3: F.hopcount, 4: F.rreqId, 8: F.destIp, 12: F.destSeqno, 16: F.origIp, 20: F.origSeqno }),
  2: layout({ 1: REPLY_FLAGS, 2: F.prefixSz, 3: F.hopcount, 4: F.destIp, 8: F.destSeqno, 12: F.origIp, 16: F.lifetime }),
  3: layout({ 1: ERROR_FLAGS, 3: F.destcount }),
  16: layout({ 1: REQUEST_FLAGS, 3: F.hopcount, 4: F.rreqId, 8: F.destSeqno, 12: F.destIpv6, 28: F.origSeqno, 32: F.origIpv6 }),
  17: layout({ 1: REPLY_FLAGS, 2: F.prefixSz, 3: F.hopcount, 4: F.destSeqno, 8: F.destIpv6, 24: F.origIpv6, 40: F.lifetime }),
  18: layout({ 1: ERROR_FLAGS, 3: F.destcount }),
};

export const aodv = defineDissector({
  name: 'aodv',
  title: 'Ad hoc On-demand Distance Vector Routing Protocol',
  spec: ['RFC 3561 §5'],
  over: { 'udp.port': [654] },
  fields: aodvFields,
  dissect(p, at, end) {
    if (end - at < 1) return p.tooShort(1);
    const type = p.bytes[at];
    const body = BODIES[type];
    if (body === undefined) return DONE;
    if (!putLayout(p, body, at, end)) return p.tooShort(body.length);
    if (type === 3 || type === 18) return putUnreachable(p, at, end, type === 3 ? 4 : 16);
    return putExtensions(p, at + body.length, end);
  },
  info: (row) => (TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? 'Unknown',
});
export default aodv;

function putUnreachable(p: PacketView, at: number, end: number, size: 4 | 16): number {
  let i = at + 4;
  for (let n = p.bytes[at + 3]; n > 0; n--, i += size + 4) {
    if (i + size + 4 > end) return p.tooShort(i + size + 4 - at);
    p.put(size === 4 ? F.unreachDestIp : F.unreachDestIpv6, size === 4 ? i : i + 4, size);
    p.put(F.destSeqno, size === 4 ? i + 4 : i, 4);
  }
  return DONE;
}

function putExtensions(p: PacketView, at: number, end: number): number {
  for (let i = at; i + 2 <= end; i += 2 + p.bytes[i + 1]) {
    p.put(F.extType, i, 1);
    p.put(F.extLength, i + 1, 1);
    if (p.bytes[i + 1] === 0) {
      p.expert('error', 'malformed', 'aodv.ext_length.invalid', i + 1, 1);
      return DONE;
    }
    if (p.bytes[i] === 1 && p.bytes[i + 1] === 4 && i + 6 <= end) p.put(F.helloInterval, i + 2, 4);
    if (p.bytes[i] === 2 && p.bytes[i + 1] === 8 && i + 10 <= end) p.put(F.timestamp, i + 2, 8);
  }
  return DONE;
}
