import { u16be } from '../../base/bytes.ts';
import { skipName } from '../codecs/dns-name.ts';
import { NETBIOS_NAME, decodeNetbios, netbiosStem, netbiosText, netbiosTitle } from '../codecs/netbios-name.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE, unfit } from '../packet-view.ts';

const HEADER_LEN = 12;
const QR = 0x8000;
const NB = 32;
const NBSTAT = 33;
/** A name that stands here is a length, 32 letters, maybe a scope, and a zero. */
const LABEL_LEN = 32;

const OPCODES = { 0: 'Name query', 5: 'Registration', 6: 'Release', 7: 'WACK', 8: 'Refresh', 9: 'Refresh(altcode)', 15: 'Multi-homed registration' } as const;
const TYPES = { 32: 'NB', 33: 'NBSTAT' } as const;

export const nbnsFields = defineFields({ 
  id: { name: 'nbns.id', ...fixed('u16', 0, 'Transaction ID', { base: 'hex' }) },
  flags: { name: 'nbns.flags', ...fixed('u16', 2, 'Flags', { base: 'hex' }) },
  flagsResponse: { name: 'nbns.flags.response', ...fixed('boolean', 2, 'Response', { mask: 0x8000, size: 2 }) },
  flagsOpcode: { name: 'nbns.flags.opcode', ...fixed('u16', 2, 'Opcode', { mask: 0x7800, values: OPCODES }) },
  countQueries: { name: 'nbns.count.queries', ...put('u16', 'Questions') },
  countAnswers: { name: 'nbns.count.answers', ...put('u16', 'Answer RRs') },
  countAuthRr: { name: 'nbns.count.auth_rr', ...put('u16', 'Authority RRs') },
  countAddRr: { name: 'nbns.count.add_rr', ...put('u16', 'Additional RRs') },
  flagsTruncated: { name: 'nbns.flags.truncated', ...put('boolean', 'Truncated', { mask: 0x200, size: 2 }) },
  flagsRecdesired: { name: 'nbns.flags.recdesired', ...put('boolean', 'Recursion desired', { mask: 0x100, size: 2 }) },
  flagsBroadcast: { name: 'nbns.flags.broadcast', ...put('boolean', 'Broadcast', { mask: 0x10, size: 2 }) },
  flagsAuthoritative: { name: 'nbns.flags.authoritative', ...put('boolean', 'Authoritative', { mask: 0x400, size: 2 }) },
  flagsRecavail: { name: 'nbns.flags.recavail', ...put('boolean', 'Recursion available', { mask: 0x80, size: 2 }) },
  flagsRcode: { name: 'nbns.flags.rcode', ...put('u16', 'Reply code', { mask: 0xf }) },
  nbFlags: { name: 'nbns.nb_flags', ...put('u16', 'Name flags', { base: 'hex' }) },
  nbFlagsGroup: { name: 'nbns.nb_flags.group', ...put('boolean', 'Name type', { mask: 0x8000, size: 2 }) },
  nbFlagsOnt: { name: 'nbns.nb_flags.ont', ...put('u16', 'ONT', { mask: 0x6000 }) },
  addr: { name: 'nbns.addr', ...put('ipv4', 'Addr') },
  nameFlags: { name: 'nbns.name_flags', ...put('u16', 'Name flags', { base: 'hex' }) },
  nameFlagsGroup: { name: 'nbns.name_flags.group', ...put('boolean', 'Name type', { mask: 0x8000, size: 2 }) },
  nameFlagsOnt: { name: 'nbns.name_flags.ont', ...put('u16', 'ONT', { mask: 0x6000 }) },
  nameFlagsDrg: { name: 'nbns.name_flags.drg', ...put('boolean', 'Name is being deregistered', { mask: 0x1000, size: 2 }) },
  nameFlagsCnf: { name: 'nbns.name_flags.cnf', ...put('boolean', 'Name is in conflict', { mask: 0x800, size: 2 }) },
  nameFlagsAct: { name: 'nbns.name_flags.act', ...put('boolean', 'Name is active', { mask: 0x400, size: 2 }) },
  nameFlagsPrm: { name: 'nbns.name_flags.prm', ...put('boolean', 'Permanent node name', { mask: 0x200, size: 2 }) },
  unitId: { name: 'nbns.unit_id', ...put('ether', 'Unit ID') },
  jumpers: { name: 'nbns.jumpers', ...put('u8', 'Jumpers', { base: 'hex' }) },
  testResult: { name: 'nbns.test_result', ...put('u8', 'Test result', { base: 'hex' }) },
  versionNumber: { name: 'nbns.version_number', ...put('u16', 'Version number', { base: 'hex' }) },
  periodOfStatistics: { name: 'nbns.period_of_statistics', ...put('u16', 'Period of statistics', { base: 'hex' }) },
  numCrcs: { name: 'nbns.num_crcs', ...put('u16', 'Number of CRCs') },
  numAlignmentErrors: { name: 'nbns.num_alignment_errors', ...put('u16', 'Number of alignment errors') },
  numCollisions: { name: 'nbns.num_collisions', ...put('u16', 'Number of collisions') },
  numSendAborts: { name: 'nbns.num_send_aborts', ...put('u16', 'Number of send aborts') },
  numGoodSends: { name: 'nbns.num_good_sends', ...put('u32', 'Number of good sends') },
  numGoodReceives: { name: 'nbns.num_good_receives', ...put('u32', 'Number of good receives') },
  numretransmits: { name: 'nbns.numretransmits', ...put('u16', 'Number of retransmits') },
  numNoResourceConditions: { name: 'nbns.num_no_resource_conditions', ...put('u16', 'Number of no resource conditions') },
  numcommandBlocks: { name: 'nbns.numcommand_blocks', ...put('u16', 'Number of command blocks') },
  numpendingSessions: { name: 'nbns.numpending_sessions', ...put('u16', 'Number of pending sessions') },
  maxNumPendingSessions: { name: 'nbns.max_num_pending_sessions', ...put('u16', 'Max number of pending sessions') },
  maxTotalSessionsPossible: { name: 'nbns.max_total_sessions_possible', ...put('u16', 'Max total sessions possible') },
  sessionDataPacketSize: { name: 'nbns.session_data_packet_size', ...put('u16', 'Session data packet size') },
  name: { name: 'nbns.name', ...put('string', 'Name') },
  type: { name: 'nbns.type', ...put('u16', 'Type', { values: TYPES }) },
  class: { name: 'nbns.class', ...put('u16', 'Class') },
  ttl: { name: 'nbns.ttl', ...put('u32', 'Time to live') },
  dataLength: { name: 'nbns.data_length', ...put('u16', 'Data length') },
  data: { name: 'nbns.data', ...put('bytes', 'Data') },
  numberOfNames: { name: 'nbns.number_of_names', ...put('u8', 'Number of names') },
  netbiosName: { name: 'nbns.netbios_name', ...put('string', 'Name') },
});
const F = nbnsFields;

