import type { PacketView } from '../packet-view.ts';
import { ADDRESS_FIELDS, AUTH_FIELDS, VIA_FIELDS, sipFields as F } from './sip-fields.ts';
import type { AddressFields } from './sip-fields.ts';

const LESS = 0x3c;
const GREATER = 0x3e;
const QUOTE = 0x22;
const SEMICOLON = 0x3b;
const COMMA = 0x2c;
const COLON = 0x3a;
const AT = 0x40;
const EQUALS = 0x3d;
const SPACE = 0x20;

function find(b: Uint8Array, c: number, at: number, end: number): number {
  const i = b.indexOf(c, at);
  return i < 0 || i >= end ? -1 : i;
}

/** Place of the closing quote of the text that begins at `at`, or `end`. */
function closingQuote(b: Uint8Array, at: number, end: number): number {
  let q = at + 1;
  while (q < end && b[q] !== QUOTE) q += b[q] === 0x5c ? 2 : 1;
  return Math.min(q, end);
}

/** Puts user, host, port and parameters of the URI `[at, end)` (RFC 3261 §19.1). */
export function putUri(p: PacketView, at: number, end: number, f: Pick<AddressFields, 'user' | 'host' | 'port' | 'parameter'>): void {
  const b = p.bytes;
  const scheme = find(b, COLON, at, end);
  // Of a telephone's number (`tel:`) nothing is told apart.
  if (scheme < 0 || (b[at] | 0x20) !== 0x73) return;
  let q = scheme + 1;
  const separator = find(b, AT, q, end);
  if (separator >= 0) {
    const password = find(b, COLON, q, separator);
    const userEnd = password < 0 ? separator : password;
    if (userEnd > q) p.put(f.user, q, userEnd - q);
    q = separator + 1;
  }
  let hostEnd = q;
  if (b[q] === 0x5b) hostEnd = (find(b, 0x5d, q, end) + 1) || end;
  else while (hostEnd < end && b[hostEnd] !== COLON && b[hostEnd] !== SEMICOLON && b[hostEnd] !== 0x3f) hostEnd++;
  if (hostEnd > q) p.put(f.host, q, hostEnd - q);
  q = hostEnd;
  if (q < end && b[q] === COLON) {
    let portEnd = q + 1;
    while (portEnd < end && b[portEnd] >= 0x30 && b[portEnd] <= 0x39) portEnd++;
    if (portEnd > q + 1) p.put(f.port, q + 1, portEnd - q - 1);
    q = portEnd;
  }
  while (q < end && b[q] === SEMICOLON) {
    const next = find(b, SEMICOLON, q + 1, end);
    const to = next < 0 ? end : next;
    if (to > q + 1 && f.parameter !== undefined) p.put(f.parameter, q + 1, to - q - 1);
    q = to;
  }
}

/** Puts one address, `"Name" <sip:user@host>;tag=x`; returns the place behind it. */
function putAddress(p: PacketView, at: number, end: number, f: AddressFields): number {
  const b = p.bytes;
  let q = at;
  while (q < end && b[q] === SPACE) q++;
  const from = q;
  if (b[q] === QUOTE) q = Math.min(closingQuote(b, q, end) + 1, end);
  const open = find(b, LESS, q, end);
  const comma = find(b, COMMA, q, end);
  let uriAt = from;
  let uriEnd: number;
  if (open >= 0 && (comma < 0 || open < comma || b[from] === QUOTE)) {
    const displayEnd = b[from] === QUOTE ? q : open;
    if (displayEnd > from) {
      p.put(f.display, from, displayEnd - from);
      p.put(F.displayInfo, from, displayEnd - from);
    }
    uriAt = open + 1;
    uriEnd = find(b, GREATER, uriAt, end);
    if (uriEnd < 0) uriEnd = end;
    q = Math.min(uriEnd + 1, end);
  } else {
    uriEnd = from;
    while (uriEnd < end && b[uriEnd] !== SEMICOLON && b[uriEnd] !== COMMA && b[uriEnd] !== SPACE) uriEnd++;
    q = uriEnd;
  }
  if (uriEnd > uriAt && (f.address !== F.preferredAddress || (b[uriAt] | 0x20) === 0x73)) {
    p.put(f.address, uriAt, uriEnd - uriAt);
    putUri(p, uriAt, uriEnd, f);
  }
  return putAddressParameters(p, q, end, f);
}

