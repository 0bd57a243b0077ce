import * as bytes from '../../base/bytes.ts';
import { defineDissector, defineFields, fixed, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { u16be } = bytes;

const HEADER_LEN = 8;
/** Ports that traceroute counts up, three a hop, and the ports that it sends from. */
const FIRST_TRACED = 33_435;
const LAST_TRACED = 33_534;
const EPHEMERAL = 32_768;

export const udpFields = defineFields({
  srcPort: { name: 'udp.srcport', ...fixed('u16', 0, 'Source Port', { also: ['udp.port'] }) },
  dstPort: { name: 'udp.dstport', ...fixed('u16', 2, 'Destination Port', { also: ['udp.port'] }) },
  length: { name: 'udp.length', ...fixed('u16', 4, 'Length') },
  checksum: { name: 'udp.checksum', ...fixed('u16', 6, 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'udp.checksum.status', ...put('u8', 'Checksum Status', { values: { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present' } }) },
  stream: { name: 'udp.stream', ...put('u32', 'Stream index') },
  timeRelative: { name: 'udp.time_relative', ...put('reltime', 'Time since first frame') },
  timeDelta: { name: 'udp.time_delta', ...put('reltime', 'Time since previous frame') },
  lengthBad: { name: 'udp.length.bad', ...put('none', 'Bad length value') },
  checksumZero: { name: 'udp.checksum.zero', ...put('none', 'Illegal checksum value (0)') },
  traceroute: { name: 'udp.possible_traceroute', ...put('none', 'Possible traceroute') },
  payload: { name: 'udp.payload', ...put('bytes', 'Payload') },
});
const F = udpFields;

/** Times since the first and the previous datagram of the conversation. */
function putTimes(p: PacketView): void {
  const c = p.trackers.conversations;
  if (c.firstFrame[p.flow] === 0) {
    c.firstFrame[p.flow] = p.frame;
    c.firstSeconds[p.flow] = p.seconds;
    c.firstNanos[p.flow] = p.nanoseconds;
    c.lastSeconds[p.flow] = p.seconds;
    c.lastNanos[p.flow] = p.nanoseconds;
  }
  p.putSince(F.timeRelative, c.firstSeconds[p.flow], c.firstNanos[p.flow]);
  p.putSince(F.timeDelta, c.lastSeconds[p.flow], c.lastNanos[p.flow]);
  c.lastFrame[p.flow] = p.frame;
  c.lastSeconds[p.flow] = p.seconds;
  c.lastNanos[p.flow] = p.nanoseconds;
}

/** Any fragment of a datagram that was not put together: the first one says the length of all. */
function isFragment(p: PacketView): boolean {
  return p.fragment || (p.ipVersion === 4 && p.source === p.networkSource && (p.bytes[p.ipAt + 6] & 0x20) !== 0);
}

export const udp = defineDissector({
  name: 'udp',
  title: 'User Datagram Protocol',
  spec: ['RFC 768', 'RFC 2675 §4'],
  over: { 'ip.proto': [17] },
  tables: ['udp.port'],
  fields: udpFields,
  leastHead: 4,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const srcPort = u16be(b, at);
    const dstPort = u16be(b, at + 2);
    const length = u16be(b, at + 4);
    p.srcPort = srcPort;
    p.dstPort = dstPort;
    p.l4At = at;
    if (p.track && p.converse(17) >= 0) {
      const c = p.trackers.conversations;
      p.putInt(F.stream, at, 0, c.stream[p.flow]);
      if (!p.quoted) putTimes(p);
    }
    p.putInt(F.checksumStatus, at + 6, 0, u16be(b, at + 6) === 0 ? 3 : 2);
    if (p.ipVersion === 6 && u16be(b, at + 6) === 0 && !p.quoted) p.expert('error', 'checksum', 'udp.checksum.zero', at + 6, 2);
    if (srcPort > EPHEMERAL && dstPort >= FIRST_TRACED && dstPort < LAST_TRACED && !p.quoted) p.expert('chat', 'sequence', 'udp.possible_traceroute', at + 2, 2);
    // Length 0 marks an IPv6 jumbogram (RFC 2675 §4): the data then runs to the end of the packet.
    if (length !== 0 && (length < HEADER_LEN || at + length > p.wireEnd) && !p.quoted && !isFragment(p)) p.expert('error', 'malformed', 'udp.length.bad', at + 4, 2);
    if (length !== 0 && length < HEADER_LEN) return 0;
    p.payload(at + HEADER_LEN, length === 0 ? p.wireEnd : at + length);
    p.payloadAt = at + HEADER_LEN;
    p.payloadWireEnd = length === 0 ? p.wireEnd : Math.min(at + length, p.wireEnd);
    p.payloadEnd = Math.max(p.payloadAt, Math.min(p.payloadWireEnd, end));
    // Data was sent, and nothing of it is here.
    if (p.payloadEnd === p.payloadAt && length > HEADER_LEN && !p.quoted) return p.tooShort(HEADER_LEN + 1);
    if (p.payloadEnd > p.payloadAt) p.put(F.payload, p.payloadAt, p.payloadEnd - p.payloadAt);
    return p.next('udp.port', srcPort, dstPort);
  },
  info: (row) => `${row.num(F.srcPort)} → ${row.num(F.dstPort)} Len=${Math.max(0, row.num(F.length) - HEADER_LEN)}`,
});
export default udp;
