import { u16be, u32be } from '../../base/bytes.ts';
import { ACK, SYN } from '../../stream/tcp-findings.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { tcpFields } from './tcp-fields.ts';

const F = tcpFields;

// Kinds of options (IANA, TCP parameters).
const OPTION_END = 0;
const OPTION_NOP = 1;
const OPTION_MSS = 2;
const OPTION_WINDOW_SCALE = 3;
const OPTION_SACK_PERMITTED = 4;
const OPTION_SACK = 5;
const OPTION_ECHO = 6;
const OPTION_ECHO_REPLY = 7;
const OPTION_TIMESTAMP = 8;
const OPTION_MD5 = 19;
const OPTION_QUICK_START = 27;
const OPTION_USER_TIMEOUT = 28;
const OPTION_AO = 29;
const OPTION_MPTCP = 30;
const OPTION_FAST_OPEN = 34;
const OPTION_EXPERIMENT = 253;
const OPTION_EXPERIMENT_2 = 254;
const EXPERIMENT_FAST_OPEN = 0xf989;

/** Lengths that an option must have; those that are not here may have any. */
const FIXED_LENGTH: Readonly<Record<number, number>> = {
  [OPTION_MSS]: 4, [OPTION_WINDOW_SCALE]: 3, [OPTION_SACK_PERMITTED]: 2, [OPTION_TIMESTAMP]: 10, [OPTION_MD5]: 18, [OPTION_USER_TIMEOUT]: 4, [OPTION_ECHO]: 6, [OPTION_ECHO_REPLY]: 6,
};
/** Largest shift of a window (RFC 7323 §2.3). */
const MAX_SHIFT = 14;

/** Reads the options, and tells the analysis what it needs of them. */
export function readTcpOptions(p: PacketView, at: number, end: number, flags: number, whole: boolean): void {
  const b = p.bytes;
  let shift = -1;
  let nops = 0;
  let hasMss = false;
  p.put(F.options, at, end - at);
  for (let i = at; i < end; ) {
    const kind = b[i];
    if (kind === OPTION_END || kind === OPTION_NOP) {
      p.open(kind === OPTION_NOP ? F.optionNop : F.optionEnd, i);
      p.put(F.kind, i, 1);
      p.close(i + 1);
      i++;
      if (kind === OPTION_END) {
        // What stands behind the end pads the header with zeros (RFC 9293 §3.1).
        while (i < end && b[i] === 0) i++;
        if (i < end) p.expert('error', 'protocol', 'tcp.non_zero_bytes_after_eol', i, end - i);
        break;
      }
      if (++nops === 4) p.expert('warn', 'protocol', 'tcp.nop', i - 1, 1);
      continue;
    }
    nops = 0;
    if (i + 2 > end) break;
    const len = b[i + 1];
    if (len < 2 || i + len > end) break;
    p.open(optionField(kind), i);
    p.put(F.kind, i, 1);
    p.put(F.optionLen, i + 1, 1);
    if ((FIXED_LENGTH[kind] ?? len) !== len) p.expert('note', 'sequence', 'tcp.option.len.invalid', i + 1, 1);
    else {
      if (kind === OPTION_WINDOW_SCALE) shift = b[i + 2];
      else if (kind === OPTION_MSS) hasMss = true;
      readOption(p, kind, i, len, flags);
    }
    p.close(i + len);
    i += len;
  }
  if (whole && hasMss !== ((flags & SYN) !== 0)) {
    if (hasMss) p.expert('warn', 'protocol', 'tcp.options.mss.present', at, 0);
    else p.expert('note', 'protocol', 'tcp.options.mss.absent', at, 0);
  }
  if (p.flow >= 0 && (flags & SYN) !== 0) p.trackers.tcp.windowScale(p.flow, p.dir, flags, Math.min(shift, MAX_SHIFT));
}