const COUNTS = layout({ 4: F.countQueries, 6: F.countAnswers, 8: F.countAuthRr, 10: F.countAddRr });
const REQUEST_FLAGS = layout({ 2: [F.flagsTruncated, F.flagsRecdesired, F.flagsBroadcast] });
const RESPONSE_FLAGS = layout({ 2: [F.flagsAuthoritative, F.flagsTruncated, F.flagsRecdesired, F.flagsRecavail, F.flagsBroadcast, F.flagsRcode] });
const ADDRESS = layout({ 0: [F.nbFlags, F.nbFlagsGroup, F.nbFlagsOnt], 2: F.addr });
const NODE_NAME = layout({
  0: [F.nameFlags, F.nameFlagsGroup, F.nameFlagsOnt, F.nameFlagsDrg, F.nameFlagsCnf, F.nameFlagsAct, F.nameFlagsPrm],
});
const STATISTICS = layout({
  0: F.unitId, 6: F.jumpers, 7: F.testResult, 8: F.versionNumber, 10: F.periodOfStatistics, 12: F.numCrcs, 14: F.numAlignmentErrors, 16: F.numCollisions,
  18: F.numSendAborts, 20: F.numGoodSends, 24: F.numGoodReceives, 28: F.numretransmits, 30: F.numNoResourceConditions, 32: F.numcommandBlocks,
  34: F.numpendingSessions, 36: F.maxNumPendingSessions, 38: F.maxTotalSessionsPossible, 40: F.sessionDataPacketSize,
});

