import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, SILENT, UNSEEN, UNTIL_FIN } from '../packet-view.ts';
import { CHUNKS_BAD, CHUNKS_MORE, ChunkScan, joinChunks, scanChunks } from '../codecs/http-chunks.ts';
import type { HttpConversation, WaitingRequest } from '../codecs/http-conversation.ts';
import { createHttpConversation } from '../codecs/http-conversation.ts';
import { httpFields } from '../codecs/http-fields.ts';
import { HEAD_MORE, HEAD_OK, HttpHead, hasNoBody, headerId, readHead } from '../codecs/http-head.ts';
import { inflateContent } from '../codecs/http-content.ts';
import { startsPreface } from '../codecs/http2-put.ts';
import { mediaLayer } from '../codecs/http-media.ts';
import { fullUri, putHead } from '../codecs/http-put.ts';
import { httpSession } from '../codecs/http-session.ts';

const F = httpFields;
const UPGRADE = headerId('upgrade');
const CONTENT_TYPE = headerId('content-type');
const CONTENT_ENCODING = headerId('content-encoding');

const head = new HttpHead();
const chunks = new ChunkScan();

/** HTTP/1.x over TCP. */
export const http = defineDissector({
  name: 'http',
  title: 'Hypertext Transfer Protocol',
  spec: ['RFC 9110', 'RFC 9112'],
  over: { 'tcp.port': [80, 3128, 3132, 5985, 8080, 8088, 11371, 1900, 2869, 2710] },
  fields: httpFields,
  stream: true,
  heuristicOver: ['tcp'],
  heuristic: looksLikeHttp,
  heir(p, at, end) {
    const talk = p.flow >= 0 ? p.trackers.state('http', p.flow, createHttpConversation) : undefined;
    if (talk === undefined) return 0;
    if (talk.heir !== '') return p.id(talk.heir);
    // Prior knowledge (RFC 9113 §3.3).
    if (!startsPreface(p.bytes, at, end)) return 0;
    talk.heir = 'http2';
    return p.id('http2');
  },
  dissect(p, at, end) {
    const talk = p.flow >= 0 ? p.trackers.state('http', p.flow, createHttpConversation) : undefined;
    if (talk !== undefined && talk.tunnelPort > 0) return dissectTunnel(p, at, talk);
    const verdict = readHead(p.bytes, at, end, head);
    if (verdict === HEAD_MORE) {
      const wait = p.more(0);
      if (wait !== DONE) return wait;
      if (readHead(p.bytes, at, end, head, true) !== HEAD_OK) return noMessage(p, at, end);
      return dissectMessage(p, at, end, talk);
    }
    if (verdict === HEAD_OK) return dissectMessage(p, at, end, talk);
    if (startsField(p.bytes, at, end)) {
      p.expert('warn', 'protocol', 'http.bad_header_name', at, 0);
      return DONE;
    }
    if (talk?.seen !== true) return noMessage(p, at, end);
    // Part of a body whose head is gone: shown as a continuation.
    p.callInside(p.id('data'), p.source, at, end);
    return DONE;
  },
  sessions: [httpSession],
  info: (row) => (row.has(F.method) ? `${row.text(F.method)} ${row.text(F.uri)} ${row.text(F.requestVersion)}` : `${row.text(F.responseVersion)} ${row.text(F.code)} ${row.text(F.phrase)}`),
});

/** The first line begins or ends with a version. */
function looksLikeHttp(p: PacketView, at: number, end: number): boolean {
  const b = p.bytes;
  const lf = b.indexOf(10, at);
  if (lf < 0 || lf >= end) return false;
  const lineEnd = lf > at && b[lf - 1] === 13 ? lf - 1 : lf;
  return lineEnd - at > 8 && (isVersion(b, at) || isVersion(b, lineEnd - 8));
}

/** What runs through a proxy's tunnel: the protocol of the port that was asked for, within HTTP's own part of the tree. */
function dissectTunnel(p: PacketView, at: number, talk: HttpConversation): number {
  p.putText(F.proxyConnectHost, at, 0, talk.tunnelHost);
  p.putInt(F.proxyConnectPort, at, 0, talk.tunnelPort);
  p.payload(at, p.wireEnd);
  return p.next('tcp.port', talk.tunnelPort) || DONE;
}