function putAddressParameters(p: PacketView, at: number, end: number, f: AddressFields): number {
  const b = p.bytes;
  let q = at;
  while (q < end && b[q] !== COMMA) {
    if (b[q] !== SEMICOLON) {
      q++;
      continue;
    }
    let from = q + 1;
    while (from < end && b[from] === SPACE) from++;
    let to = from;
    while (to < end && b[to] !== SEMICOLON && b[to] !== COMMA) to = b[to] === QUOTE ? closingQuote(b, to, end) + 1 : to + 1;
    to = Math.min(to, end);
    const isTag = to - from > 4 && (b[from] | 0x20) === 0x74 && (b[from + 1] | 0x20) === 0x61 && (b[from + 2] | 0x20) === 0x67 && b[from + 3] === EQUALS;
    if (isTag && f.tag !== undefined) {
      p.put(f.tag, from + 4, to - from - 4);
      p.put(F.tag, from + 4, to - from - 4);
    } else if (f.address === F.contactUri && to > from) p.put(F.contactParameter, from, to - from);
    q = to;
  }
  return q < end ? q + 1 : end;
}

/** Puts the parts of a header that holds addresses; false where this one holds none. */
export function putAddresses(p: PacketView, name: string, at: number, end: number): boolean {
  const f = ADDRESS_FIELDS[name];
  if (f === undefined) return false;
  for (let q = at; q < end;) {
    const next = putAddress(p, q, end, f);
    if (next <= q) break;
    q = next;
  }
  return true;
}

/** `SIP/2.0/UDP host:port;branch=...` (RFC 3261 §20.42). */
export function putVia(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  const first = find(b, 0x2f, at, end);
  const second = first < 0 ? -1 : find(b, 0x2f, first + 1, end);
  if (second < 0) return;
  const transportEnd = find(b, SPACE, second + 1, end);
  if (transportEnd < 0) return;
  p.put(F.viaTransport, second + 1, transportEnd - second - 1);
  let q = transportEnd;
  while (q < end && b[q] === SPACE) q++;
  let hostEnd = q;
  if (b[q] === 0x5b) hostEnd = (find(b, 0x5d, q, end) + 1) || end;
  else while (hostEnd < end && b[hostEnd] !== COLON && b[hostEnd] !== SEMICOLON && b[hostEnd] !== SPACE) hostEnd++;
  const bracket = b[q] === 0x5b ? 1 : 0;
  if (hostEnd > q + 2 * bracket) p.put(F.viaAddress, q + bracket, hostEnd - q - 2 * bracket);
  q = hostEnd;
  if (q < end && b[q] === COLON) {
    let port = 0;
    let to = q + 1;
    while (to < end && b[to] >= 0x30 && b[to] <= 0x39) port = port * 10 + b[to++] - 0x30;
    if (to > q + 1) p.putInt(F.viaPort, q + 1, to - q - 1, port);
    q = to;
  }
  eachParameter(p, q, end, SEMICOLON, (name, from, to) => {
    const f = VIA_FIELDS[name];
    if (f !== undefined) p.put(f, from, to - from);
  });
}

/** Scheme and parameters of an authentication header. */
export function putAuthentication(p: PacketView, at: number, end: number): void {
  const space = find(p.bytes, SPACE, at, end);
  const schemeEnd = space < 0 ? end : space;
  p.put(F.authScheme, at, schemeEnd - at);
  eachParameter(p, schemeEnd, end, COMMA, (name, from, to) => {
    const f = AUTH_FIELDS[name];
    if (f !== undefined) p.put(f, from, to - from);
  });
}

/** Calls `visit` for each `name=value` between separators. */
function eachParameter(p: PacketView, at: number, end: number, separator: number, visit: (name: string, from: number, to: number) => void): void {
  const b = p.bytes;
  let q = at;
  while (q < end) {
    while (q < end && (b[q] === separator || b[q] === SPACE || b[q] === SEMICOLON)) q++;
    const from = q;
    while (q < end && b[q] !== EQUALS && b[q] !== separator) q++;
    const name = p.host.latin1(b, from, q).trim().toLowerCase();
    // A flag without a value stands for itself.
    let valueAt = from;
    if (q < end && b[q] === EQUALS) {
      valueAt = ++q;
      if (b[q] === QUOTE) q = Math.min(closingQuote(b, q, end) + 1, end);
      while (q < end && b[q] !== separator) q++;
    }
    if (name !== '') visit(name, valueAt, q);
  }
}

/** `314 INVITE`. */
export function putSequence(p: PacketView, at: number, end: number): number {
  const b = p.bytes;
  let q = at;
  let number = 0;
  while (q < end && b[q] >= 0x30 && b[q] <= 0x39) number = number * 10 + b[q++] - 0x30;
  p.putInt(F.sequenceNumber, at, q - at, number);
  while (q < end && b[q] === SPACE) q++;
  if (q < end) p.put(F.sequenceMethod, q, end - q);
  return number;
}
