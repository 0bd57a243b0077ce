import { u16be } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import type { TlsConversation } from './tls-conversation.ts';
import { tlsFields as F } from './tls-fields.ts';

// |1| length (15) | type | version (16) | ciphers (16) | session id (16) | challenge (16) | ... (RFC 6101 §E.2)
const LENGTH_BIT = 0x80;
const HEAD = 11;
const CLIENT_HELLO = 1;
const SSL2 = 0x0002;
/** Bytes of one cipher specification. */
const SPEC = 3;

/** Bytes of the record at `at`, head included. */
export function oldHelloLength(b: Uint8Array, at: number): number {
  return 2 + (u16be(b, at) & 0x7fff);
}

/** True where a ClientHello in the form of SSL 2 stands at `at`: clients sent it to offer later versions too. */
export function isOldHello(b: Uint8Array, at: number, end: number): boolean {
  return end - at >= 5 && (b[at] & LENGTH_BIT) !== 0 && b[at + 2] === CLIENT_HELLO && oldHelloLength(b, at) >= HEAD + 2 * SPEC
    && (u16be(b, at + 3) === SSL2 || (b[at + 3] === 3 && b[at + 4] <= 3)) && (end - at < 7 || u16be(b, at + 5) % SPEC === 0);
}

/** Puts it; returns the place behind it. */
export function putOldHello(p: PacketView, at: number, end: number, talk: TlsConversation | undefined): number {
  const b = p.bytes;
  const next = at + oldHelloLength(b, at);
  const stop = Math.min(next, end);
  if (talk !== undefined) {
    talk.seen = true;
    talk.clientDir = p.dir;
  }
  p.put(F.record, at, stop - at);
  p.putInt(F.recordVersion, at, 0, SSL2);
  p.putInt(F.recordLength, at, 2, next - at - 2);
  p.put(F.handshake, at + 2, stop - at - 2);
  p.put(F.type, at + 2, 1);
  p.put(F.version, at + 3, 2);
  if (stop - at < HEAD) return next;
  const specs = u16be(b, at + 5);
  const id = u16be(b, at + 7);
  const challenge = u16be(b, at + 9);
  p.put(F.cipherSpecLength, at + 5, 2);
  p.putInt(F.sessionIdLength, at + 7, 2, id);
  p.put(F.challengeLength, at + 9, 2);
  let q = at + HEAD;
  p.put(F.ciphers, q, Math.min(specs, stop - q));
  for (const specsEnd = Math.min(q + specs, stop); q + SPEC <= specsEnd; q += SPEC) p.put(F.cipherSpec, q, SPEC);
  q = at + HEAD + specs;
  if (id > 0 && q + id <= stop) p.put(F.sessionId, q, id);
  q += id;
  if (q < stop) p.put(F.challenge, q, Math.min(challenge, stop - q));
  return next;
}
