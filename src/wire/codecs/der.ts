/** One element of DER (ITU-T X.690): identifier, and where its content lies. One reused object a reader. */
export class DerElement {
  /** First identifier octet: class, constructed, number. */
  tag: number;
  at: number;
  contentAt: number;
  end: number;

  constructor() {
    this.tag = 0;
    this.at = 0;
    this.contentAt = 0;
    this.end = 0;
  }
}

export const DER = {
  BOOLEAN: 0x01, INTEGER: 0x02, BIT_STRING: 0x03, OCTET_STRING: 0x04, NULL: 0x05, OID: 0x06, UTF8: 0x0c, PRINTABLE: 0x13, TELETEX: 0x14, IA5: 0x16,
  UTC_TIME: 0x17, GENERALIZED_TIME: 0x18, UNIVERSAL_STRING: 0x1c, BMP: 0x1e, SEQUENCE: 0x30, SET: 0x31,
} as const;

/** Reads the head of the element at `at`; false where it does not fit before `end` or is not DER (indefinite length). */
export function readElement(b: Uint8Array, at: number, end: number, e: DerElement): boolean {
  if (at + 2 > end || (b[at] & 0x1f) === 0x1f) return false;
  let p = at + 1;
  let length = b[p++];
  if (length >= 0x80) {
    const n = length & 0x7f;
    if (n === 0 || n > 4 || p + n > end) return false;
    length = 0;
    for (let i = 0; i < n; i++) length = length * 256 + b[p++];
  }
  e.tag = b[at];
  e.at = at;
  e.contentAt = p;
  e.end = p + length;
  return e.end <= end;
}

/** The same, and the tag must be `tag`. */
export function expectElement(b: Uint8Array, at: number, end: number, tag: number, e: DerElement): boolean {
  return readElement(b, at, end, e) && e.tag === tag;
}

/** Object identifier in dots, `2.5.4.3`. */
export function oidText(b: Uint8Array, at: number, end: number): string {
  const parts: string[] = [];
  let v = 0;
  for (let p = at; p < end; p++) {
    v = v * 128 + (b[p] & 0x7f);
    if ((b[p] & 0x80) !== 0) continue;
    if (parts.length === 0) {
      const first = Math.min(2, Math.floor(v / 40));
      parts.push(String(first), String(v - 40 * first));
    } else parts.push(String(v));
    v = 0;
  }
  return parts.join('.');
}
