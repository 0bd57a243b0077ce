import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE } from '../packet-view.ts';
import { mediaLayer } from '../codecs/http-media.ts';
import { sdpFields } from '../codecs/sdp-fields.ts';
import { sipFields } from '../codecs/sip-fields.ts';
import { headerField, headerName, sipHeaderFields } from '../codecs/sip-headers.ts';
import { putAddresses, putAuthentication, putSequence, putUri, putVia } from '../codecs/sip-put.ts';

const F = sipFields;
const SPACE = 0x20;
const LF = 10;
const CR = 13;
const UDP = 17;
const MAX_HEAD = 65_536;
/** Transactions whose first request is remembered, to know resends and response times. */
const MAX_TRANSACTIONS = 4096;

/** A request as resends and responses need it. */
interface Asked {
  readonly frame: number;
  readonly seconds: number;
  readonly nanoseconds: number;
}

const URI_FIELDS = { user: F.uriUser, host: F.uriHost, port: F.uriPort, parameter: undefined };

const createTransactions = (): Map<string, Asked> => new Map();

/** One message's head; one reused object. */
class SipHead {
  isResponse = false;
  lineEnd = 0;
  fieldsAt = 0;
  bodyAt = 0;
  contentLength = -1;
  contentType = '';
  callId = '';
  sequence = 0;
  method = '';
  code = 0;
}
const head = new SipHead();

/** SIP in datagrams and over TCP (RFC 3261). */
export const sip = defineDissector({
  name: 'sip',
  title: 'Session Initiation Protocol',
  spec: ['RFC 3261'],
  over: { 'udp.port': [5060], 'tcp.port': [5060] },
  fields: { ...sipFields, ...sipHeaderFields },
  stream: true,
  heuristicOver: ['udp', 'tcp'],
  heuristic: (p, at, end) => isFirstLine(p.bytes, at, end),
  column: (row) => (row.has(sdpFields.version) ? 'SIP/SDP' : 'SIP'),
  dissect(p, at, end) {
    const b = p.bytes;
    let from = at;
    // Empty lines before a message keep the connection alive (RFC 5626 §3.5.1).
    if (p.ipProto === 6) while (from < end && (b[from] === CR || b[from] === LF)) from++;
    if (from === end) return DECLINE;
    if (!isFirstLine(b, from, end)) {
      if (p.ipProto !== 6 || b.indexOf(LF, from) >= 0) return DECLINE;
      return p.more(0) || DECLINE;
    }
    const bodyAt = endOfHead(b, from, end);
    if (bodyAt < 0 && p.ipProto === 6 && end - from < MAX_HEAD) {
      const verdict = p.more(0);
      if (verdict !== DONE) return verdict;
    }
    const headEnd = bodyAt < 0 ? end : bodyAt;
    if (p.ipProto === 6) {
      const length = contentLength(p, from, headEnd);
      const missing = headEnd + length - p.wireEnd;
      if (missing > 0) {
        const verdict = p.more(missing);
        if (verdict !== DONE) return verdict;
      }
    }
    putMessage(p, from, headEnd, headEnd < end);
    const bodyEnd = p.ipProto === 6 && head.contentLength >= 0 ? Math.min(headEnd + head.contentLength, end) : end;
    if (bodyEnd > headEnd) putBody(p, headEnd, bodyEnd);
    if (p.ipProto === 6 && bodyEnd < p.wireEnd) p.payload(bodyEnd, p.wireEnd);
    return DONE;
  },
  info: (row) => (row.has(F.method) ? row.text(F.requestLine) : row.text(F.statusLine)),
});

