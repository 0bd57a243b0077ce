import type { PacketView } from '../packet-view.ts';
import { DER, DerElement, expectElement, oidText, readElement } from './der.ts';
import { x509afFields as AF, x509ceFields as CE, x509ifFields as IF, x509satFields as SAT } from './x509-fields.ts';
import { CertificatePlaces, OID_SUBJECT_ALT_NAME, derString, eachExtension, readCertificate } from './x509.ts';

const COUNTRIES = new Set(['2.5.4.6', '1.3.6.1.4.1.311.60.2.1.3']);
const SERIAL = '2.5.4.5';
const AUTHORITY_ACCESS = '1.3.6.1.5.5.7.1.1';

const e = new DerElement();
const places = new CertificatePlaces();

/** Puts the fields of the certificate `[at, end)` in the order of the bytes; each attribute and extension is a layer of its own. */
export function putCertificate(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const c = places;
  if (!readCertificate(b, at, end, c)) return;
  p.put(AF.serial, c.serialAt, c.serialEnd - c.serialAt);
  putName(p, c.issuerAt, c.issuerEnd);
  putTime(p, c.notBeforeTag, c.notBeforeAt, c.notBeforeEnd);
  putTime(p, c.notAfterTag, c.notAfterAt, c.notAfterEnd);
  putName(p, c.subjectAt, c.subjectEnd);
  const x509ce = p.id('x509ce');
  eachExtension(b, c, (oid, from, to) => {
    if (oid === OID_SUBJECT_ALT_NAME) putNames(p, from, to);
    if (oid.startsWith('2.5.29.')) p.callInside(x509ce, p.source, from, to);
    else if (oid === AUTHORITY_ACCESS) p.callInside(p.id('pkix1implicit'), p.source, from, to);
  });
}

/** `YYYY-MM-DD hh:mm:ss (UTC)`. */
function putTime(p: PacketView, tag: number, at: number, end: number): void {
  const f = tag === DER.UTC_TIME ? AF.utcTime : AF.generalizedTime;
  if (!p.wants(f)) return;
  const t = p.host.latin1(p.bytes, at, end);
  const y = tag === DER.UTC_TIME ? 2 : 4;
  const century = y === 4 ? '' : t < '50' ? '20' : '19';
  p.putText(f, at, end - at, `${century}${t.slice(0, y)}-${t.slice(y, y + 2)}-${t.slice(y + 2, y + 4)} ${t.slice(y + 4, y + 6)}:${t.slice(y + 6, y + 8)}:${t.slice(y + 8, y + 10)} (UTC)`);
}

/** Puts a distinguished name with its outer sequence. */
export function putDistinguishedName(p: PacketView, at: number, end: number): void {
  if (expectElement(p.bytes, at, end, DER.SEQUENCE, e)) putName(p, e.contentAt, e.end);
}

function putName(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const x509sat = p.id('x509sat');
  for (let q = at; q < end && readElement(b, q, end, e);) {
    const setEnd = e.end;
    for (let r = e.contentAt; r < setEnd && readElement(b, r, setEnd, e);) {
      const pairEnd = e.end;
      p.put(IF.item, r, pairEnd - r);
      if (expectElement(b, e.contentAt, pairEnd, DER.OID, e)) {
        const oid = oidText(b, e.contentAt, e.end);
        if (readElement(b, e.end, pairEnd, e)) {
          putAttribute(p, oid);
          p.callInside(x509sat, p.source, e.at, e.end);
        }
      }
      r = pairEnd;
    }
    q = setEnd;
  }
}

/** The value under `e`, by the syntax of its attribute. */
function putAttribute(p: PacketView, oid: string): void {
  const at = e.contentAt;
  const length = e.end - at;
  if (COUNTRIES.has(oid)) p.put(SAT.country, at, length);
  else if (oid === SERIAL) p.put(SAT.serialNumber, at, length);
  else if (e.tag === DER.UTF8) p.put(SAT.utf8, at, length);
  else if (e.tag === DER.PRINTABLE) p.put(SAT.printable, at, length);
  else if (e.tag === DER.TELETEX) p.putText(SAT.teletex, at, length, derString(p.bytes, e.tag, at, e.end, p.host));
  else if (e.tag === DER.BMP) p.putText(SAT.bmp, at, length, derString(p.bytes, e.tag, at, e.end, p.host));
  else if (e.tag === DER.UNIVERSAL_STRING) p.put(SAT.universal, at, length);
}

function putNames(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  if (!expectElement(b, at, end, DER.SEQUENCE, e)) return;
  const listEnd = e.end;
  for (let q = e.contentAt; q < listEnd && readElement(b, q, listEnd, e); q = e.end) {
    const length = e.end - e.contentAt;
    if (e.tag === 0x82) p.put(CE.dnsName, e.contentAt, length);
    else if (e.tag === 0x86) p.put(CE.uri, e.contentAt, length);
    else if (e.tag === 0x87) p.put(CE.ipAddress, e.contentAt, length);
  }
}
