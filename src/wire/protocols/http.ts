import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DECLINE, DONE, SILENT, UNTIL_FIN } from '../packet-view.ts';
import { CHUNKS_BAD, CHUNKS_MORE, ChunkScan, joinChunks, scanChunks } from '../codecs/http-chunks.ts';
import type { HttpConversation, WaitingRequest } from '../codecs/http-conversation.ts';
import { createHttpConversation } from '../codecs/http-conversation.ts';
import { httpFields } from '../codecs/http-fields.ts';
import { HEAD_MORE, HEAD_OK, HttpHead, hasNoBody, headerId, readHead } from '../codecs/http-head.ts';
import { mediaLayer } from '../codecs/http-media.ts';
import { fullUri, putHead } from '../codecs/http-put.ts';
import { httpSession } from '../codecs/http-session.ts';

const F = httpFields;
const CONTENT_TYPE = headerId('content-type');
const CONTENT_ENCODING = headerId('content-encoding');
/** Bytes that one body may inflate to. */
const MAX_INFLATED = 16 << 20;

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
  dissect(p, at, end) {
    const talk = p.flow >= 0 ? p.trackers.state('http', p.flow, createHttpConversation) : undefined;
    if (talk?.upgraded === true) return DECLINE;
    if (talk?.tunnel === true) {
      p.payload(at, p.wireEnd);
      return p.next('tcp.port', p.srcPort, p.dstPort);
    }
    const verdict = readHead(p.bytes, at, end, head);
    if (verdict === HEAD_MORE) {
      const wait = p.more(0);
      if (wait !== DONE) return wait;
      if (readHead(p.bytes, at, end, head, true) !== HEAD_OK) return SILENT;
      return dissectMessage(p, at, end, talk);
    }
    if (verdict === HEAD_OK) return dissectMessage(p, at, end, talk);
    if (talk?.seen !== true) return SILENT;
    // Part of a body whose head is gone: shown as a continuation.
    p.call(p.id('data'), at, end);
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
  const bodiless = head.isResponse && (hasNoBody(head.code) || asked?.head === true || (asked?.connect === true && head.code >= 200 && head.code < 300));
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
  return DONE;
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
    talk.ask({
      frame: p.frame, seconds: p.seconds, nanoseconds: p.nanoseconds, uri,
      head: length === 4 && p.bytes[head.methodAt] === 0x48, connect: length === 7 && p.bytes[head.methodAt] === 0x43 && p.bytes[head.methodAt + 3] === 0x4e,
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
    if (head.code === 101) talk.upgraded = true;
    if (asked.connect && head.code >= 200 && head.code < 300) talk.tunnel = true;
  }
  talk.lastResponseFrame = p.frame;
}

/** Puts the content and shows it as the layer of its type. */
function putBody(p: PacketView, at: number, end: number, chunked: boolean): void {
  const typeAt = head.find(CONTENT_TYPE);
  const layer = p.id(typeAt < 0 ? 'data' : mediaLayer(p.host.latin1(p.bytes, head.valueAt[typeAt], head.valueEnd[typeAt])));
  const encodingAt = head.find(CONTENT_ENCODING);
  if (!chunked && encodingAt < 0) {
    p.put(F.fileData, at, end - at);
    p.call(layer === 0 ? p.id('media') : layer, at, end);
    return;
  }
  let content = chunked ? joinChunks(p.bytes, at, end) : p.bytes.slice(at, end);
  if (content.length === 0) return;
  let source = 0;
  if (encodingAt >= 0) {
    const inflated = inflate(p, p.host.latin1(p.bytes, head.valueAt[encodingAt], head.valueEnd[encodingAt]), content);
    if (inflated === undefined) {
      p.put(F.decompressionFailed, at, 0);
      source = p.derive(content, 'dechunked');
      if (source > 0) p.callSource(p.id('data'), source);
      return;
    }
    content = inflated;
    source = p.derive(content, 'inflated');
  } else source = p.derive(content, 'dechunked');
  if (p.wants(F.fileData)) p.putText(F.fileData, at, 0, p.host.utf8(content, 0, content.length));
  if (source > 0) p.callSource(layer === 0 ? p.id('media') : layer, source);
}

function inflate(p: PacketView, encoding: string, content: Uint8Array): Uint8Array | undefined {
  switch (encoding.toLowerCase()) {
    case 'gzip': case 'x-gzip': return p.host.inflate('gzip', content, MAX_INFLATED);
    case 'deflate': case 'x-deflate': return p.host.inflate('deflate', content, MAX_INFLATED) ?? p.host.inflate('raw', content, MAX_INFLATED);
    case 'br': return p.host.inflate('br', content, MAX_INFLATED);
    case 'zstd': return p.host.inflate('zstd', content, MAX_INFLATED);
    default: return content;
  }
}

export default http;
