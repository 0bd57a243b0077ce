import { defineDissector, defineFields, put } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { mediaLayer, mediaType } from '../codecs/http-media.ts';

const header = (name: string) => ({ name: `mime_multipart.header.${name}`, ...put('string', name) });

const multipartFields = defineFields({
  type: { name: 'mime_multipart.type', ...put('string', 'Type') },
  preamble: { name: 'mime_multipart.preamble', ...put('none', 'Preamble') },
  first: { name: 'mime_multipart.first_boundary', ...put('string', 'First boundary') },
  boundary: { name: 'mime_multipart.boundary', ...put('string', 'Boundary') },
  last: { name: 'mime_multipart.last_boundary', ...put('string', 'Last boundary') },
  part: { name: 'mime_multipart.part', ...put('string', 'Encapsulated multipart part') },
  description: header('content-description'),
  disposition: header('content-disposition'),
  encoding: header('content-encoding'),
  id: header('content-id'),
  language: header('content-language'),
  length: header('content-length'),
  transferEncoding: header('content-transfer-encoding'),
  contentType: header('content-type'),
});
const F = multipartFields;

const BY_NAME: ReadonlyMap<string, (typeof multipartFields)[keyof typeof multipartFields]> = new Map(
  [F.description, F.disposition, F.encoding, F.id, F.language, F.length, F.transferEncoding, F.contentType].map((f) => [f.title, f]),
);
const DASH = 0x2d;
const LF = 10;
const CR = 13;
const MAX_PARTS = 256;
const MAX_MARKER = 200;
const BOUNDARY = /;\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]+))/i;

/** Content in several parts, of a message of HTTP or of a mail. */
export const mimeMultipart = defineDissector({
  name: 'mime_multipart',
  title: 'MIME Multipart Media Encapsulation',
  spec: ['RFC 2046 §5.1', 'RFC 7578'],
  over: {},
  fields: multipartFields,
  dissect(p, at, end) {
    const marker = p.host.encodeUtf8(markerOf(mediaType.text));
    if (marker.length === 0 || marker.length > MAX_MARKER) return DECLINE;
    let line = findBoundary(p, marker, at, end);
    if (line < 0) return DONE;
    if (line > at) p.put(F.preamble, at, line - at);
    for (let n = 0; n < MAX_PARTS && line >= 0; n++) {
      const markerEnd = line + marker.length;
      const closing = markerEnd + 2 <= end && p.bytes[markerEnd] === DASH && p.bytes[markerEnd + 1] === DASH;
      const lf = p.bytes.indexOf(LF, markerEnd);
      const partAt = lf < 0 || lf >= end ? end : lf + 1;
      p.put(closing ? F.last : n === 0 ? F.first : F.boundary, line, partAt - line);
      if (closing) break;
      const next = findBoundary(p, marker, partAt, end);
      let partEnd = next < 0 ? end : next;
      if (next >= 0 && partEnd > partAt && p.bytes[partEnd - 1] === LF) partEnd -= partEnd - 1 > partAt && p.bytes[partEnd - 2] === CR ? 2 : 1;
      putPart(p, partAt, partEnd);
      line = next;
    }
    return DONE;
  },
});

/** What every boundary begins with, empty where the type names none. */
function markerOf(type: string): string {
  const found = BOUNDARY.exec(type);
  const boundary = found === null ? '' : (found[1] ?? found[2]);
  return boundary === '' ? '' : `--${boundary}`;
}

/** Place of the next boundary that begins a line, -1 where none comes. */
function findBoundary(p: PacketView, marker: Uint8Array, at: number, end: number): number {
  for (let q = at; ;) {
    const found = p.host.indexOf(p.bytes, marker, q, end);
    if (found < 0) return -1;
    if (found === at || p.bytes[found - 1] === LF) return found;
    q = found + 1;
  }
}

/** A header's value without the white space that means nothing: none around separators, one space elsewhere. Quoted strings stay. */
function compacted(value: string): string {
  return value.replaceAll(/"(?:[^"\\]|\\.)*"|\s*[;:,=]\s*|\s+/g, (m) => (m.startsWith('"') ? m : m.trim() || ' '));
}

/** Header fields and content of one part. */
function putPart(p: PacketView, at: number, end: number): void {
  const b = p.bytes;
  let type = '';
  p.put(F.part, at, end - at);
  let q = at;
  while (q < end) {
    const lf = b.indexOf(LF, q);
    const next = lf < 0 || lf >= end ? end : lf + 1;
    let lineEnd = next;
    while (lineEnd > q && (b[lineEnd - 1] === LF || b[lineEnd - 1] === CR)) lineEnd--;
    if (lineEnd === q) {
      q = next;
      break;
    }
    const colon = b.indexOf(0x3a, q);
    if (colon > q && colon < lineEnd) {
      const name = p.host.latin1(b, q, colon).trim().toLowerCase();
      let valueAt = colon + 1;
      while (valueAt < lineEnd && b[valueAt] === 0x20) valueAt++;
      const f = BY_NAME.get(name);
      if (f !== undefined && p.wants(f)) p.putText(f, valueAt, lineEnd - valueAt, compacted(p.host.latin1(b, valueAt, lineEnd)));
      if (name === 'content-type') type = p.host.latin1(b, valueAt, lineEnd);
    }
    q = next;
  }
  if (q >= end) return;
  const outer = mediaType.text;
  const layer = p.id(mediaLayer(type)) || p.id('media');
  if (p.callInside(layer, p.source, q, end) === DECLINE) p.callInside(p.id('media'), p.source, q, end);
  mediaType.text = outer;
}
export default mimeMultipart;
