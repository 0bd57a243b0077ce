import { fromBase64 } from '../../base/base64.ts';
import type { Field } from '../../filter/field.ts';
import type { PacketView } from '../packet-view.ts';
import type { HeaderName, HttpHead } from './http-head.ts';
import { headerId, HEADERS } from './http-head.ts';
import { FRAME, putControl } from './http2-put.ts';
import { httpFields as F, reasonOf } from './http-fields.ts';

const FIELD_OF: Partial<Record<HeaderName, Field>> = {
  host: F.host, 'user-agent': F.userAgent, referer: F.referer, cookie: F.cookie, 'set-cookie': F.setCookie, authorization: F.authorization,
  'proxy-authorization': F.proxyAuthorization, 'www-authenticate': F.wwwAuthenticate, 'proxy-authenticate': F.proxyAuthenticate,
  'content-type': F.contentType, 'content-length': F.contentLengthHeader, 'content-encoding': F.contentEncoding,
  'transfer-encoding': F.transferEncoding, server: F.server, location: F.location, 'x-forwarded-for': F.xForwardedFor, accept: F.accept,
  'accept-language': F.acceptLanguage, 'accept-encoding': F.acceptEncoding, connection: F.connection, date: F.date,
  'last-modified': F.lastModified, 'cache-control': F.cacheControl, upgrade: F.upgrade, 'sec-websocket-accept': F.webSocketAccept,
  'sec-websocket-extensions': F.webSocketExtensions, 'sec-websocket-key': F.webSocketKey, 'sec-websocket-protocol': F.webSocketProtocol,
  'sec-websocket-version': F.webSocketVersion, 'http2-settings': F.http2Settings,
};
/** The field that keeps the value of a header, by header id. */
const FIELDS: readonly (Field | undefined)[] = HEADERS.map((name) => FIELD_OF[name]);

const HOST = headerId('host');
const HTTP2_SETTINGS = headerId('http2-settings');
const COOKIE = headerId('cookie');
const AUTHORIZATION = headerId('authorization');
const CONTENT_LENGTH = headerId('content-length');

/** Puts the first line and the header fields of the message at `at`. */
export function putHead(p: PacketView, at: number, head: HttpHead): void {
  p.expert('chat', 'sequence', 'http.chat', at, head.fieldsAt - at);
  if (head.isResponse) {
    p.putInt(F.response, at, 0, 1);
    p.put(F.responseVersion, head.versionAt, head.versionEnd - head.versionAt);
    p.putInt(F.code, head.versionEnd + 1, 3, head.code);
    const reason = reasonOf(head.code);
    if (reason !== undefined) p.putText(F.codeDesc, head.versionEnd + 1, 0, reason);
    if (head.phraseEnd > head.phraseAt) p.put(F.phrase, head.phraseAt, head.phraseEnd - head.phraseAt);
  } else {
    p.putInt(isNotify(p, head) ? F.notification : F.request, at, 0, 1);
    p.put(F.method, head.methodAt, head.methodEnd - head.methodAt);
    putUri(p, head);
    p.put(F.requestVersion, head.versionAt, head.versionEnd - head.versionAt);
  }
  const line = head.isResponse ? F.responseLine : F.requestLine;
  for (let i = 0; i < head.count; i++) {
    const lineAt = head.lineAt[i];
    const lineLength = head.lineNext[i] - lineAt;
    p.put(line, lineAt, lineLength);
    if (!isToken(p.bytes, lineAt, head.valueAt[i])) {
      p.expert('warn', 'protocol', F.badHeaderName.name, lineAt, lineLength);
      continue;
    }
    const id = head.id[i];
    const f = id < 0 ? undefined : FIELDS[id];
    if (f === undefined) continue;
    const at2 = head.valueAt[i];
    const length = head.valueEnd[i] - at2;
    p.put(f, at2, length);
    if (id === CONTENT_LENGTH && head.contentLength >= 0) p.putInt(F.contentLength, at2, 0, head.contentLength);
    else if (id === COOKIE) putList(p, F.cookiePair, at2, head.valueEnd[i], 0x3b);
    else if (id === HTTP2_SETTINGS) putSettings(p, at2, head.valueEnd[i]);
    else if (id === AUTHORIZATION && p.wants(F.authBasic)) putCredentials(p, at2, head.valueEnd[i]);
  }
}

