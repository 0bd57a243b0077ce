import { u16be, u32be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { rtcpFields } from '../codecs/rtcp-fields.ts';
import type { RtpAnnouncement } from '../codecs/rtp-types.ts';

const F = rtcpFields;

// |V=2|P|  count  |   packet type  |   length in words, less one   |
const HEADER_LEN = 4;
const REPORT_LEN = 24;
const SENDER_LEN = 20;
const TYPE = { SR: 200, RR: 201, SDES: 202, BYE: 203, APP: 204, RTPFB: 205, PSFB: 206, XR: 207 } as const;
const PRIVATE = 8;
/** Seconds from NTP's era to Unix's (RFC 5905 §6). */
const NTP_TO_UNIX = 2_208_988_800;

/** RTCP: on the ports that a session description announced, and where packets look like it on an odd port. */
export const rtcp = defineDissector({
  name: 'rtcp',
  title: 'Real-time Transport Control Protocol',
  spec: ['RFC 3550 §6', 'RFC 4585', 'RFC 3611'],
  over: {},
  fields: rtcpFields,
  column: 'RTCP',
  heuristicOver: ['udp'],
  heuristic(p, at, end) {
    if (end - at < 8 || (p.dstPort & 1) === 0) return false;
    const type = p.bytes[at + 1];
    return p.bytes[at] >> 6 === 2 && type >= TYPE.SR && type <= TYPE.XR && (p.wireEnd - at) % 4 === 0 && HEADER_LEN + 4 * u16be(p.bytes, at + 2) <= p.wireEnd - at;
  },
  repeats: true,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    if (b[at] >> 6 !== 2) return DECLINE;
    const about = p.trackers.expected.about(p.flow) as RtpAnnouncement | undefined;
    if (about !== undefined) {
      if (p.wants(F.setup)) p.putText(F.setup, at, 0, '');
      p.putInt(F.setupFrame, at, 0, about.frame);
      p.putText(F.setupMethod, at, 0, about.method);
    }
    const type = b[at + 1];
    const next = at + HEADER_LEN + 4 * u16be(b, at + 2);
    p.put(F.version, at, 1);
    p.put(F.padding, at, 1);
    putCount(p, at, type);
    p.put(F.packetType, at + 1, 1);
    p.put(F.length, at + 2, 2);
    putContent(p, type, at + HEADER_LEN, Math.min(next, end), b[at] & 0x1f);
    if (next > end) return p.tooShort(next - at);
    if (next < p.wireEnd) {
      p.payload(next, p.wireEnd);
      return p.id('rtcp');
    }
    p.putInt(F.lengthCheck, at, 0, 1);
    return DONE;
  },
  info: (row) => row.text(F.packetType),
});

/** The five bits whose meaning the packet type decides. */
function putCount(p: PacketView, at: number, type: number): void {
  switch (type) {
    case TYPE.SR: case TYPE.RR: p.put(F.reportCount, at, 1); return;
    case TYPE.SDES: case TYPE.BYE: p.put(F.sourceCount, at, 1); return;
    case TYPE.APP: p.put(F.subtype, at, 1); return;
    case TYPE.RTPFB: p.put(F.rtpFeedback, at, 1); return;
    case TYPE.PSFB: p.put(F.payloadFeedback, at, 1); return;
    default:
  }
}

function putContent(p: PacketView, type: number, at: number, end: number, count: number): void {
  switch (type) {
    case TYPE.SR: case TYPE.RR: putReport(p, at, end, count, type === TYPE.SR); return;
    case TYPE.SDES: putDescriptions(p, at, end, count); return;
    case TYPE.BYE:
      for (let i = 0; i < count && at + 4 * i + 4 <= end; i++) p.put(F.ssrc, at + 4 * i, 4);
      return;
    case TYPE.APP:
      if (end - at < 8) return;
      p.put(F.ssrc, at, 4);
      p.put(F.appName, at + 4, 4);
      if (end > at + 8) p.put(F.appData, at + 8, end - at - 8);
      return;
    case TYPE.RTPFB: case TYPE.PSFB:
      if (end - at < 8) return;
      p.put(F.senderSsrc, at, 4);
      p.put(F.mediaSsrc, at + 4, 4);
      if (type === TYPE.RTPFB && count === 1) for (let q = at + 8; q + 4 <= end; q += 4) {
        p.put(F.nackId, q, 2);
        p.put(F.nackMask, q + 2, 2);
      } else if (end > at + 8) p.put(F.feedback, at + 8, end - at - 8);
      return;
    case TYPE.XR:
      if (end - at < 4) return;
      p.put(F.senderSsrc, at, 4);
      for (let q = at + 4; q + 4 <= end; q += 4 + 4 * u16be(p.bytes, q + 2)) {
        p.put(F.blockType, q, 1);
        p.put(F.blockSpecific, q + 1, 1);
        p.put(F.blockLength, q + 2, 2);
      }
      return;
    default:
  }
}

function putReport(p: PacketView, at: number, end: number, count: number, sender: boolean): void {
  if (end - at < 4) return;
  const b = p.bytes;
  p.put(F.senderSsrc, at, 4);
  let q = at + 4;
  if (sender) {
    if (q + SENDER_LEN > end) return;
    p.put(F.ntpHigh, q, 4);
    p.put(F.ntpLow, q + 4, 4);
    p.putTime(F.ntp, q, 8, u32be(b, q) - NTP_TO_UNIX, Math.floor((u32be(b, q + 4) * 1e9) / 2 ** 32));
    p.put(F.rtpTime, q + 8, 4);
    p.put(F.packetCount, q + 12, 4);
    p.put(F.octetCount, q + 16, 4);
    q += SENDER_LEN;
  }
  for (let i = 0; i < count && q + REPORT_LEN <= end; i++, q += REPORT_LEN) {
    p.put(F.ssrc, q, 4);
    p.put(F.fraction, q + 4, 1);
    p.put(F.lost, q + 5, 3);
    p.put(F.highest, q + 8, 4);
    p.put(F.highestCycles, q + 8, 2);
    p.put(F.highestSequence, q + 10, 2);
    p.put(F.jitter, q + 12, 4);
    p.put(F.lastReport, q + 16, 4);
    p.put(F.delay, q + 20, 4);
  }
  if (q < end) p.put(F.extension, q, end - q);
}

function putDescriptions(p: PacketView, at: number, end: number, count: number): void {
  const b = p.bytes;
  let q = at;
  for (let i = 0; i < count && q + 4 <= end; i++) {
    const chunk = q;
    p.put(F.ssrc, q, 4);
    q += 4;
    while (q < end) {
      p.put(F.sdesType, q, 1);
      const type = b[q++];
      if (type === 0 || q >= end) break;
      const length = Math.min(b[q], end - q - 1);
      p.put(F.sdesLength, q, 1);
      q++;
      if (type === PRIVATE && length > 0) {
        const prefix = Math.min(b[q], length - 1);
        p.put(F.sdesPrefixLength, q, 1);
        p.put(F.sdesPrefix, q + 1, prefix);
        p.put(F.sdesText, q + 1 + prefix, length - 1 - prefix);
      } else if (length > 0) p.put(F.sdesText, q, length);
      q += length;
    }
    // Chunks are padded to whole words (RFC 3550 §6.5).
    q = chunk + (((q - chunk) + 3) & ~3);
  }
}

export default rtcp;
