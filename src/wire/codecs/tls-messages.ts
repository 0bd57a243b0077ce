import type { PacketView } from '../packet-view.ts';
import { tlsFields as F } from './tls-fields.ts';
import { isTls13 } from './tls-negotiation.ts';
import type { TlsConversation } from './tls-conversation.ts';
import { HANDSHAKE, MAX_HANDSHAKE, handshakeLength, isHandshakeType } from './tls-hello.ts';
import { putHandshakeBody } from './tls-put.ts';

const HEAD = 4;

/** Handshake messages of one record's payload, or of one CRYPTO frame's; one may have begun in the one before. */
export function putMessages(p: PacketView, at: number, end: number, talk: TlsConversation | undefined, encrypted: boolean): void {
  const pending = talk?.pending[p.dir];
  if (talk !== undefined && pending !== undefined) {
    continueMessage(p, at, end, talk);
    return;
  }
  if (encrypted && !(p.bytes[at] <= HANDSHAKE.SERVER_HELLO && at + HEAD <= end && at + handshakeLength(p.bytes, at) === end)) {
    p.put(F.handshake, at, end - at);
    return;
  }
  readMessages(p, at, end, talk);
}

/** Adds bytes to a message under way, and reads it where it is whole. */
function continueMessage(p: PacketView, at: number, end: number, talk: TlsConversation): void {
  const pending = talk.pending[p.dir]!;
  const whole = new Uint8Array(pending.bytes.length + end - at);
  whole.set(pending.bytes);
  whole.set(p.bytes.subarray(at, end), pending.bytes.length);
  const frames = [...pending.frames, p.frame];
  p.put(F.handshake, at, end - at);
  if (whole.length < HEAD || whole.length < handshakeLength(whole, 0)) {
    talk.pending[p.dir] = whole.length <= MAX_HANDSHAKE ? { bytes: whole, frames } : undefined;
    return;
  }
  talk.pending[p.dir] = undefined;
  const source = p.derive(whole, 'reassembled');
  if (source < 0) return;
  p.put(F.fragments, at, 0);
  for (const frame of frames) p.putInt(F.fragment, at, 0, frame);
  p.putInt(F.fragmentCount, at, 0, frames.length);
  const { bytes, source: outer } = p;
  p.bytes = whole;
  p.source = source;
  readMessages(p, 0, whole.length, talk);
  p.bytes = bytes;
  p.source = outer;
}

/** Messages of TLS 1.3 that change the keys of those who send them. */
function noteMessage(p: PacketView, type: number, talk: TlsConversation): void {
  if (!isTls13(talk.version)) return;
  const side = p.dir === talk.clientDir ? 0 : 1;
  if (type === HANDSHAKE.FINISHED || type === HANDSHAKE.END_OF_EARLY_DATA) talk.decryption?.finished(side);
  else if (type === HANDSHAKE.KEY_UPDATE) talk.decryption?.updated(p.host, side);
}

function readMessages(p: PacketView, at: number, end: number, talk: TlsConversation | undefined): void {
  const b = p.bytes;
  let q = at;
  while (q < end) {
    const head = end - q >= HEAD;
    const next = head ? q + handshakeLength(b, q) : end + 1;
    if (head && (!isHandshakeType(b[q]) || next - q > MAX_HANDSHAKE)) {
      // Not a message: encrypted, or damaged.
      p.put(F.handshake, q, end - q);
      return;
    }
    p.put(F.handshake, q, Math.min(next, end) - q);
    if (next > end) {
      if (talk !== undefined) talk.pending[p.dir] = { bytes: b.slice(q, end), frames: [p.frame] };
      return;
    }
    p.put(F.type, q, 1);
    p.put(F.length, q + 1, 3);
    if (talk !== undefined && b[q] === HANDSHAKE.CLIENT_HELLO) talk.clientDir = p.dir;
    putHandshakeBody(p, F, b[q], q + HEAD, next, talk);
    if (talk?.decryption !== undefined) noteMessage(p, b[q], talk);
    q = next;
  }
}
