import { u16be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import type { TlsFields } from './tls-fields.ts';
import { EXT, HANDSHAKE } from './tls-hello.ts';
import type { TlsNegotiation } from './tls-negotiation.ts';
import { putQuicParameters } from './tls-quic-parameters-put.ts';
import { putStatus } from './tls-status-put.ts';

/** Extensions that are complete without content. */
const EMPTY = new Set([22, 23, 42, 49, 30032]);
const MORE_EXT = {
  MAX_FRAGMENT: 1, STATUS: 5, SRTP: 14, HEARTBEAT: 15, SCT: 18, CLIENT_CERT_TYPE: 19, SERVER_CERT_TYPE: 20, PADDING: 21, ENCRYPT_THEN_MAC: 22, EXTENDED_MASTER: 23,
  COMPRESS_CERTIFICATE: 27, RECORD_SIZE_LIMIT: 28, KEY_SHARE_DRAFT: 40, EARLY_DATA: 42, COOKIE: 44, QUIC: 57, QUIC_DRAFT: 0xffa5, NPN: 13172, ALPS: 17513,
} as const;

/** Puts the extensions `[at, end)` of a handshake message of type `message` (RFC 8446 §4.2). */
export function putExtensions(p: PacketView, F: TlsFields, at: number, end: number, message: number, talk: TlsNegotiation | undefined, retry = false): void {
  const b = p.bytes;
  for (let q = at; q + 4 <= end;) {
    const type = u16be(b, q);
    const from = q + 4;
    const to = Math.min(from + u16be(b, q + 2), end);
    p.put(F.extensionType, q, 2);
    p.put(F.extensionLength, q + 2, 2);
    putExtension(p, F, type, from, to, message, talk, retry);
    q = to;
  }
}

/** Puts a list of pairs of bytes behind a length of `lengthSize` bytes. */
function putPairs(p: PacketView, length: Field, list: Field | undefined, item: Field, at: number, end: number, lengthSize: number): void {
  if (end - at < lengthSize) return;
  p.put(length, at, lengthSize);
  if (list !== undefined) p.put(list, at + lengthSize, end - at - lengthSize);
  for (let q = at + lengthSize; q + 2 <= end; q += 2) p.put(item, q, 2);
}

/** Puts a list of texts, each behind a byte of length; `listAt` is behind the list's own length. */
function putTexts(p: PacketView, length: Field, text: Field, listAt: number, end: number): void {
  for (let q = listAt; q < end;) {
    const n = Math.min(p.bytes[q], end - q - 1);
    p.put(length, q, 1);
    p.put(text, q + 1, n);
    q += 1 + n;
  }
}

/** Puts a list of signature algorithms, whole and by halves. */
export function putSignatures(p: PacketView, F: TlsFields, at: number, end: number): void {
  putPairs(p, F.signaturesLength, F.signatures, F.signature, at, end, 2);
  for (let q = at + 2; q + 2 <= end; q += 2) {
    p.put(F.signatureHash, q, 1);
    p.put(F.signatureSig, q + 1, 1);
  }
}

function putExtension(p: PacketView, F: TlsFields, type: number, at: number, end: number, message: number, talk: TlsNegotiation | undefined, retry: boolean): void {
  const b = p.bytes;
  const client = message === HANDSHAKE.CLIENT_HELLO;
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
      putTexts(p, F.alpnStringLength, F.alpnString, at + 2, end);
      if (!client && talk !== undefined) talk.alpn = p.host.latin1(b, at + 3, Math.min(at + 3 + b[at + 2], end));
      return;
    case EXT.SUPPORTED_GROUPS: putPairs(p, F.groupsLength, F.groups, F.group, at, end, 2); return;
    case EXT.EC_POINT_FORMATS:
      if (end - at < 1) return;
      p.put(F.pointFormatsLength, at, 1);
      if (end > at + 1) p.put(F.pointFormats, at + 1, end - at - 1);
      for (let q = at + 1; q < end; q++) p.put(F.pointFormat, q, 1);
      return;
    case EXT.SIGNATURE_ALGORITHMS:
    case EXT.SIGNATURE_ALGORITHMS_CERT:
    case EXT.DELEGATED_CREDENTIALS: putSignatures(p, F, at, end); return;
    case EXT.SUPPORTED_VERSIONS:
      if (client) putPairs(p, F.versionsLength, undefined, F.supportedVersion, at, end, 1);
      else if (end - at >= 2) p.put(F.supportedVersion, at, 2);
      return;
    case EXT.KEY_SHARE:
    case MORE_EXT.KEY_SHARE_DRAFT: putKeyShare(p, F, at, end, client, retry); return;
    case EXT.PRE_SHARED_KEY: putPresharedKey(p, F, at, end, client); return;
    case EXT.PSK_KE_MODES:
      if (end - at < 1) return;
      p.put(F.pskModesLength, at, 1);
      for (let q = at + 1; q < end; q++) p.put(F.pskMode, q, 1);
      return;
    case EXT.RENEGOTIATION_INFO:
      if (end > at) p.put(F.renegotiationLength, at, 1);
      if (end > at + 1) p.put(F.renegotiation, at + 1, end - at - 1);
      return;
    case MORE_EXT.STATUS:
      if (end <= at) return;
      if (message === HANDSHAKE.CERTIFICATE) {
        putStatus(p, F, at, end);
        return;
      }
      p.put(F.statusType, at, 1);
      if (end - at >= 3) p.put(F.statusRespondersLength, at + 1, 2);
      if (end - at >= 5) p.put(F.statusExtensionsLength, at + 3, 2);
      return;
    case MORE_EXT.MAX_FRAGMENT:
      if (end > at) p.put(F.maxFragment, at, 1);
      return;
    case MORE_EXT.SRTP:
      if (end - at < 2) return;
      p.put(F.srtpProfilesLength, at, 2);
      for (let q = at + 2; q + 2 <= Math.min(at + 2 + u16be(b, at), end); q += 2) p.put(F.srtpProfile, q, 2);
      if (at + 2 + u16be(b, at) < end) p.put(F.srtpMkiLength, at + 2 + u16be(b, at), 1);
      return;
    case MORE_EXT.HEARTBEAT:
      if (end > at) p.put(F.heartbeatMode, at, 1);
      return;
    case MORE_EXT.SCT: putTimestamps(p, F, at, end); return;
    case MORE_EXT.CLIENT_CERT_TYPE:
    case MORE_EXT.SERVER_CERT_TYPE:
      if (end <= at) return;
      if (!client) {
        p.put(F.keyType, at, 1);
        return;
      }
      p.put(F.keyTypesLength, at, 1);
      p.put(F.keyTypes, at + 1, end - at - 1);
      for (let q = at + 1; q < end; q++) p.put(F.keyType, q, 1);
      return;
    case MORE_EXT.PADDING:
      if (end > at) p.put(F.padding, at, end - at);
      return;
    case MORE_EXT.COMPRESS_CERTIFICATE: putPairs(p, F.compressAlgorithmsLength, undefined, F.compressAlgorithm, at, end, 1); return;
    case MORE_EXT.RECORD_SIZE_LIMIT:
      if (end - at >= 2) p.put(F.recordSizeLimit, at, 2);
      return;
    case MORE_EXT.EARLY_DATA:
      if (end - at >= 4) p.put(F.maxEarlyData, at, 4);
      return;
    case MORE_EXT.COOKIE:
      if (end - at < 2) return;
      p.put(F.cookieExtensionLength, at, 2);
      p.put(F.cookieExtension, at + 2, end - at - 2);
      return;
    case MORE_EXT.QUIC:
    case MORE_EXT.QUIC_DRAFT: putQuicParameters(p, F, at, end); return;
    case MORE_EXT.NPN: putTexts(p, F.npnLength, F.npn, at, end); return;
    case MORE_EXT.ALPS:
      if (!client) {
        if (end > at) p.put(F.alpsSettings, at, end - at);
        return;
      }
      if (end - at < 2) return;
      p.put(F.alpsLength, at, 2);
      p.put(F.alpsList, at + 2, end - at - 2);
      putTexts(p, F.alpsStringLength, F.alpsString, at + 2, end);
      return;
    case MORE_EXT.ENCRYPT_THEN_MAC:
      if (!client && talk !== undefined) talk.encryptThenMac = true;
      return;
    case MORE_EXT.EXTENDED_MASTER:
      if (!client && talk !== undefined) talk.extendedMasterSecret = true;
      return;
    default:
      if (!EMPTY.has(type)) p.put(F.extensionData, at, end - at);
  }
}

