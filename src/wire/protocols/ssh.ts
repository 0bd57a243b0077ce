import { u32be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, MALFORMED, MORE, MORE_SHOWN } from '../packet-view.ts';
import { sshFields } from '../codecs/ssh-fields.ts';
import { LIST, agreed, createSshConversation, kexFamily, putKexInit, putKexMessage } from '../codecs/ssh-kex.ts';
import type { SshConversation } from '../codecs/ssh-kex.ts';
import { sshSession } from '../codecs/ssh-session.ts';

const F = sshFields;

// Binary packet (RFC 4253 §6): length, length of padding, payload, padding; then the MAC.
const PADDING_LENGTH = 4;
const PAYLOAD = 5;
/** Longest packet that is taken for one (RFC 4253 §6.1). */
const MAX_PACKET = 32_768;
const MAX_GREETING = 255;

const DISCONNECT = 1;
const SERVICE_REQUEST = 5;
const SERVICE_ACCEPT = 6;
const KEXINIT = 20;
const NEWKEYS = 21;

/** SSH: greetings, key exchange, and that the rest is encrypted. */
export const ssh = defineDissector({
  name: 'ssh',
  title: 'SSH Protocol',
  spec: ['RFC 4253', 'RFC 4419', 'RFC 5656', 'RFC 8731'],
  over: { 'tcp.port': [22, 29418] },
  fields: sshFields,
  sessions: [sshSession],
  stream: true,
  column: (row) => (row.has(F.version) ? `SSHv${row.num(F.version)}` : 'SSH'),
  dissect(p, at, end) {
    const talk = p.flow >= 0 ? p.trackers.state('ssh', p.flow, createSshConversation) : createSshConversation();
    if (talk.serverDir < 0) talk.serverDir = p.dstPort < p.srcPort ? 1 - p.dir : p.dir;
    if (talk.version > 0) p.putInt(F.version, at, 0, talk.version);
    // All packets of a segment are one layer; an unfinished one is left for the driver to put together.
    let q = at;
    while (q < p.wireEnd) {
      const next = readNext(p, q, end, talk);
      if (next === MORE && q > at) break;
      if (next === MORE) return p.again ? MORE : MORE_SHOWN;
      if (next < 0) return next;
      q = next;
    }
    p.putInt(F.direction, at, 0, p.dir === talk.serverDir ? 1 : 0);
    if (q < p.wireEnd) p.payload(q, p.wireEnd);
    return DONE;
  },
  info: (row) => (row.has(F.protocol) ? row.text(F.protocol) : row.has(F.messageCode) ? `Message ${row.text(F.messageCode)}` : 'Encrypted packet'),
});

/** Reads a greeting or the packets from `at` on; the place behind them, or a verdict. */
function readNext(p: PacketView, at: number, end: number, talk: SshConversation): number {
  const b = p.bytes;
  if (!talk.greeted[p.dir]) {
    if (startsGreeting(b, at, end)) return readGreeting(p, at, end, talk);
    if (talk.version === 0) return putOpaque(p, at, end);
  }
  if (talk.version === 1) return readOldPacket(p, at, end, talk);
  // What is encrypted goes to the end of the segment: without keys nothing of it can be told apart.
  if (talk.encrypted[p.dir]) return kexFamily(talk) === 'gex' || agreed(talk, LIST.KEX) === undefined ? putOpaque(p, at, end) : p.wireEnd;
  return readPacket(p, at, end, talk);
}

function startsGreeting(b: Uint8Array, at: number, end: number): boolean {
  return end - at >= 4 && b[at] === 0x53 && b[at + 1] === 0x53 && b[at + 2] === 0x48 && b[at + 3] === 0x2d;
}

/** `SSH-2.0-software comment` (RFC 4253 §4.2). */
function readGreeting(p: PacketView, at: number, end: number, talk: SshConversation): number {
  const b = p.bytes;
  const lf = b.indexOf(10, at);
  if (lf < 0 || lf >= end) {
    if (end - at > MAX_GREETING) return DECLINE;
    const verdict = p.more(0);
    if (verdict !== DONE) return verdict;
  }
  const next = lf < 0 || lf >= end ? end : lf + 1;
  const zero = b.indexOf(0, at);
  let textEnd = zero >= 0 && zero < next ? zero : next;
  while (textEnd > at && (b[textEnd - 1] === 10 || b[textEnd - 1] === 13)) textEnd--;
  p.put(F.protocol, at, textEnd - at);
  talk.greeted[p.dir] = true;
  if (talk.version === 0) talk.version = b[at + 4] === 0x32 || (b[at + 4] === 0x31 && b[at + 6] === 0x39) ? 2 : 1;
  return next;
}

