import { u16be, u24be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { Fingerprinter, ja3s, ja3sFull } from './ja3-ja4.ts';
import { tlsFields as F } from './tls-fields.ts';
import { EXT, HANDSHAKE, TlsHello, readHello } from './tls-hello.ts';
import { putCertificate } from './x509-put.ts';

/** What `putHandshake` learned: the caller keeps it for the conversation. */
export interface TlsNegotiation {
  version: number;
  clientSessionId: string;
}

const hello = new TlsHello();
const fingerprinter = new Fingerprinter();

/** Puts one whole handshake message, header included, `[at, end)`. */
export function putHandshake(p: PacketView, at: number, end: number, talk: TlsNegotiation | undefined): void {
  const type = p.bytes[at];
  p.put(F.handshake, at, end - at);
  p.put(F.type, at, 1);
  p.put(F.length, at + 1, 3);
  const body = at + 4;
  switch (type) {
    case HANDSHAKE.CLIENT_HELLO:
    case HANDSHAKE.SERVER_HELLO:
      putHello(p, body, end, type === HANDSHAKE.CLIENT_HELLO, talk);
      return;
    case HANDSHAKE.CERTIFICATE: putCertificates(p, body, end, talk?.version === 0x0304); return;
    case HANDSHAKE.SERVER_KEY_EXCHANGE:
      if (end - body > 4 && p.bytes[body] === 3) {
        p.put(F.curveType, body, 1);
        p.put(F.namedCurve, body + 1, 2);
      }
      return;
    case HANDSHAKE.NEW_SESSION_TICKET:
      if (end - body < 6) return;
      p.put(F.ticketLifetime, body, 4);
      p.put(F.ticketLength, body + 4, 2);
      p.put(F.ticket, body + 6, Math.min(u16be(p.bytes, body + 4), end - body - 6));
      return;
    default:
  }
}

function putHello(p: PacketView, at: number, end: number, client: boolean, talk: TlsNegotiation | undefined): void {
  const b = p.bytes;
  const whole = readHello(b, at, end, client, hello);
  if (end - at < 2) return;
  p.put(F.version, at, 2);
  if (end - at < 35) return;
  p.put(F.random, at + 2, 32);
  p.putTime(F.randomTime, at + 2, 4, u32be(b, at + 2), 0);
  p.put(F.randomBytes, at + 6, 28);
  p.put(F.sessionIdLength, at + 34, 1);
  const idLength = Math.min(hello.sessionIdLength, end - at - 35);
  if (idLength > 0) p.put(F.sessionId, at + 35, idLength);
  if (talk !== undefined) {
    if (client) talk.clientSessionId = idLength > 0 ? p.host.latin1(b, at + 35, at + 35 + idLength) : '';
    else talk.version = hello.effectiveVersion;
  }
  const q = hello.ciphersAt;
  if (q + 2 > end) return;
  if (client) {
    p.put(F.ciphersLength, q, 2);
    p.put(F.ciphers, q + 2, u16be(b, q));
    for (let i = 0; i < hello.ciphers.length; i++) p.put(F.cipher, q + 2 + 2 * i, 2);
  } else p.put(F.cipher, q, 2);
  const c = hello.compressionAt;
  if (c < end && c > q) {
    if (client) {
      p.put(F.compressionsLength, c, 1);
      p.put(F.compressions, c + 1, b[c]);
      for (let i = 1; i <= b[c] && c + i < end; i++) p.put(F.compression, c + i, 1);
    } else p.put(F.compression, c, 1);
  }
  if (hello.extensionsAt >= 0) {
    p.put(F.extensionsLength, hello.extensionsAt, 2);
    putExtensions(p, hello.extensionsAt + 2, hello.extensionsEnd, client);
  }
  if (!whole) return;
  if (client) {
    if (!p.wants(F.ja3) && !p.wants(F.ja3Full) && !p.wants(F.ja4)) return;
    const print = fingerprinter.client(b, hello, p.host);
    p.putText(F.ja3Full, at, 0, print.ja3Full);
    p.putText(F.ja3, at, 0, print.ja3);
    p.putText(F.ja4, at, 0, print.ja4);
  } else if (p.wants(F.ja3s) || p.wants(F.ja3sFull)) {
    p.putText(F.ja3sFull, at, 0, ja3sFull(hello));
    p.putText(F.ja3s, at, 0, ja3s(hello, p.host));
  }
}

function putExtensions(p: PacketView, at: number, end: number, client: boolean): void {
  const b = p.bytes;
  for (let q = at; q + 4 <= end;) {
    const type = u16be(b, q);
    const data = q + 4;
    const dataEnd = Math.min(data + u16be(b, q + 2), end);
    p.put(F.extensionType, q, 2);
    p.put(F.extensionLength, q + 2, 2);
    putExtension(p, type, data, dataEnd, client);
    q = dataEnd;
  }
}

/** Puts a list of pairs of bytes behind a length of `lengthSize` bytes. */
function putPairs(p: PacketView, length: Field, list: Field | undefined, item: Field, at: number, end: number, lengthSize: number): void {
  if (end - at < lengthSize) return;
  p.put(length, at, lengthSize);
  if (list !== undefined) p.put(list, at + lengthSize, end - at - lengthSize);
  for (let q = at + lengthSize; q + 2 <= end; q += 2) p.put(item, q, 2);
}

function putExtension(p: PacketView, type: number, at: number, end: number, client: boolean): void {
  const b = p.bytes;
  switch (type) {
    case EXT.SERVER_NAME:
      if (end - at < 5) return;
      p.put(F.sniListLength, at, 2);
      for (let q = at + 2; q + 3 <= end;) {
        const length = Math.min(u16be(b, q + 1), end - q - 3);
        p.put(F.sniType, q, 1);
        p.put(F.sniLength, q + 1, 2);
        p.put(F.serverName, q + 3, length);
        q += 3 + length;
      }
      return;
    case EXT.ALPN:
      if (end - at < 3) return;
      p.put(F.alpnLength, at, 2);
      p.put(F.alpnList, at + 2, end - at - 2);
      for (let q = at + 2; q < end;) {
        const length = Math.min(b[q], end - q - 1);
        p.put(F.alpnStringLength, q, 1);
        p.put(F.alpnString, q + 1, length);
        q += 1 + length;
      }
      return;
    case EXT.SUPPORTED_GROUPS: putPairs(p, F.groupsLength, F.groups, F.group, at, end, 2); return;
    case EXT.EC_POINT_FORMATS:
      if (end - at < 1) return;
      p.put(F.pointFormatsLength, at, 1);
      for (let q = at + 1; q < end; q++) p.put(F.pointFormat, q, 1);
      return;
    case EXT.SIGNATURE_ALGORITHMS:
    case EXT.SIGNATURE_ALGORITHMS_CERT:
    case EXT.DELEGATED_CREDENTIALS:
      putPairs(p, F.signaturesLength, F.signatures, F.signature, at, end, 2);
      for (let q = at + 2; q + 2 <= end; q += 2) {
        p.put(F.signatureHash, q, 1);
        p.put(F.signatureSig, q + 1, 1);
      }
      return;
    case EXT.SUPPORTED_VERSIONS:
      if (client) putPairs(p, F.versionsLength, undefined, F.supportedVersion, at, end, 1);
      else if (end - at >= 2) p.put(F.supportedVersion, at, 2);
      return;
    case EXT.KEY_SHARE: {
      if (end - at < 2) return;
      if (!client) {
        p.put(F.keyShareGroup, at, 2);
        return;
      }
      for (let q = at + 2; q + 4 <= end; q += 4 + u16be(b, q + 2)) p.put(F.keyShareGroup, q, 2);
      return;
    }
    case EXT.PSK_KE_MODES:
      if (end - at < 1) return;
      p.put(F.pskModesLength, at, 1);
      for (let q = at + 1; q < end; q++) p.put(F.pskMode, q, 1);
      return;
    case EXT.RENEGOTIATION_INFO:
      if (end > at) p.put(F.renegotiationLength, at, 1);
      return;
    case EXT.STATUS_REQUEST:
      if (end > at) p.put(F.statusType, at, 1);
      return;
    default:
      if (end > at) p.put(F.extensionData, at, end - at);
  }
}

function putCertificates(p: PacketView, at: number, end: number, tls13: boolean): void {
  const b = p.bytes;
  const list = tls13 ? at + 1 + b[at] : at;
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
    if (tls13 && q + 2 <= listEnd) q += 2 + u16be(b, q);
  }
}
