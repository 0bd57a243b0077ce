import * as bytes from '../../base/bytes.ts';
import * as tcpFindings from '../../stream/tcp-findings.ts';
import type { Field } from '../../filter/field.ts';
import { FLAGS, tcpFields } from '../codecs/tcp-fields.ts';
import { readTcpOptions } from '../codecs/tcp-options.ts';
import { defineDissector, type InfoRow } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { MALFORMED } from '../packet-view.ts';

// Local copies: V8 folds a module's own constants into the code, and loads and checks imported ones each time they are used.
const { u16be, u32be } = bytes;
const {
  ACK, ACK_LOST_SEGMENT, DUPLICATE_ACK, FAST_RETRANSMISSION, FIN, KEEP_ALIVE, KEEP_ALIVE_ACK, LOST_SEGMENT, OUT_OF_ORDER,
  RETRANSMISSION, REUSED_PORTS, RST, SAW_DATA, SAW_SYN, SCALE_NONE, SCALE_UNKNOWN, SPURIOUS_RETRANSMISSION, SYN, WINDOW_FULL,
  WINDOW_UPDATE, ZERO_WINDOW, ZERO_WINDOW_PROBE, ZERO_WINDOW_PROBE_ACK,
} = tcpFindings;

//  0                   1                   2                   3
// |          source port          |       destination port        |
// |                        sequence number                        |
// |                    acknowledgment number                      |
// | offset|  res  |     flags     |            window             |
// |           checksum            |         urgent pointer        |
const HEADER_LEN = 20;

const F = tcpFields;

/** `·······AP···`: one letter a flag, as analysts read them. */
function flagsText(flags: number): string {
  const letters = 'RRRACEUAPRSF';
  let out = '';
  for (let i = 0; i < 12; i++) out += (flags & (0x800 >> i)) !== 0 ? letters[i] : '\u00b7';
  return out;
}

/** Numbers as they stand in the header, where nothing is known that they could be relative to. */
function putRaw(p: PacketView, at: number, flags: number): void {
  const b = p.bytes;
  p.putInt(F.seq, at + 4, 4, u32be(b, at + 4));
  p.putInt(F.ack, at + 8, 4, u32be(b, at + 8));
  if ((flags & ACK) === 0 && u32be(b, at + 8) !== 0) p.expert('note', 'protocol', 'tcp.ack.nonzero', at + 8, 4);
}

/** Conversation, relative numbers and what the analysis found. */
function follow(p: PacketView, at: number, flags: number, len: number): void {
  const b = p.bytes;
  const seq = u32be(b, at + 4);
  if (p.converse(6) < 0) return;
  const tcp = p.trackers.tcp;
  if (p.quoted) {
    // What an error quotes was sent and judged before.
    p.putInt(F.stream, at, 0, p.trackers.conversations.stream[p.flow]);
    tcp.ensure(p.flow);
    p.putInt(F.completeness, at, 0, tcp.completeness[p.flow]);
    putRaw(p, at, flags);
    p.flow = -1;
    return;
  }
  let reused = false;
  if ((flags & (SYN | ACK)) === SYN && tcp.isReuse(p.flow, p.dir, seq)) {
    reused = true;
    p.converseAnew(6);
  } else if ((flags & (SYN | ACK)) === (SYN | ACK) && tcp.isReuse(p.flow, p.dir, seq)) {
    reused = true;
    tcp.rebase(p.flow, p.dir, seq);
  }
  const c = p.trackers.conversations;
  if (c.firstFrame[p.flow] === 0) {
    c.firstFrame[p.flow] = p.frame;
    c.firstSeconds[p.flow] = p.seconds;
    c.firstNanos[p.flow] = p.nanoseconds;
    c.lastSeconds[p.flow] = p.seconds;
    c.lastNanos[p.flow] = p.nanoseconds;
  }
  // What the conversation had shown before this segment.
  tcp.ensure(p.flow);
  p.putInt(F.completeness, at, 0, reused && (flags & ACK) === 0 ? SAW_SYN : tcp.completeness[p.flow]);
  tcp.segment(p.flow, p.dir, p.frame, p.seconds, p.nanoseconds, seq, u32be(b, at + 8), flags, u16be(b, at + 14), len);
  if (reused) tcp.flags |= REUSED_PORTS;
  // Data of the SYN that the other side takes (RFC 7413 §3).
  if ((flags & (SYN | ACK)) === (SYN | ACK) && (tcp.completeness[p.flow] & (SAW_SYN | SAW_DATA)) === (SAW_SYN | SAW_DATA) && tcp.relativeAck > 1) {
    p.expert('note', 'sequence', 'tcp.analysis.tfo_ack', at, 0);
  }
  p.putInt(F.stream, at, 0, c.stream[p.flow]);
  p.putInt(F.len, at + 12, 0, len);
  p.putInt(F.seq, at + 4, 4, tcp.relativeSeq);
  p.putInt(F.nextSeq, at, 0, tcp.nextSeq);
  p.putInt(F.ack, at + 8, 4, tcp.relativeAck);
  if ((flags & ACK) === 0 && u32be(b, at + 8) !== 0) p.expert('note', 'protocol', 'tcp.ack.nonzero', at + 8, 4);
}

