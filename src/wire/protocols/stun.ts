import { u16be, u32be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { STUN_ATTRIBUTES, stunFields } from '../codecs/stun-fields.ts';

const F = stunFields;

// |0 0|  message type  |  length  | magic cookie | transaction id (96 bits) |
const HEADER_LEN = 20;
const COOKIE = 0x2112a442;
const COOKIE_AT = 4;
const ID_AT = 8;
const TCP = 6;
/** A response's bit; an indication has the other one alone. */
const RESPONSE = 0x0100;
const CLASS = 0x0110;
const INDICATION = 0x0010;
/** FINGERPRINT's CRC is changed by `STUN` (RFC 8489 §14.7). */
const FINGERPRINT_XOR = 0x5354554e;
const MAX_ASKED = 4096;

interface Asked {
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}
const createAsked = (): Map<string, Asked> => new Map();

/** STUN and TURN. */
export const stun = defineDissector({
  name: 'stun',
  title: 'Session Traversal Utilities for NAT',
  spec: ['RFC 8489', 'RFC 8656', 'RFC 8445 §7.1'],
  over: { 'udp.port': [3478], 'tcp.port': [3478] },
  fields: stunFields,
  stream: true,
  heuristicOver: ['udp', 'tcp'],
  heuristic: isMessage,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at >= 4 && b[at] >> 6 === 1) return dissectChannel(p, at, end);
    if (p.ipProto === TCP && p.wireEnd - at >= 4 && p.wireEnd - at < HEADER_LEN + u16be(b, at + 2) && b[at] >> 6 === 0) {
      const verdict = p.more(HEADER_LEN + u16be(b, at + 2) - (p.wireEnd - at));
      if (verdict !== DONE) return verdict;
    }
    if (!isMessage(p, at, end)) return DECLINE;
    putHeader(p, at);
    const length = u16be(b, at + 2);
    const next = Math.min(at + HEADER_LEN + length, end);
    if (length > 0) {
      p.putInt(F.networkVersion, at, 0, 3);
      p.put(F.attributes, at + HEADER_LEN, next - at - HEADER_LEN);
      putAttributes(p, at, next);
    }
    if (p.ipProto === TCP && next < p.wireEnd) p.payload(next, p.wireEnd);
    return DONE;
  },
  info: (row) => `Message ${row.text(F.type)}`,
});

function isMessage(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  return end - at >= HEADER_LEN && b[at] >> 6 === 0 && u32be(b, at + COOKIE_AT) === COOKIE
    && (p.ipProto === TCP || HEADER_LEN + u16be(b, at + 2) === p.wireEnd - at);
}

/** ChannelData of TURN (RFC 8656 §12.4). */
function dissectChannel(p: PacketView, at: number, end: number): number {
  const length = u16be(p.bytes, at + 2);
  if (at + 4 + length > p.wireEnd) return DECLINE;
  p.put(F.channel, at, 2);
  p.put(F.length, at + 2, 2);
  p.payload(at + 4, Math.min(at + 4 + length, p.wireEnd));
  return end > at + 4 ? p.next('stun.channel', 0) : DONE;
}

function putHeader(p: PacketView, at: number): void {
  const b = p.bytes;
  const type = u16be(b, at);
  if ((type & CLASS) !== INDICATION) putPairing(p, at, (type & RESPONSE) !== 0);
  p.put(F.type, at, 2);
  p.put(F.class, at, 2);
  p.put(F.method, at, 2);
  p.put(F.assignment, at, 2);
  p.put(F.length, at + 2, 2);
  p.put(F.cookie, at + COOKIE_AT, 4);
  p.put(F.id, at + ID_AT, 12);
}

function putPairing(p: PacketView, at: number, response: boolean): void {
  if (!p.detail) return;
  const asked = p.trackers.state('stun', 0, createAsked);
  const key = `${p.flow} ${p.host.latin1(p.bytes, at + ID_AT, at + ID_AT + 12)}`;
  const before = asked.get(key);
  if (response) {
    const again = asked.get(`${key} again`);
    if (again !== undefined) p.putInt(F.duplicate, at, 0, again.frame);
    else remember(asked, `${key} again`, p);
    if (before === undefined) return;
    p.putInt(F.responseTo, at, 0, before.frame);
    p.putSince(F.time, before.seconds, before.nanoseconds);
    return;
  }
  if (before !== undefined) {
    p.putInt(F.duplicate, at, 0, before.frame);
    return;
  }
  remember(asked, key, p);
}

function remember(asked: Map<string, Asked>, key: string, p: PacketView): void {
  if (asked.size >= MAX_ASKED) for (const oldest of asked.keys()) {
    asked.delete(oldest);
    break;
  }
  asked.set(key, { frame: p.frame, seconds: p.seconds, nanoseconds: p.nanoseconds });
}

