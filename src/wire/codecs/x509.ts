import { toHex } from '../../base/bytes.ts';
import type { Host } from '../../base/host.ts';
import { formatIp, ipHex } from '../../base/ip.ts';
import type { Nanos } from '../../base/time.ts';
import { NS_PER_SECOND } from '../../base/time.ts';
import type { CertificateSummary } from '../../model/index.ts';
import { DER, DerElement, expectElement, oidText, readElement } from './der.ts';

/** Where the parts of a certificate lie (RFC 5280 §4.1); one reused object a reader. */
export class CertificatePlaces {
  at = 0;
  end = 0;
  version = 0;
  serialAt = 0;
  serialEnd = 0;
  signatureOidAt = 0;
  signatureOidEnd = 0;
  issuerAt = 0;
  issuerEnd = 0;
  notBeforeTag = 0;
  notBeforeAt = 0;
  notBeforeEnd = 0;
  notAfterTag = 0;
  notAfterAt = 0;
  notAfterEnd = 0;
  subjectAt = 0;
  subjectEnd = 0;
  keyOidAt = 0;
  keyOidEnd = 0;
  keyParametersAt = 0;
  keyParametersEnd = 0;
  keyAt = 0;
  keyEnd = 0;
  /** The list of extensions; equal where there is none. */
  extensionsAt = 0;
  extensionsEnd = 0;
}

const e = new DerElement();

/** Finds the parts of the certificate `[at, end)`; false where it is not DER of that shape. */
export function readCertificate(b: Uint8Array, at: number, end: number, c: CertificatePlaces): boolean {
  c.at = at;
  c.end = end;
  c.version = 1;
  c.extensionsAt = 0;
  c.extensionsEnd = 0;
  if (!expectElement(b, at, end, DER.SEQUENCE, e)) return false;
  if (!expectElement(b, e.contentAt, e.end, DER.SEQUENCE, e)) return false;
  const tbsEnd = e.end;
  let p = e.contentAt;
  if (!readElement(b, p, tbsEnd, e)) return false;
  if (e.tag === 0xa0) {
    c.version = b[e.end - 1] + 1;
    p = e.end;
  }
  if (!expectElement(b, p, tbsEnd, DER.INTEGER, e)) return false;
  c.serialAt = e.contentAt;
  c.serialEnd = e.end;
  if (!expectElement(b, e.end, tbsEnd, DER.SEQUENCE, e)) return false;
  p = e.end;
  if (!expectElement(b, e.contentAt, e.end, DER.OID, e)) return false;
  c.signatureOidAt = e.contentAt;
  c.signatureOidEnd = e.end;
  if (!expectElement(b, p, tbsEnd, DER.SEQUENCE, e)) return false;
  c.issuerAt = e.contentAt;
  c.issuerEnd = e.end;
  if (!expectElement(b, e.end, tbsEnd, DER.SEQUENCE, e)) return false;
  p = e.end;
  const validityEnd = e.end;
  if (!readElement(b, e.contentAt, validityEnd, e)) return false;
  c.notBeforeTag = e.tag;
  c.notBeforeAt = e.contentAt;
  c.notBeforeEnd = e.end;
  if (!readElement(b, e.end, validityEnd, e)) return false;
  c.notAfterTag = e.tag;
  c.notAfterAt = e.contentAt;
  c.notAfterEnd = e.end;
  if (!expectElement(b, p, tbsEnd, DER.SEQUENCE, e)) return false;
  c.subjectAt = e.contentAt;
  c.subjectEnd = e.end;
  if (!expectElement(b, e.end, tbsEnd, DER.SEQUENCE, e)) return false;
  const after = e.end;
  if (!readKey(b, e.contentAt, e.end, c)) return false;
  for (p = after; p < tbsEnd && readElement(b, p, tbsEnd, e); p = e.end) {
    if (e.tag !== 0xa3) continue;
    if (expectElement(b, e.contentAt, e.end, DER.SEQUENCE, e)) {
      c.extensionsAt = e.contentAt;
      c.extensionsEnd = e.end;
    }
    break;
  }
  return true;
}

