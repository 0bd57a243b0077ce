import { u16be, u16le, u32be, u32le } from '../../base/bytes.ts';
import { putChecksum } from '../checksum.ts';
import { icmpExtensionFields, putExtendedEcho, putExtensionsAfter, putIcmpExtensions } from '../codecs/icmp-extensions.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { CHECKSUM_STATUS } from '../ip-protocols.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const HEADER_LEN = 8;

const ECHO_REPLY = 0;
const UNREACHABLE = 3;
const SOURCE_QUENCH = 4;
const REDIRECT = 5;
const ECHO = 8;
const ROUTER_ADVERTISEMENT = 9;
const TIME_EXCEEDED = 11;
const PARAMETER_PROBLEM = 12;
const TIMESTAMP = 13;
const TIMESTAMP_REPLY = 14;
const MASK_REQUEST = 17;
const MASK_REPLY = 18;
const EXTENDED_ECHO = 42;
const EXTENDED_ECHO_REPLY = 43;

const TYPES = {
  0: 'Echo (ping) reply', 3: 'Destination unreachable', 4: 'Source quench (flow control)', 5: 'Redirect', 6: 'Alternate host address', 8: 'Echo (ping) request',
  9: 'Router advertisement', 10: 'Router solicitation', 11: 'Time-to-live exceeded', 12: 'Parameter problem', 13: 'Timestamp request', 14: 'Timestamp reply',
  15: 'Information request', 16: 'Information reply', 17: 'Address mask request', 18: 'Address mask reply', 30: 'Traceroute', 40: 'Photuris',
  42: 'Extended Echo request', 43: 'Extended Echo reply',
} as const;

/** Kind of a pending entry: an echo that waits for its reply. */
const ECHO_WAITS = 0x69636d70;