function putTimes(p: PacketView): void {
  const c = p.trackers.conversations;
  p.putSince(F.timeRelative, c.firstSeconds[p.flow], c.firstNanos[p.flow]);
  p.putSince(F.timeDelta, c.lastSeconds[p.flow], c.lastNanos[p.flow]);
  c.lastFrame[p.flow] = p.frame;
  c.lastSeconds[p.flow] = p.seconds;
  c.lastNanos[p.flow] = p.nanoseconds;
}

function putAnalysis(p: PacketView, at: number): void {
  const tcp = p.trackers.tcp;
  if (!tcp.shown && tcp.flags === 0) return;
  p.open(F.analysis, at);
  if (tcp.ackedFrame !== 0) {
    p.putInt(F.acksFrame, at, 0, tcp.ackedFrame);
    if (tcp.rttSeconds !== 0 || tcp.rttNanos !== 0) p.putTime(F.ackRtt, at, 0, tcp.rttSeconds, tcp.rttNanos);
  }
  if (tcp.firstRttSeconds[p.flow] !== 0 || tcp.firstRttNanos[p.flow] !== 0) p.putTime(F.initialRtt, at, 0, tcp.firstRttSeconds[p.flow], tcp.firstRttNanos[p.flow]);
  if (tcp.bytesInFlight !== 0) {
    p.putInt(F.bytesInFlight, at, 0, tcp.bytesInFlight);
    if (tcp.pushBytes !== 0) p.putInt(F.pushBytes, at, 0, tcp.pushBytes);
  }
  if (tcp.flags !== 0) putFlags(p, at, tcp.flags);
  p.close(at);
}

function putFlags(p: PacketView, at: number, flags: number): void {
  const tcp = p.trackers.tcp;
  p.open(F.analysisFlags, at);
  if ((flags & REUSED_PORTS) !== 0) p.expert('note', 'sequence', 'tcp.analysis.reused_ports', at, 0);
  if ((flags & FAST_RETRANSMISSION) !== 0) p.expert('note', 'sequence', 'tcp.analysis.fast_retransmission', at, 0);
  if ((flags & SPURIOUS_RETRANSMISSION) !== 0) p.expert('note', 'sequence', 'tcp.analysis.spurious_retransmission', at, 0);
  if ((flags & (RETRANSMISSION | FAST_RETRANSMISSION)) !== 0) p.expert('note', 'sequence', 'tcp.analysis.retransmission', at, 0);
  if (tcp.rtoFrame !== 0 && (tcp.rtoSeconds !== 0 || tcp.rtoNanos !== 0)) {
    p.putTime(F.rto, at, 0, tcp.rtoSeconds, tcp.rtoNanos);
    p.putInt(F.rtoFrame, at, 0, tcp.rtoFrame);
  }
  if ((flags & OUT_OF_ORDER) !== 0) p.expert('warn', 'sequence', 'tcp.analysis.out_of_order', at, 0);
  if ((flags & LOST_SEGMENT) !== 0) p.expert('warn', 'sequence', 'tcp.analysis.lost_segment', at, 0);
  if ((flags & ACK_LOST_SEGMENT) !== 0) p.expert('warn', 'sequence', 'tcp.analysis.ack_lost_segment', at, 0);
  if ((flags & WINDOW_UPDATE) !== 0) p.expert('chat', 'sequence', 'tcp.analysis.window_update', at, 0);
  if ((flags & WINDOW_FULL) !== 0) p.expert('warn', 'sequence', 'tcp.analysis.window_full', at, 0);
  if ((flags & KEEP_ALIVE) !== 0) p.expert('note', 'sequence', 'tcp.analysis.keep_alive', at, 0);
  if ((flags & KEEP_ALIVE_ACK) !== 0) p.expert('note', 'sequence', 'tcp.analysis.keep_alive_ack', at, 0);
  if ((flags & ZERO_WINDOW_PROBE) !== 0) p.expert('note', 'sequence', 'tcp.analysis.zero_window_probe', at, 0);
  if ((flags & ZERO_WINDOW) !== 0) p.expert('warn', 'sequence', 'tcp.analysis.zero_window', at, 0);
  if ((flags & ZERO_WINDOW_PROBE_ACK) !== 0) p.expert('note', 'sequence', 'tcp.analysis.zero_window_probe_ack', at, 0);
  if ((flags & DUPLICATE_ACK) !== 0) {
    p.putInt(F.duplicateNumber, at, 0, tcp.duplicateNumber);
    p.putInt(F.duplicateFrame, at, 0, tcp.duplicateFrame);
    p.expert('note', 'sequence', 'tcp.analysis.duplicate_ack', at, 0);
  }
  p.close(at);
}