function readKey(b: Uint8Array, at: number, end: number, c: CertificatePlaces): boolean {
  if (!expectElement(b, at, end, DER.SEQUENCE, e)) return false;
  const algorithmEnd = e.end;
  if (!expectElement(b, e.contentAt, algorithmEnd, DER.OID, e)) return false;
  c.keyOidAt = e.contentAt;
  c.keyOidEnd = e.end;
  c.keyParametersAt = e.end;
  c.keyParametersEnd = algorithmEnd;
  if (!expectElement(b, algorithmEnd, end, DER.BIT_STRING, e)) return false;
  c.keyAt = e.contentAt + 1;
  c.keyEnd = e.end;
  return true;
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN', '2.5.4.4': 'SN', '2.5.4.5': 'serialNumber', '2.5.4.6': 'C', '2.5.4.7': 'L', '2.5.4.8': 'ST', '2.5.4.9': 'street', '2.5.4.10': 'O',
  '2.5.4.11': 'OU', '2.5.4.12': 'title', '2.5.4.15': 'businessCategory', '2.5.4.17': 'postalCode', '2.5.4.42': 'GN', '2.5.4.97': 'organizationIdentifier',
  '1.2.840.113549.1.9.1': 'emailAddress', '0.9.2342.19200300.100.1.25': 'DC', '0.9.2342.19200300.100.1.1': 'UID',
};

const KEYS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'rsa', '1.2.840.113549.1.1.10': 'rsa-pss', '1.2.840.10045.2.1': 'ecdsa', '1.2.840.10040.4.1': 'dsa', '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448', '1.3.101.110': 'x25519',
};

const CURVE_BITS: Readonly<Record<string, number>> = {
  '1.2.840.10045.3.1.7': 256, '1.3.132.0.34': 384, '1.3.132.0.35': 521, '1.3.132.0.10': 256, '1.2.840.10045.3.1.1': 192, '1.3.132.0.33': 224,
  '1.3.36.3.3.2.8.1.1.7': 256, '1.3.36.3.3.2.8.1.1.11': 384, '1.3.36.3.3.2.8.1.1.13': 512,
};

const SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption', '1.2.840.113549.1.1.4': 'md5WithRSAEncryption', '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss', '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption', '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption', '1.2.840.10045.4.1': 'ecdsa-with-SHA1', '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384', '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512', '1.3.101.112': 'ed25519', '1.3.101.113': 'ed448',
  '1.2.840.10040.4.3': 'dsa-with-sha1', '2.16.840.1.101.3.4.3.2': 'dsa-with-sha256',
};

export const OID_SUBJECT_ALT_NAME = '2.5.29.17';

/** Text of a string of any of the types that names use. */
export function derString(b: Uint8Array, tag: number, at: number, end: number, host: Host): string {
  if (tag === DER.UTF8 || tag === DER.PRINTABLE || tag === DER.IA5) return host.utf8(b, at, end);
  if (tag === DER.BMP) {
    let out = '';
    for (let p = at; p + 2 <= end; p += 2) out += String.fromCharCode((b[p] << 8) | b[p + 1]);
    return out;
  }
  return host.latin1(b, at, end);
}

/** A distinguished name, first part first: `C=AT, O=Example, CN=host.test`. */
export function nameOf(b: Uint8Array, at: number, end: number, host: Host): string {
  const parts: string[] = [];
  for (let p = at; p < end && readElement(b, p, end, e);) {
    const next = e.end;
    for (let q = e.contentAt; q < next && readElement(b, q, next, e);) {
      const pairEnd = e.end;
      if (expectElement(b, e.contentAt, pairEnd, DER.OID, e)) {
        const oid = oidText(b, e.contentAt, e.end);
        if (readElement(b, e.end, pairEnd, e)) {
          parts.push(`${ATTRIBUTES[oid] ?? oid}=${derString(b, e.tag, e.contentAt, e.end, host).replace(/[,\\]/g, '\\$&')}`);
        }
      }
      q = pairEnd;
    }
    p = next;
  }
  return parts.join(', ');
}

/** UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5); 0 where it does not read. */
export function timeOf(b: Uint8Array, tag: number, at: number, end: number): Nanos {
  const short = tag === DER.UTC_TIME;
  const digits = short ? 10 : 12;
  if (end - at < digits) return 0n;
  const n = (from: number, count: number): number => {
    let v = 0;
    for (let i = 0; i < count; i++) v = v * 10 + b[at + from + i] - 0x30;
    return v;
  };
  const y2 = n(0, 2);
  const year = short ? (y2 < 50 ? 2000 + y2 : 1900 + y2) : n(0, 4);
  const o = short ? 2 : 4;
  const seconds = end - at >= o + 10 && b[at + o + 8] >= 0x30 && b[at + o + 8] <= 0x39 ? n(o + 8, 2) : 0;
  const days = daysFromCivil(year, n(o, 2), n(o + 2, 2));
  if (!Number.isFinite(days)) return 0n;
  return BigInt(days * 86_400 + n(o + 4, 2) * 3600 + n(o + 6, 2) * 60 + seconds) * NS_PER_SECOND;
}

