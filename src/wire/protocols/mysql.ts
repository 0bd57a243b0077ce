import { u16le } from '../../base/bytes.ts';
import { cutShort } from '../codecs/field-run.ts';
import { putCommand } from '../codecs/mysql-commands.ts';
import type { MysqlConversation } from '../codecs/mysql-conversation.ts';
import {
  AUTH_SWITCH, COLUMNS, createMysqlConversation, DEPRECATE_EOF, LOGIN, PREPARED, PREPARED_COLUMNS, PREPARED_PARAMS, REQUEST, RESPONSE_MESSAGE,
  RESPONSE_OK, RESPONSE_TABLE, ROWS, UNKNOWN,
} from '../codecs/mysql-conversation.ts';
import { mysqlFields } from '../codecs/mysql-fields.ts';
import { putGreeting, putLogin } from '../codecs/mysql-login.ts';
import { putColumn, putEnd, putError, putOk, putRow } from '../codecs/mysql-results.ts';
import { lenenc, lenencLen, putZeroText } from '../codecs/mysql-values.ts';
import { wholePdu } from '../codecs/whole-pdu.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';

const F = mysqlFields;
const PORT = 3306;
const HEADER_LEN = 4;
const NUMBER = 3;

const OK = 0x00;
const AUTH_MORE = 0x01;
const END = 0xfe;
const ERROR = 0xff;
/** Longer packets that begin with 0xfe are rows (EOF_Packet). */
const MAX_END = 9;

/** MySQL client/server protocol. */
export const mysql = defineDissector({
  name: 'mysql',
  title: 'MySQL Protocol',
  spec: ['MySQL Internals, Client/Server Protocol'],
  over: { 'tcp.port': [PORT] },
  fields: mysqlFields,
  stream: true,
  short: 'MySQL',
  dissect(p, at, end) {
    if (end - at < HEADER_LEN) {
      const wait = p.more(0);
      return wait === DONE ? p.tooShort(HEADER_LEN) : wait;
    }
    const length = u16le(p.bytes, at) | (p.bytes[at + 2] << 16);
    const wait = wholePdu(p, at, HEADER_LEN + length);
    if (wait !== DONE) return wait;
    const stop = Math.min(end, p.wireEnd);
    p.put(F.packetLength, at, 3);
    p.put(F.packetNumber, at + NUMBER, 1);
    if (p.flow < 0 || length === 0) return DONE;
    const talk = p.trackers.state('mysql', p.flow, createMysqlConversation);
    const body = at + HEADER_LEN;
    const done = p.srcPort === PORT ? putResponse(p, body, stop, p.bytes[at + NUMBER], talk) : putRequest(p, body, stop, p.bytes[at + NUMBER], talk);
    return done < 0 ? cutShort(p, stop) : DONE;
  },
  info: (row) => (row.has(F.query) ? row.text(F.query) : row.has(F.errorMessage) ? `Error ${row.num(F.errorCode)}: ${row.text(F.errorMessage)}` : 'MySQL message'),
});

function putRequest(p: PacketView, at: number, end: number, number: number, talk: MysqlConversation): number {
  if (talk.state === LOGIN && number === 1) return putLogin(p, at, end, talk);
  if (talk.state === AUTH_SWITCH) {
    p.put(F.authSwitchResponseData, at, end - at);
    talk.state = UNKNOWN;
    return end;
  }
  return at < end ? putCommand(p, at, end, talk) : -1;
}

function putResponse(p: PacketView, at: number, end: number, number: number, talk: MysqlConversation): number {
  if (at >= end) return -1;
  const code = p.bytes[at];
  if (number === 0 && talk.state === UNKNOWN) return putGreeting(p, at, end, talk);
  if (code === ERROR) {
    talk.state = REQUEST;
    return putError(p, at, end);
  }
  if (code === END && (talk.state === RESPONSE_OK || talk.state === LOGIN) && end - at > 1) return putAuthSwitch(p, at, end, talk);
  if (code === AUTH_MORE && talk.state === RESPONSE_OK) return putAuthData(p, at, end, talk);
  if (code === END && (end - at < MAX_END || talk.has(DEPRECATE_EOF))) {
    p.put(F.responseCode, at, 1);
    return putEnd(p, at + 1, end, talk);
  }
  if (code === OK && (talk.state === PREPARED)) return putPrepared(p, at, end, talk);
  if (code === OK && talk.state !== COLUMNS && talk.state !== ROWS && talk.state !== RESPONSE_MESSAGE && talk.state !== PREPARED_PARAMS && talk.state !== PREPARED_COLUMNS) {
    p.put(F.responseCode, at, 1);
    return putOk(p, at + 1, end, talk);
  }
  return putResult(p, at, end, talk);
}

function putResult(p: PacketView, at: number, end: number, talk: MysqlConversation): number {
  switch (talk.state) {
    case RESPONSE_MESSAGE:
      p.put(F.message, at, end - at);
      talk.state = REQUEST;
      return end;
    case RESPONSE_TABLE: {
      const columns = lenenc(p.bytes, at, end);
      if (lenencLen === 0) return -1;
      p.putInt(F.numFields, at, lenencLen, columns);
      talk.columns = columns;
      talk.state = columns > 0 ? COLUMNS : REQUEST;
      return at + lenencLen;
    }
    case COLUMNS:
      // Without an end of the columns (CLIENT_DEPRECATE_EOF) their number tells it.
      if (--talk.columns === 0 && talk.has(DEPRECATE_EOF)) talk.state = ROWS;
      return putColumn(p, at, end);
    case ROWS: return putRow(p, at, end);
    case PREPARED_PARAMS: case PREPARED_COLUMNS: return putColumn(p, at, end);
    default:
      p.put(F.payload, at, end - at);
      p.expert('warn', 'undecoded', F.unknownResponse.name, at, 0);
      talk.state = UNKNOWN;
      return end;
  }
}

/** Protocol::AuthSwitchRequest. */
function putAuthSwitch(p: PacketView, at: number, end: number, talk: MysqlConversation): number {
  p.put(F.responseCode, at, 1);
  p.put(F.eof, at, 1);
  return putAuthData(p, at + 1, end, talk);
}

function putAuthData(p: PacketView, at: number, end: number, talk: MysqlConversation): number {
  const data = putZeroText(p, at, end, F.authSwitchRequestName);
  p.put(F.authSwitchRequestData, data, end - data);
  talk.state = AUTH_SWITCH;
  return end;
}

function putPrepared(p: PacketView, at: number, end: number, talk: MysqlConversation): number {
  if (at + 9 > end) return -1;
  p.put(F.responseCode, at, 1);
  p.put(F.stmtId, at + 1, 4);
  p.put(F.numFields, at + 5, 2);
  p.put(F.numParams, at + 7, 2);
  talk.columns = u16le(p.bytes, at + 5);
  talk.params = u16le(p.bytes, at + 7);
  if (at + 12 <= end) p.put(F.warnings, at + 10, 2);
  talk.state = talk.params > 0 ? PREPARED_PARAMS : talk.columns > 0 ? PREPARED_COLUMNS : REQUEST;
  return end;
}

export default mysql;
