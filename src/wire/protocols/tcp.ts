import { u16be, u32be } from '../../base/bytes.ts';
import {
  ACK_LOST_SEGMENT, DUPLICATE_ACK, FAST_RETRANSMISSION, FIN, ACK, KEEP_ALIVE, KEEP_ALIVE_ACK, LOST_SEGMENT, OUT_OF_ORDER, RETRANSMISSION, REUSED_PORTS,
  RST, SCALE_NONE, SCALE_UNKNOWN, SPURIOUS_RETRANSMISSION, SYN, WINDOW_FULL, WINDOW_UPDATE, ZERO_WINDOW, ZERO_WINDOW_PROBE, ZERO_WINDOW_PROBE_ACK,
} from '../../stream/tcp-analysis.ts';
import type { Field } from '../../filter/field.ts';
import { defineDissector, defineFields, fixed, put, type InfoRow } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { MALFORMED } from '../packet-view.ts';

//  0                   1                   2                   3
// |          source port          |       destination port        |
// |                        sequence number                        |
// |                    acknowledgment number                      |
// | offset|  res  |     flags     |            window             |
// |           checksum            |         urgent pointer        |
const HEADER_LEN = 20;
const FLAGS = 12;

const OPTION_END = 0;
const OPTION_NOP = 1;
const OPTION_MSS = 2;
const OPTION_WINDOW_SCALE = 3;
const OPTION_SACK_PERMITTED = 4;
const OPTION_SACK = 5;
const OPTION_TIMESTAMP = 8;
const OPTION_MD5 = 19;
const OPTION_USER_TIMEOUT = 28;
const OPTION_AO = 29;
const OPTION_MPTCP = 30;
const OPTION_FAST_OPEN = 34;

const CHECKSUM_STATUS = { 0: 'Bad', 1: 'Good', 2: 'Unverified', 3: 'Not present' } as const;

const flag = (name: string, mask: number, title: string) => ({ name: `tcp.flags.${name}`, ...fixed('boolean', FLAGS, title, { size: 2, mask }) });
const note = (name: string, title: string) => ({ name, ...put('none', title) });