/** NetBIOS over UDP, name service: DNS's message with names of another kind. */
export const nbns = defineDissector({
  name: 'nbns',
  title: 'NetBIOS Name Service',
  spec: ['RFC 1002 §4.2'],
  over: { 'udp.port': [137] },
  fields: nbnsFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    putLayout(p, (u16be(b, at + 2) & QR) !== 0 ? RESPONSE_FLAGS : REQUEST_FLAGS, at, end);
    putLayout(p, COUNTS, at, end);
    let i = at + HEADER_LEN;
    for (let n = u16be(b, at + 4); n > 0; n--) {
      i = putQuestion(p, at, i, end);
      if (i < 0) return unfit(p);
    }
    for (let n = u16be(b, at + 6) + u16be(b, at + 8) + u16be(b, at + 10); n > 0; n--) {
      i = putRecord(p, at, i, end);
      if (i < 0) return unfit(p);
    }
    return DONE;
  },
  info: (row) => `${(OPCODES as Readonly<Record<number, string>>)[row.num(F.flagsOpcode)] ?? 'Unknown operation'} ${row.text(F.name)}`,
});
export default nbns;

/** Puts name, type and class; returns where they end, -1 where they do not fit. */
function putQuestion(p: PacketView, message: number, at: number, end: number, text = netbiosText): number {
  const b = p.bytes;
  const next = skipName(b, at, end);
  if (next < 0 || next + 4 > end) return -1;
  const pointer = b[at] >= 0xc0;
  const nameAt = pointer ? message + (u16be(b, at) & 0x3fff) : at;
  if (p.wants(F.name) && nameAt < end && b[nameAt] === LABEL_LEN) {
    const name = decodeNetbios(b, nameAt + 1, end);
    if (name !== undefined) p.putText(F.name, pointer ? at : at + 1, next - at, text(name, 0) + scopeText(p, nameAt + 1 + LABEL_LEN, end));
  }
  p.put(F.type, next, 2);
  p.put(F.class, next + 2, 2);
  return next + 4;
}

/** The scope behind a name (RFC 1001 §14.1), `.example.test`. */
function scopeText(p: PacketView, at: number, end: number): string {
  let text = '';
  for (let i = at; i < end && p.bytes[i] > 0 && p.bytes[i] < 64 && i + 1 + p.bytes[i] <= end; i += 1 + p.bytes[i]) {
    text += `.${p.host.utf8(p.bytes, i + 1, i + 1 + p.bytes[i])}`;
  }
  return text;
}

function putRecord(p: PacketView, message: number, at: number, end: number): number {
  const b = p.bytes;
  const i = putQuestion(p, message, at, end, netbiosTitle);
  if (i < 0 || i + 6 > end) return -1;
  const type = u16be(b, i - 4);
  const length = u16be(b, i + 4);
  const data = i + 6;
  const next = data + length;
  p.put(F.ttl, i, 4);
  p.put(F.dataLength, i + 4, 2);
  if (next > end) return -1;
  if (type === NB) for (let k = data; k + ADDRESS.length <= next; k += ADDRESS.length) putLayout(p, ADDRESS, k, next);
  else if (type === NBSTAT && length > 0) putStatus(p, data, next);
  else if (length > 0) p.put(F.data, data, length);
  return next;
}

/** Names of a node and its counters (RFC 1002 §4.2.18). */
function putStatus(p: PacketView, at: number, end: number): void {
  p.put(F.numberOfNames, at, 1);
  let i = at + 1;
  for (let n = p.bytes[at]; n > 0 && i + NETBIOS_NAME + 2 <= end; n--, i += NETBIOS_NAME + 2) {
    if (p.wants(F.netbiosName)) p.putText(F.netbiosName, i, NETBIOS_NAME, netbiosStem(p.bytes, i));
    putLayout(p, NODE_NAME, i + NETBIOS_NAME, end);
  }
  putLayout(p, STATISTICS, i, end);
}
