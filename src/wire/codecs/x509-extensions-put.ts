import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { DER, DerElement, expectElement, oidText, readElement } from './der.ts';
import { pkixFields as PKIX, x509afFields as AF, x509ceFields as CE, x509ifFields as IF } from './x509-fields.ts';
import { countElements, putNamePairs } from './x509-name-put.ts';

const CE_ARC = '2.5.29.';
const ACCESS = '1.3.6.1.5.5.7.1.1';
const TIMESTAMPS = '1.3.6.1.4.1.11129.2.4.2';
const NETSCAPE_ARC = '2.16.840.1.113730.1.';
const CPS = '1.3.6.1.5.5.7.2.1';
const NOTICE = '1.3.6.1.5.5.7.2.2';
/** Microsoft's extensions that are read with those of X.509. */
const MICROSOFT = new Set(['1.3.6.1.4.1.311.21.1', '1.3.6.1.4.1.311.21.7', '1.3.6.1.4.1.311.21.10', '1.3.6.1.4.1.311.20.2']);

const USAGES: readonly Field[] = [
  CE.digitalSignature, CE.contentCommitment, CE.keyEncipherment, CE.dataEncipherment, CE.keyAgreement, CE.keyCertSign, CE.crlSign, CE.encipherOnly, CE.decipherOnly,
];

/** Puts the extensions `[at, end)` of a certificate, each a layer of the protocol that defines it. */
export function putExtensionsOf(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  p.putInt(AF.extensions, at, end - at, countElements(b, at, end));
  for (let q = at; q < end && expectElement(b, q, end, DER.SEQUENCE, e);) {
    const next = e.end;
    p.put(AF.extension, q, next - q);
    if (expectElement(b, e.contentAt, next, DER.OID, e)) {
      const oid = oidText(b, e.contentAt, e.end);
      p.put(AF.extensionId, e.contentAt, e.end - e.contentAt);
      let r = e.end;
      if (expectElement(b, r, next, DER.BOOLEAN, e)) {
        p.put(AF.critical, e.contentAt, e.end - e.contentAt);
        r = e.end;
      }
      if (expectElement(b, r, next, DER.OCTET_STRING, e)) putExtension(p, oid, e.contentAt, e.end);
    }
    q = next;
  }
}

function layerOf(oid: string): string {
  if (oid.startsWith(CE_ARC) || MICROSOFT.has(oid)) return 'x509ce';
  if (oid === ACCESS) return 'pkix1implicit';
  if (oid === TIMESTAMPS) return 'tls';
  return oid.startsWith(NETSCAPE_ARC) ? 'ns_cert_exts' : '';
}

function putExtension(p: PacketView, oid: string, at: number, end: number): void {
  const name = layerOf(oid);
  if (name === '') return;
  const b = p.bytes;
  if (name !== 'tls') p.callInside(p.id(name), p.source, at, end);
  const e = new DerElement();
  if (!readElement(b, at, end, e)) return;
  switch (oid) {
    case '2.5.29.14': p.put(CE.subjectKey, e.contentAt, e.end - e.contentAt); return;
    case '2.5.29.15': putUsage(p, e.contentAt, e.end); return;
    case '2.5.29.17': case '2.5.29.18':
      p.putInt(CE.names, at, e.end - at, countElements(b, e.contentAt, e.end));
      putGeneralNames(p, e.contentAt, e.end);
      return;
    case '2.5.29.19': putBasic(p, e.contentAt, e.end); return;
    case '2.5.29.31': putPoints(p, e.contentAt, e.end); return;
    case '2.5.29.32': putPolicies(p, e.contentAt, e.end); return;
    case '2.5.29.35': putAuthorityKey(p, e.contentAt, e.end); return;
    case '2.5.29.37': {
      p.putInt(CE.purposes, at, e.end - at, countElements(b, e.contentAt, e.end));
      const stop = e.end;
      for (let q = e.contentAt; q < stop && expectElement(b, q, stop, DER.OID, e); q = e.end) p.put(CE.purpose, e.contentAt, e.end - e.contentAt);
      return;
    }
    case ACCESS: putAccess(p, e.contentAt, e.end); return;
    case TIMESTAMPS:
      // A list as TLS has it, in an octet string of its own (RFC 6962 §3.3).
      p.callInside(p.id('tls'), p.source, e.contentAt, e.end);
      return;
    default:
  }
}

/** Bits of KeyUsage (RFC 5280 §4.2.1.3), the first octet says how many are unused. */
function putUsage(p: PacketView, at: number, end: number): void {
  if (end - at < 2) return;
  p.put(CE.keyUsage, at + 1, end - at - 1);
  for (let i = 0; i < USAGES.length; i++) {
    const octet = at + 1 + (i >> 3);
    const bit = octet < end ? (p.bytes[octet] >> (7 - (i & 7))) & 1 : 0;
    if (octet < end || i < 8) p.putInt(USAGES[i], Math.min(octet, end - 1), 1, bit);
    else p.putInt(USAGES[i], end - 1, 0, 0);
  }
}

/** Puts names of the kinds of RFC 5280 §4.2.1.6; the tag's number is the kind. */
function putGeneralNames(p: PacketView, at: number, end: number): void {
  const e = new DerElement();
  for (let q = at; q < end && readElement(p.bytes, q, end, e); q = e.end) putGeneralName(p, e, true);
}

