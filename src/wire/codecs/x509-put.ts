import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { DER, DerElement, expectElement, oidText, readElement } from './der.ts';
import { putExtensionsOf } from './x509-extensions-put.ts';
import { pkcs1Fields as PKCS1, x509afFields as AF, x509ifFields as IF } from './x509-fields.ts';
import { countElements, putNamePairs } from './x509-name-put.ts';
import { timeOf } from './x509.ts';

const RSA = '1.2.840.113549.1.1.1';
const EC = '1.2.840.10045.2.1';
const NS = 1_000_000_000n;

/** Puts the fields of the certificate `[at, end)` in the order of the bytes (RFC 5280 §4.1). */
export function putCertificate(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  if (!expectElement(b, at, end, DER.SEQUENCE, e)) return;
  const whole = e.end;
  if (!expectElement(b, e.contentAt, whole, DER.SEQUENCE, e)) return;
  const signedEnd = e.end;
  p.put(AF.signed, e.at, signedEnd - e.at);
  putSigned(p, e.contentAt, signedEnd);
  if (!expectElement(b, signedEnd, whole, DER.SEQUENCE, e)) return;
  const algorithmEnd = e.end;
  putAlgorithm(p, AF.signatureAlgorithm, e.at, algorithmEnd);
  if (expectElement(b, algorithmEnd, whole, DER.BIT_STRING, e)) p.put(AF.encrypted, e.contentAt + 1, e.end - e.contentAt - 1);
}

function putSigned(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  let q = at;
  if (!readElement(b, q, end, e)) return;
  if (e.tag === 0xa0) {
    q = e.end;
    p.putInt(AF.version, e.contentAt, e.end - e.contentAt, b[e.end - 1]);
  }
  if (!expectElement(b, q, end, DER.INTEGER, e)) return;
  p.put(AF.serial, e.contentAt, e.end - e.contentAt);
  if (!expectElement(b, e.end, end, DER.SEQUENCE, e)) return;
  q = e.end;
  putAlgorithm(p, AF.signature, e.at, q);
  q = putName(p, AF.issuer, q, end);
  if (q < 0 || !expectElement(b, q, end, DER.SEQUENCE, e)) return;
  const validityEnd = e.end;
  p.put(AF.validity, e.at, validityEnd - e.at);
  if (!readElement(b, e.contentAt, validityEnd, e)) return;
  putTime(p, AF.notBefore, e);
  if (!readElement(b, e.end, validityEnd, e)) return;
  putTime(p, AF.notAfter, e);
  q = putName(p, AF.subject, validityEnd, end);
  if (q < 0 || !expectElement(b, q, end, DER.SEQUENCE, e)) return;
  const keyEnd = e.end;
  p.put(AF.keyInfo, e.at, keyEnd - e.at);
  putKey(p, e.contentAt, keyEnd);
  for (q = keyEnd; q < end && readElement(b, q, end, e); q = e.end) {
    const x = new DerElement();
    if (e.tag === 0xa3 && expectElement(b, e.contentAt, e.end, DER.SEQUENCE, x)) putExtensionsOf(p, x.contentAt, x.end);
  }
}

/** An AlgorithmIdentifier with its sequence; returns its name. */
export function putAlgorithm(p: PacketView, f: Field, at: number, end: number): string {
  const e = new DerElement();
  p.put(f, at, end - at);
  if (!expectElement(p.bytes, at, end, DER.SEQUENCE, e) || !expectElement(p.bytes, e.contentAt, e.end, DER.OID, e)) return '';
  p.put(AF.algorithm, e.contentAt, e.end - e.contentAt);
  return oidText(p.bytes, e.contentAt, e.end);
}

/** A name; returns the place behind it, -1 where it is none. */
function putName(p: PacketView, f: Field, at: number, end: number): number {
  const e = new DerElement();
  if (!expectElement(p.bytes, at, end, DER.SEQUENCE, e)) return -1;
  p.putInt(f, at, e.end - at, 0);
  p.putInt(f === AF.subject ? AF.rdnSequence : IF.rdnSequence, at, e.end - at, countElements(p.bytes, e.contentAt, e.end));
  putNamePairs(p, e.contentAt, e.end);
  return e.end;
}

function putTime(p: PacketView, f: Field, e: DerElement): void {
  const short = e.tag === DER.UTC_TIME;
  const at = e.contentAt;
  p.putInt(f, e.at, e.end - e.at, short ? 0 : 1);
  if (!short) {
    const ns = timeOf(p.bytes, e.tag, at, e.end);
    p.putTime(AF.generalizedTime, at, e.end - at, Number(ns / NS), 0);
    return;
  }
  if (!p.wants(AF.utcTime)) return;
  const t = p.host.latin1(p.bytes, at, e.end);
  p.putText(AF.utcTime, at, e.end - at, `${t < '50' ? '20' : '19'}${t.slice(0, 2)}-${t.slice(2, 4)}-${t.slice(4, 6)} ${t.slice(6, 8)}:${t.slice(8, 10)}:${t.slice(10, 12)} (UTC)`);
}

function putKey(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  if (!expectElement(b, at, end, DER.SEQUENCE, e)) return;
  const algorithmEnd = e.end;
  const oid = putAlgorithm(p, AF.keyAlgorithm, at, algorithmEnd);
  if (oid === EC && expectElement(b, e.contentAt, algorithmEnd, DER.OID, e) && readElement(b, e.end, algorithmEnd, e)) {
    p.callInside(p.id('pkcs-1'), p.source, e.at, e.end);
    p.putInt(PKCS1.parameters, e.at, e.end - e.at, e.tag === DER.OID ? 1 : 0);
    if (e.tag === DER.OID) p.put(PKCS1.namedCurve, e.contentAt, e.end - e.contentAt);
  }
  if (!expectElement(b, algorithmEnd, end, DER.BIT_STRING, e)) return;
  p.put(AF.key, e.contentAt + 1, e.end - e.contentAt - 1);
  if (oid !== RSA || !expectElement(b, e.contentAt + 1, e.end, DER.SEQUENCE, e)) return;
  const keyEnd = e.end;
  if (!expectElement(b, e.contentAt, keyEnd, DER.INTEGER, e)) return;
  p.put(PKCS1.modulus, e.contentAt, e.end - e.contentAt);
  if (expectElement(b, e.end, keyEnd, DER.INTEGER, e)) p.put(PKCS1.exponent, e.contentAt, e.end - e.contentAt);
}