/** A line that begins as a header field does, up to its colon: text of another protocol on a port of HTTP. */
function startsField(b: Uint8Array, at: number, end: number): boolean {
  for (let q = at; q < end; q++) {
    const c = b[q];
    if (c === 0x3a) return true;
    if (c < 0x20 || c >= 0x7f || SEPARATORS.includes(c)) return false;
  }
  return false;
}

/** `()<>@,;\\"/[]?={}`: what no name of a header field holds (RFC 9110 §5.6.2). */
const SEPARATORS = [0x28, 0x29, 0x3c, 0x3e, 0x40, 0x2c, 0x3b, 0x5c, 0x22, 0x2f, 0x5b, 0x5d, 0x3f, 0x3d, 0x7b, 0x7d];

/** `HTTP/1.` in either case. */
function isVersion(b: Uint8Array, at: number): boolean {
  return (b[at] | 0x20) === 0x68 && (b[at + 1] | 0x20) === 0x74 && (b[at + 2] | 0x20) === 0x74 && (b[at + 3] | 0x20) === 0x70
    && b[at + 4] === 0x2f && b[at + 5] === 0x31 && b[at + 6] === 0x2e;
}

function dissectMessage(p: PacketView, at: number, end: number, talk: HttpConversation | undefined): number {
  const asked = head.isResponse ? talk?.waiting[0] : undefined;
  const bodyAt = head.headEnd;
  let next = bodyAt;
  let chunked = false;
  const bodiless = head.isResponse && (hasNoBody(head.code) || asked?.head === true || ((asked?.connectPort ?? 0) > 0 && head.code >= 200 && head.code < 300));
  if (!bodiless) {
    if (head.chunked) {
      const found = scanChunks(p.bytes, bodyAt, end, chunks);
      if (found === CHUNKS_MORE && end === p.wireEnd) return p.more(chunks.needed);
      chunked = true;
      next = found === CHUNKS_BAD || found === CHUNKS_MORE ? p.wireEnd : chunks.end;
    } else if (head.contentLength >= 0) {
      next = bodyAt + head.contentLength;
      if (next > p.wireEnd) {
        const verdict = p.more(next - p.wireEnd);
        if (verdict !== DONE) return verdict;
      }
    } else if (head.isResponse) {
      // Until the connection closes (RFC 9112 §6.3), unless the server said that it stays open.
      if (!head.keepAlive && head.contentLength === -1) {
        const verdict = p.more(UNTIL_FIN);
        if (verdict !== DONE) return verdict;
      }
      next = p.wireEnd;
    }
  }
  putHead(p, at, head);
  if (talk !== undefined) putPairing(p, at, talk, asked);
  else if (!head.isResponse && p.wants(F.fullUri)) putFullUri(p, at, fullUri(p, head));
  const bodyEnd = Math.min(next, end);
  if (bodyEnd > bodyAt && !bodiless) putBody(p, bodyAt, bodyEnd, chunked);
  if (next < p.wireEnd) p.payload(next, p.wireEnd);
  return head.isResponse && head.code === 101 && next < p.wireEnd && talk !== undefined ? p.id(talk.heir) : DONE;
}

function putFullUri(p: PacketView, at: number, uri: string | undefined): void {
  if (uri !== undefined) p.putText(F.fullUri, at, 0, uri);
}

/** Request to response and back, as far as one pass can know. */
function putPairing(p: PacketView, at: number, talk: HttpConversation, asked: WaitingRequest | undefined): void {
  talk.seen = true;
  if (!head.isResponse) {
    const uri = fullUri(p, head);
    putFullUri(p, at, uri);
    talk.requests++;
    p.putInt(F.requestNumber, at, 0, talk.requests);
    if (talk.lastRequestFrame > 0) p.putInt(F.prevRequestIn, at, 0, talk.lastRequestFrame);
    talk.lastRequestFrame = p.frame;
    const length = head.methodEnd - head.methodAt;
    const connect = length === 7 && p.bytes[head.methodAt] === 0x43 && p.bytes[head.methodAt + 3] === 0x4e;
    talk.ask({
      frame: p.frame, seconds: p.seconds, nanoseconds: p.nanoseconds, uri,
      head: length === 4 && p.bytes[head.methodAt] === 0x48, connectPort: connect ? portOf(p.bytes, head.uriAt, head.uriEnd) : 0, target: connect ? p.host.latin1(p.bytes, head.uriAt, head.uriEnd) : '',
    });
    return;
  }
  talk.responses++;
  p.putInt(F.responseNumber, at, 0, talk.responses);
  if (asked !== undefined) {
    p.putSince(F.time, asked.seconds, asked.nanoseconds);
    if (talk.lastResponseFrame > 0) p.putInt(F.prevResponseIn, at, 0, talk.lastResponseFrame);
    p.putInt(F.requestIn, at, 0, asked.frame);
    if (asked.uri !== undefined) p.putText(F.responseForUri, at, 0, asked.uri);
    // An interim response leaves its request waiting (RFC 9110 §15.2).
    if (head.code >= 200 || head.code === 101) talk.waiting.shift();
    if (asked.connectPort > 0 && head.code >= 200 && head.code < 300) {
      talk.tunnelPort = asked.connectPort;
      talk.tunnelHost = asked.target.replace(/:\d+$/, '');
    }
  }
  if (head.code === 101) talk.heir = upgradedTo(p);
  talk.lastResponseFrame = p.frame;
}