export const tcpFields = defineFields({
  srcPort: { name: 'tcp.srcport', ...fixed('u16', 0, 'Source Port', { also: ['tcp.port'] }) },
  dstPort: { name: 'tcp.dstport', ...fixed('u16', 2, 'Destination Port', { also: ['tcp.port'] }) },
  stream: { name: 'tcp.stream', ...put('u32', 'Stream index') },
  completeness: { name: 'tcp.completeness', ...put('u8', 'Conversation completeness') },
  len: { name: 'tcp.len', ...put('u32', 'TCP Segment Len') },
  seq: { name: 'tcp.seq', ...put('u32', 'Sequence Number') },
  seqRaw: { name: 'tcp.seq_raw', ...fixed('u32', 4, 'Sequence Number (raw)') },
  nextSeq: { name: 'tcp.nxtseq', ...put('u32', 'Next Sequence Number') },
  ack: { name: 'tcp.ack', ...put('u32', 'Acknowledgment Number') },
  ackRaw: { name: 'tcp.ack_raw', ...fixed('u32', 8, 'Acknowledgment number (raw)') },
  headerLen: { name: 'tcp.hdr_len', ...put('u8', 'Header Length') },
  flags: { name: 'tcp.flags', ...fixed('u16', FLAGS, 'Flags', { base: 'hex', mask: 0x0fff }) },
  res: flag('res', 0x0e00, 'Reserved'),
  ae: flag('ae', 0x0100, 'Accurate ECN'),
  cwr: flag('cwr', 0x0080, 'Congestion Window Reduced'),
  ece: flag('ece', 0x0040, 'ECN-Echo'),
  urg: flag('urg', 0x0020, 'Urgent'),
  ackFlag: flag('ack', 0x0010, 'Acknowledgment'),
  push: flag('push', 0x0008, 'Push'),
  reset: flag('reset', 0x0004, 'Reset'),
  syn: flag('syn', 0x0002, 'Syn'),
  fin: flag('fin', 0x0001, 'Fin'),
  flagsText: { name: 'tcp.flags.str', ...put('string', 'TCP Flags') },
  windowValue: { name: 'tcp.window_size_value', ...fixed('u16', 14, 'Window') },
  window: { name: 'tcp.window_size', ...put('u32', 'Calculated window size') },
  scale: { name: 'tcp.window_size_scalefactor', ...put('i32', 'Window size scaling factor', { values: { [-1]: 'unknown', [-2]: 'no window scaling used' } }) },
  checksum: { name: 'tcp.checksum', ...fixed('u16', 16, 'Checksum', { base: 'hex' }) },
  checksumStatus: { name: 'tcp.checksum.status', ...put('u8', 'Checksum Status', { base: 'none', values: CHECKSUM_STATUS }) },
  urgentPointer: { name: 'tcp.urgent_pointer', ...fixed('u16', 18, 'Urgent Pointer') },
  options: { name: 'tcp.options', ...put('bytes', 'TCP Options') },
  optionNop: { name: 'tcp.options.nop', ...put('protocol', 'TCP Option - No-Operation (NOP)') },
  optionEnd: { name: 'tcp.options.eol', ...put('protocol', 'TCP Option - End of Option List (EOL)') },
  optionMss: { name: 'tcp.options.mss', ...put('protocol', 'TCP Option - Maximum segment size') },
  optionScale: { name: 'tcp.options.wscale', ...put('protocol', 'TCP Option - Window scale') },
  optionSackPermitted: { name: 'tcp.options.sack_perm', ...put('protocol', 'TCP Option - SACK permitted') },
  optionSack: { name: 'tcp.options.sack', ...put('protocol', 'TCP Option - SACK') },
  optionTimestamp: { name: 'tcp.options.timestamp', ...put('protocol', 'TCP Option - Timestamps') },
  optionMd5: { name: 'tcp.options.md5', ...put('protocol', 'TCP Option - TCP MD5 signature') },
  optionAo: { name: 'tcp.options.ao', ...put('protocol', 'TCP Option - TCP AO') },
  optionUserTimeout: { name: 'tcp.options.user_to', ...put('protocol', 'TCP Option - User Timeout') },
  optionFastOpen: { name: 'tcp.options.tfo', ...put('protocol', 'TCP Option - TCP Fast Open') },
  optionMptcp: { name: 'tcp.options.mptcp', ...put('protocol', 'TCP Option - Multipath TCP') },
  optionUnknown: { name: 'tcp.options.unknown', ...put('protocol', 'TCP Option - Unknown') },
  kind: { name: 'tcp.option_kind', ...put('u8', 'Kind') },
  optionLen: { name: 'tcp.option_len', ...put('u8', 'Length') },
  mss: { name: 'tcp.options.mss_val', ...put('u16', 'MSS Value') },
  shift: { name: 'tcp.options.wscale.shift', ...put('u8', 'Shift count') },
  multiplier: { name: 'tcp.options.wscale.multiplier', ...put('u16', 'Multiplier') },
  sackLeft: { name: 'tcp.options.sack_le', ...put('u32', 'TCP SACK Left Edge') },
  sackRight: { name: 'tcp.options.sack_re', ...put('u32', 'TCP SACK Right Edge') },
  sackCount: { name: 'tcp.options.sack.count', ...put('u8', 'TCP SACK Count') },
  tsval: { name: 'tcp.options.timestamp.tsval', ...put('u32', 'Timestamp value') },
  tsecr: { name: 'tcp.options.timestamp.tsecr', ...put('u32', 'Timestamp echo reply') },
  md5: { name: 'tcp.options.md5.digest', ...put('bytes', 'MD5 digest') },
  tfoCookie: { name: 'tcp.options.tfo.cookie', ...put('bytes', 'Fast Open Cookie') },
  tfoRequest: { name: 'tcp.options.tfo.request', ...put('none', 'Fast Open Cookie Request') },
  unknownPayload: { name: 'tcp.options.unknown.payload', ...put('bytes', 'Payload') },
  timeRelative: { name: 'tcp.time_relative', ...put('reltime', 'Time since first frame in this TCP stream') },
  timeDelta: { name: 'tcp.time_delta', ...put('reltime', 'Time since previous frame in this TCP stream') },
  analysis: { name: 'tcp.analysis', ...put('none', 'SEQ/ACK analysis') },
  analysisFlags: { name: 'tcp.analysis.flags', ...put('none', 'TCP Analysis Flags') },
  acksFrame: { name: 'tcp.analysis.acks_frame', ...put('framenum', 'This is an ACK to the segment in frame') },
  ackRtt: { name: 'tcp.analysis.ack_rtt', ...put('reltime', 'The RTT to ACK the segment was') },
  initialRtt: { name: 'tcp.analysis.initial_rtt', ...put('reltime', 'iRTT') },
  bytesInFlight: { name: 'tcp.analysis.bytes_in_flight', ...put('u32', 'Bytes in flight') },
  pushBytes: { name: 'tcp.analysis.push_bytes_sent', ...put('u32', 'Bytes sent since last PSH flag') },
  rto: { name: 'tcp.analysis.rto', ...put('reltime', 'The RTO for this segment was') },
  rtoFrame: { name: 'tcp.analysis.rto_frame', ...put('framenum', 'RTO based on delta from frame') },
  duplicateNumber: { name: 'tcp.analysis.duplicate_ack_num', ...put('u32', 'Duplicate ACK #') },
  duplicateFrame: { name: 'tcp.analysis.duplicate_ack_frame', ...put('framenum', 'Duplicate to the ACK in frame') },
  retransmission: note('tcp.analysis.retransmission', 'This frame is a (suspected) retransmission'),
  fastRetransmission: note('tcp.analysis.fast_retransmission', 'This frame is a (suspected) fast retransmission'),
  spuriousRetransmission: note('tcp.analysis.spurious_retransmission', 'This frame is a (suspected) spurious retransmission'),
  outOfOrder: note('tcp.analysis.out_of_order', 'This frame is a (suspected) out-of-order segment'),
  lostSegment: note('tcp.analysis.lost_segment', 'Previous segment(s) not captured (common at capture start)'),
  ackLostSegment: note('tcp.analysis.ack_lost_segment', "ACKed segment that wasn't captured (common at capture start)"),
  duplicateAck: note('tcp.analysis.duplicate_ack', 'Duplicate ACK'),
  windowUpdate: note('tcp.analysis.window_update', 'TCP window update'),
  windowFull: note('tcp.analysis.window_full', 'TCP window specified by the receiver is now completely full'),
  zeroWindow: note('tcp.analysis.zero_window', 'TCP Zero Window segment'),
  zeroWindowProbe: note('tcp.analysis.zero_window_probe', 'TCP Zero Window Probe'),
  zeroWindowProbeAck: note('tcp.analysis.zero_window_probe_ack', 'ACK to a TCP Zero Window Probe'),
  keepAlive: note('tcp.analysis.keep_alive', 'TCP keep-alive segment'),
  keepAliveAck: note('tcp.analysis.keep_alive_ack', 'ACK to a TCP keep-alive segment'),
  reusedPorts: note('tcp.analysis.reused_ports', 'A new tcp session is started with the same ports as an earlier session in this trace'),
  tfoSyn: note('tcp.analysis.tfo_syn', 'TCP SYN with TFO Cookie'),
  tfoAck: note('tcp.analysis.tfo_ack', 'TCP SYN-ACK accepting TFO data'),
  connectionSyn: note('tcp.connection.syn', 'Connection establish request (SYN)'),
  connectionSynAck: note('tcp.connection.synack', 'Connection establish acknowledge (SYN+ACK)'),
  connectionFin: note('tcp.connection.fin', 'Connection finish (FIN)'),
  finActive: note('tcp.connection.fin_active', 'This frame initiates the connection closing'),
  finPassive: note('tcp.connection.fin_passive', 'This frame undergoes the connection closing'),
  dsack: note('tcp.options.sack.dsack', 'D-SACK Sequence'),
  connectionReset: note('tcp.connection.rst', 'Connection reset (RST)'),
  ackNonzero: note('tcp.ack.nonzero', 'The acknowledgment number field is nonzero while the ACK flag is not set'),
  bogusHeader: note('tcp.bogus_header_length', 'Bogus TCP Header length'),
  shortSegment: note('tcp.short_segment', 'Short segment'),
  urgentNonZero: note('tcp.urgent_pointer.non_zero', 'The urgent pointer field is nonzero while the URG flag is not set'),
  nop4: note('tcp.nop', '4 NOP in a row - a router may have removed some options'),
  payload: { name: 'tcp.payload', ...put('bytes', 'TCP payload') },
});
const F = tcpFields;

