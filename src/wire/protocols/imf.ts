import type { Field } from '../../filter/field.ts';
import { mediaLayer } from '../codecs/http-media.ts';
import { imfFields } from '../codecs/imf-fields.ts';
import { ADDRESS_HEADERS, IMF_HEADERS } from '../codecs/imf-headers.ts';
import { lineEnd, nextLine } from '../codecs/text-line.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = imfFields;
const SPACE = 32;
const TAB = 9;
const COLON = 58;
const COMMA = 44;
const SEMICOLON = 59;
const LESS = 60;
const GREATER = 62;
const QUOTE = 34;

/** Internet Message Format: the head of a mail, and its body by the type that the head names. */
export const imf = defineDissector({
  name: 'imf',
  title: 'Internet Message Format',
  spec: ['RFC 5322', 'RFC 2045'],
  over: {},
  fields: imfFields,
  dissect(p, at, end) {
    const b = p.bytes;
    let typeAt = -1;
    let typeEnd = -1;
    let pos = at;
    while (pos < end) {
      const line = lineEnd(b, pos, end);
      if (line === pos) break;
      const next = headerEnd(b, pos, end);
      const colon = b.indexOf(COLON, pos);
      // A head that the segment cuts is read as far as its lines are whole; the rest stands for the body.
      if (colon < 0 || colon >= next || (next === end && trimEnd(b, pos, next) === end)) break;
      const field = putHeader(p, pos, colon, next);
      if (field === F.contentType) {
        typeAt = valueAt(b, colon, next);
        typeEnd = next;
      }
      pos = next;
    }
    const body = lineEnd(b, pos, end) === pos ? nextLine(b, pos, end) : pos;
    if (body >= end) return DONE;
    const layer = typeAt < 0 ? 0 : p.id(mediaLayer(p.host.latin1(b, typeAt, typeEnd)));
    if (layer > 0) p.callInside(layer, p.source, body, end);
    else p.put(F.messageText, body, end - body);
    return DONE;
  },
  info: (row) => `${row.text(F.from)} to ${row.text(F.to)}: ${row.text(F.subject)}`,
});

/** Where the header that begins at `at` ends: folded lines belong to it (RFC 5322 §2.2.3). */
function headerEnd(b: Uint8Array, at: number, end: number): number {
  let pos = nextLine(b, lineEnd(b, at, end), end);
  while (pos < end && (b[pos] === SPACE || b[pos] === TAB)) pos = nextLine(b, lineEnd(b, pos, end), end);
  return pos;
}

function valueAt(b: Uint8Array, colon: number, end: number): number {
  let at = colon + 1;
  while (at < end && (b[at] === SPACE || b[at] === TAB)) at++;
  return at;
}

/** Without the line end behind it. */
function trimEnd(b: Uint8Array, at: number, end: number): number {
  let to = end;
  while (to > at && (b[to - 1] === 10 || b[to - 1] === 13)) to--;
  return to;
}

function putHeader(p: PacketView, at: number, colon: number, end: number): Field | undefined {
  const b = p.bytes;
  const value = valueAt(b, colon, end);
  const stop = trimEnd(b, value, end);
  const field = p.detail ? IMF_HEADERS.get(p.host.latin1(b, at, colon).toLowerCase()) : isContentType(b, at, colon) ? F.contentType : undefined;
  if (!p.detail) return field;
  if (field === undefined) {
    p.open(F.extension, at);
    p.put(F.extensionType, at, colon - at);
    p.put(F.extensionValue, value, stop - value);
    p.close(stop);
    return undefined;
  }
  p.put(field, value, stop - value);
  const item = ADDRESS_HEADERS.get(field);
  if (item !== undefined) putAddresses(p, item, value, end);
  if (field === F.contentType) putType(p, value, stop);
  return field;
}

function isContentType(b: Uint8Array, at: number, colon: number): boolean {
  return colon - at === 12 && (b[at] | 32) === 0x63 && (b[at + 8] | 32) === 0x74 && b[at + 7] === 0x2d;
}

function putType(p: PacketView, at: number, end: number): void {
  let semicolon = at;
  while (semicolon < end && p.bytes[semicolon] !== SEMICOLON) semicolon++;
  p.put(F.contentTypeType, at, semicolon - at);
  if (semicolon < end) p.put(F.contentTypeParameters, semicolon + 1, end - semicolon - 1);
}

/** Addresses between commas; a quoted name may hold one (RFC 5322 §3.4). */
function putAddresses(p: PacketView, item: Field, at: number, end: number): void {
  const b = p.bytes;
  let from = at;
  let quoted = false;
  for (let i = at; i <= end; i++) {
    if (i < end && b[i] === QUOTE) quoted = !quoted;
    if (i < end && (b[i] !== COMMA || quoted)) continue;
    if (i > from) putAddress(p, item, from, i);
    from = i + 1;
  }
}

function putAddress(p: PacketView, item: Field, at: number, end: number): void {
  const b = p.bytes;
  p.put(item, at, end - at);
  let begin = at;
  while (begin < end && (b[begin] === SPACE || b[begin] === TAB || b[begin] === 10 || b[begin] === 13)) begin++;
  let open = begin;
  while (open < end && b[open] !== LESS) open++;
  if (open === end) {
    p.put(F.address, begin, end - begin);
    return;
  }
  let close = open;
  while (close < end && b[close] !== GREATER) close++;
  let nameEnd = open;
  while (nameEnd > begin && (b[nameEnd - 1] === SPACE || b[nameEnd - 1] === TAB)) nameEnd--;
  if (nameEnd > begin) p.put(F.displayName, begin, nameEnd - begin);
  p.put(F.address, open + 1, close - open - 1);
}

export default imf;
