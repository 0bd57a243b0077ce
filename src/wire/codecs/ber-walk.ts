import type { Field } from '../../filter/field.ts';
import { daysFromCivil } from '../../base/time.ts';
import type { PacketView } from '../packet-view.ts';
import { DerElement, readElement } from './der.ts';

// A table-driven reader of BER (ITU-T X.690): a protocol writes its ASN.1 module as tables of rules, and `walkBer` puts the fields.
//
//   PrincipalName ::= SEQUENCE { name-type [0] Int32, name-string [1] SEQUENCE OF KerberosString }
//   const name = sequence([member(0xa0, F.nameType, INTEGER), member(0xa1, F.count, sequenceOf(F.string, OCTETS))]);

/** How the content of an element becomes values. */
export type BerKind = 'integer' | 'octets' | 'bits' | 'time' | 'null' | 'sequence' | 'ordered' | 'list' | 'choice' | 'call';

/** What stands in an element, whatever its tag. */
export interface BerType {
  readonly kind: BerKind;
  /** Members of a sequence or alternatives of a choice, by tag. */
  readonly members: readonly BerMember[];
  /** What a list is made of. */
  of: BerMember | undefined;
  /** Bits of a bit string, eight a byte, highest first. */
  readonly bits: readonly Field[];
  /** Reads the content `[at, end)` by itself. */
  readonly call: ((p: PacketView, at: number, end: number) => void) | undefined;
}

/** One member: its tag, the field that stands for it, and what is in it. */
export interface BerMember {
  /** Identifier octet, -1 = any. */
  readonly tag: number;
  readonly field: Field | undefined;
  readonly type: BerType;
  /** The tag wraps the value's own tag (EXPLICIT); else it takes its place. */
  readonly explicit: boolean;
  /** What a choice puts: the number of the alternative (Wireshark's `ldap.filter`). */
  readonly index: number;
}

function type(kind: BerKind, more: Partial<BerType> = {}): BerType {
  return { kind, members: more.members ?? [], of: more.of, bits: more.bits ?? [], call: more.call };
}

export const INTEGER: BerType = type('integer');
/** Octets, text and object identifiers: the field's own type says how they are shown. */
export const OCTETS: BerType = type('octets');
export const TIME: BerType = type('time');
export const NULL: BerType = type('null');
export const bits = (fields: readonly Field[]): BerType => type('bits', { bits: fields });
export const sequence = (members: readonly BerMember[]): BerType => type('sequence', { members });
/** A sequence whose members share tags: each stands in its turn, and may be left out. */
export const ordered = (members: readonly BerMember[]): BerType => type('ordered', { members });
export const choice = (members: readonly BerMember[]): BerType => type('choice', { members });
export const listOf = (of: BerMember): BerType => type('list', { of });
export const call = (read: (p: PacketView, at: number, end: number) => void): BerType => type('call', { call: read });
/** A context tag around the value's own: `[n] EXPLICIT`. */
export const explicit = (n: number, field: Field | undefined, of: BerType): BerMember => ({ tag: 0xa0 + n, field, type: of, explicit: true, index: n });
/** A tag in place of the value's own. */
export const implicit = (tag: number, field: Field | undefined, of: BerType): BerMember => ({ tag, field, type: of, explicit: false, index: tag & 0x1f });

/** Deepest nesting that is read. */
const MAX_DEPTH = 256;
const elements = Array.from({ length: 2 * MAX_DEPTH + 4 }, () => new DerElement());

/** Reads the element at `at` by the rule that has its tag. False where none has, or where it does not end before `end`. */
export function walkBer(p: PacketView, members: readonly BerMember[], at: number, end: number): boolean {
  const e = elements[0];
  if (!readElement(p.bytes, at, end, e)) return false;
  const member = find(members, e.tag);
  if (member === undefined) return false;
  readMember(p, member, e, 1);
  return true;
}

function find(members: readonly BerMember[], tag: number): BerMember | undefined {
  for (let i = 0; i < members.length; i++) if (members[i].tag === tag || members[i].tag === -1) return members[i];
  return undefined;
}

function readMembers(p: PacketView, members: readonly BerMember[], at: number, end: number, depth: number): void {
  if (depth >= MAX_DEPTH) return;
  const e = elements[depth];
  for (let q = at; q < end && readElement(p.bytes, q, end, e);) {
    const next = e.end;
    const member = find(members, e.tag);
    if (member !== undefined) readMember(p, member, e, depth + 1);
    q = next;
  }
}

