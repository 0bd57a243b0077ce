import * as bytes from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import { ipv4Text } from '../field-text.ts';
import { CHECKSUM_STATUS, DSCP_NAMES, ECN_NAMES, IP_PROTOCOLS } from '../ip-protocols.ts';
import type { PacketView } from '../packet-view.ts';
import * as packetView from '../packet-view.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { u16be, u32be } = bytes;
const { DONE } = packetView;

//  0                   1                   2                   3
// |ver|ihl|     dsfield   |          total length                 |
// |        identification         |flags|     fragment offset     |
// |  time to live |   protocol    |        header checksum        |
// |                        source address                         |
// |                      destination address                      |
const HEADER_LEN = 20;
const TOTAL_LENGTH = 2;
const IDENTIFICATION = 4;
const FLAGS = 6;
const TTL = 8;
const PROTOCOL = 9;
const CHECKSUM = 10;
const SOURCE = 12;
const DESTINATION = 16;
const MORE_FRAGMENTS = 0x2000;

const OPTION_END = 0;
const OPTION_NOP = 1;
const OPTION_RECORD_ROUTE = 7;
const OPTION_TIMESTAMP = 68;
const OPTION_LOOSE_ROUTE = 131;
const OPTION_STRICT_ROUTE = 137;
const OPTION_ROUTER_ALERT = 148;