function putKeyShare(p: PacketView, F: TlsFields, at: number, end: number, client: boolean, retry: boolean): void {
  if (end - at < 2) return;
  if (retry) {
    p.put(F.keyShareSelected, at, 2);
    return;
  }
  if (client) p.put(F.keyShareLength, at, 2);
  for (let q = client ? at + 2 : at; q + 4 <= end;) {
    const length = Math.min(u16be(p.bytes, q + 2), end - q - 4);
    p.put(F.keyShareGroup, q, 2);
    p.put(F.keyShareKeyLength, q + 2, 2);
    p.put(F.keyShareKey, q + 4, length);
    q += 4 + length;
  }
}

/** Identities and binders of earlier sessions (RFC 8446 §4.2.11). */
function putPresharedKey(p: PacketView, F: TlsFields, at: number, end: number, client: boolean): void {
  const b = p.bytes;
  if (end - at < 2) return;
  if (!client) {
    p.put(F.pskSelected, at, 2);
    return;
  }
  p.put(F.pskIdentitiesLength, at, 2);
  const identitiesEnd = Math.min(at + 2 + u16be(b, at), end);
  for (let q = at + 2; q + 2 <= identitiesEnd;) {
    const length = Math.min(u16be(b, q), identitiesEnd - q - 2);
    p.put(F.pskIdentityLength, q, 2);
    p.put(F.pskIdentity, q + 2, length);
    q += 2 + length;
    if (q + 4 > identitiesEnd) break;
    p.put(F.pskTicketAge, q, 4);
    q += 4;
  }
  if (identitiesEnd + 2 > end) return;
  p.put(F.pskBindersLength, identitiesEnd, 2);
  p.put(F.pskBinders, identitiesEnd + 2, end - identitiesEnd - 2);
}