function readMember(p: PacketView, member: BerMember, e: DerElement, depth: number): void {
  if (depth >= MAX_DEPTH) return;
  if (!member.explicit) {
    readValue(p, member.type, member.field, e.at, e.contentAt, e.end, depth);
    return;
  }
  if (member.type.kind === 'choice') {
    readValue(p, member.type, member.field, e.contentAt, e.contentAt, e.end, depth);
    return;
  }
  const inner = elements[MAX_DEPTH + depth];
  if (readElement(p.bytes, e.contentAt, e.end, inner)) readValue(p, member.type, member.field, inner.at, inner.contentAt, inner.end, depth);
}

function readValue(p: PacketView, t: BerType, f: Field | undefined, at: number, contentAt: number, end: number, depth: number): void {
  switch (t.kind) {
    case 'integer':
      if (f !== undefined) p.putInt(f, contentAt, end - contentAt, integer(p.bytes, contentAt, end));
      return;
    case 'octets':
      if (f !== undefined) p.put(f, contentAt, end - contentAt);
      return;
    case 'null':
      if (f !== undefined) p.put(f, at, end - at);
      return;
    case 'time':
      if (f !== undefined) putGeneralizedTime(p, f, contentAt, end);
      return;
    case 'bits':
      if (end <= contentAt) return;
      if (f !== undefined) p.put(f, contentAt + 1, end - contentAt - 1);
      for (let i = 0; i < t.bits.length; i++) if (contentAt + 1 + (i >> 3) < end) p.put(t.bits[i], contentAt + 1 + (i >> 3), 1);
      return;
    case 'sequence':
      if (f !== undefined) p.put(f, at, end - at);
      readMembers(p, t.members, contentAt, end, depth);
      return;
    case 'ordered':
      if (f !== undefined) p.put(f, at, end - at);
      readOrdered(p, t.members, contentAt, end, depth);
      return;
    case 'list': readList(p, t, f, contentAt, end, depth); return;
    case 'choice': readChoice(p, t, f, at, end, depth); return;
    case 'call':
      if (f !== undefined) p.put(f, contentAt, end - contentAt);
      t.call?.(p, contentAt, end);
      return;
  }
}

function readOrdered(p: PacketView, members: readonly BerMember[], at: number, end: number, depth: number): void {
  if (depth >= MAX_DEPTH) return;
  const e = elements[depth];
  let q = at;
  for (let i = 0; i < members.length && q < end && readElement(p.bytes, q, end, e); i++) {
    const member = members[i];
    if (member.tag !== e.tag && member.tag !== -1) continue;
    const next = e.end;
    readMember(p, member, e, depth + 1);
    q = next;
  }
}

/** A list's field holds how many items it has. */
function readList(p: PacketView, t: BerType, f: Field | undefined, at: number, end: number, depth: number): void {
  if (depth >= MAX_DEPTH) return;
  const e = elements[depth];
  if (f !== undefined) {
    let count = 0;
    for (let q = at; q < end && readElement(p.bytes, q, end, e); q = e.end) count++;
    if (count > 0) p.putInt(f, at, end - at, count);
  }
  const { of } = t;
  if (of === undefined) return;
  for (let q = at; q < end && readElement(p.bytes, q, end, e);) {
    const next = e.end;
    if (of.type.kind === 'choice') readChoice(p, of.type, of.field, e.at, e.end, depth + 1);
    else if (of.tag === -1 || of.tag === e.tag) readMember(p, of, e, depth + 1);
    q = next;
  }
}

function readChoice(p: PacketView, t: BerType, f: Field | undefined, at: number, end: number, depth: number): void {
  if (depth >= MAX_DEPTH) return;
  const e = elements[depth];
  if (!readElement(p.bytes, at, end, e)) return;
  for (let i = 0; i < t.members.length; i++) {
    const member = t.members[i];
    if (member.tag !== e.tag) continue;
    if (f !== undefined) p.putInt(f, at, e.end - at, member.index);
    readMember(p, member, e, depth + 1);
    return;
  }
}

/** Two's complement, as far as a double holds it. */
export function integer(b: Uint8Array, at: number, end: number): number {
  let v = 0;
  for (let q = at; q < end && q < at + 8; q++) v = v * 256 + b[q];
  return end > at && b[at] >= 0x80 && end - at <= 6 ? v - 2 ** (8 * (end - at)) : v;
}

/** `YYYYMMDDhhmmssZ`. */
function putGeneralizedTime(p: PacketView, f: Field, at: number, end: number): void {
  if (!p.wants(f) || end - at < 14) return;
  const b = p.bytes;
  const digits = (from: number, n: number): number => {
    let v = 0;
    for (let i = 0; i < n; i++) v = v * 10 + (b[at + from + i] - 48);
    return v;
  };
  p.putTime(f, at, end - at, 86_400 * daysFromCivil(digits(0, 4), digits(4, 2), digits(6, 2)) + digits(8, 2) * 3600 + digits(10, 2) * 60 + digits(12, 2), 0);
}
