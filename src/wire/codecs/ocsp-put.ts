import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import { DER, DerElement, expectElement, oidText, readElement } from './der.ts';
import { ocspFields as F } from './x509-fields.ts';
import { countElements, putNamePairs } from './x509-name-put.ts';
import { putAlgorithm, putCertificate } from './x509-put.ts';
import { timeOf } from './x509.ts';

const ENUMERATED = 0x0a;
const BASIC = '1.3.6.1.5.5.7.48.1.1';
const NS = 1_000_000_000n;

/** Puts a request or a response of OCSP (RFC 6960 §4); false where it is neither. */
export function putOcsp(p: PacketView, at: number, end: number): boolean {
  const e = new DerElement();
  if (!expectElement(p.bytes, at, end, DER.SEQUENCE, e)) return false;
  const whole = e.end;
  if (!readElement(p.bytes, e.contentAt, whole, e)) return false;
  if (e.tag === ENUMERATED) putResponse(p, e, whole);
  else if (e.tag === DER.SEQUENCE) putRequest(p, e);
  else return false;
  return true;
}

/** Puts the BasicOCSPResponse `[at, end)` (RFC 6960 §4.2.1). */
export function putBasicResponse(p: PacketView, at: number, end: number): void {
  const e = new DerElement();
  if (expectElement(p.bytes, at, end, DER.SEQUENCE, e)) putBasic(p, e.contentAt, e.end);
}

function putTime(p: PacketView, f: Field, e: DerElement): void {
  if (p.wants(f)) p.putTime(f, e.contentAt, e.end - e.contentAt, Number(timeOf(p.bytes, e.tag, e.contentAt, e.end) / NS), 0);
}

function putRequest(p: PacketView, request: DerElement): void {
  const b = p.bytes;
  const e = new DerElement();
  p.put(F.request, request.at, request.end - request.at);
  for (let q = request.contentAt; q < request.end && readElement(b, q, request.end, e); q = e.end) {
    if (e.tag !== DER.SEQUENCE) continue;
    const listEnd = e.end;
    p.putInt(F.requests, e.at, listEnd - e.at, countElements(b, e.contentAt, listEnd));
    for (let r = e.contentAt; r < listEnd && expectElement(b, r, listEnd, DER.SEQUENCE, e);) {
      const next = e.end;
      p.put(F.item, r, next - r);
      if (expectElement(b, e.contentAt, next, DER.SEQUENCE, e)) putCertificateId(p, F.certificate, e);
      r = next;
    }
    return;
  }
}

function putCertificateId(p: PacketView, f: Field, id: DerElement): void {
  const e = new DerElement();
  p.put(f, id.at, id.end - id.at);
  if (!expectElement(p.bytes, id.contentAt, id.end, DER.SEQUENCE, e)) return;
  putAlgorithm(p, F.hashAlgorithm, e.at, e.end);
  if (!readElement(p.bytes, e.end, id.end, e)) return;
  p.put(F.nameHash, e.contentAt, e.end - e.contentAt);
  if (!readElement(p.bytes, e.end, id.end, e)) return;
  p.put(F.keyHash, e.contentAt, e.end - e.contentAt);
  if (readElement(p.bytes, e.end, id.end, e)) p.put(F.serial, e.contentAt, e.end - e.contentAt);
}

/** `status` is the first element of the response (RFC 6960 §4.2.1). */
function putResponse(p: PacketView, status: DerElement, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  p.put(F.status, status.contentAt, status.end - status.contentAt);
  if (!readElement(b, status.end, end, e) || !expectElement(b, e.contentAt, e.end, DER.SEQUENCE, e)) return;
  const bytesEnd = e.end;
  p.put(F.bytes, e.at, bytesEnd - e.at);
  if (!expectElement(b, e.contentAt, bytesEnd, DER.OID, e)) return;
  p.put(F.responseType, e.contentAt, e.end - e.contentAt);
  if (oidText(b, e.contentAt, e.end) !== BASIC || !expectElement(b, e.end, bytesEnd, DER.OCTET_STRING, e)) return;
  p.callInside(p.id('ocsp'), p.source, e.contentAt, e.end);
}

/** BasicOCSPResponse, `[at, end)` being the content of its sequence. */
function putBasic(p: PacketView, at: number, basicEnd: number): void {
  const b = p.bytes;
  const e = new DerElement();
  if (!expectElement(b, at, basicEnd, DER.SEQUENCE, e)) return;
  const dataEnd = e.end;
  p.put(F.data, e.at, dataEnd - e.at);
  putData(p, e.contentAt, dataEnd);
  if (!expectElement(b, dataEnd, basicEnd, DER.SEQUENCE, e)) return;
  putAlgorithm(p, F.signatureAlgorithm, e.at, e.end);
  if (!expectElement(b, e.end, basicEnd, DER.BIT_STRING, e)) return;
  p.put(F.signature, e.contentAt + 1, e.end - e.contentAt - 1);
  if (!readElement(b, e.end, basicEnd, e) || e.tag !== 0xa0 || !expectElement(b, e.contentAt, e.end, DER.SEQUENCE, e)) return;
  const listEnd = e.end;
  p.putInt(F.certificates, e.at, listEnd - e.at, countElements(b, e.contentAt, listEnd));
  for (let q = e.contentAt; q < listEnd && readElement(b, q, listEnd, e);) {
    const next = e.end;
    putCertificate(p, q, next);
    q = next;
  }
}

function putData(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  let q = at;
  if (!readElement(b, q, end, e)) return;
  if (e.tag === 0xa0) q = e.end;
  if (!readElement(b, q, end, e)) return;
  const kind = e.tag & 0x1f;
  const responderEnd = e.end;
  p.putInt(F.responder, e.at, e.end - e.at, kind);
  const x = new DerElement();
  if (readElement(b, e.contentAt, e.end, x)) {
    if (kind === 2) p.put(F.byKey, x.contentAt, x.end - x.contentAt);
    else {
      p.putInt(F.byName, x.at, x.end - x.at, 0);
      putNamePairs(p, x.contentAt, x.end);
    }
  }
  if (!readElement(b, responderEnd, end, e)) return;
  putTime(p, F.producedAt, e);
  if (!expectElement(b, e.end, end, DER.SEQUENCE, e)) return;
  const listEnd = e.end;
  p.putInt(F.responses, e.at, listEnd - e.at, countElements(b, e.contentAt, listEnd));
  for (let r = e.contentAt; r < listEnd && expectElement(b, r, listEnd, DER.SEQUENCE, e);) {
    const next = e.end;
    p.put(F.single, r, next - r);
    putSingle(p, e.contentAt, next);
    r = next;
  }
}

function putSingle(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const e = new DerElement();
  if (!expectElement(b, at, end, DER.SEQUENCE, e)) return;
  const idEnd = e.end;
  putCertificateId(p, F.certId, e);
  if (!readElement(b, idEnd, end, e)) return;
  p.putInt(F.certStatus, e.at, e.end - e.at, e.tag & 0x1f);
  if (!readElement(b, e.end, end, e)) return;
  putTime(p, F.thisUpdate, e);
  if (readElement(b, e.end, end, e) && e.tag === 0xa0 && readElement(b, e.contentAt, e.end, e)) putTime(p, F.nextUpdate, e);
}