function readPacket(p: PacketView, at: number, end: number, talk: SshConversation): number {
  const there = p.wireEnd - at;
  if (there < 4) return p.more(4 - there) || p.tooShort(4);
  if (end - at < 4) return p.tooShort(4);
  const b = p.bytes;
  const length = u32be(b, at);
  if (there < 4 + length) {
    if (length > MAX_PACKET) p.expert('warn', 'protocol', 'ssh.packet_length.error', at, 4);
    const verdict = p.more(4 + length - there);
    if (verdict !== DONE) return verdict;
  }
  if (end - at < PAYLOAD + 1) return p.tooShort(PAYLOAD + 1);
  const next = at + 4 + length;
  const padding = b[at + PADDING_LENGTH];
  p.put(F.packetLength, at, 4);
  p.put(F.paddingLength, at + PADDING_LENGTH, 1);
  const stop = Math.max(at + PAYLOAD, Math.min(next - padding, end));
  if (!putMessage(p, at + PAYLOAD, stop, talk)) return end < p.wireEnd ? p.tooShort(p.wireEnd - at) : MALFORMED;
  if (padding > 0 && next <= end && next - padding >= at + PAYLOAD) p.put(F.padding, next - padding, padding);
  p.putInt(F.sequence, at, 0, talk.sequence[p.dir]++);
  if (b[at + PAYLOAD] === NEWKEYS) talk.encrypted[p.dir] = true;
  return next > end ? p.tooShort(next - at) : next;
}

/** Puts one message; false where a length in it leads out of the segment. */
function putMessage(p: PacketView, at: number, end: number, talk: SshConversation): boolean {
  const b = p.bytes;
  if (at >= end) return true;
  const code = b[at];
  p.put(F.messageCode, at, 1);
  let q = at + 1;
  if (code === KEXINIT) q = putKexInit(p, q, end, talk);
  else if (code >= 30 && code < 50) q = putKexMessage(p, code, kexFamily(talk), q, end);
  else if (code === DISCONNECT && q + 8 <= end) {
    p.put(F.disconnectReason, q, 4);
    const length = Math.min(u32be(b, q + 4), end - q - 8);
    p.put(F.disconnectLength, q + 4, 4);
    p.put(F.disconnectText, q + 8, length);
    q += 8 + length;
  } else if ((code === SERVICE_REQUEST || code === SERVICE_ACCEPT) && q + 4 <= end) {
    const length = Math.min(u32be(b, q), end - q - 4);
    p.put(F.serviceLength, q, 4);
    p.put(F.service, q + 4, length);
    q += 4 + length;
  }
  if (q < 0) return false;
  if (q < end) p.put(F.payload, q, end - q);
  return true;
}

/** Something encrypted, whose length is too. */
function putOpaque(p: PacketView, at: number, end: number): number {
  p.put(F.packetLengthEncrypted, at, Math.min(4, end - at));
  if (end > at + 4) p.put(F.encryptedPacket, at + 4, end - at - 4);
  return p.wireEnd;
}

/** A packet of SSH 1: length without padding, padding to a multiple of 8, and the first of each side in the clear. */
function readOldPacket(p: PacketView, at: number, end: number, talk: SshConversation): number {
  const there = p.wireEnd - at;
  if (there < 4) return p.more(4 - there) || p.tooShort(4);
  if (end - at < 4) return p.tooShort(4);
  const length = u32be(p.bytes, at);
  const padding = 8 - (length % 8);
  if (length > MAX_PACKET) return p.wireEnd;
  const next = at + 4 + padding + length;
  if (next > p.wireEnd) {
    const verdict = p.more(next - p.wireEnd);
    if (verdict !== DONE) return verdict;
  }
  if (next > end) return p.tooShort(next - at);
  p.put(F.packetLength, at, 4);
  p.putInt(F.paddingLength, at, 0, padding);
  let q = at + 4 + padding;
  if (talk.sequence[p.dir]++ === 0 && q < next) p.put(F.messageCode, q++, 1);
  if (q < next) p.put(F.payload, q, next - q);
  return next;
}

export default ssh;