/** `METHOD uri SIP/2.0` or `SIP/2.0 200 OK`. */
function isFirstLine(b: Uint8Array, at: number, end: number): boolean {
  if (isVersion(b, at, end)) return end - at > 8 && b[at + 7] === SPACE;
  let method = at;
  while (method < end && method - at < 32 && ((b[method] >= 0x41 && b[method] <= 0x5a) || (b[method] >= 0x61 && b[method] <= 0x7a) || b[method] === 0x2d || b[method] === 0x5f)) method++;
  if (method === at || method >= end || b[method] !== SPACE) return false;
  const lf = b.indexOf(LF, at);
  const lineEnd = lf < 0 || lf >= end ? end : lf > at && b[lf - 1] === CR ? lf - 1 : lf;
  return lineEnd - 7 > method && isVersion(b, lineEnd - 7, lineEnd) && b[lineEnd - 8] === SPACE;
}

/** `SIP/2.0`. */
function isVersion(b: Uint8Array, at: number, end: number): boolean {
  return at + 7 <= end && b[at] === 0x53 && b[at + 1] === 0x49 && b[at + 2] === 0x50 && b[at + 3] === 0x2f && b[at + 4] === 0x32 && b[at + 5] === 0x2e;
}

/** Place behind the empty line, -1 where it has not come. */
function endOfHead(b: Uint8Array, at: number, end: number): number {
  for (let q = at; q < end;) {
    const lf = b.indexOf(LF, q);
    if (lf < 0 || lf >= end) return -1;
    if (lf === q || (lf === q + 1 && b[q] === CR)) return lf + 1;
    q = lf + 1;
  }
  return -1;
}

/** Place behind the header field that begins at `at`, folded lines (RFC 3261 §7.3.1) included. */
function endOfField(b: Uint8Array, at: number, end: number): number {
  let q = at;
  for (;;) {
    const lf = b.indexOf(LF, q);
    if (lf < 0 || lf >= end) return end;
    q = lf + 1;
    if (q >= end || (b[q] !== SPACE && b[q] !== 9)) return q;
  }
}

function contentLength(p: PacketView, at: number, end: number): number {
  const text = p.host.latin1(p.bytes, at, end);
  const found = /\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,8})/i.exec(text);
  return found === null ? 0 : Number(found[1]);
}

function putMessage(p: PacketView, at: number, headEnd: number, hasBody: boolean): void {
  const b = p.bytes;
  const h = head;
  const lf = b.indexOf(LF, at);
  const next = lf < 0 || lf >= headEnd ? headEnd : lf + 1;
  let lineEnd = next;
  while (lineEnd > at && (b[lineEnd - 1] === LF || b[lineEnd - 1] === CR)) lineEnd--;
  h.isResponse = isVersion(b, at, headEnd);
  h.contentLength = -1;
  h.contentType = '';
  h.callId = '';
  h.sequence = 0;
  if (h.isResponse) {
    p.put(F.statusLine, at, lineEnd - at);
    let code = 0;
    for (let q = at + 8; q < lineEnd && b[q] >= 0x30 && b[q] <= 0x39; q++) code = code * 10 + b[q] - 0x30;
    h.code = code;
    p.putInt(F.statusCode, at + 8, 3, code);
  } else {
    p.put(F.requestLine, at, lineEnd - at);
    const space = b.indexOf(SPACE, at);
    p.put(F.method, at, space - at);
    h.method = p.host.latin1(b, at, space);
    const uriAt = space + 1;
    const uriEnd = lineEnd - 8;
    if (uriEnd > uriAt) {
      p.put(F.uri, uriAt, uriEnd - uriAt);
      putUri(p, uriAt, uriEnd, URI_FIELDS);
    }
  }
  // The empty line counts where nothing follows it.
  const blank = !hasBody ? 0 : b[headEnd - 2] === CR ? 2 : 1;
  if (next < headEnd - blank) p.put(F.header, next, headEnd - blank - next);
  for (let q = next; q < headEnd;) {
    const fieldEnd = endOfField(b, q, headEnd);
    if (b[q] === CR || b[q] === LF) break;
    putField(p, q, fieldEnd);
    q = fieldEnd;
  }
  putTransaction(p, at);
}