function putGeneralName(p: PacketView, e: DerElement, choice: boolean): void {
  const kind = e.tag & 0x1f;
  const from = e.contentAt;
  const length = e.end - from;
  if (choice) p.putInt(CE.name, e.at, e.end - e.at, kind);
  switch (kind) {
    case 1: p.put(CE.mail, from, length); return;
    case 2: p.put(CE.dnsName, from, length); return;
    case 4: {
      const x = new DerElement();
      p.putInt(CE.directoryName, e.at, e.end - e.at, 0);
      if (expectElement(p.bytes, from, e.end, DER.SEQUENCE, x)) {
        p.putInt(IF.rdnSequence, from, x.end - from, countElements(p.bytes, x.contentAt, x.end));
        putNamePairs(p, x.contentAt, x.end);
      }
      return;
    }
    case 6: p.put(CE.uri, from, length); return;
    case 7:
      p.put(CE.ipAddress, from, length);
      if (length === 4) p.put(CE.ipv4, from, 4);
      else if (length === 16) p.put(CE.ipv6, from, 16);
      return;
    case 8: p.put(CE.registeredId, from, length); return;
    default:
  }
}

function putBasic(p: PacketView, at: number, end: number): void {
  const e = new DerElement();
  p.put(CE.basic, at, end - at);
  let q = at;
  if (expectElement(p.bytes, q, end, DER.BOOLEAN, e)) {
    p.put(CE.authority, e.contentAt, e.end - e.contentAt);
    q = e.end;
  }
  if (expectElement(p.bytes, q, end, DER.INTEGER, e)) p.put(CE.pathLength, e.contentAt, e.end - e.contentAt);
}

function putPoints(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  p.putInt(CE.points, at, end - at, countElements(b, at, end));
  for (let q = at; q < end && expectElement(b, q, end, DER.SEQUENCE, e);) {
    const next = e.end;
    p.put(CE.point, q, next - q);
    // distributionPoint [0] { fullName [0] GeneralNames }
    if (readElement(b, e.contentAt, next, e) && e.tag === 0xa0 && readElement(b, e.contentAt, e.end, e)) {
      p.putInt(CE.pointName, e.at, e.end - e.at, e.tag & 0x1f);
      if (e.tag === 0xa0) {
        p.putInt(CE.fullName, e.at, e.end - e.at, countElements(b, e.contentAt, e.end));
        putGeneralNames(p, e.contentAt, e.end);
      }
    }
    q = next;
  }
}

function putPolicies(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  p.putInt(CE.policies, at, end - at, countElements(b, at, end));
  for (let q = at; q < end && expectElement(b, q, end, DER.SEQUENCE, e);) {
    const next = e.end;
    p.put(CE.policy, q, next - q);
    if (expectElement(b, e.contentAt, next, DER.OID, e)) {
      p.put(CE.policyId, e.contentAt, e.end - e.contentAt);
      if (expectElement(b, e.end, next, DER.SEQUENCE, e)) putQualifiers(p, e.contentAt, e.end);
    }
    q = next;
  }
}

function putQualifiers(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  p.putInt(CE.qualifiers, at, end - at, countElements(b, at, end));
  for (let q = at; q < end && expectElement(b, q, end, DER.SEQUENCE, e);) {
    const next = e.end;
    p.put(CE.qualifier, q, next - q);
    if (expectElement(b, e.contentAt, next, DER.OID, e)) {
      const oid = oidText(b, e.contentAt, e.end);
      p.put(CE.qualifierId, e.contentAt, e.end - e.contentAt);
      if (oid === CPS && readElement(b, e.end, next, e)) {
        p.callInside(p.id('pkix1explicit'), p.source, e.at, e.end);
        p.put(PKIX.directory, e.contentAt, e.end - e.contentAt);
      } else if (oid === NOTICE && readElement(b, e.end, next, e)) {
        p.callInside(p.id('pkix1implicit'), p.source, e.at, e.end);
        p.put(PKIX.notice, e.at, e.end - e.at);
      }
    }
    q = next;
  }
}

function putAuthorityKey(p: PacketView, at: number, end: number): void {
  const e = new DerElement();
  p.put(CE.authorityKey, at, end - at);
  for (let q = at; q < end && readElement(p.bytes, q, end, e); q = e.end) {
    const from = e.contentAt;
    if (e.tag === 0x80) p.put(CE.keyIdentifier, from, e.end - from);
    else if (e.tag === 0xa1) {
      p.putInt(CE.authorityIssuer, e.at, e.end - e.at, countElements(p.bytes, from, e.end));
      putGeneralNames(p, from, e.end);
    } else if (e.tag === 0x82) p.put(CE.authoritySerial, from, e.end - from);
  }
}

function putAccess(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  p.putInt(PKIX.access, at, end - at, countElements(b, at, end));
  for (let q = at; q < end && expectElement(b, q, end, DER.SEQUENCE, e);) {
    const next = e.end;
    p.put(PKIX.description, q, next - q);
    if (expectElement(b, e.contentAt, next, DER.OID, e)) {
      p.put(PKIX.method, e.contentAt, e.end - e.contentAt);
      if (readElement(b, e.end, next, e)) {
        p.putInt(PKIX.location, e.at, e.end - e.at, e.tag & 0x1f);
        putGeneralName(p, e, false);
      }
    }
    q = next;
  }
}