/** A reset may carry a text that tells its cause (RFC 9293 §3.5.3): nobody's protocol. */
function resetCause(p: PacketView): number {
  const b = p.bytes;
  let end = p.payloadAt;
  while (end < p.payloadEnd && b[end] >= 0x20 && b[end] < 0x7f) end++;
  p.put(F.resetCause, p.payloadAt, end - p.payloadAt);
  if (end < p.payloadEnd) p.expert('warn', 'undecoded', 'tcp.trailing_stray', end, p.payloadEnd - end);
  return p.finish();
}

/** Flags by name, highest first: what `tcp.flags` holds in bits 0 to 8. */
const FLAG_NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE'];
/** What the analysis says of the segment, in the list's words. */
const REMARKS: readonly (readonly [Field, string])[] = [
  [F.retransmission, 'retransmission'], [F.outOfOrder, 'out of order'], [F.lostSegment, 'segment before not captured'], [F.duplicateAck, 'duplicate ACK'],
  [F.windowFull, 'window full'], [F.zeroWindow, 'zero window'], [F.zeroWindowProbe, 'zero window probe'], [F.keepAlive, 'keep-alive'], [F.keepAliveAck, 'keep-alive ACK'],
];

/** `[retransmission] 56330 → 443 [SYN] Seq=0 Win=64240 Len=0 MSS=1460`. */
function tcpInfo(row: InfoRow): string {
  const remarks = REMARKS.filter(([f]) => row.has(f)).map(([, text]) => `[${text}] `).join('');
  const flags = FLAG_NAMES.filter((_, bit) => ((row.num(F.flags) >> bit) & 1) !== 0).join(', ');
  const number = (name: string, f: Field): string => (row.has(f) ? ` ${name}=${row.num(f)}` : '');
  const ack = (row.num(F.flags) & ACK) === 0 ? '' : number('Ack', F.ack);
  return `${remarks}${row.num(F.srcPort)} → ${row.num(F.dstPort)} [${flags}]${number('Seq', F.seq)}${ack}${number('Win', F.window)}${number('Len', F.len)}${number('MSS', F.mss)}`;
}

