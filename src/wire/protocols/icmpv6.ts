import { u16be, u32be } from '../../base/bytes.ts';
import { pseudoSum, putChecksum } from '../checksum.ts';
import { ICMPV6_TYPES, icmpv6Fields } from '../codecs/icmpv6-fields.ts';
import { readOptions } from '../codecs/icmpv6-options.ts';
import { defineDissector } from '../define-dissector.ts';
import { layout, putLayout } from '../layout.ts';
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


const ECHO_WAITS = 0x69637636;

/** Its number as a next header. */
const ICMPV6 = 58;

const F = icmpv6Fields;
const MLD_QUERY_FLAGS = layout({ 24: [F.mldFlag, F.mldFlagS, F.mldQrv, F.mldFlagReserved], 25: F.mldQqi });

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
  p.put(F.raReserved, at + 5, 1);
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
  putLayout(p, MLD_QUERY_FLAGS, at, end);
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
        p.put(F.naReserved, at + 4, 4);
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
    return `${(ICMPV6_TYPES as Readonly<Record<number, string>>)[row.num(F.type)] ?? `Type ${row.num(F.type)}`}${target === '' ? '' : ` for ${target}`}${row.has(F.sequence) ? ` id=${row.text(F.identifier)}, seq=${row.num(F.sequence)}` : ''}`;
  },
});
export default icmpv6;
