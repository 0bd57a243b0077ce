import { u16be, u24be, u32be } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import { Fingerprinter, ja3s, ja3sFull } from './ja3-ja4.ts';
import { putExtensions, putSignatures } from './tls-extensions-put.ts';
import type { TlsFields } from './tls-fields.ts';
import { HANDSHAKE, TlsHello, readHello } from './tls-hello.ts';
import { putClientKey, putServerKey } from './tls-key-exchange-put.ts';
import type { TlsNegotiation } from './tls-negotiation.ts';
import { isDatagram, isTls13 } from './tls-negotiation.ts';
import { putStatus } from './tls-status-put.ts';
import { putDistinguishedName } from './x509-name-put.ts';
import { putCertificate } from './x509-put.ts';

const hello = new TlsHello();
const fingerprinter = new Fingerprinter();
/** Bytes that a compressed chain may inflate to. */
const MAX_CHAIN = 1 << 20;
const COMPRESSIONS = { 1: 'deflate', 2: 'br', 3: 'zstd' } as const;
/** The random of a ServerHello that asks for another ClientHello (RFC 8446 §4.1.3), its first and last byte. */
const RETRY_RANDOM = [0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d];

/** Puts the body `[at, end)` of a handshake message of type `type`, its head put already. */
export function putHandshakeBody(p: PacketView, F: TlsFields, type: number, at: number, end: number, talk: TlsNegotiation | undefined): void {
  const version = talk?.version ?? 0;
  switch (type) {
    case HANDSHAKE.CLIENT_HELLO:
    case HANDSHAKE.SERVER_HELLO: putHello(p, F, at, end, type === HANDSHAKE.CLIENT_HELLO, talk); return;
    case HANDSHAKE.NEW_SESSION_TICKET: putTicket(p, F, at, end, isTls13(version), talk); return;
    case HANDSHAKE.ENCRYPTED_EXTENSIONS: putExtensionList(p, F, at, end, type, talk); return;
    case HANDSHAKE.CERTIFICATE: putCertificates(p, F, at, end, isTls13(version), talk); return;
    case HANDSHAKE.SERVER_KEY_EXCHANGE: putServerKey(p, F, at, end, talk); return;
    case HANDSHAKE.CERTIFICATE_REQUEST: putRequest(p, F, at, end, version, talk); return;
    case HANDSHAKE.CERTIFICATE_VERIFY: {
      let q = at;
      if ((version === 0x0303 || version === 0xfefd || version === 0 || isTls13(version)) && end - q >= 4) {
        p.put(F.signature, q, 2);
        p.put(F.signatureHash, q, 1);
        p.put(F.signatureSig, q + 1, 1);
        q += 2;
      }
      if (end - q < 2) return;
      p.put(F.verifyLength, q, 2);
      p.put(F.verifySignature, q + 2, Math.min(u16be(p.bytes, q), end - q - 2));
      return;
    }
    case HANDSHAKE.CLIENT_KEY_EXCHANGE:
      if (talk !== undefined) talk.keysExchanged = true;
      putClientKey(p, F, at, end, talk);
      return;
    case HANDSHAKE.FINISHED: p.put(F.verifyData, at, end - at); return;
    case HANDSHAKE.CERTIFICATE_STATUS: putStatus(p, F, at, end); return;
    case HANDSHAKE.KEY_UPDATE:
      if (end > at) p.put(F.keyUpdate, at, 1);
      return;
    case HANDSHAKE.COMPRESSED_CERTIFICATE: putCompressed(p, F, at, end, talk); return;
    case HANDSHAKE.NEXT_PROTOCOL:
      if (end <= at) return;
      p.put(F.npnSelectedLength, at, 1);
      p.put(F.npnSelected, at + 1, Math.min(p.bytes[at], end - at - 1));
      return;
    default:
  }
}

function putExtensionList(p: PacketView, F: TlsFields, at: number, end: number, message: number, talk: TlsNegotiation | undefined): void {
  if (end - at < 2) return;
  p.put(F.extensionsLength, at, 2);
  putExtensions(p, F, at + 2, Math.min(at + 2 + u16be(p.bytes, at), end), message, talk);
}

function isRetry(b: Uint8Array, at: number): boolean {
  for (let i = 0; i < RETRY_RANDOM.length; i++) if (b[at + i] !== RETRY_RANDOM[i]) return false;
  return true;
}