/** Reads the options, and tells the analysis what it needs of them. */
function readOptions(p: PacketView, at: number, end: number, flags: number): void {
  const b = p.bytes;
  let shift = -1;
  let nops = 0;
  p.put(F.options, at, end - at);
  for (let i = at; i < end; ) {
    const kind = b[i];
    if (kind === OPTION_END) {
      p.open(F.optionEnd, i);
      p.put(F.kind, i, 1);
      p.close(i + 1);
      break;
    }
    if (kind === OPTION_NOP) {
      p.open(F.optionNop, i);
      p.put(F.kind, i, 1);
      p.close(i + 1);
      if (++nops === 4) p.expert('warn', 'protocol', 'tcp.nop', i, 1);
      i++;
      continue;
    }
    nops = 0;
    if (i + 2 > end) break;
    const len = b[i + 1];
    if (len < 2 || i + len > end) break;
    const field = optionField(kind);
    p.open(field, i);
    p.put(F.kind, i, 1);
    p.put(F.optionLen, i + 1, 1);
    if (kind === OPTION_MSS && len === 4) p.put(F.mss, i + 2, 2);
    else if (kind === OPTION_WINDOW_SCALE && len === 3) {
      shift = b[i + 2];
      p.put(F.shift, i + 2, 1);
      p.putInt(F.multiplier, i + 2, 1, 2 ** Math.min(shift, 14));
    } else if (kind === OPTION_SACK) readSacks(p, i, len);
    else if (kind === OPTION_TIMESTAMP && len === 10) {
      p.put(F.tsval, i + 2, 4);
      p.put(F.tsecr, i + 6, 4);
    } else if (kind === OPTION_MD5) p.put(F.md5, i + 2, len - 2);
    else if (kind === OPTION_FAST_OPEN) {
      if (len === 2) p.put(F.tfoRequest, i, 2);
      else {
        p.put(F.tfoCookie, i + 2, len - 2);
        if ((flags & (SYN | ACK)) === SYN) p.expert('note', 'sequence', 'tcp.analysis.tfo_syn', i, len);
      }
    } else if (field === F.optionUnknown && len > 2) p.put(F.unknownPayload, i + 2, len - 2);
    p.close(i + len);
    i += len;
  }
  if (p.flow < 0) return;
  if ((flags & SYN) !== 0) p.trackers.tcp.windowScale(p.flow, p.dir, flags, Math.min(shift, 14));
}

