import { u16be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 48;
const CONTROL_LEN = 12;
const PRIVATE_LEN = 8;
const CONTROL = 6;
const PRIVATE = 7;
/** Seconds from 1900 to 1970 (RFC 5905 §6). */
const EPOCH_SECONDS = 2_208_988_800;
/** Times with the top bit clear are of the era that begins in 2036. */
const ERA_SECONDS = 0x1_0000_0000;
const READ_STATUS = 1;
const MIN_EXTENSION = 16;
const MAX_MAC = 24;

const MODES = {
  0: 'reserved', 1: 'symmetric active', 2: 'symmetric passive', 3: 'client', 4: 'server', 5: 'broadcast', 6: 'reserved for NTP control message',
  7: 'reserved for private use',
} as const;
const LEAPS = { 0: 'no warning', 1: 'last minute of the day has 61 seconds', 2: 'last minute of the day has 59 seconds', 3: 'unknown (clock unsynchronized)' } as const;

export const ntpFields = defineFields({ 
  flags: { name: 'ntp.flags', ...fixed('u8', 0, 'Flags', { base: 'hex' }) },
  flagsVn: { name: 'ntp.flags.vn', ...fixed('u8', 0, 'Version number', { mask: 0x38 }) },
  flagsMode: { name: 'ntp.flags.mode', ...fixed('u8', 0, 'Mode', { mask: 0x7, values: MODES }) },
  flagsLi: { name: 'ntp.flags.li', ...put('u8', 'Leap Indicator', { mask: 0xc0, values: LEAPS }) },
  stratum: { name: 'ntp.stratum', ...put('u8', 'Peer Clock Stratum') },
  ppoll: { name: 'ntp.ppoll', ...put('u8', 'Peer Polling Interval') },
  precision: { name: 'ntp.precision', ...put('u8', 'Peer Clock Precision') },
  rootdelay: { name: 'ntp.rootdelay', ...put('u32', 'Root Delay') },
  rootdispersion: { name: 'ntp.rootdispersion', ...put('u32', 'Root Dispersion') },
  refid: { name: 'ntp.refid', ...put('bytes', 'Reference ID') },
  ctrlFlags2: { name: 'ntp.ctrl.flags2', ...put('u8', 'Flags 2', { base: 'hex' }) },
  ctrlFlags2R: { name: 'ntp.ctrl.flags2.r', ...put('u8', 'Response bit', { mask: 0x80 }) },
  ctrlFlags2Error: { name: 'ntp.ctrl.flags2.error', ...put('u8', 'Error bit', { mask: 0x40 }) },
  ctrlFlags2More: { name: 'ntp.ctrl.flags2.more', ...put('u8', 'More bit', { mask: 0x20 }) },
  ctrlFlags2Opcode: { name: 'ntp.ctrl.flags2.opcode', ...put('u8', 'Opcode', { mask: 0x1f }) },
  ctrlSequence: { name: 'ntp.ctrl.sequence', ...put('u16', 'Sequence') },
  ctrlStatus: { name: 'ntp.ctrl.status', ...put('u16', 'Status', { base: 'hex' }) },
  ctrlAssocid: { name: 'ntp.ctrl.associd', ...put('u16', 'AssociationID') },
  ctrlOffset: { name: 'ntp.ctrl.offset', ...put('u16', 'Offset') },
  ctrlCount: { name: 'ntp.ctrl.count', ...put('u16', 'Count') },
  ctrlSysStatusLi: { name: 'ntp.ctrl.sys_status.li', ...put('u16', 'Leap Indicator', { mask: 0xc000 }) },
  ctrlSysStatusClksrc: { name: 'ntp.ctrl.sys_status.clksrc', ...put('u16', 'Clock Source', { mask: 0x3f00 }) },
  ctrlSysStatusCount: { name: 'ntp.ctrl.sys_status.count', ...put('u16', 'System Event Counter', { mask: 0xf0 }) },
  ctrlSysStatusCode: { name: 'ntp.ctrl.sys_status.code', ...put('u16', 'System Event Code', { mask: 0xf }) },
  ctrlPeerStatusConfig: { name: 'ntp.ctrl.peer_status.config', ...put('boolean', 'Peer Status', { mask: 0x8000, size: 2 }) },
  ctrlPeerStatusAuthenable: { name: 'ntp.ctrl.peer_status.authenable', ...put('boolean', 'Peer Status', { mask: 0x4000, size: 2 }) },
  ctrlPeerStatusAuthentic: { name: 'ntp.ctrl.peer_status.authentic', ...put('boolean', 'Peer Status', { mask: 0x2000, size: 2 }) },
  ctrlPeerStatusReach: { name: 'ntp.ctrl.peer_status.reach', ...put('boolean', 'Peer Status', { mask: 0x1000, size: 2 }) },
  ctrlPeerStatusBcast: { name: 'ntp.ctrl.peer_status.bcast', ...put('boolean', 'Peer Status broadcast association', { mask: 0x800, size: 2 }) },
  ctrlPeerStatusSelection: { name: 'ntp.ctrl.peer_status.selection', ...put('u16', 'Peer Selection', { mask: 0x700 }) },
  ctrlPeerStatusCount: { name: 'ntp.ctrl.peer_status.count', ...put('u16', 'Peer Event Counter', { mask: 0xf0 }) },
  ctrlPeerStatusCode: { name: 'ntp.ctrl.peer_status.code', ...put('u16', 'Peer Event Code', { mask: 0xf }) },
  privFlagsR: { name: 'ntp.priv.flags.r', ...put('u8', 'Response bit', { mask: 0x80 }) },
  privFlagsMore: { name: 'ntp.priv.flags.more', ...put('u8', 'More bit', { mask: 0x40 }) },
  privAuthSeq: { name: 'ntp.priv.auth_seq', ...put('u8', 'Auth, sequence') },
  privAuth: { name: 'ntp.priv.auth', ...put('u8', 'Auth bit', { mask: 0x80 }) },
  privSeq: { name: 'ntp.priv.seq', ...put('u8', 'Sequence number', { mask: 0x7f }) },
  privImpl: { name: 'ntp.priv.impl', ...put('u8', 'Implementation') },
  privReqcode: { name: 'ntp.priv.reqcode', ...put('u8', 'Request code') },
  reftime: { name: 'ntp.reftime', ...put('abstime', 'Reference Timestamp', { base: 'utc' }) },
  org: { name: 'ntp.org', ...put('abstime', 'Origin Timestamp', { base: 'utc' }) },
  rec: { name: 'ntp.rec', ...put('abstime', 'Receive Timestamp', { base: 'utc' }) },
  xmt: { name: 'ntp.xmt', ...put('abstime', 'Transmit Timestamp', { base: 'utc' }) },
  ext: { name: 'ntp.ext', ...put('none', 'Extension') },
  extType: { name: 'ntp.ext.type', ...put('u16', 'Field Type', { base: 'hex' }) },
  extLength: { name: 'ntp.ext.length', ...put('u16', 'Length') },
  extValue: { name: 'ntp.ext.value', ...put('bytes', 'Value') },
  keyid: { name: 'ntp.keyid', ...put('bytes', 'Key ID') },
  mac: { name: 'ntp.mac', ...put('bytes', 'Message Authentication Code') },
  ctrlData: { name: 'ntp.ctrl.data', ...put('none', 'Data') },
  ctrlItem: { name: 'ntp.ctrl.item', ...put('none', 'Item') },
  privErr: { name: 'ntp.priv.err', ...put('u8', 'Err', { base: 'hex' }) },
  privNumitems: { name: 'ntp.priv.numitems', ...put('u16', 'Number of data items') },
  privItemsize: { name: 'ntp.priv.itemsize', ...put('u16', 'Size of data item') },
});
const F = ntpFields;

const HEAD = layout({
  0: F.flagsLi, 1: F.stratum, 2: F.ppoll, 3: F.precision, 4: F.rootdelay, 8: F.rootdispersion, 12: [[F.refid, 4]],
});
const CONTROL_HEAD = layout({
  0: F.flagsLi, 1: [F.ctrlFlags2, F.ctrlFlags2R, F.ctrlFlags2Error, F.ctrlFlags2More, F.ctrlFlags2Opcode], 2: F.ctrlSequence, 4: F.ctrlStatus, 6: F.ctrlAssocid,
  8: F.ctrlOffset, 10: F.ctrlCount,
});
const SYSTEM_STATUS = layout({ 0: [F.ctrlSysStatusLi, F.ctrlSysStatusClksrc, F.ctrlSysStatusCount, F.ctrlSysStatusCode] });
const PEER_STATUS = layout({
  0: [
    F.ctrlPeerStatusConfig, F.ctrlPeerStatusAuthenable, F.ctrlPeerStatusAuthentic, F.ctrlPeerStatusReach, F.ctrlPeerStatusBcast, F.ctrlPeerStatusSelection,
    F.ctrlPeerStatusCount, F.ctrlPeerStatusCode,
  ],
});
const PRIVATE_HEAD = layout({ 0: [F.privFlagsR, F.privFlagsMore], 1: [F.privAuthSeq, F.privAuth, F.privSeq], 2: F.privImpl, 3: F.privReqcode });

export const ntp = defineDissector({
  name: 'ntp',
  title: 'Network Time Protocol',
  spec: ['RFC 5905 §7.3', 'RFC 9327', 'RFC 7822'],
  over: { 'udp.port': [123], 'tcp.port': [123] },
  fields: ntpFields,
  dissect(p, at, end) {
    if (end - at < 1) return p.tooShort(1);
    const mode = p.bytes[at] & 7;
    if (mode === CONTROL) return dissectControl(p, at, end);
    if (mode === PRIVATE) return dissectPrivate(p, at, end);
    putLayout(p, HEAD, at, end);
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    putStamp(p, F.reftime, at + 16);
    putStamp(p, F.org, at + 24);
    putStamp(p, F.rec, at + 32);
    putStamp(p, F.xmt, at + 40);
    putBehind(p, at + HEADER_LEN, end);
    return DONE;
  },
  info: (row) => `NTP Version ${row.text(F.flagsVn)}, ${(MODES as Readonly<Record<number, string>>)[row.num(F.flagsMode)]}`,
});
export default ntp;

/** A time of 32 bits of seconds and as many of their fractions. */
function putStamp(p: PacketView, f: Field, at: number): void {
  const seconds = u32be(p.bytes, at);
  const fraction = u32be(p.bytes, at + 4);
  const era = seconds >= 0x80000000 || (seconds === 0 && fraction === 0) ? 0 : ERA_SECONDS;
  p.putTime(f, at, 8, seconds + era - EPOCH_SECONDS, Math.floor((fraction * 1_000_000_000) / ERA_SECONDS));
}

/** Extension fields, then key and digest (RFC 7822 §7.5). */
function putBehind(p: PacketView, at: number, end: number): void {
  let i = at;
  while (end - i > MAX_MAC) {
    const length = u16be(p.bytes, i + 2);
    if (length < MIN_EXTENSION || length % 4 !== 0 || i + length > end) break;
    p.open(F.ext, i);
    p.put(F.extType, i, 2);
    p.put(F.extLength, i + 2, 2);
    p.put(F.extValue, i + 4, length - 4);
    p.close(i + length);
    i += length;
  }
  if (end - i < 4) return;
  p.put(F.keyid, i, 4);
  if (end - i > 4) p.put(F.mac, i + 4, end - i - 4);
}

function dissectControl(p: PacketView, at: number, end: number): number {
  if (!putLayout(p, CONTROL_HEAD, at, end)) return p.tooShort(CONTROL_LEN);
  const b = p.bytes;
  const isResponse = (b[at + 1] & 0x80) !== 0;
  const opcode = b[at + 1] & 31;
  const count = u16be(b, at + 10);
  if (isResponse) putLayout(p, u16be(b, at + 6) === 0 ? SYSTEM_STATUS : PEER_STATUS, at + 4, end);
  const data = at + CONTROL_LEN;
  const dataEnd = Math.min(end, data + count);
  if (count === 0 || dataEnd <= data) return DONE;
  p.open(F.ctrlData, data);
  if (opcode === READ_STATUS && u16be(b, at + 6) === 0) {
    for (let i = data; i + 4 <= dataEnd; i += 4) {
      p.open(F.ctrlItem, i);
      p.put(F.ctrlAssocid, i, 2);
      p.put(F.ctrlStatus, i + 2, 2);
      putLayout(p, PEER_STATUS, i + 2, end);
      p.close(i + 4);
    }
  }
  p.close(dataEnd);
  return DONE;
}

function dissectPrivate(p: PacketView, at: number, end: number): number {
  if (!putLayout(p, PRIVATE_HEAD, at, end)) return p.tooShort(PRIVATE_LEN);
  if (end - at < PRIVATE_LEN) return DONE;
  const b = p.bytes;
  p.putInt(F.privErr, at + 4, 1, b[at + 4] >> 4);
  p.putInt(F.privNumitems, at + 4, 2, u16be(b, at + 4) & 0xfff);
  p.putInt(F.privItemsize, at + 6, 2, u16be(b, at + 6) & 0xfff);
  return DONE;
}