function putHello(p: PacketView, F: TlsFields, at: number, end: number, client: boolean, talk: TlsNegotiation | undefined): void {
  const b = p.bytes;
  const whole = readHello(b, at, end, client, hello);
  if (end - at < 2) return;
  p.put(F.version, at, 2);
  if (end - at < 35) return;
  const retry = !client && isRetry(b, at + 2);
  if (talk !== undefined) learn(p, at, end, client, retry, talk);
  p.put(F.random, at + 2, 32);
  if (!isTls13(talk?.version ?? 0)) {
    p.putTime(F.randomTime, at + 2, 4, u32be(b, at + 2), 0);
    p.put(F.randomBytes, at + 6, 28);
  }
  if (hello.sessionIdAt >= 0 && hello.sessionIdAt < end) {
    p.put(F.sessionIdLength, hello.sessionIdAt, 1);
    const idLength = Math.min(hello.sessionIdLength, end - hello.sessionIdAt - 1);
    if (idLength > 0) p.put(F.sessionId, hello.sessionIdAt + 1, idLength);
  }
  if (hello.cookieAt >= 0 && hello.cookieAt < end) {
    p.put(F.cookieLength, hello.cookieAt, 1);
    if (b[hello.cookieAt] > 0) p.put(F.cookie, hello.cookieAt + 1, Math.min(b[hello.cookieAt], end - hello.cookieAt - 1));
  }
  const q = hello.ciphersAt;
  if (q + 2 > end) return;
  if (client) {
    p.put(F.ciphersLength, q, 2);
    p.put(F.ciphers, q + 2, Math.min(u16be(b, q), end - q - 2));
    for (let i = 0; i < hello.ciphers.length; i++) p.put(F.cipher, q + 2 + 2 * i, 2);
  } else p.put(F.cipher, q, 2);
  const c = hello.compressionAt;
  if (c >= 0 && c < end && c > q) {
    if (client) {
      p.put(F.compressionsLength, c, 1);
      p.put(F.compressions, c + 1, Math.min(b[c], end - c - 1));
      for (let i = 1; i <= b[c] && c + i < end; i++) p.put(F.compression, c + i, 1);
    } else p.put(F.compression, c, 1);
  }
  if (hello.extensionsAt >= 0) {
    p.put(F.extensionsLength, hello.extensionsAt, 2);
    putExtensions(p, F, hello.extensionsAt + 2, hello.extensionsEnd, client ? HANDSHAKE.CLIENT_HELLO : HANDSHAKE.SERVER_HELLO, talk, retry);
  }
  if (whole) putFingerprints(p, F, at, client);
}

/** What a hello tells the conversation. */
function learn(p: PacketView, at: number, end: number, client: boolean, retry: boolean, talk: TlsNegotiation): void {
  const b = p.bytes;
  const idEnd = Math.min(hello.sessionIdAt + 1 + hello.sessionIdLength, end);
  const id = hello.sessionIdAt >= 0 ? p.host.latin1(b, hello.sessionIdAt + 1, idEnd) : '';
  if (client) {
    talk.clientSessionId = id;
    talk.clientRandom = b.slice(at + 2, at + 34);
    return;
  }
  // DTLS 1.3 is read as the version that it pretends to be.
  talk.version = isDatagram(hello.version) ? hello.version : hello.effectiveVersion;
  if (retry) return;
  talk.serverRandom = b.slice(at + 2, at + 34);
  talk.cipher = hello.ciphers.length > 0 ? hello.ciphers.values[0] : 0;
}

function putFingerprints(p: PacketView, F: TlsFields, at: number, client: boolean): void {
  if (client) {
    if (!p.wants(F.ja3) && !p.wants(F.ja3Full) && !p.wants(F.ja4)) return;
    const print = fingerprinter.client(p.bytes, hello, p.host);
    p.putText(F.ja3Full, at, 0, print.ja3Full);
    p.putText(F.ja3, at, 0, print.ja3);
    p.putText(F.ja4, at, 0, print.ja4);
  } else if (p.wants(F.ja3s) || p.wants(F.ja3sFull)) {
    p.putText(F.ja3sFull, at, 0, ja3sFull(hello));
    p.putText(F.ja3s, at, 0, ja3s(hello, p.host));
  }
}