export const tcp = defineDissector({
  name: 'tcp',
  title: 'Transmission Control Protocol',
  spec: ['RFC 9293', 'RFC 7323', 'RFC 2018', 'RFC 7413'],
  over: { 'ip.proto': [6] },
  tables: ['tcp.port'],
  fields: tcpFields,
  leastHead: 4,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < HEADER_LEN) {
      // An error quotes the first eight bytes: ports and sequence number (RFC 792).
      if (end - at >= 8 && p.quoted) p.putInt(F.seq, at + 4, 4, u32be(b, at + 4));
      return p.tooShort(HEADER_LEN);
    }
    const srcPort = u16be(b, at);
    const dstPort = u16be(b, at + 2);
    const headerLen = (b[at + 12] >> 4) * 4;
    const flags = u16be(b, at + FLAGS) & 0x0fff;
    p.srcPort = srcPort;
    p.dstPort = dstPort;
    p.l4At = at;
    p.payloadAt = at + headerLen;
    p.payloadWireEnd = Math.max(p.wireEnd, p.payloadAt);
    p.payloadEnd = Math.max(Math.min(end, p.payloadWireEnd), p.payloadAt);
    const bogus = headerLen < HEADER_LEN;
    const short = at + headerLen > p.wireEnd;
    const len = bogus || short ? 0 : p.payloadWireEnd - p.payloadAt;
    p.putInt(F.headerLen, at + 12, 1, headerLen);
    if (short && !p.quoted) {
      if (p.track && p.converse(6) >= 0) p.putInt(F.stream, at, 0, p.trackers.conversations.stream[p.flow]);
      p.flow = -1;
      p.expert('warn', 'malformed', 'tcp.short_segment', at + 12, 1);
      putRaw(p, at, flags);
    } else if (p.track) follow(p, at, flags, len);
    else p.putInt(F.len, at + 12, 0, len);
    if (p.wants(F.flagsText)) p.putText(F.flagsText, at + FLAGS, 2, flagsText(flags));
    if (bogus) {
      p.expert('error', 'protocol', 'tcp.bogus_header_length', at + 12, 1);
      return 0;
    }
    if (p.flow >= 0) {
      const analysis = p.trackers.tcp;
      p.putInt(F.window, at + 14, 2, analysis.window);
      if ((flags & SYN) === 0) p.putInt(F.scale, at + 14, 2, analysis.scale === SCALE_UNKNOWN || analysis.scale === SCALE_NONE ? analysis.scale : 2 ** analysis.scale);
    } else p.putInt(F.window, at + 14, 2, u16be(b, at + 14));
    p.putInt(F.checksumStatus, at + 16, 0, 2);
    if ((flags & SYN) !== 0) p.expert('chat', 'sequence', (flags & ACK) !== 0 ? 'tcp.connection.synack' : 'tcp.connection.syn', at + FLAGS, 2);
    if ((flags & FIN) !== 0) {
      p.expert('chat', 'sequence', 'tcp.connection.fin', at + FLAGS, 2);
      if (p.flow >= 0) p.expert('note', 'sequence', p.trackers.tcp.closedBy[p.flow] === p.dir + 1 ? 'tcp.connection.fin_active' : 'tcp.connection.fin_passive', at + FLAGS, 2);
    }
    if ((flags & RST) !== 0) p.expert('warn', 'sequence', 'tcp.connection.rst', at + FLAGS, 2);
    if ((flags & 0x20) === 0 && u16be(b, at + 18) !== 0) p.expert('note', 'protocol', 'tcp.urgent_pointer.non_zero', at + 18, 2);
    if (headerLen > HEADER_LEN && end > at + HEADER_LEN) readTcpOptions(p, at + HEADER_LEN, Math.min(end, at + headerLen), flags, end >= at + headerLen);
    else if (p.flow >= 0 && (flags & SYN) !== 0) p.trackers.tcp.windowScale(p.flow, p.dir, flags, -1);
    if (end - at < headerLen) return p.tooShort(headerLen);
    if (p.flow >= 0) {
      putTimes(p);
      putAnalysis(p, at);
    }
    if (p.payloadEnd > p.payloadAt) p.put(F.payload, p.payloadAt, p.payloadEnd - p.payloadAt);
    p.streamSource = p.source;
    p.payloadFin = (flags & FIN) !== 0;
    if (len > 0 && p.payloadEnd === p.payloadAt) return p.finish();
    if (len === 0 && !(p.payloadFin && p.flow >= 0 && p.trackers.pdus.endsWithStream(p.flow * 2 + p.dir))) return 0;
    // What was sent before has been read; what comes late may fill a hole of a PDU, and is not read on its own.
    const odd = p.flow < 0 ? 0 : p.trackers.tcp.flags;
    if ((odd & RETRANSMISSION) !== 0 || ((odd & OUT_OF_ORDER) !== 0 && p.trackers.pdus.find(p.flow * 2 + p.dir, u32be(b, at + 4)) === undefined)) return p.finish();
    if (p.track && p.flow >= 0 && p.payloadEnd === p.payloadWireEnd && p.trackers.pdus.overlapsRead(p.flow * 2 + p.dir, u32be(b, at + 4))) return MALFORMED;
    if ((odd & KEEP_ALIVE) !== 0) {
      // The byte of a keep-alive is nobody's message (RFC 9293 §3.8.4).
      p.payload(p.payloadAt, p.payloadWireEnd);
      return 0;
    }
    if ((flags & RST) !== 0) return resetCause(p);
    p.payloadSeq = (u32be(b, at + 4) + ((flags & SYN) !== 0 ? 1 : 0)) | 0;
    p.payload(p.payloadAt, p.payloadWireEnd);
    if ((flags & SYN) !== 0 && p.flow >= 0) p.trackers.conversations.serverPort[p.flow] = (flags & ACK) === 0 ? dstPort : srcPort;
    return p.next('tcp.port', srcPort, dstPort);
  },
  info: tcpInfo,
});

export default tcp;