function optionField(kind: number) {
  switch (kind) {
    case OPTION_MSS: return F.optionMss;
    case OPTION_WINDOW_SCALE: return F.optionScale;
    case OPTION_SACK_PERMITTED: return F.optionSackPermitted;
    case OPTION_SACK: return F.optionSack;
    case OPTION_TIMESTAMP: return F.optionTimestamp;
    case OPTION_MD5: return F.optionMd5;
    case OPTION_USER_TIMEOUT: return F.optionUserTimeout;
    case OPTION_AO: return F.optionAo;
    case OPTION_MPTCP: return F.optionMptcp;
    case OPTION_FAST_OPEN: return F.optionFastOpen;
    default: return F.optionUnknown;
  }
}

function readSacks(p: PacketView, at: number, len: number): void {
  const n = Math.min((len - 2) >> 3, 4);
  const base = p.flow >= 0 ? p.trackers.tcp.baseOf(p.flow, p.dir === 0 ? 1 : 0) : 0;
  for (let k = 0; k < n; k++) {
    const left = u32be(p.bytes, at + 2 + 8 * k);
    const right = u32be(p.bytes, at + 6 + 8 * k);
    p.putInt(F.sackLeft, at + 2 + 8 * k, 4, (left - base) >>> 0);
    p.putInt(F.sackRight, at + 6 + 8 * k, 4, (right - base) >>> 0);
  }
  p.putInt(F.sackCount, at, 0, n);
  // A first block below the acknowledgement, or inside the second, tells of a duplicate (RFC 2883 §4).
  const b = p.bytes;
  if (n > 0) {
    const left = u32be(b, at + 2);
    const right = u32be(b, at + 6);
    const below = ((right - u32be(b, p.l4At + 8)) | 0) <= 0;
    const inside = n > 1 && ((left - u32be(b, at + 10)) | 0) >= 0 && ((right - u32be(b, at + 14)) | 0) <= 0;
    if (below || inside) p.expert('warn', 'sequence', 'tcp.options.sack.dsack', at, 0);
  }
}