function putField(p: PacketView, at: number, next: number): void {
  const b = p.bytes;
  const colon = b.indexOf(0x3a, at);
  if (colon < 0 || colon >= next) return;
  let valueAt = colon + 1;
  while (valueAt < next && (b[valueAt] === SPACE || b[valueAt] === 9)) valueAt++;
  let valueEnd = next;
  while (valueEnd > valueAt && (b[valueEnd - 1] === LF || b[valueEnd - 1] === CR)) valueEnd--;
  const name = headerName(p.host.latin1(b, at, colon).trim());
  const f = headerField(name);
  if (f === undefined) {
    p.expert('note', 'undecoded', 'sip.unrecognized_header', at, valueEnd - at);
    return;
  }
  if (f.type === 'u32') {
    const value = Number.parseInt(p.host.latin1(b, valueAt, valueEnd), 10);
    if (Number.isFinite(value)) p.putInt(f, valueAt, valueEnd - valueAt, value);
    if (name === 'content-length' && Number.isFinite(value)) head.contentLength = value;
    return;
  }
  p.put(f, valueAt, valueEnd - valueAt);
  if (putAddresses(p, name, valueAt, valueEnd)) return;
  switch (name) {
    case 'via': putVia(p, valueAt, valueEnd); return;
    case 'cseq': head.sequence = putSequence(p, valueAt, valueEnd); return;
    case 'call-id':
      head.callId = p.host.latin1(b, valueAt, valueEnd);
      p.putText(F.callIdGenerated, valueAt, 0, head.callId);
      return;
    case 'content-type': head.contentType = p.host.latin1(b, valueAt, valueEnd); return;
    case 'authorization': case 'proxy-authorization': case 'www-authenticate': case 'proxy-authenticate': 
      p.put(F.auth, at, next - at);
      putAuthentication(p, valueAt, valueEnd);
      return;
    default:
  }
}

/** Resends and response times, by Call-ID and sequence number. */
function putTransaction(p: PacketView, at: number): void {
  if (head.callId === '') return;
  const asked = p.trackers.state('sip', 0, createTransactions);
  const key = `${head.callId} ${head.sequence} ${head.isResponse ? `${head.code} ${p.srcPort}` : head.method}`;
  const before = asked.get(key);
  // TCP resends by itself, and a provisional response may come again.
  const resent = before !== undefined && p.ipProto === UDP && (head.isResponse ? head.code >= 200 : head.method !== 'CANCEL' && head.method !== 'ACK');
  p.putInt(F.resend, at, 0, resent ? 1 : 0);
  if (resent) p.putInt(F.resendOriginal, at, 0, before.frame);
  else if (before === undefined) {
    if (asked.size >= MAX_TRANSACTIONS) for (const oldest of asked.keys()) {
      asked.delete(oldest);
      break;
    }
    const now = { frame: p.frame, seconds: p.seconds, nanoseconds: p.nanoseconds };
    asked.set(key, now);
    if (!head.isResponse && head.method !== 'ACK') asked.set(`${head.callId} ${head.sequence}`, now);
  }
  // An acknowledgement belongs to its request as a response does.
  if ((!head.isResponse && head.method !== 'ACK') || p.ipProto !== UDP) return;
  const request = asked.get(`${head.callId} ${head.sequence}`);
  if (request === undefined) return;
  p.putInt(F.requestFrame, at, 0, request.frame);
  p.putInt(F.responseTime, at, 0, (p.seconds - request.seconds) * 1000 + Math.trunc((p.nanoseconds - request.nanoseconds) / 1e6));
}

function putBody(p: PacketView, at: number, end: number): void {
  p.put(F.body, at, end - at);
  if (head.contentType === '') return;
  const layer = p.id(mediaLayer(head.contentType));
  if (layer > 0) p.callInside(layer, p.source, at, end);
}

export default sip;
