import { u16le } from '../../base/bytes.ts';
import type { PacketView } from '../packet-view.ts';
import type { MysqlConversation } from './mysql-conversation.ts';
import { COLUMNS, DEPRECATE_EOF, PREPARED_COLUMNS, PREPARED_PARAMS, REQUEST, RESPONSE_TABLE, ROWS, SESSION_TRACK } from './mysql-conversation.ts';
import { mysqlFields } from './mysql-fields.ts';
import { COLUMN_FLAGS, lenenc, lenencLen, putAll, putLenenc, putLenencText, STATUS_FIELDS } from './mysql-values.ts';

const F = mysqlFields;
const SQLSTATE_MARK = 0x23;
const MORE_RESULTS = 0x0008;
const SESSION_CHANGED = 0x4000;

/** ERR_Packet. Returns -1 where it is cut. */
export function putError(p: PacketView, at: number, end: number): number {
  if (at + 3 > end) return -1;
  p.put(F.responseCode, at, 1);
  p.put(F.errorCode, at + 1, 2);
  let pos = at + 3;
  if (pos + 6 <= end && p.bytes[pos] === SQLSTATE_MARK) {
    p.put(F.sqlstate, pos + 1, 5);
    pos += 6;
  }
  p.put(F.errorMessage, pos, end - pos);
  return end;
}

/** OK_Packet. */
export function putOk(p: PacketView, at: number, end: number, talk: MysqlConversation): number {
  let pos = putLenenc(p, at, end, F.affectedRows);
  if (pos < 0) return pos;
  const insertId = lenenc(p.bytes, pos, end);
  if (lenencLen === 0) return -1;
  if (insertId > 0) p.putInt(F.insertId, pos, lenencLen, insertId);
  pos += lenencLen;
  let status = 0;
  if (pos + 2 <= end) {
    status = u16le(p.bytes, pos);
    putAll(p, STATUS_FIELDS, pos);
    pos += 2;
  }
  if (pos + 2 <= end) {
    p.put(F.warnings, pos, 2);
    pos += 2;
  }
  talk.state = (status & MORE_RESULTS) !== 0 ? RESPONSE_TABLE : REQUEST;
  if (pos >= end) return pos;
  if (!talk.has(SESSION_TRACK)) {
    p.put(F.message, pos, end - pos);
    return end;
  }
  const length = lenenc(p.bytes, pos, end);
  if (lenencLen === 0) return -1;
  if (length > 0 && pos + lenencLen + length <= end) p.put(F.message, pos + lenencLen, length);
  pos += lenencLen + length;
  return (status & SESSION_CHANGED) !== 0 && pos < end ? putTracks(p, pos, end) : pos;
}

/** What changed in the session (MySQL internals, Session State Information). */
function putTracks(p: PacketView, at: number, end: number): number {
  let pos = at;
  const total = lenenc(p.bytes, pos, end);
  if (lenencLen === 0) return -1;
  p.putInt(F.sessionTrackDataLength, pos, lenencLen, total);
  pos += lenencLen;
  const stop = Math.min(end, pos + total);
  while (pos >= 0 && pos < stop) {
    p.open(F.sessionTrack, pos);
    p.put(F.sessionTrackType, pos, 1);
    const type = p.bytes[pos];
    pos = putTrack(p, pos + 1, stop, type);
    p.close(Math.max(pos, 0));
  }
  return pos;
}

function putTrack(p: PacketView, at: number, end: number, type: number): number {
  const length = lenenc(p.bytes, at, end);
  if (lenencLen === 0) return -1;
  p.putInt(F.sessionTrackLength, at, lenencLen, length);
  const pos = at + lenencLen;
  const stop = Math.min(end, pos + length);
  if (length > 0) p.put(F.sessionTrackData, pos, stop - pos);
  if (type === 1) putLenencText(p, pos, stop, F.sessionTrackSchema, F.sessionTrackSchemaLength);
  else if (type === 3 && pos < stop) {
    p.put(F.sessionTrackGtidsEncoding, pos, 1);
    putLenencText(p, pos + 1, stop, F.sessionTrackGtids, F.sessionTrackGtidsLength);
  } else if (type === 4) putLenencText(p, pos, stop, F.sessionTrackTransactionCharacteristics, F.sessionTrackTransactionCharacteristicsLength);
  else if (type === 5) putLenencText(p, pos, stop, F.sessionTrackTransactionState, F.sessionTrackTransactionStateLength);
  return pos + length > end ? -1 : pos + length;
}

/** EOF_Packet, or the OK that took its place. `at` is behind its code. */
export function putEnd(p: PacketView, at: number, end: number, talk: MysqlConversation): number {
  const { state } = talk;
  p.put(F.eof, at - 1, 1);
  let more = false;
  let pos = at;
  if (talk.has(DEPRECATE_EOF)) {
    pos = putOk(p, at, end, talk);
    more = talk.state === RESPONSE_TABLE;
  } else if (at + 4 <= end) {
    p.put(F.warnings, at, 2);
    putAll(p, STATUS_FIELDS, at + 2);
    more = (u16le(p.bytes, at + 2) & MORE_RESULTS) !== 0;
    pos = at + 4;
  }
  if (state === COLUMNS) talk.state = ROWS;
  else if (state === ROWS) talk.state = more ? RESPONSE_TABLE : REQUEST;
  else if (state === PREPARED_PARAMS && talk.columns > 0) talk.state = PREPARED_COLUMNS;
  else if (state === PREPARED_PARAMS || state === PREPARED_COLUMNS) talk.state = REQUEST;
  return pos;
}

/** Protocol::ColumnDefinition41. */
export function putColumn(p: PacketView, at: number, end: number): number {
  let pos = putLenencText(p, at, end, F.fieldCatalog);
  pos = putLenencText(p, pos, end, F.fieldDb);
  pos = putLenencText(p, pos, end, F.fieldTable);
  pos = putLenencText(p, pos, end, F.fieldOrgTable);
  pos = putLenencText(p, pos, end, F.fieldName);
  pos = putLenencText(p, pos, end, F.fieldOrgName);
  if (pos < 0 || pos + 13 > end) return -1;
  pos++;
  p.put(F.fieldCharsetnr, pos, 2);
  p.put(F.fieldLength, pos + 2, 4);
  p.put(F.fieldType, pos + 6, 1);
  putAll(p, COLUMN_FLAGS, pos + 7);
  p.put(F.fieldDecimals, pos + 9, 1);
  pos += 12;
  return pos < end ? putLenencText(p, pos, end, F.fieldDefault) : pos;
}

/** A row of text values. */
export function putRow(p: PacketView, at: number, end: number): number {
  let pos = at;
  while (pos >= 0 && pos < end) pos = putLenencText(p, pos, end, F.rowText);
  return pos;
}