export const icmpFields = defineFields({
  type: { name: 'icmp.type', ...fixed('u8', 0, 'Type', { values: TYPES }) },
  code: { name: 'icmp.code', ...fixed('u8', 1, 'Code') },
  checksum: { name: 'icmp.checksum', ...fixed('u16', 2, 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'icmp.checksum.status', ...put('u8', 'Checksum Status', { base: 'none', values: CHECKSUM_STATUS }) },
  checksumBad: { name: 'icmp.checksum_bad', ...put('none', 'Bad checksum') },
  unused: { name: 'icmp.unused', ...put('bytes', 'Unused') },
  ident: { name: 'icmp.ident', ...put('u16', 'Identifier (BE)', { base: 'dec_hex' }) },
  identLe: { name: 'icmp.ident_le', ...put('u16', 'Identifier (LE)', { base: 'dec_hex' }) },
  seq: { name: 'icmp.seq', ...put('u16', 'Sequence Number (BE)', { base: 'dec_hex' }) },
  seqLe: { name: 'icmp.seq_le', ...put('u16', 'Sequence Number (LE)', { base: 'dec_hex' }) },
  mtu: { name: 'icmp.mtu', ...put('u16', 'MTU of next hop') },
  length: { name: 'icmp.length', ...put('u8', 'Length') },
  originalLength: { name: 'icmp.length.original_datagram', ...put('u8', 'Length of original datagram') },
  pointer: { name: 'icmp.pointer', ...put('u32', 'Pointer') },
  gateway: { name: 'icmp.redir_gw', ...put('ipv4', 'Gateway Address') },
  addresses: { name: 'icmp.num_addrs', ...put('u8', 'Number of addresses') },
  entrySize: { name: 'icmp.addr_entry_size', ...put('u8', 'Address entry size') },
  lifetime: { name: 'icmp.lifetime', ...put('u16', 'Lifetime') },
  router: { name: 'icmp.router_address', ...put('ipv4', 'Router address') },
  preference: { name: 'icmp.pref_level', ...put('i32', 'Preference level') },
  originate: { name: 'icmp.originate_timestamp', ...put('u32', 'Originate Timestamp') },
  receive: { name: 'icmp.receive_timestamp', ...put('u32', 'Receive Timestamp') },
  transmit: { name: 'icmp.transmit_timestamp', ...put('u32', 'Transmit Timestamp') },
  mask: { name: 'icmp.address_mask', ...put('ipv4', 'Address Mask') },
  responseIn: { name: 'icmp.resp_in', ...put('framenum', 'Response frame') },
  responseTo: { name: 'icmp.resp_to', ...put('framenum', 'Request frame') },
  responseTime: { name: 'icmp.resptime', ...put('double', 'Response time') },
  noResponse: { name: 'icmp.no_resp', ...put('none', 'No response seen') },
  dataTime: { name: 'icmp.data_time', ...put('abstime', 'Timestamp from icmp data') },
  dataTimeRelative: { name: 'icmp.data_time_relative', ...put('reltime', 'Timestamp from icmp data (relative)') },
  notFound: { name: 'icmp.resp_not_found', ...put('none', 'Response not found') },
});
const F = icmpFields;

/** Pairs a reply with its request: same two hosts, identifier and sequence number. */
function pair(p: PacketView, at: number, isReply: boolean): void {
  p.srcPort = 0;
  p.dstPort = 0;
  const key = u32be(p.bytes, at + 4);
  const conversation = p.converse(1);
  const pending = p.trackers.pending;
  if (!isReply) {
    pending.ask(ECHO_WAITS, conversation, key, p.frame, p.seconds, p.nanoseconds);
    return;
  }
  const asked = pending.take(ECHO_WAITS, conversation, key);
  if (asked < 0) return;
  p.putInt(F.responseTo, at, 0, pending.frame[asked]);
  p.putInt(F.responseTime, at, 0, ((p.seconds - pending.seconds[asked]) * 1e9 + (p.nanoseconds - pending.nanos[asked])) / 1e6);
}

/** ping puts the time of sending in front of its data: seconds and microseconds, in the host's byte order. Returns its length. */
function putSendTime(p: PacketView, at: number, end: number): number {
  if (end - at < 8) return 0;
  const b = p.bytes;
  let seconds = u32be(b, at);
  let micros = u32be(b, at + 4);
  if (Math.abs(seconds - p.seconds) > DAY_SECONDS || micros >= 1_000_000) {
    seconds = u32le(b, at);
    micros = u32le(b, at + 4);
    if (Math.abs(seconds - p.seconds) > DAY_SECONDS || micros >= 1_000_000) return 0;
  }
  p.putTime(F.dataTime, at, 8, seconds, micros * 1000);
  p.putSince(F.dataTimeRelative, seconds, micros * 1000);
  return 8;
}

/** The datagram that an error quotes, and the extensions behind it. */
function quote(p: PacketView, at: number, end: number, words: number): number {
  const result = p.quote(p.id('ip'), at + HEADER_LEN, words === 0 ? end : Math.min(end, at + HEADER_LEN + words * 4));
  if (p.detail) putExtensionsAfter(p, at, end, words);
  return result;
}

/** A time of sending farther off than this is not one. */
const DAY_SECONDS = 86_400;

export const icmp = defineDissector({
  name: 'icmp',
  title: 'Internet Control Message Protocol',
  spec: ['RFC 792', 'RFC 1191', 'RFC 1256', 'RFC 4884', 'RFC 8335'],
  over: { 'ip.proto': [1] },
  fields: { ...icmpFields, ...icmpExtensionFields },
  leastHead: 6,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 4) return p.tooShort(4);
    const type = b[at];
    p.l4At = at;
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    if (!p.detail && !p.track) return DONE;
    if (p.detail) putChecksum(p, F.checksumStatus, 'icmp.checksum_bad', at + 2, at, p.wireEnd, 0, 'warn');
    switch (type) {
      case ECHO:
      case ECHO_REPLY:
        p.put(F.ident, at + 4, 2);
        p.putInt(F.identLe, at + 4, 2, u16le(b, at + 4));
        p.put(F.seq, at + 6, 2);
        p.putInt(F.seqLe, at + 6, 2, u16le(b, at + 6));
        if (p.track && !p.quoted) pair(p, at, type === ECHO_REPLY);
        if (end === at + HEADER_LEN) return DONE;
        p.payload(at + HEADER_LEN + putSendTime(p, at + HEADER_LEN, end), p.wireEnd);
        return 0;
      case UNREACHABLE:
        if (b[at + 1] === 4) p.put(F.mtu, at + 6, 2);
        else p.put(F.unused, at + 4, 4);
        if (b[at + 5] !== 0) p.put(F.length, at + 5, 1);
        return quote(p, at, end, b[at + 5]);
      case SOURCE_QUENCH:
        return quote(p, at, end, 0);
      case TIME_EXCEEDED:
        p.put(F.unused, at + 4, 4);
        if (b[at + 5] !== 0) p.put(F.length, at + 5, 1);
        return quote(p, at, end, b[at + 5]);
      case PARAMETER_PROBLEM:
        p.put(F.pointer, at + 4, 1);
        return quote(p, at, end, b[at + 5]);
      case REDIRECT:
        p.put(F.gateway, at + 4, 4);
        return p.quote(p.id('ip'), at + HEADER_LEN, end);
      case ROUTER_ADVERTISEMENT:
        p.put(F.addresses, at + 4, 1);
        p.put(F.entrySize, at + 5, 1);
        p.put(F.lifetime, at + 6, 2);
        for (let i = at + HEADER_LEN, n = b[at + 4]; n > 0 && i + 8 <= end; i += 8, n--) {
          p.put(F.router, i, 4);
          p.put(F.preference, i + 4, 4);
        }
        return DONE;
      case TIMESTAMP:
      case TIMESTAMP_REPLY:
        p.put(F.ident, at + 4, 2);
        p.putInt(F.identLe, at + 4, 2, u16le(b, at + 4));
        p.put(F.seq, at + 6, 2);
        p.putInt(F.seqLe, at + 6, 2, u16le(b, at + 6));
        if (end - at < 20) return p.tooShort(20);
        p.put(F.originate, at + 8, 4);
        p.put(F.receive, at + 12, 4);
        p.put(F.transmit, at + 16, 4);
        return DONE;
      case EXTENDED_ECHO:
      case EXTENDED_ECHO_REPLY:
        p.put(F.ident, at + 4, 2);
        p.putInt(F.identLe, at + 4, 2, u16le(b, at + 4));
        putExtendedEcho(p, at, end, type === EXTENDED_ECHO_REPLY);
        if (type === EXTENDED_ECHO) putIcmpExtensions(p, at + HEADER_LEN, end);
        return DONE;
      case MASK_REQUEST:
      case MASK_REPLY:
        p.put(F.ident, at + 4, 2);
        p.putInt(F.identLe, at + 4, 2, u16le(b, at + 4));
        p.put(F.seq, at + 6, 2);
        p.putInt(F.seqLe, at + 6, 2, u16le(b, at + 6));
        if (end - at < 12) return p.tooShort(12);
        p.put(F.mask, at + 8, 4);
        return DONE;
      default:
        p.payload(at + HEADER_LEN, p.wireEnd);
        return u16be(b, at + 2) >= 0 ? 0 : DONE;
    }
  },
  info: (row) => `${(TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? `Type ${row.num(F.type)}`}${row.num(F.code) === 0 ? '' : `, code ${row.num(F.code)}`}${row.has(F.seq) ? ` id=${row.num(F.ident)}, seq=${row.num(F.seq)}` : ''}`,
});
export default icmp;
