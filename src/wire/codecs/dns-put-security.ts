import { u16be, u32be } from '../../base/bytes.ts';
import type { Field } from '../../filter/field.ts';
import { layout, putLayout } from '../layout.ts';
import type { PacketView } from '../packet-view.ts';
import { dnsFields as F } from './dns-fields.ts';
import { RR } from './dns-message.ts';
import { DnsName, nameText, readName } from './dns-name.ts';

const name = new DnsName();
const KEY_FLAGS = layout({ 0: [F.dnskeyFlags, F.dnskeyZoneKey, F.dnskeyRevoked, F.dnskeySep, F.dnskeyReserved] });
const SIGNATURE = layout({ 6: F.tsigFudge, 8: F.tsigMacSize });

/** DNSSEC, SSHFP, TLSA, CERT and TSIG (RFC 4034, RFC 4255, RFC 5155, RFC 6698, RFC 4398, RFC 8945). */
export function putSecurityData(p: PacketView, message: number, type: number, at: number, dataEnd: number, end: number): void {
  const length = dataEnd - at;
  switch (type) {
    case RR.DS:
      if (length < 4) return;
      p.put(F.dsKeyId, at, 2);
      p.put(F.dsAlgorithm, at + 2, 1);
      p.put(F.dsDigestType, at + 3, 1);
      p.put(F.dsDigest, at + 4, length - 4);
      return;
    case RR.SSHFP:
      if (length < 2) return;
      p.put(F.sshfpAlgorithm, at, 1);
      p.put(F.sshfpType, at + 1, 1);
      p.put(F.sshfpFingerprint, at + 2, length - 2);
      return;
    case RR.RRSIG: {
      if (length < 19) return;
      p.put(F.rrsigTypeCovered, at, 2);
      p.put(F.rrsigAlgorithm, at + 2, 1);
      p.put(F.rrsigLabels, at + 3, 1);
      p.put(F.rrsigTtl, at + 4, 4);
      p.putTime(F.rrsigExpiration, at + 8, 4, u32be(p.bytes, at + 8), 0);
      p.putTime(F.rrsigInception, at + 12, 4, u32be(p.bytes, at + 12), 0);
      p.put(F.rrsigKeyTag, at + 16, 2);
      const q = putSigner(p, message, at + 18, dataEnd, end);
      p.put(F.rrsigSignature, q, dataEnd - q);
      return;
    }
    case RR.DNSKEY:
      if (length < 4) return;
      putLayout(p, KEY_FLAGS, at, dataEnd);
      p.putInt(F.dnskeyId, at, 0, keyTag(p.bytes, at, dataEnd));
      p.put(F.dnskeyProtocol, at + 2, 1);
      p.put(F.dnskeyAlgorithm, at + 3, 1);
      p.put(F.dnskeyPublicKey, at + 4, length - 4);
      return;
    case RR.NSEC3:
      if (length < 5) return;
      p.put(F.nsec3Algo, at, 1);
      p.put(F.nsec3Flags, at + 1, 1);
      p.put(F.nsec3OptOut, at + 1, 1);
      p.put(F.nsec3Iterations, at + 2, 2);
      putHashes(p, at + 4, dataEnd);
      return;
    case RR.TLSA:
      if (length < 3) return;
      p.put(F.tlsaUsage, at, 1);
      p.put(F.tlsaSelector, at + 1, 1);
      p.put(F.tlsaMatching, at + 2, 1);
      p.put(F.tlsaAssociation, at + 3, length - 3);
      return;
    case RR.CERT:
      if (length < 5) return;
      p.put(F.certType, at, 2);
      p.put(F.certKeyTag, at + 2, 2);
      p.put(F.certAlgorithm, at + 4, 1);
      p.put(F.certData, at + 5, length - 5);
      return;
    case RR.TSIG: putSignature(p, message, at, dataEnd, end); return;
    default:
      p.put(F.data, at, length);
      p.expert('note', 'undecoded', 'dns.undecoded.type', at, length);
  }
}

function putText(p: PacketView, f: Field, message: number, at: number, dataEnd: number, end: number): number {
  if (at >= dataEnd || !readName(p.bytes, message, at, end, name) || name.end > dataEnd) return dataEnd;
  if (p.wants(f)) p.putText(f, at, name.end - at, nameText(name, p.host));
  return name.end;
}

function putSigner(p: PacketView, message: number, at: number, dataEnd: number, end: number): number {
  return putText(p, F.rrsigSigner, message, at, dataEnd, end);
}

/** Key tag of a DNSKEY (RFC 4034 appendix B). */
function keyTag(b: Uint8Array, at: number, end: number): number {
  let sum = 0;
  for (let i = at; i < end; i++) sum += ((i - at) & 1) !== 0 ? b[i] : b[i] << 8;
  return (sum + (sum >>> 16)) & 0xffff;
}

/** Salt and the next owner's hash (RFC 5155 §3.2). */
function putHashes(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  if (at >= end) return;
  const salt = b[at];
  p.put(F.nsec3SaltLength, at, 1);
  const hashAt = at + 1 + salt;
  if (hashAt >= end) return;
  p.put(F.nsec3Salt, at + 1, salt);
  p.put(F.nsec3HashLength, hashAt, 1);
  const size = Math.min(b[hashAt], end - hashAt - 1);
  if (p.wants(F.nsec3Hash)) p.putText(F.nsec3Hash, hashAt + 1, size, base32(b, hashAt + 1, hashAt + 1 + size));
}

const DIGITS = '0123456789abcdefghijklmnopqrstuv';

/** Base 32 with the extended hex alphabet (RFC 4648 §7), without padding. */
function base32(b: Uint8Array, at: number, end: number): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (let i = at; i < end; i++) {
    held = (held << 8) | b[i];
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += DIGITS[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + DIGITS[(held << (5 - bits)) & 31] : text;
}

/** A transaction's signature (RFC 8945 §4.2). */
function putSignature(p: PacketView, message: number, at: number, dataEnd: number, end: number): void {
  const b = p.bytes;
  const q = putText(p, F.tsigAlgorithm, message, at, dataEnd, end);
  if (q + 10 > dataEnd) return;
  p.putTime(F.tsigTime, q, 6, u16be(b, q) * 0x1_0000_0000 + u32be(b, q + 2), 0);
  putLayout(p, SIGNATURE, q, dataEnd);
  const mac = u16be(b, q + 8);
  const rest = q + 10 + mac;
  if (rest + 6 > dataEnd) return;
  p.put(F.tsigMac, q + 10, mac);
  p.expert('warn', 'undecoded', 'dns.tsig.noalg', q + 10, mac);
  p.put(F.tsigOriginalId, rest, 2);
  p.put(F.tsigError, rest + 2, 2);
  p.put(F.tsigOtherLength, rest + 4, 2);
  const other = u16be(b, rest + 4);
  if (other > 0 && rest + 6 + other <= dataEnd) p.put(F.tsigOtherData, rest + 6, other);
}