/** The port behind the colon of CONNECT's target, 443 where none is. */
function portOf(b: Uint8Array, at: number, end: number): number {
  let p = end;
  let port = 0;
  for (let unit = 1; p > at && b[p - 1] >= 0x30 && b[p - 1] <= 0x39; unit *= 10) port += unit * (b[--p] - 0x30);
  return p > at && b[p - 1] === 0x3a && port > 0 && port < 65_536 ? port : 443;
}

/** Bytes of which nothing is known but their port: where the capture cut them, they might have been a message. */
function noMessage(p: PacketView, at: number, end: number): number {
  if (end === p.wireEnd) return SILENT;
  p.callInside(p.id('data'), p.source, at, end);
  return UNSEEN;
}

/** The protocol that a response with 101 names in Upgrade, as one of ours; `data` where it is none. */
function upgradedTo(p: PacketView): string {
  const i = head.find(UPGRADE);
  const name = i < 0 ? '' : p.host.latin1(p.bytes, head.valueAt[i], head.valueEnd[i]).toLowerCase();
  if (name.startsWith('h2c')) return 'http2';
  return name === 'websocket' ? name : 'data';
}

/** Puts the content and shows it as the layer of its type. */
function putBody(p: PacketView, at: number, end: number, chunked: boolean): void {
  const typeAt = head.find(CONTENT_TYPE);
  const type = typeAt < 0 ? '' : p.host.latin1(p.bytes, head.valueAt[typeAt], head.valueEnd[typeAt]);
  const encodingAt = head.find(CONTENT_ENCODING);
  if (!chunked && encodingAt < 0) {
    p.put(F.fileData, at, end - at);
    showContent(p, type, p.source, at, end);
    return;
  }
  let content = chunked ? joinChunks(p.bytes, at, end) : p.bytes.slice(at, end);
  if (content.length === 0) return;
  let source = 0;
  if (encodingAt >= 0) {
    const inflated = inflateContent(p.host, p.host.latin1(p.bytes, head.valueAt[encodingAt], head.valueEnd[encodingAt]), content);
    if (inflated === undefined) {
      p.expert('warn', 'undecoded', 'http.decompression_failed', at, 0);
      source = p.derive(content, 'dechunked');
      if (source > 0) p.callInside(p.id('data'), source, 0, content.length);
      return;
    }
    content = inflated;
    source = p.derive(content, 'inflated');
  } else source = p.derive(content, 'dechunked');
  if (p.wants(F.fileData)) p.putText(F.fileData, at, 0, p.host.utf8(content, 0, content.length));
  if (source > 0) showContent(p, type, source, 0, content.length);
}

/** Runs the layer of a media type; where that finds no such content, those whose content tells itself by its first bytes. */
function showContent(p: PacketView, type: string, source: number, at: number, end: number): void {
  const own = p.id(mediaLayer(type));
  const run = (layer: number): number => (source === p.source ? p.call(layer, at, end) : p.callSource(layer, source));
  if (own > 0 && own !== p.id('media') && own !== p.id('data')) {
    if (run(own) !== DECLINE) return;
    p.expert('note', 'malformed', 'http.subdissector_failed', at, 0);
  }
  if (own !== p.id('data') || type === '') for (const name of TELLING) if (p.id(name) !== own && run(p.id(name)) !== DECLINE) return;
  // What no type names is shown within HTTP's own part of the tree.
  if (type === '') p.callInside(own, source, at, end);
  else run(own === p.id('data') ? own : p.id('media'));
}

/** Contents that their first bytes tell. */
const TELLING = ['png', 'image-gif', 'image-jfif'];

export default http;
