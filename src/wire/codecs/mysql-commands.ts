import type { PacketView } from '../packet-view.ts';
import type { MysqlConversation } from './mysql-conversation.ts';
import { COLUMNS, CONNECT_ATTRS, PREPARED, QUERY_ATTRIBUTES, REQUEST, RESPONSE_MESSAGE, RESPONSE_OK, RESPONSE_TABLE, UNKNOWN } from './mysql-conversation.ts';
import { mysqlFields } from './mysql-fields.ts';
import { putConnectAttributes } from './mysql-login.ts';
import { lenenc, lenencLen, putLenencText, putZeroText } from './mysql-values.ts';

const F = mysqlFields;

const SLEEP = 0;
const QUIT = 1;
const INIT_DB = 2;
const QUERY = 3;
const FIELD_LIST = 4;
const CREATE_DB = 5;
const DROP_DB = 6;
const REFRESH = 7;
const SHUTDOWN = 8;
const STATISTICS = 9;
const PROCESS_INFO = 10;
const PROCESS_KILL = 12;
const DEBUG = 13;
const PING = 14;
const CHANGE_USER = 17;
const STMT_PREPARE = 22;
const STMT_EXECUTE = 23;
const STMT_SEND_LONG_DATA = 24;
const STMT_CLOSE = 25;
const STMT_RESET = 26;
const SET_OPTION = 27;
const RESET_CONNECTION = 31;

/** A command of the client (MySQL internals, Text Protocol). Returns -1 where it is cut. */
export function putCommand(p: PacketView, at: number, end: number, talk: MysqlConversation): number {
  const code = p.bytes[at];
  const arg = at + 1;
  p.open(F.request, at);
  p.put(F.command, at, 1);
  const done = putArgument(p, code, arg, end, talk);
  p.close(end);
  return done;
}

function putArgument(p: PacketView, code: number, at: number, end: number, talk: MysqlConversation): number {
  switch (code) {
    case QUIT: return end;
    case INIT_DB: case CREATE_DB: case DROP_DB:
      p.put(F.schema, at, end - at);
      talk.state = RESPONSE_OK;
      return end;
    case QUERY: {
      const text = talk.has(QUERY_ATTRIBUTES) ? putQueryAttributes(p, at, end) : at;
      if (text >= 0) p.put(F.query, text, end - text);
      talk.state = RESPONSE_TABLE;
      return text;
    }
    case FIELD_LIST:
      putZeroText(p, at, end, F.tableName);
      talk.state = COLUMNS;
      return end;
    case REFRESH: case SHUTDOWN: case PROCESS_KILL:
      if (code === SHUTDOWN && at < end) p.put(F.shutdown, at, 1);
      talk.state = RESPONSE_OK;
      return end;
    case STATISTICS: case DEBUG:
      talk.state = code === STATISTICS ? RESPONSE_MESSAGE : RESPONSE_OK;
      return end;
    case PROCESS_INFO: talk.state = RESPONSE_TABLE; return end;
    case PING: case RESET_CONNECTION: talk.state = RESPONSE_OK; return end;
    case CHANGE_USER: return putChangeUser(p, at, end, talk);
    case STMT_PREPARE:
      p.put(F.query, at, end - at);
      talk.state = PREPARED;
      return end;
    case STMT_EXECUTE: case STMT_SEND_LONG_DATA: case STMT_CLOSE: case STMT_RESET:
      if (at + 4 > end) return -1;
      p.put(F.stmtId, at, 4);
      talk.state = code === STMT_EXECUTE ? RESPONSE_TABLE : code === STMT_RESET ? RESPONSE_OK : REQUEST;
      if (code === STMT_EXECUTE && at + 9 <= end) p.put(F.execIter, at + 5, 4);
      return end;
    case SET_OPTION:
      if (at + 2 > end) return -1;
      p.put(F.option, at, 2);
      talk.state = RESPONSE_OK;
      return end;
    default:
      if (at < end) p.put(F.payload, at, end - at);
      p.expert('warn', 'protocol', F.commandInvalid.name, at, 0);
      talk.state = code === SLEEP ? REQUEST : UNKNOWN;
      return end;
  }
}

/** Attributes before a statement (COM_QUERY with CLIENT_QUERY_ATTRIBUTES). Returns where the statement begins. */
function putQueryAttributes(p: PacketView, at: number, end: number): number {
  const count = lenenc(p.bytes, at, end);
  if (lenencLen === 0) return -1;
  p.open(F.queryAttrs, at);
  p.putInt(F.queryAttrsCount, at, lenencLen, count);
  let pos = at + lenencLen;
  lenenc(p.bytes, pos, end);
  if (lenencLen === 0) return -1;
  pos += lenencLen;
  if (count > 0) pos = putAttributes(p, pos, end, count);
  p.close(Math.max(pos, at));
  return pos;
}

function putAttributes(p: PacketView, at: number, end: number, count: number): number {
  const nulls = Math.ceil(count / 8);
  let pos = at + nulls;
  if (pos >= end) return -1;
  p.put(F.queryAttrsSendTypesToServer, pos, 1);
  pos++;
  let values = 0;
  for (let k = 0; k < count && pos >= 0; k++) {
    if (pos + 2 > end) return -1;
    p.put(F.queryAttrNameType, pos, 2);
    pos = putLenencText(p, pos + 2, end, F.queryAttrName);
    values++;
  }
  // Values of texts; others are numbers of a size that their type tells, and are not read here.
  for (let k = 0; k < values && pos >= 0; k++) if ((p.bytes[at + (k >> 3)] & (1 << (k & 7))) === 0) pos = putLenencText(p, pos, end, F.queryAttrValue);
  return pos;
}

function putChangeUser(p: PacketView, at: number, end: number, talk: MysqlConversation): number {
  let pos = putZeroText(p, at, end, F.user);
  talk.state = RESPONSE_OK;
  if (pos >= end) return pos;
  const n = p.bytes[pos];
  if (pos + 1 + n > end) return -1;
  if (n > 0) p.put(F.passwd, pos + 1, n);
  pos = putZeroText(p, pos + 1 + n, end, F.schema);
  if (pos + 2 > end) return pos;
  p.put(F.charset, pos, 1);
  pos = pos + 2 < end ? putZeroText(p, pos + 2, end, F.clientAuthPlugin) : pos + 2;
  return talk.has(CONNECT_ATTRS) && pos < end ? putConnectAttributes(p, pos, end) : pos;
}