export const ipFields = defineFields({
  version: { name: 'ip.version', ...fixed('u8', 0, 'Version', { mask: 0xf0 }) },
  headerLen: { name: 'ip.hdr_len', ...put('u8', 'Header Length') },
  dsfield: { name: 'ip.dsfield', ...fixed('u8', 1, 'Differentiated Services Field', { base: 'hex' }) },
  dscp: { name: 'ip.dsfield.dscp', ...fixed('u8', 1, 'Differentiated Services Codepoint', { mask: 0xfc, values: DSCP_NAMES }) },
  ecn: { name: 'ip.dsfield.ecn', ...fixed('u8', 1, 'Explicit Congestion Notification', { mask: 0x03, values: ECN_NAMES }) },
  len: { name: 'ip.len', ...put('u16', 'Total Length') },
  id: { name: 'ip.id', ...fixed('u16', IDENTIFICATION, 'Identification', { base: 'hex_dec' }) },
  flags: { name: 'ip.flags', ...fixed('u8', FLAGS, 'Flags', { base: 'hex', mask: 0xe0 }) },
  rb: { name: 'ip.flags.rb', ...fixed('boolean', FLAGS, 'Reserved bit', { mask: 0x80 }) },
  df: { name: 'ip.flags.df', ...fixed('boolean', FLAGS, "Don't fragment", { mask: 0x40 }) },
  mf: { name: 'ip.flags.mf', ...fixed('boolean', FLAGS, 'More fragments', { mask: 0x20 }) },
  // In units of eight bytes, as it stands in the header.
  fragOffset: { name: 'ip.frag_offset', ...fixed('u16', FLAGS, 'Fragment Offset', { mask: 0x1fff }) },
  ttl: { name: 'ip.ttl', ...fixed('u8', TTL, 'Time to Live') },
  proto: { name: 'ip.proto', ...fixed('u8', PROTOCOL, 'Protocol', { values: IP_PROTOCOLS }) },
  checksum: { name: 'ip.checksum', ...fixed('u16', CHECKSUM, 'Header Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'ip.checksum.status', ...put('u8', 'Header checksum status', { base: 'none', values: CHECKSUM_STATUS }) },
  src: { name: 'ip.src', ...fixed('ipv4', SOURCE, 'Source Address', { also: ['ip.addr'] }) },
  srcHost: { name: 'ip.src_host', ...put('string', 'Source Host', { also: ['ip.host'] }) },
  dst: { name: 'ip.dst', ...fixed('ipv4', DESTINATION, 'Destination Address', { also: ['ip.addr'] }) },
  dstHost: { name: 'ip.dst_host', ...put('string', 'Destination Host', { also: ['ip.host'] }) },
  optType: { name: 'ip.opt.type', ...put('u8', 'Type') },
  optCopy: { name: 'ip.opt.type.copy', ...put('boolean', 'Copy on fragmentation', { mask: 0x80 }) },
  optClass: { name: 'ip.opt.type.class', ...put('u8', 'Class', { mask: 0x60 }) },
  optNumber: { name: 'ip.opt.type.number', ...put('u8', 'Number', { mask: 0x1f }) },
  optLen: { name: 'ip.opt.len', ...put('u8', 'Length') },
  optPointer: { name: 'ip.opt.ptr', ...put('u8', 'Pointer') },
  routerAlert: { name: 'ip.opt.ra', ...put('u16', 'Router Alert') },
  recordedRoute: { name: 'ip.rec_rt', ...put('ipv4', 'Recorded Route') },
  sourceRoute: { name: 'ip.src_rt', ...put('ipv4', 'Source Route') },
  emptyRoute: { name: 'ip.empty_rt', ...put('ipv4', 'Empty Route') },
  timeStamp: { name: 'ip.opt.time_stamp', ...put('u32', 'Time stamp') },
  fragments: { name: 'ip.fragments', ...put('bytes', 'IPv4 Fragments') },
  fragment: { name: 'ip.fragment', ...put('framenum', 'IPv4 Fragment') },
  overlap: { name: 'ip.fragment.overlap', ...put('boolean', 'Fragment overlap') },
  conflict: { name: 'ip.fragment.overlap.conflict', ...put('boolean', 'Conflicting data in fragment overlap') },
  fragmentCount: { name: 'ip.fragment.count', ...put('u32', 'Fragment count') },
  reassembledIn: { name: 'ip.reassembled_in', ...put('framenum', 'Reassembled IPv4 in frame') },
  reassembledLength: { name: 'ip.reassembled.length', ...put('u32', 'Reassembled IPv4 length') },
  reassembledData: { name: 'ip.reassembled.data', ...put('bytes', 'Reassembled IPv4 data') },
  bogusLength: { name: 'ip.bogus_ip_length', ...put('none', 'Bogus IP length') },
  bogusHeader: { name: 'ip.bogus_header_length', ...put('none', 'Bogus IP header length') },
  bogusVersion: { name: 'ip.bogus_ip_version', ...put('none', 'Bogus IP version') },
  optLengthInvalid: { name: 'ip.opt.len.invalid', ...put('none', 'Invalid length for option') },
  ttlLocal: { name: 'ip.ttl.lncb', ...put('none', 'Time To Live') },
  ttlSmall: { name: 'ip.ttl.too_small', ...put('none', 'Time To Live') },
});
const F = ipFields;

/** RFC 791 §3.1: one byte, or type, length and body. */
function readOptions(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  for (let i = at; i < end; ) {
    const type = b[i];
    p.put(F.optType, i, 1);
    p.put(F.optCopy, i, 1);
    p.put(F.optClass, i, 1);
    p.put(F.optNumber, i, 1);
    if (type === OPTION_END) return;
    if (type === OPTION_NOP) {
      i++;
      continue;
    }
    if (i + 2 > end) return;
    const len = b[i + 1];
    if (len < 2 || i + len > end) {
      p.expert('warn', 'protocol', 'ip.opt.len.invalid', i + 1, 1);
      return;
    }
    p.put(F.optLen, i + 1, 1);
    if (type === OPTION_ROUTER_ALERT && len === 4) p.put(F.routerAlert, i + 2, 2);
    else if (type === OPTION_TIMESTAMP && len >= 4) {
      p.put(F.optPointer, i + 2, 1);
      for (let k = i + 4; k + 4 <= i + len; k += 4) p.put(F.timeStamp, k, 4);
    } else if ((type === OPTION_RECORD_ROUTE || type === OPTION_LOOSE_ROUTE || type === OPTION_STRICT_ROUTE) && len >= 3) {
      p.put(F.optPointer, i + 2, 1);
      const next = b[i + 2] - 1;
      for (let k = 3; k + 4 <= len; k += 4) {
        const field = type === OPTION_RECORD_ROUTE ? (k < next ? F.recordedRoute : F.emptyRoute) : k < next ? F.recordedRoute : F.sourceRoute;
        p.put(field, i + k, 4);
      }
    }
    i += len;
  }
}

/** A fragment: the datagram is read in the frame that completes it. */
function readFragment(p: PacketView, at: number, payload: number, wireEnd: number, offset: number, more: boolean): number {
  const b = p.bytes;
  const datagram = p.trackers.defrag.add(b, at + SOURCE, 4, u16be(b, at + IDENTIFICATION), b[at + PROTOCOL], offset, more, payload, wireEnd, p.frame);
  if (datagram === undefined) return 0;
  if (!datagram.complete) return 0;
  p.open(F.fragments, at);
  for (let i = 0; i < datagram.frames.length; i++) p.putInt(F.fragment, at, 0, datagram.frames[i]);
  if (datagram.overlap) p.putInt(F.overlap, at, 0, 1);
  if (datagram.conflict) p.putInt(F.conflict, at, 0, 1);
  p.putInt(F.fragmentCount, at, 0, datagram.frames.length);
  p.putInt(F.reassembledLength, at, 0, datagram.total);
  p.close(at);
  const source = p.derive(datagram.bytes.subarray(0, datagram.total), 'reassembled');
  p.fragment = false;
  p.ipProto = b[at + PROTOCOL];
  const next = p.next('ip.proto', b[at + PROTOCOL]);
  p.callSource(next > 0 ? next : p.id('data'), source);
  return p.finish();
}

/** Oddities of addresses and times to live that a network must not show. */
function judge(p: PacketView, at: number): void {
  const b = p.bytes;
  const ttl = b[at + TTL];
  const dst = u32be(b, at + DESTINATION);
  if (dst >>> 8 === 0xe00000) {
    // The local network control block, 224.0.0.0/24, is not forwarded (RFC 5771 §4).
    const protocol = b[at + PROTOCOL];
    if (ttl !== 1 && protocol !== 112 && protocol !== 2 && dst !== 0xe00000fb && dst !== 0xe00000fc && ttl !== 255) p.expert('note', 'sequence', 'ip.ttl.lncb', at + TTL, 1);
  } else if (ttl < 5 && dst >>> 28 !== 0xe && b[at + PROTOCOL] !== 103) p.expert('note', 'sequence', 'ip.ttl.too_small', at + TTL, 1);
}

export const ip = defineDissector({
  name: 'ip',
  title: 'Internet Protocol Version 4',
  short: 'IPv4',
  spec: ['RFC 791', 'RFC 815', 'RFC 2474', 'RFC 3168'],
  over: { link: [228], ethertype: [0x0800], 'ip.proto': [4], 'gre.proto': [0x0800], 'llc.dsap': [0x06], 'ppp.protocol': [0x0021], 'chdlc.protocol': [0x0800] },
  tables: ['ip.proto'],
  fields: ipFields,
  leastHead: 1,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 1) return p.tooShort(HEADER_LEN);
    const headerLen = (b[at] & 15) * 4;
    if (b[at] >> 4 !== 4) {
      p.expert('error', 'protocol', 'ip.bogus_ip_version', at, 1);
      if (b[at] >> 4 !== 6) return DONE;
      p.payload(at, p.wireEnd);
      return p.id('ipv6');
    }
    p.putInt(F.headerLen, at, 1, headerLen);
    if (headerLen < HEADER_LEN) {
      p.expert('error', 'protocol', 'ip.bogus_header_length', at, 1);
      return DONE;
    }
    if (end - at < TOTAL_LENGTH + 2) return p.tooShort(HEADER_LEN);
    const total = u16be(b, at + TOTAL_LENGTH);
    // As others show it: a length left out by segmentation offload is that of the frame.
    p.putInt(F.len, at + TOTAL_LENGTH, 2, total === 0 ? p.wireEnd - at : total);
    if (total !== 0 && (total < headerLen || (at + total > p.wireEnd && !p.quoted))) {
      p.expert('error', 'protocol', 'ip.bogus_ip_length', at + TOTAL_LENGTH, 2);
      if (total < headerLen) return DONE;
    }
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const fragmentWord = u16be(b, at + FLAGS);
    const offset = (fragmentWord & 0x1fff) * 8;
    const more = (fragmentWord & MORE_FRAGMENTS) !== 0;
    p.putInt(F.checksumStatus, at + CHECKSUM, 0, 2);
    if (p.wants(F.srcHost)) p.putText(F.srcHost, at + SOURCE, 4, ipv4Text(b, at + SOURCE));
    if (p.wants(F.dstHost)) p.putText(F.dstHost, at + DESTINATION, 4, ipv4Text(b, at + DESTINATION));
    p.ipVersion = 4;
    p.ipAt = at;
    p.srcAt = at + SOURCE;
    p.dstAt = at + DESTINATION;
    p.networkSource = p.source;
    p.ipProto = b[at + PROTOCOL];
    p.ipLen = total;
    p.fragment = offset > 0;
    if (p.detail && !p.quoted) judge(p, at);
    if (headerLen > HEADER_LEN && p.detail) readOptions(p, at + HEADER_LEN, Math.min(at + headerLen, end));
    if (end - at < headerLen) return p.tooShort(headerLen);
    // A total length of 0 comes from segmentation offload: the packet runs to the end of the frame.
    const wireEnd = total === 0 ? p.wireEnd : Math.min(at + total, p.wireEnd);
    if (wireEnd <= at + headerLen) return DONE;
    p.payload(at + headerLen, wireEnd);
    if (offset > 0 || more) {
      if (p.reassemble && wireEnd <= end && !p.quoted) {
        return readFragment(p, at, at + headerLen, wireEnd, offset, more);
      }
      if (offset > 0) return 0;
    }
    return p.next('ip.proto', b[at + PROTOCOL]);
  },
});
export default ip;
