import { DER, DerElement, oidText, readElement } from '../wire/codecs/der.ts';
import { berElement, berInteger, berOid, berText } from './ber-write.ts';

export const SNMP_VERSIONS = { v1: 0, v2c: 1 } as const;

/** Names of `error-status` (RFC 3416 §3). */
const ERRORS = [
  'noError', 'tooBig', 'noSuchName', 'badValue', 'readOnly', 'genErr', 'noAccess', 'wrongType', 'wrongLength', 'wrongEncoding', 'wrongValue', 'noCreation',
  'inconsistentValue', 'resourceUnavailable', 'commitFailed', 'undoFailed', 'authorizationError', 'notWritable', 'inconsistentName',
];
/** Kinds of values by tag (RFC 2578 §7.1, RFC 3416 §3); what is not here is text. */
const NUMBERS: ReadonlySet<number> = new Set([0x02, 0x41, 0x42, 0x43, 0x46, 0x47]);
const MISSING: ReadonlyMap<number, string> = new Map([[0x80, 'noSuchObject'], [0x81, 'noSuchInstance'], [0x82, 'endOfMibView']]);
const RESPONSE = 0xa2;

/** One variable of an answer: a number, a text, or why there is none. */
export interface SnmpValue {
  readonly oid: string;
  readonly number?: number;
  readonly text: string;
  readonly missing?: string;
}

export interface SnmpAnswer {
  readonly requestId: number;
  /** `noError` where all is well. */
  readonly error: string;
  readonly values: readonly SnmpValue[];
}

/** A GetRequest for some variables (RFC 3416 §4.2.1); undefined where one of them is no object identifier. */
export function snmpGet(version: keyof typeof SNMP_VERSIONS, community: string, requestId: number, oids: readonly string[]): Uint8Array | undefined {
  const bindings: Uint8Array[] = [];
  for (const oid of oids) {
    const name = berOid(oid);
    if (name === undefined) return undefined;
    bindings.push(berElement(0x30, name, [0x05, 0x00]));
  }
  const pdu = berElement(0xa0, berInteger(requestId), berInteger(0), berInteger(0), berElement(0x30, ...bindings));
  return berElement(0x30, berInteger(SNMP_VERSIONS[version]), berText(community), pdu);
}

/** The content of an integer, signed where its kind is (RFC 2578: INTEGER alone). */
function integerAt(b: Uint8Array, e: DerElement): number {
  let v = e.tag === DER.INTEGER && (b[e.contentAt] & 0x80) !== 0 ? -1 : 0;
  for (let i = e.contentAt; i < e.end; i++) v = v * 256 + b[i];
  return v;
}

function valueOf(b: Uint8Array, oid: string, e: DerElement): SnmpValue {
  const missing = MISSING.get(e.tag) ?? (e.tag === DER.NULL ? 'null' : undefined);
  if (missing !== undefined) return { oid, text: '', missing };
  if (NUMBERS.has(e.tag) && e.end - e.contentAt <= 9) {
    const number = integerAt(b, e);
    return { oid, number, text: String(number) };
  }
  if (e.tag === DER.OID) return { oid, text: oidText(b, e.contentAt, e.end) };
  if (e.tag === 0x40) return { oid, text: [...b.subarray(e.contentAt, e.end)].join('.') };
  const bytes = b.subarray(e.contentAt, e.end);
  const printable = bytes.every((c) => (c >= 0x20 && c < 0x7f) || c === 9 || c === 10 || c === 13);
  return { oid, text: printable ? Buffer.from(bytes).toString('latin1') : Buffer.from(bytes).toString('hex') };
}

/** Reads the head of the element at `at`, which must have that tag. */
function enter(b: Uint8Array, at: number, end: number, tag: number, e: DerElement): boolean {
  return readElement(b, at, end, e) && e.tag === tag;
}

/** Reads a Response; undefined where it is none. */
export function readSnmpAnswer(b: Uint8Array): SnmpAnswer | undefined {
  const outer = new DerElement();
  const e = new DerElement();
  if (!enter(b, 0, b.length, 0x30, outer)) return undefined;
  if (!enter(b, outer.contentAt, outer.end, DER.INTEGER, e)) return undefined;
  if (!enter(b, e.end, outer.end, DER.OCTET_STRING, e)) return undefined;
  if (!enter(b, e.end, outer.end, RESPONSE, e)) return undefined;
  const { end } = e;
  let at = e.contentAt;
  const heads: number[] = [];
  for (let i = 0; i < 3; i++) {
    if (!enter(b, at, end, DER.INTEGER, e)) return undefined;
    heads.push(integerAt(b, e));
    at = e.end;
  }
  if (!enter(b, at, end, 0x30, e)) return undefined;
  const values: SnmpValue[] = [];
  const listEnd = e.end;
  for (at = e.contentAt; at < listEnd;) {
    if (!enter(b, at, listEnd, 0x30, e)) return undefined;
    const bindingEnd = e.end;
    if (!enter(b, e.contentAt, bindingEnd, DER.OID, e)) return undefined;
    const oid = oidText(b, e.contentAt, e.end);
    if (!readElement(b, e.end, bindingEnd, e)) return undefined;
    values.push(valueOf(b, oid, e));
    at = bindingEnd;
  }
  return { requestId: heads[0], error: ERRORS[heads[1]] ?? `error ${heads[1]}`, values };
}