const COLON = 0x3a;
/** What a field's name is made of beside letters and digits (RFC 9110 §5.6.2). */
const TOKEN_SIGNS = new Uint8Array(256);
for (const sign of "!#$%&'*+-.^_`|~") TOKEN_SIGNS[sign.charCodeAt(0)] = 1;

/** True where the text up to the colon before `valueAt` is a name, or where there is no colon. */
function isToken(b: Uint8Array, at: number, valueAt: number): boolean {
  let i = at;
  for (; i < valueAt && b[i] !== COLON; i++) {
    const c = b[i];
    const isLetter = (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
    if (!isLetter && (c < 0x30 || c > 0x39) && TOKEN_SIGNS[c] === 0) return colonAt(b, i, valueAt) >= valueAt;
  }
  return i > at || i >= valueAt;
}

function colonAt(b: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && b[i] !== COLON) i++;
  return i;
}

/** The settings of HTTP/2 that a request to upgrade carries (RFC 7540 §3.2.1). */
function putSettings(p: PacketView, at: number, end: number): void {
  if (!p.detail) return;
  const decoded = fromBase64(p.host.latin1(p.bytes, at, end).trim().replaceAll('-', '+').replaceAll('_', '/'));
  if (decoded === undefined) return;
  const source = p.derive(decoded, 'inflated');
  if (source < 0) return;
  const { bytes, source: outer } = p;
  p.bytes = decoded;
  p.source = source;
  putControl(p, FRAME.SETTINGS, 0, 0, decoded.length);
  p.bytes = bytes;
  p.source = outer;
}

/** UPnP's NOTIFY is an event, not a request that anybody answers: Wireshark keeps the two apart. */
function isNotify(p: PacketView, head: HttpHead): boolean {
  const b = p.bytes;
  const at = head.methodAt;
  return head.methodEnd - at === 6 && b[at] === 0x4e && b[at + 1] === 0x4f && b[at + 2] === 0x54 && b[at + 3] === 0x49 && b[at + 4] === 0x46 && b[at + 5] === 0x59;
}

function putUri(p: PacketView, head: HttpHead): void {
  const b = p.bytes;
  p.put(F.uri, head.uriAt, head.uriEnd - head.uriAt);
  let query = head.uriAt;
  while (query < head.uriEnd && b[query] !== 0x3f) query++;
  if (query === head.uriEnd) return;
  p.put(F.uriPath, head.uriAt, query - head.uriAt);
  p.put(F.uriQuery, query + 1, head.uriEnd - query - 1);
  putList(p, F.uriParameter, query + 1, head.uriEnd, 0x26);
}

/** Puts each part between separators, leading spaces taken off. */
function putList(p: PacketView, f: Field, at: number, end: number, separator: number): void {
  const b = p.bytes;
  for (let from = at; from < end;) {
    while (from < end && b[from] === 0x20) from++;
    let to = from;
    while (to < end && b[to] !== separator) to++;
    if (to > from) p.put(f, from, to - from);
    from = to + 1;
  }
}

/** `Basic` credentials in the clear (RFC 7617). */
function putCredentials(p: PacketView, at: number, end: number): void {
  const value = p.host.latin1(p.bytes, at, end);
  if (!value.startsWith('Basic ')) return;
  const decoded = fromBase64(value.slice(6).trim());
  if (decoded !== undefined) p.putText(F.authBasic, at, end - at, p.host.utf8(decoded, 0, decoded.length));
}

/** The target as a whole URI, as far as the request tells; undefined where it has no host. */
export function fullUri(p: PacketView, head: HttpHead, scheme = 'http'): string | undefined {
  const uri = p.host.utf8(p.bytes, head.uriAt, head.uriEnd);
  if (uri.startsWith('http://') || uri.startsWith('https://') || uri.startsWith('rtsp://')) return uri;
  const i = head.find(HOST);
  if (i < 0) return undefined;
  const host = p.host.utf8(p.bytes, head.valueAt[i], head.valueEnd[i]);
  if (uri === '*' || uri.startsWith('/') || host === '') return `${scheme}://${host}${uri}`;
  return uri;
}