function putAttributes(p: PacketView, message: number, end: number): void {
  const b = p.bytes;
  for (let q = message + HEADER_LEN; q + 4 <= end;) {
    const length = Math.min(u16be(b, q + 2), end - q - 4);
    p.put(F.attribute, q, 2);
    p.put(F.attributeType, q, 2);
    p.put(F.comprehension, q, 2);
    p.put(F.typeAssignment, q, 2);
    p.put(F.attributeLength, q + 2, 2);
    putAttribute(p, u16be(b, q), message, q + 4, q + 4 + length);
    const padding = (4 - (length & 3)) & 3;
    const next = Math.min(q + 4 + length + padding, end);
    if (padding > 0 && q + 4 + length < next) p.putInt(F.padding, q + 4 + length, next - q - 4 - length, padding);
    q = next;
  }
}

function putAttribute(p: PacketView, type: number, message: number, at: number, end: number): void {
  const b = p.bytes;
  if (end <= at) return;
  switch (STUN_ATTRIBUTES[type]) {
    case 'MAPPED-ADDRESS': case 'ALTERNATE-SERVER': case 'RESPONSE-ORIGIN': case 'OTHER-ADDRESS': putAddress(p, message, at, end, false); return;
    case 'XOR-MAPPED-ADDRESS': case 'XOR-PEER-ADDRESS': case 'XOR-RELAYED-ADDRESS': putAddress(p, message, at, end, true); return;
    case 'USERNAME': p.put(F.username, at, end - at); return;
    case 'MESSAGE-INTEGRITY': case 'MESSAGE-INTEGRITY-SHA256': p.put(F.hmac, at, end - at); return;
    case 'ERROR-CODE':
      if (end - at < 4) return;
      p.put(F.reserved, at, 2);
      p.put(F.errorClass, at + 2, 1);
      p.put(F.error, at + 3, 1);
      if (end > at + 4) p.put(F.errorReason, at + 4, end - at - 4);
      return;
    case 'UNKNOWN-ATTRIBUTES':
      for (let q = at; q + 2 <= end; q += 2) p.put(F.unknown, q, 2);
      return;
    case 'REALM': p.put(F.realm, at, end - at); return;
    case 'NONCE': p.put(F.nonce, at, end - at); return;
    case 'SOFTWARE': p.put(F.software, at, end - at); return;
    case 'PRIORITY': p.put(F.priority, at, end - at); return;
    case 'LIFETIME': p.put(F.lifetime, at, end - at); return;
    case 'ICE-CONTROLLED': case 'ICE-CONTROLLING': p.put(F.tieBreaker, at, end - at); return;
    case 'RESERVATION-TOKEN': p.put(F.token, at, end - at); return;
    case 'CHANNEL-NUMBER':
      p.put(F.channelNumber, at, 2);
      if (end > at + 2) p.put(F.reserved, at + 2, end - at - 2);
      return;
    case 'REQUESTED-TRANSPORT':
      p.put(F.transport, at, 1);
      if (end > at + 1) p.put(F.reserved, at + 1, end - at - 1);
      return;
    case 'CHANGE-REQUEST':
      if (end - at < 4) return;
      p.put(F.changeIp, at + 2, 2);
      p.put(F.changePort, at + 2, 2);
      return;
    case 'FINGERPRINT':
      if (end - at < 4) return;
      p.putInt(F.crc, at, 4, u32be(b, at));
      p.putInt(F.crcStatus, at, 0, ((crc32(b, message, at - 4) ^ FINGERPRINT_XOR) >>> 0) === u32be(b, at) ? 1 : 0);
      return;
    case 'GOOG-NETWORK-INFO':
      if (end - at < 4) return;
      p.put(F.networkId, at, 2);
      p.put(F.networkCost, at + 2, 2);
      return;
    case 'DATA':
      p.put(F.value, at, end - at);
      return;
    default: p.put(F.value, at, end - at);
  }
}

/** An address, in the clear or combined with cookie and transaction id (RFC 8489 §14.2). */
function putAddress(p: PacketView, message: number, at: number, end: number, xored: boolean): void {
  const b = p.bytes;
  if (end - at < 8) return;
  p.put(F.reserved, at, 1);
  p.put(F.family, at + 1, 1);
  const v6 = b[at + 1] === 2;
  const length = v6 ? 16 : 4;
  if (at + 4 + length > end) return;
  if (!xored) {
    p.put(F.port, at + 2, 2);
    p.put(v6 ? F.ipv6 : F.ipv4, at + 4, length);
    return;
  }
  p.put(F.portXored, at + 2, 2);
  p.putInt(F.port, at + 2, 2, u16be(b, at + 2) ^ (COOKIE >>> 16));
  p.put(v6 ? F.ipv6Xored : F.ipv4Xored, at + 4, length);
  if (!p.wants(v6 ? F.ipv6 : F.ipv4)) return;
  const address = b.slice(at + 4, at + 4 + length);
  for (let i = 0; i < length; i++) address[i] ^= b[message + COOKIE_AT + i];
  const source = p.derive(address, 'decrypted');
  if (source < 0) return;
  const outer = p.source;
  p.source = source;
  p.put(v6 ? F.ipv6 : F.ipv4, 0, length);
  p.source = outer;
}

/** CRC-32 of ITU-T V.42, as Ethernet has it. */
function crc32(b: Uint8Array, at: number, end: number): number {
  let crc = 0xffffffff;
  for (let i = at; i < end; i++) {
    crc ^= b[i];
    for (let k = 0; k < 8; k++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export default stun;
