import type { PacketView } from '../packet-view.ts';
import type { MysqlConversation } from './mysql-conversation.ts';
import { CONNECT_ATTRS, CONNECT_WITH_DB, LOGIN, PLUGIN_AUTH, RESPONSE_OK, SSL } from './mysql-conversation.ts';
import { mysqlFields } from './mysql-fields.ts';
import { putError } from './mysql-results.ts';
import { lenenc, lenencLen, putAll, putCapabilities, putExtended, putLenencText, putZeroText, STATUS_FIELDS } from './mysql-values.ts';

const F = mysqlFields;
const ERROR = 0xff;
const SSL_REQUEST_LEN = 32;

/** The server's first message (Protocol::HandshakeV10). Returns -1 where it is cut. */
export function putGreeting(p: PacketView, at: number, end: number, talk: MysqlConversation): number {
  if (at >= end) return -1;
  const b = p.bytes;
  if (b[at] === ERROR) return putError(p, at, end);
  talk.greeted = true;
  talk.state = LOGIN;
  p.open(F.serverGreeting, at);
  p.put(F.protocol, at, 1);
  let pos = putZeroText(p, at + 1, end, F.version);
  if (pos + 4 > end) return -1;
  p.put(F.threadId, pos, 4);
  pos = putZeroText(p, pos + 4, end, F.salt);
  if (pos + 2 > end) return pos;
  talk.server = putCapabilities(p, F.capsServer, pos);
  pos += 2;
  if (pos + 18 > end) return pos;
  p.put(F.serverLanguage, pos, 1);
  putAll(p, STATUS_FIELDS, pos + 1);
  talk.server += putExtended(p, F.extcapsServer, pos + 3);
  p.put(F.authPluginLength, pos + 5, 1);
  p.put(F.unused, pos + 6, 10);
  pos = putZeroText(p, pos + 16, end, F.salt2);
  if (pos < end) pos = putZeroText(p, pos, end, F.authPlugin);
  p.close(end);
  return pos;
}

/** Protocol::HandshakeResponse41, or the request for TLS that is its beginning. */
export function putLogin(p: PacketView, at: number, end: number, talk: MysqlConversation): number {
  if (at + SSL_REQUEST_LEN > end) return -1;
  p.open(F.loginRequest, at);
  talk.client = putCapabilities(p, F.capsClient, at) + putExtended(p, F.extcapsClient, at + 2);
  p.put(F.maxPacket, at + 4, 4);
  p.put(F.charset, at + 8, 1);
  p.put(F.unused, at + 9, 23);
  let pos = at + SSL_REQUEST_LEN;
  if (pos === end && talk.has(SSL)) {
    p.setApp(p.id('tls'));
    p.close(end);
    return end;
  }
  talk.state = RESPONSE_OK;
  pos = putZeroText(p, pos, end, F.user);
  if (pos < end) {
    const n = p.bytes[pos];
    if (pos + 1 + n > end) return -1;
    if (n > 0) p.put(F.passwd, pos + 1, n);
    pos += 1 + n;
  }
  if (talk.has(CONNECT_WITH_DB) && pos < end) pos = putZeroText(p, pos, end, F.schema);
  if (talk.has(PLUGIN_AUTH) && pos < end) pos = putZeroText(p, pos, end, F.clientAuthPlugin);
  if (talk.has(CONNECT_ATTRS) && pos < end) pos = putConnectAttributes(p, pos, end);
  p.close(end);
  return pos;
}

/** Names and values that the client says of itself. */
export function putConnectAttributes(p: PacketView, at: number, end: number): number {
  const total = lenenc(p.bytes, at, end);
  if (lenencLen === 0) return -1;
  p.open(F.connattrs, at);
  p.putInt(F.connattrsLength, at, lenencLen, total);
  let pos = at + lenencLen;
  const stop = Math.min(end, pos + total);
  while (pos >= 0 && pos < stop) {
    p.open(F.connattrsAttr, pos);
    pos = putLenencText(p, pos, stop, F.connattrsName, F.connattrsNameLength);
    if (pos >= 0) pos = putLenencText(p, pos, stop, F.connattrsValue, F.connattrsValueLength);
    p.close(Math.max(pos, 0));
  }
  p.close(stop);
  return pos;
}
