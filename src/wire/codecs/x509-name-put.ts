import type { PacketView } from '../packet-view.ts';
import { DER, DerElement, expectElement, oidText, readElement } from './der.ts';
import { x509ifFields as IF, x509satFields as SAT } from './x509-fields.ts';
import { derString } from './x509.ts';

const COUNTRIES = new Set(['2.5.4.6', '1.3.6.1.4.1.311.60.2.1.3']);
const PRINTABLE = new Set(['2.5.4.5', '2.5.4.46']);
const IA5 = new Set(['0.9.2342.19200300.100.1.25', '1.2.840.113549.1.9.1', '0.9.2342.19200300.100.1.3']);

const e = new DerElement();

/** Number of elements in `[at, end)`. */
export function countElements(b: Uint8Array, at: number, end: number): number {
  let n = 0;
  const x = new DerElement();
  for (let q = at; q < end && readElement(b, q, end, x); q = x.end) n++;
  return n;
}

/** Puts the pairs of a distinguished name, `[at, end)` being the content of its outer sequence; each value is a layer of its own. */
export function putNamePairs(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const x509sat = p.id('x509sat');
  for (let q = at; q < end && readElement(b, q, end, e);) {
    const setEnd = e.end;
    const setAt = e.contentAt;
    p.putInt(IF.rdn, q, setEnd - q, countElements(b, setAt, setEnd));
    for (let r = setAt; r < setEnd && readElement(b, r, setEnd, e);) {
      const pairEnd = e.end;
      p.put(IF.item, r, pairEnd - r);
      if (expectElement(b, e.contentAt, pairEnd, DER.OID, e)) {
        const oid = oidText(b, e.contentAt, e.end);
        p.put(IF.oid, e.contentAt, e.end - e.contentAt);
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
  if (COUNTRIES.has(oid)) {
    p.put(SAT.country, at, length);
    return;
  }
  if (PRINTABLE.has(oid)) {
    p.put(SAT.syntaxPrintable, at, length);
    return;
  }
  if (IA5.has(oid)) {
    p.put(SAT.syntaxIa5, at, length);
    return;
  }
  switch (e.tag) {
    case DER.TELETEX: putChoice(p, 0, SAT.teletex, derString(p.bytes, e.tag, at, e.end, p.host)); return;
    case DER.PRINTABLE: p.putInt(SAT.directory, at, length, 1); p.put(SAT.printable, at, length); return;
    case DER.UNIVERSAL_STRING: p.putInt(SAT.directory, at, length, 2); p.put(SAT.universal, at, length); return;
    case DER.BMP: putChoice(p, 3, SAT.bmp, derString(p.bytes, e.tag, at, e.end, p.host)); return;
    case DER.UTF8: p.putInt(SAT.directory, at, length, 4); p.put(SAT.utf8, at, length); return;
    default:
  }
}

function putChoice(p: PacketView, choice: number, f: typeof SAT.bmp, text: string): void {
  p.putInt(SAT.directory, e.contentAt, e.end - e.contentAt, choice);
  p.putText(f, e.contentAt, e.end - e.contentAt, text);
}

/** Puts a distinguished name with its outer sequence. */
export function putDistinguishedName(p: PacketView, at: number, end: number): void {
  const x = new DerElement();
  if (!expectElement(p.bytes, at, end, DER.SEQUENCE, x)) return;
  p.putInt(IF.rdnSequence, at, x.end - at, countElements(p.bytes, x.contentAt, x.end));
  putNamePairs(p, x.contentAt, x.end);
}