/** Signed certificate timestamps (RFC 6962 §3.2, §3.3): those of an extension of TLS, and of a certificate. */
export function putTimestamps(p: PacketView, F: TlsFields, at: number, end: number): void {
  const b = p.bytes;
  if (end - at < 2) return;
  p.put(F.sctsLength, at, 2);
  for (let q = at + 2; q + 2 <= end;) {
    const next = Math.min(q + 2 + u16be(b, q), end);
    p.put(F.sctLength, q, 2);
    const s = q + 2;
    q = next;
    if (s + 43 > next) continue;
    p.put(F.sctVersion, s, 1);
    p.put(F.sctLogId, s + 1, 32);
    const ms = u32be(b, s + 33) * 2 ** 32 + u32be(b, s + 37);
    p.putTime(F.sctTimestamp, s + 33, 8, Math.floor(ms / 1000), (ms % 1000) * 1_000_000);
    p.put(F.sctExtensionsLength, s + 41, 2);
    const signature = s + 43 + u16be(b, s + 41);
    if (signature + 4 > next) continue;
    p.put(F.signature, signature, 2);
    p.put(F.signatureHash, signature, 1);
    p.put(F.signatureSig, signature + 1, 1);
    p.put(F.sctSignatureLength, signature + 2, 2);
    p.put(F.sctSignature, signature + 4, Math.min(u16be(b, signature + 2), next - signature - 4));
  }
}