/** NewSessionTicket of both generations (RFC 5077 §3.3, RFC 8446 §4.6.1). */
function putTicket(p: PacketView, F: TlsFields, at: number, end: number, tls13: boolean, talk: TlsNegotiation | undefined): void {
  const b = p.bytes;
  if (end - at < 6) return;
  p.put(F.ticketLifetime, at, 4);
  let q = at + 4;
  if (tls13) {
    if (end - q < 7) return;
    p.put(F.ticketAgeAdd, q, 4);
    p.put(F.ticketNonceLength, q + 4, 1);
    const nonce = Math.min(b[q + 4], end - q - 5);
    if (nonce > 0) p.put(F.ticketNonce, q + 5, nonce);
    q += 5 + nonce;
    if (q + 2 > end) return;
  }
  const length = Math.min(u16be(b, q), end - q - 2);
  p.put(F.ticketLength, q, 2);
  p.put(F.ticket, q + 2, length);
  if (tls13) putExtensionList(p, F, q + 2 + length, end, HANDSHAKE.NEW_SESSION_TICKET, talk);
}

function putCertificates(p: PacketView, F: TlsFields, at: number, end: number, tls13: boolean, talk: TlsNegotiation | undefined): void {
  const b = p.bytes;
  let list = at;
  if (tls13 && end > at) {
    p.put(F.requestContextLength, at, 1);
    if (b[at] > 0) p.put(F.requestContext, at + 1, Math.min(b[at], end - at - 1));
    list = at + 1 + b[at];
  }
  if (list + 3 > end) return;
  p.put(F.certificatesLength, list, 3);
  const listEnd = Math.min(list + 3 + u24be(b, list), end);
  if (listEnd > list + 3) p.put(F.certificates, list + 3, listEnd - list - 3);
  for (let q = list + 3; q + 3 <= listEnd;) {
    const length = Math.min(u24be(b, q), listEnd - q - 3);
    p.put(F.certificateLength, q, 3);
    p.put(F.certificate, q + 3, length);
    putCertificate(p, q + 3, q + 3 + length);
    q += 3 + length;
    if (!tls13 || q + 2 > listEnd) continue;
    const extensionsEnd = Math.min(q + 2 + u16be(b, q), listEnd);
    p.put(F.extensionsLength, q, 2);
    putExtensions(p, F, q + 2, extensionsEnd, HANDSHAKE.CERTIFICATE, talk);
    q = extensionsEnd;
  }
}

/** A chain that was compressed (RFC 8879). */
function putCompressed(p: PacketView, F: TlsFields, at: number, end: number, talk: TlsNegotiation | undefined): void {
  const b = p.bytes;
  if (end - at < 8) return;
  p.put(F.compressedAlgorithm, at, 2);
  p.put(F.uncompressedLength, at + 2, 3);
  p.put(F.compressedLength, at + 5, 3);
  const message = b.slice(at + 8, Math.min(at + 8 + u24be(b, at + 5), end));
  p.put(F.compressedMessage, at + 8, message.length);
  const kind = COMPRESSIONS[u16be(b, at) as keyof typeof COMPRESSIONS];
  const chain = kind === undefined ? undefined : p.host.inflate(kind, message, MAX_CHAIN);
  if (chain === undefined) return;
  const source = p.derive(chain, 'inflated');
  if (source < 0) return;
  const outer = p.source;
  p.bytes = chain;
  p.source = source;
  putCertificates(p, F, 0, chain.length, true, talk);
  p.bytes = b;
  p.source = outer;
}

function putRequest(p: PacketView, F: TlsFields, at: number, end: number, version: number, talk: TlsNegotiation | undefined): void {
  const b = p.bytes;
  if (end <= at) return;
  if (isTls13(version)) {
    p.put(F.requestContextLength, at, 1);
    if (b[at] > 0) p.put(F.requestContext, at + 1, Math.min(b[at], end - at - 1));
    putExtensionList(p, F, at + 1 + b[at], end, HANDSHAKE.CERTIFICATE_REQUEST, talk);
    return;
  }
  const types = Math.min(b[at], end - at - 1);
  p.put(F.typesCount, at, 1);
  p.put(F.types, at + 1, types);
  for (let i = 0; i < types; i++) p.put(F.certificateType, at + 1 + i, 1);
  let q = at + 1 + types;
  if ((version === 0x0303 || version === 0xfefd) && q + 2 <= end) {
    const stop = Math.min(q + 2 + u16be(b, q), end);
    putSignatures(p, F, q, stop);
    q = stop;
  }
  if (q + 2 > end) return;
  p.put(F.namesLength, q, 2);
  q += 2;
  if (q < end) p.put(F.names, q, end - q);
  while (q + 2 <= end) {
    const length = Math.min(u16be(b, q), end - q - 2);
    p.put(F.nameLength, q, 2);
    p.put(F.distinguishedName, q + 2, length);
    putDistinguishedName(p, q + 2, q + 2 + length);
    q += 2 + length;
  }
}
