import { u32le } from '../../base/bytes.ts';
import type { FieldRun } from '../codecs/field-run.ts';
import { cutShort, putRun } from '../codecs/field-run.ts';
import { mongoFields } from '../codecs/mongo-fields.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';

const F = mongoFields;
const HEADER_LEN = 16;
const MAX_LENGTH = 48_000_000;
const HEAD: FieldRun = [[F.messageLength, 4], [F.requestId, 4], [F.responseTo, 4], [F.opcode, 4]];
const REPLY = 1;
const UPDATE = 2001;
const INSERT = 2002;
const QUERY = 2004;
const GET_MORE = 2005;
const DELETE = 2006;
const MESSAGE = 2013;
const REPLY_BODY: FieldRun = [[F.replyFlags, 4], [F.cursorId, 8], [F.startingFrom, 4], [F.numberReturned, 4]];
const COUNTS: FieldRun = [[F.numberToSkip, 4], [F.numberToReturn, 4]];
const MESSAGE_FLAGS: FieldRun = [[F.msgFlags, 4, true], [F.msgFlagsChecksumpresent, 4, true], [F.msgFlagsMoretocome, 4, true], [F.msgFlagsExhaustallowed, 4]];
const NAMES: Readonly<Record<number, string>> = { 1: 'Reply', 2001: 'Update', 2002: 'Insert', 2004: 'Query', 2005: 'Get More', 2006: 'Delete', 2012: 'Compressed', 2013: 'Message' };

/** MongoDB wire protocol: heads, names of collections and the extent of documents. */
export const mongo = defineDissector({
  name: 'mongo',
  title: 'Mongo Wire Protocol',
  spec: ['MongoDB Wire Protocol', 'bsonspec.org 1.1'],
  over: { 'tcp.port': [27_017] },
  fields: mongoFields,
  stream: true,
  dissect(p, at, end) {
    const b = p.bytes;
    if (end - at < 4) {
      const wait = p.more(4 - (end - at));
      return wait === DONE ? DECLINE : wait;
    }
    const length = u32le(b, at);
    if (length < HEADER_LEN || length > MAX_LENGTH) return DECLINE;
    if (end - at >= HEADER_LEN && NAMES[u32le(b, at + 12)] === undefined) return DECLINE;
    const wait = wholePdu(p, at, length);
    if (wait !== DONE) return wait;
    const stop = Math.min(end, p.wireEnd);
    const body = putRun(p, at, stop, HEAD);
    return body < 0 || putBody(p, u32le(b, at + 12), body, stop) < 0 ? cutShort(p, stop) : DONE;
  },
  info: (row) => NAMES[row.num(F.opcode)] ?? 'Unknown',
});

function putBody(p: PacketView, opcode: number, at: number, end: number): number {
  switch (opcode) {
    case REPLY: {
      let pos = putRun(p, at, end, REPLY_BODY);
      while (pos >= 0 && pos < end) pos = putDocument(p, pos, end);
      return pos;
    }
    case UPDATE: case DELETE: case GET_MORE: return putCollection(p, at + 4, end);
    case INSERT: {
      let pos = putCollection(p, at + 4, end);
      while (pos >= 0 && pos < end) pos = putDocument(p, pos, end);
      return pos;
    }
    case QUERY: {
      const counts = putCollection(p, at + 4, end);
      const document = counts < 0 ? counts : putRun(p, counts, end, COUNTS);
      return document < 0 ? document : putDocument(p, document, end);
    }
    case MESSAGE: return putSections(p, putRun(p, at, end, MESSAGE_FLAGS), end);
    default: return end;
  }
}

/** `database.collection`, ended by a zero. */
function putCollection(p: PacketView, at: number, end: number): number {
  let stop = at;
  while (stop < end && p.bytes[stop] !== 0) stop++;
  if (stop >= end) return -1;
  p.put(F.fullCollectionName, at, stop - at);
  let dot = at;
  while (dot < stop && p.bytes[dot] !== 46) dot++;
  p.put(F.databaseName, at, dot - at);
  if (dot < stop) p.put(F.collectionName, dot + 1, stop - dot - 1);
  return stop + 1;
}

function putDocument(p: PacketView, at: number, end: number): number {
  if (at + 5 > end) return -1;
  const length = u32le(p.bytes, at);
  if (length < 5 || at + length > end) return -1;
  p.open(F.document, at);
  p.put(F.documentLength, at, 4);
  p.close(at + length);
  return at + length;
}

function putSections(p: PacketView, at: number, end: number): number {
  let pos = at;
  // A checksum may follow the last section.
  while (pos >= 0 && pos + 5 <= end) {
    const kind = p.bytes[pos];
    p.open(F.msgSectionsSection, pos);
    p.put(F.msgSectionsSectionKind, pos, 1);
    if (kind === 0) pos = putDocument(p, pos + 1, end);
    else if (kind === 1) {
      const size = u32le(p.bytes, pos + 1);
      p.put(F.msgSectionsSectionSize, pos + 1, 4);
      pos = size < 4 || pos + 1 + size > end ? -1 : pos + 1 + size;
    } else pos = -1;
    p.close(Math.max(pos, 0));
  }
  return pos;
}

export default mongo;