/** Days since 1970-01-01 of a Gregorian date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysFromCivil(y: number, m: number, d: number): number {
  const year = m <= 2 ? y - 1 : y;
  const era = Math.floor(year / 400);
  const yoe = year - era * 400;
  const doy = Math.floor((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5) + d - 1;
  return era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468;
}

/** Calls `visit` for each extension: its OID and the content of its OCTET STRING. */
export function eachExtension(b: Uint8Array, c: CertificatePlaces, visit: (oid: string, at: number, end: number) => void): void {
  const x = new DerElement();
  for (let p = c.extensionsAt; p < c.extensionsEnd && readElement(b, p, c.extensionsEnd, x);) {
    const next = x.end;
    if (expectElement(b, x.contentAt, next, DER.OID, x)) {
      const oid = oidText(b, x.contentAt, x.end);
      let q = x.end;
      if (expectElement(b, q, next, DER.BOOLEAN, x)) q = x.end;
      if (expectElement(b, q, next, DER.OCTET_STRING, x)) visit(oid, x.contentAt, x.end);
    }
    p = next;
  }
}

/** Alternative names (RFC 5280 §4.2.1.6): DNS names, and addresses as text. */
function alternativeNames(b: Uint8Array, at: number, end: number, host: Host, out: string[]): void {
  if (!expectElement(b, at, end, DER.SEQUENCE, e)) return;
  const listEnd = e.end;
  for (let p = e.contentAt; p < listEnd && out.length < 1000 && readElement(b, p, listEnd, e); p = e.end) {
    if (e.tag === 0x82) out.push(host.utf8(b, e.contentAt, e.end));
    else if (e.tag === 0x87 && (e.end - e.contentAt === 4 || e.end - e.contentAt === 16)) out.push(formatIp(ipHex(b, e.contentAt, e.end - e.contentAt === 4 ? 4 : 6)));
  }
}

function keyBits(b: Uint8Array, c: CertificatePlaces, algorithm: string): number | null {
  if (algorithm === 'rsa' || algorithm === 'rsa-pss') {
    if (!expectElement(b, c.keyAt, c.keyEnd, DER.SEQUENCE, e) || !expectElement(b, e.contentAt, e.end, DER.INTEGER, e)) return null;
    let p = e.contentAt;
    while (p < e.end && b[p] === 0) p++;
    return p === e.end ? 0 : (e.end - p) * 8 - Math.clz32(b[p]) + 24;
  }
  if (algorithm === 'ecdsa') {
    if (!expectElement(b, c.keyParametersAt, c.keyParametersEnd, DER.OID, e)) return null;
    return CURVE_BITS[oidText(b, e.contentAt, e.end)] ?? null;
  }
  if (algorithm === 'dsa') {
    if (!expectElement(b, c.keyParametersAt, c.keyParametersEnd, DER.SEQUENCE, e) || !expectElement(b, e.contentAt, e.end, DER.INTEGER, e)) return null;
    return (e.end - e.contentAt - (b[e.contentAt] === 0 ? 1 : 0)) * 8;
  }
  if (algorithm === 'ed25519' || algorithm === 'x25519') return 256;
  return algorithm === 'ed448' ? 456 : null;
}

const places = new CertificatePlaces();

/** Summary of the certificate `[at, end)`; undefined where it does not read. */
export function summariseCertificate(b: Uint8Array, at: number, end: number, host: Host): CertificateSummary | undefined {
  const c = places;
  if (!readCertificate(b, at, end, c)) return undefined;
  const dnsNames: string[] = [];
  eachExtension(b, c, (oid, from, to) => {
    if (oid === OID_SUBJECT_ALT_NAME) alternativeNames(b, from, to, host, dnsNames);
  });
  const keyOid = oidText(b, c.keyOidAt, c.keyOidEnd);
  const keyAlgorithm = KEYS[keyOid] ?? keyOid;
  const signature = oidText(b, c.signatureOidAt, c.signatureOidEnd);
  return {
    sha256: toHex(host.sha256(b.subarray(at, end))),
    subject: nameOf(b, c.subjectAt, c.subjectEnd, host), issuer: nameOf(b, c.issuerAt, c.issuerEnd, host),
    serial: toHex(b, c.serialAt, c.serialEnd),
    notBefore: timeOf(b, c.notBeforeTag, c.notBeforeAt, c.notBeforeEnd), notAfter: timeOf(b, c.notAfterTag, c.notAfterAt, c.notAfterEnd),
    dnsNames, keyAlgorithm, keyBits: keyBits(b, c, keyAlgorithm), signatureAlgorithm: SIGNATURES[signature] ?? signature,
  };
}
