import { u16be } from '../../base/bytes.ts';
import { putGtpElements } from '../codecs/gtp-elements.ts';
import { GTP_MESSAGES, gtpFields } from '../codecs/gtp-fields.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const HEADER_LEN = 8;
const HEADER_V0 = 20;
const OPTIONAL_LEN = 4;
/** Any of extension header, sequence number and N-PDU number: then all three fields are there (3GPP TS 29.281 §5.1). */
const OPTIONAL = 0x07;
const EXTENSION = 0x04;
const SEQUENCE = 0x02;
const NPDU = 0x01;
const USER_DATA = 255;
/** Extension headers whose content is read. */
const UDP_PORT = 0x40;
const PDCP_NUMBER = 0xc0;

const F = gtpFields;

/** GTP versions 0 and 1: control messages with their elements, user packets inside; version 2 is handed on. */
export const gtp = defineDissector({
  name: 'gtp',
  title: 'GPRS Tunneling Protocol',
  spec: ['3GPP TS 29.281 §5', '3GPP TS 29.060 §6'],
  carries: true,
  around: true,
  over: { 'udp.port': [2152, 2123] },
  fields: gtpFields,
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) return p.tooShort(HEADER_LEN);
    const b = p.bytes;
    const version = b[at] >> 5;
    if (version > 1) return DECLINE;
    let from = at + HEADER_LEN;
    if (version === 0) {
      if (end - at < HEADER_V0) return p.tooShort(HEADER_V0);
      p.put(F.flagsSnn, at, 1);
      p.put(F.seqNumber, at + 4, 2);
      p.put(F.flowLabel, at + 6, 2);
      p.put(F.sndcpNumber, at + 8, 1);
      from = at + HEADER_V0;
    } else {
      p.put(F.flagsE, at, 1);
      p.put(F.flagsS, at, 1);
      p.put(F.flagsPn, at, 1);
      p.put(F.teid, at + 4, 4);
      if ((b[at] & OPTIONAL) !== 0) {
        from = putOptional(p, at, from, end);
        if (from < 0) return p.tooShort(end - at + 1);
      }
    }
    const messageEnd = at + (version === 0 ? HEADER_V0 : HEADER_LEN) + u16be(b, at + 2);
    if (b[at + 1] !== USER_DATA) {
      if (p.track && (version === 0 || (b[at] & SEQUENCE) !== 0)) pair(p, at, u16be(b, version === 0 ? at + 4 : at + 8));
      putGtpElements(p, from, Math.min(end, messageEnd));
      return DONE;
    }
    if (from >= end) return DONE;
    p.payload(from, Math.min(p.wireEnd, messageEnd));
    const inner = b[from] >> 4;
    if (inner === 4) return p.id('ip');
    return inner === 6 ? p.id('ipv6') : 0;
  },
  info: (row) => (GTP_MESSAGES as Readonly<Record<number, string>>)[row.num(F.message)] ?? 'Unknown',
});
export default gtp;

/** Sequence number, N-PDU number, extension headers; returns where the content begins, -1 where they do not fit. */
function putOptional(p: PacketView, message: number, at: number, end: number): number {
  const b = p.bytes;
  if (end - at < OPTIONAL_LEN) return -1;
  if ((b[message] & SEQUENCE) !== 0) p.put(F.seqNumber, at, 2);
  if ((b[message] & NPDU) !== 0) p.put(F.npduNumber, at + 2, 1);
  if ((b[message] & EXTENSION) === 0) return at + OPTIONAL_LEN;
  p.put(F.extHdrNext, at + 3, 1);
  let type = b[at + 3];
  let from = at + OPTIONAL_LEN;
  // Extension headers count their length in four bytes and end with the type of the next.
  while (type !== 0) {
    if (end - from < 4 || b[from] === 0) return -1;
    const length = b[from] * 4;
    if (end - from < length) return -1;
    p.open(F.extHdr, from);
    p.put(F.extHdrLength, from, 1);
    if (type === PDCP_NUMBER) p.put(F.extHdrPdcpSn, from + 1, 2);
    else if (type === UDP_PORT) p.put(F.extHdrUdpPort, from + 1, 2);
    type = b[from + length - 1];
    p.put(F.extHdrNext, from + length - 1, 1);
    p.close(from + length);
    from += length;
  }
  return from;
}

/** Requests have even types, the responses to them the odd type that follows; echo is 1 and 2. */
function pair(p: PacketView, at: number, sequence: number): void {
  if (p.flow < 0) return;
  const type = p.bytes[at + 1];
  const isRequest = type === 1 || (type > 2 && type % 2 === 0);
  const { pending } = p.trackers;
  const kind = p.id('gtp');
  if (isRequest) {
    pending.ask(kind, p.flow, sequence, p.frame, p.seconds, p.nanoseconds);
    return;
  }
  const i = pending.find(kind, p.flow, sequence);
  if (i < 0) return;
  p.putInt(F.responseTo, at, 0, pending.frame[i]);
  p.putSince(F.time, pending.seconds[i], pending.nanos[i]);
}
