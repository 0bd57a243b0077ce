import { toHex, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { sshFields as F } from './ssh-fields.ts';

/** Families of key exchange, which give the same message numbers other meanings (RFC 4253 §8, RFC 4419, RFC 5656). */
export type KexFamily = 'dh' | 'gex' | 'ecdh';

/** What is remembered of one SSH conversation. Directions are those of the conversation. */
export class SshConversation {
  /** 0 = no version read yet. */
  version = 0;
  /** Direction of the server, -1 = not known. */
  serverDir = -1;
  readonly greeted: [boolean, boolean] = [false, false];
  /** The algorithms that each side offered, by list. */
  readonly offers: [string[] | undefined, string[] | undefined] = [undefined, undefined];
  /** Packets of this direction are encrypted from here on. */
  readonly encrypted: [boolean, boolean] = [false, false];
  readonly sequence: [number, number] = [0, 0];
}

export const createSshConversation = (): SshConversation => new SshConversation();

const LIST_FIELDS: readonly (readonly [Field, Field])[] = [
  [F.kexLength, F.kex], [F.hostKeyAlgorithmsLength, F.hostKeyAlgorithms], [F.encryptionClientLength, F.encryptionClient],
  [F.encryptionServerLength, F.encryptionServer], [F.macClientLength, F.macClient], [F.macServerLength, F.macServer],
  [F.compressionClientLength, F.compressionClient], [F.compressionServerLength, F.compressionServer], [F.languagesClientLength, F.languagesClient],
  [F.languagesServerLength, F.languagesServer],
];
/** Lists of algorithms in SSH_MSG_KEXINIT. */
export const KEX_LISTS = LIST_FIELDS.length;
/** Indexes among the ten lists. */
export const LIST = { KEX: 0, HOST_KEY: 1, CIPHER_CLIENT: 2, CIPHER_SERVER: 3, MAC_CLIENT: 4, MAC_SERVER: 5, COMPRESSION_CLIENT: 6, COMPRESSION_SERVER: 7 } as const;
export const COOKIE_LEN = 16;

/** The first algorithm of the client's list that the server has too (RFC 4253 §7.1). */
export function agreed(talk: SshConversation, list: number): string | undefined {
  const client = talk.offers[talk.serverDir === 0 ? 1 : 0];
  const server = talk.offers[talk.serverDir === 0 ? 0 : 1];
  const theirs = server?.[list].split(',');
  return client?.[list].split(',').find((name) => theirs?.includes(name) ?? false);
}

/** What HASSH digests: the lists of one side for its own direction, between semicolons. */
export function hasshAlgorithms(lists: readonly string[], fromServer: boolean): string {
  return (fromServer
    ? [lists[LIST.KEX], lists[LIST.CIPHER_SERVER], lists[LIST.MAC_SERVER], lists[LIST.COMPRESSION_SERVER]]
    : [lists[LIST.KEX], lists[LIST.CIPHER_CLIENT], lists[LIST.MAC_CLIENT], lists[LIST.COMPRESSION_CLIENT]]).join(';');
}

/** The family of the agreed key exchange; elliptic curves where nobody knows. */
export function kexFamily(talk: SshConversation): KexFamily {
  const name = agreed(talk, LIST.KEX) ?? '';
  if (name.startsWith('diffie-hellman-group-exchange')) return 'gex';
  return name.startsWith('diffie-hellman-group') ? 'dh' : 'ecdh';
}

/** Puts SSH_MSG_KEXINIT's body (RFC 4253 §7.1) and its fingerprint; returns the place behind it. */
export function putKexInit(p: PacketView, at: number, end: number, talk: SshConversation): number {
  const b = p.bytes;
  if (at + COOKIE_LEN > end) return end;
  p.put(F.cookie, at, COOKIE_LEN);
  const lists: string[] = [];
  let q = at + COOKIE_LEN;
  for (const [lengthField, field] of LIST_FIELDS) {
    if (q + 4 > end) return end;
    const length = Math.min(u32be(b, q), end - q - 4);
    p.put(lengthField, q, 4);
    p.put(field, q + 4, length);
    lists.push(p.host.latin1(b, q + 4, q + 4 + length));
    q += 4 + length;
  }
  talk.offers[p.dir] = lists;
  if (q + 5 > end) return end;
  p.put(F.firstFollows, q, 1);
  p.put(F.reserved, q + 1, 4);
  const fromServer = talk.serverDir === p.dir;
  const algorithms = hasshAlgorithms(lists, fromServer);
  const print = fromServer ? F.hasshServer : F.hassh;
  p.putText(fromServer ? F.hasshServerAlgorithms : F.hasshAlgorithms, at, 0, algorithms);
  if (p.wants(print)) p.putText(print, at, 0, toHex(p.host.md5(p.host.encodeUtf8(algorithms))));
  return q + 5;
}

/** Puts a string with its length before it; returns the place behind it, -1 where its length leads out of the segment. */
function putString(p: PacketView, lengthField: Field, field: Field, at: number, end: number): number {
  if (at < 0 || at + 4 > end) return at < 0 ? at : end;
  const length = u32be(p.bytes, at);
  p.put(lengthField, at, 4);
  if (at + 4 + length > p.wireEnd) return -1;
  p.put(field, at + 4, Math.min(length, end - at - 4));
  return Math.min(at + 4 + length, end);
}

/** Puts the server's host key (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4). */
function putHostKey(p: PacketView, at: number, end: number): number {
  if (at < 0 || at + 8 > end) return at < 0 ? at : end;
  const keyEnd = Math.min(at + 4 + u32be(p.bytes, at), end);
  p.put(F.hostKeyLength, at, 4);
  const q = putString(p, F.hostKeyTypeLength, F.hostKeyType, at + 4, keyEnd);
  if (q < 0) return q;
  let read = keyEnd;
  const type = p.host.latin1(p.bytes, at + 8, q);
  if (type === 'ssh-rsa') read = putString(p, F.mpintLength, F.rsaModulus, putString(p, F.mpintLength, F.rsaExponent, q, keyEnd), keyEnd);
  else if (type === 'ssh-dss') {
    read = putString(p, F.mpintLength, F.dsaY, putString(p, F.mpintLength, F.dsaG, putString(p, F.mpintLength, F.dsaQ, putString(p, F.mpintLength, F.dsaP, q, keyEnd), keyEnd), keyEnd), keyEnd);
  } else if (type.startsWith('ecdsa-sha2-')) putString(p, F.ecdsaQLength, F.ecdsaQ, putString(p, F.ecdsaIdLength, F.ecdsaId, q, keyEnd), keyEnd);
  else if (type === 'ssh-ed25519' || type === 'ssh-ed448') putString(p, F.eddsaKeyLength, F.eddsaKey, q, keyEnd);
  else if (q < keyEnd) p.put(F.hostKeyData, q, keyEnd - q);
  return read < 0 ? read : keyEnd;
}

/** Puts the signature of the exchange. */
function putSignature(p: PacketView, at: number, end: number): number {
  if (at < 0 || at + 8 > end) return at < 0 ? at : end;
  const length = u32be(p.bytes, at);
  const signatureEnd = Math.min(at + 4 + length, end);
  p.put(F.signatureLength, at, 4);
  const q = putString(p, F.signatureTypeLength, F.signatureType, at + 4, signatureEnd);
  if (q < 0) return q;
  const type = p.host.latin1(p.bytes, at + 8, q);
  let read = q;
  if (type === 'ssh-rsa') read = putString(p, F.mpintLength, F.signatureRsa, q, signatureEnd);
  else if (type === 'ssh-dss') read = putString(p, F.mpintLength, F.signatureDsa, q, signatureEnd);
  if (read < 0) return read;
  if (read < signatureEnd) p.expert('warn', 'protocol', 'ssh.packet_decode.error', at, 4);
  return signatureEnd;
}

/** Puts messages 30 to 34, whose meaning the agreed method decides; -1 where a length leads out of the segment. */
export function putKexMessage(p: PacketView, code: number, family: KexFamily, at: number, end: number): number {
  if (family === 'ecdh') {
    if (code === 30) return putString(p, F.clientKeyLength, F.clientKey, at, end);
    if (code === 31) return putSignature(p, putString(p, F.serverKeyLength, F.serverKey, putHostKey(p, at, end), end), end);
    return end;
  }
  if (family === 'dh') {
    if (code === 30) return putString(p, F.mpintLength, F.dhE, at, end);
    if (code === 31) return putSignature(p, putString(p, F.mpintLength, F.dhF, putHostKey(p, at, end), end), end);
    return end;
  }
  switch (code) {
    case 30:
      if (at + 4 <= end) p.put(F.gexBits, at, 4);
      return Math.min(at + 4, end);
    case 31: return putString(p, F.mpintLength, F.gexG, putString(p, F.mpintLength, F.gexP, at, end), end);
    case 32: return putString(p, F.mpintLength, F.dhE, at, end);
    case 33: return putSignature(p, putString(p, F.mpintLength, F.dhF, putHostKey(p, at, end), end), end);
    case 34:
      if (at + 12 > end) return end;
      p.put(F.gexMin, at, 4);
      p.put(F.gexBits, at + 4, 4);
      p.put(F.gexMax, at + 8, 4);
      return at + 12;
    default: return end;
  }
}