/** `·······AP···`: one letter a flag, as analysts read them. */
function flagsText(flags: number): string {
  const letters = 'RRRACEUAPRSF';
  let out = '';
  for (let i = 0; i < 12; i++) out += (flags & (0x800 >> i)) !== 0 ? letters[i] : '\u00b7';
  return out;
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
    p.putInt(F.len, at + 12, 0, len);
    p.putInt(F.seq, at + 4, 4, (seq - tcp.baseOf(p.flow, p.dir)) >>> 0);
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
  p.putInt(F.completeness, at, 0, tcp.completeness[p.flow]);
  tcp.segment(p.flow, p.dir, p.frame, p.seconds, p.nanoseconds, seq, u32be(b, at + 8), flags, u16be(b, at + 14), len);
  if (reused) tcp.flags |= REUSED_PORTS;
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
    p.putTime(F.ackRtt, at, 0, tcp.rttSeconds, tcp.rttNanos);
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
  if (tcp.rtoFrame !== 0) {
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
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
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
    const bogus = headerLen < HEADER_LEN || at + headerLen > p.wireEnd;
    const len = bogus ? 0 : p.payloadWireEnd - p.payloadAt;
    const tracked = p.track;
    if (tracked) {
      follow(p, at, flags, len);
    } else p.putInt(F.len, at + 12, 0, len);
    p.putInt(F.headerLen, at + 12, 1, headerLen);
    if (p.wants(F.flagsText)) p.putText(F.flagsText, at + FLAGS, 2, flagsText(flags));
    if (bogus) {
      p.expert('error', 'protocol', 'tcp.bogus_header_length', at + 12, 1);
      return headerLen < HEADER_LEN ? 0 : MALFORMED;
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
    if (headerLen > HEADER_LEN && end > at + HEADER_LEN) readOptions(p, at + HEADER_LEN, Math.min(end, at + headerLen), flags);
    else if (p.flow >= 0 && (flags & SYN) !== 0) p.trackers.tcp.windowScale(p.flow, p.dir, flags, -1);
    if (end - at < headerLen) return p.tooShort(headerLen);
    if (p.flow >= 0) {
      putTimes(p);
      putAnalysis(p, at);
    }
    if (p.payloadEnd > p.payloadAt) p.put(F.payload, p.payloadAt, p.payloadEnd - p.payloadAt);
    p.payloadFin = (flags & FIN) !== 0;
    if (len === 0 && !(p.payloadFin && p.flow >= 0 && p.trackers.pdus.endsWithStream(p.flow * 2 + p.dir))) return 0;
    // What was sent before has been read: a resend is shown, and not read again.
    if (p.flow >= 0 && (p.trackers.tcp.flags & RETRANSMISSION) !== 0) return p.finish();
    // A reset may carry a text that tells its cause (RFC 9293 §3.5.3): nobody's protocol.
    p.payloadSeq = (u32be(b, at + 4) + ((flags & SYN) !== 0 ? 1 : 0)) | 0;
    p.payload(p.payloadAt, p.payloadWireEnd);
    if ((flags & SYN) !== 0 && p.flow >= 0) p.trackers.conversations.serverPort[p.flow] = (flags & ACK) === 0 ? dstPort : srcPort;
    return p.next('tcp.port', srcPort, dstPort);
  },
  info: tcpInfo,
});

export default tcp;