function readOption(p: PacketView, kind: number, at: number, len: number, flags: number): void {
  const b = p.bytes;
  switch (kind) {
    case OPTION_MSS:
      return p.put(F.mss, at + 2, 2);
    case OPTION_WINDOW_SCALE:
      p.put(F.shift, at + 2, 1);
      if (b[at + 2] > MAX_SHIFT) p.expert('warn', 'protocol', 'tcp.options.wscale.shift.invalid', at + 2, 1);
      return p.putInt(F.multiplier, at + 2, 1, 2 ** Math.min(b[at + 2], MAX_SHIFT));
    case OPTION_SACK:
      return readSacks(p, at, len);
    case OPTION_ECHO: case OPTION_ECHO_REPLY:
      return p.put(F.echo, at + 2, 4);
    case OPTION_TIMESTAMP:
      p.put(F.tsval, at + 2, 4);
      return p.put(F.tsecr, at + 6, 4);
    case OPTION_MD5:
      return p.put(F.md5, at + 2, len - 2);
    case OPTION_QUICK_START:
      if (len < 4) return;
      p.put(F.quickStartRate, at + 2, 1);
      return p.put(F.quickStartTtl, at + 3, 1);
    case OPTION_USER_TIMEOUT:
      p.put(F.timeoutGranularity, at + 2, 2);
      return p.put(F.timeoutValue, at + 2, 2);
    case OPTION_AO:
      if (len < 4) return;
      p.put(F.aoKey, at + 2, 1);
      p.put(F.aoNextKey, at + 3, 1);
      return p.put(F.aoMac, at + 4, len - 4);
    case OPTION_MPTCP: {
      // Named in the list of protocols, and a part of this option in the tree.
      p.callInside(p.id('mptcp'), p.source, at, at + len);
      return;
    }
    case OPTION_FAST_OPEN:
      return readFastOpen(p, at, len, flags);
    case OPTION_EXPERIMENT: case OPTION_EXPERIMENT_2:
      return readExperiment(p, at, len, flags);
    default:
      if (len > 2) p.put(F.unknownPayload, at + 2, len - 2);
  }
}

/** RFC 7413 §4.1.1. */
function readFastOpen(p: PacketView, at: number, len: number, flags: number): void {
  if (len === 2) return p.put(F.tfoRequest, at, 2);
  p.put(F.tfoCookie, at + 2, len - 2);
  if ((flags & (SYN | ACK)) === SYN) p.expert('note', 'sequence', 'tcp.analysis.tfo_syn', at, len);
}

/** A number says whose experiment it is (RFC 6994 §3.1). */
function readExperiment(p: PacketView, at: number, len: number, flags: number): void {
  if (len < 4) return;
  p.put(F.experiment, at + 2, 2);
  if (u16be(p.bytes, at + 2) !== EXPERIMENT_FAST_OPEN) {
    if (len > 4) p.put(F.experimentData, at + 4, len - 4);
    return;
  }
  if (len === 4) return p.put(F.tfoRequest, at, 4);
  p.put(F.tfoCookie, at + 4, len - 4);
  if ((flags & (SYN | ACK)) === SYN) p.expert('note', 'sequence', 'tcp.analysis.tfo_syn', at, len);
}

function optionField(kind: number): Field {
  switch (kind) {
    case OPTION_MSS: return F.optionMss;
    case OPTION_WINDOW_SCALE: return F.optionScale;
    case OPTION_SACK_PERMITTED: return F.optionSackPermitted;
    case OPTION_SACK: return F.optionSack;
    case OPTION_ECHO: return F.optionEcho;
    case OPTION_ECHO_REPLY: return F.optionEchoReply;
    case OPTION_TIMESTAMP: return F.optionTimestamp;
    case OPTION_MD5: return F.optionMd5;
    case OPTION_QUICK_START: return F.optionQuickStart;
    case OPTION_USER_TIMEOUT: return F.optionUserTimeout;
    case OPTION_AO: return F.optionAo;
    case OPTION_MPTCP: return F.optionMptcp;
    case OPTION_FAST_OPEN: return F.optionFastOpen;
    case OPTION_EXPERIMENT: case OPTION_EXPERIMENT_2: return F.optionExperiment;
    default: return F.optionUnknown;
  }
}

function readSacks(p: PacketView, at: number, len: number): void {
  const n = Math.min((len - 2) >> 3, 4);
  const base = p.flow >= 0 ? p.trackers.tcp.baseOf(p.flow, p.dir === 0 ? 1 : 0) : 0;
  let sacked = 0;
  for (let k = 0; k < n; k++) {
    const left = u32be(p.bytes, at + 2 + 8 * k);
    const right = u32be(p.bytes, at + 6 + 8 * k);
    sacked += (right - left) | 0;
    p.putInt(F.sackLeft, at + 2 + 8 * k, 4, (left - base) >>> 0);
    p.putInt(F.sackRight, at + 6 + 8 * k, 4, (right - base) >>> 0);
  }
  p.putInt(F.sackCount, at, 0, n);
  if (p.flow >= 0) p.trackers.tcp.sacked(p.flow, p.dir, sacked);
  // A first block below the acknowledgement, or inside the second, tells of a duplicate (RFC 2883 §4).
  const b = p.bytes;
  if (n > 0) {
    const left = u32be(b, at + 2);
    const right = u32be(b, at + 6);
    const below = ((right - u32be(b, p.l4At + 8)) | 0) <= 0;
    const inside = n > 1 && ((left - u32be(b, at + 10)) | 0) >= 0 && ((right - u32be(b, at + 14)) | 0) <= 0;
    if (below || inside) {
      p.putInt(F.dsackLeft, at + 2, 4, (left - base) >>> 0);
      p.putInt(F.dsackRight, at + 6, 4, (right - base) >>> 0);
      p.expert('warn', 'sequence', 'tcp.options.sack.dsack', at, 0);
    }
  }
}
