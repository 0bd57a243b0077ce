import type { Host } from '../base/host.ts';
import { CHUNKS_OK, ChunkScan, joinChunks, scanChunks } from '../wire/codecs/http-chunks.ts';
import { HEAD_OK, HttpHead, hasNoBody, headerId, readHead } from '../wire/codecs/http-head.ts';

const CONTENT_ENCODING = headerId('content-encoding');
/** Bytes that one body may inflate to. */
const MAX_INFLATED = 64 << 20;

/**
 * Takes transfer and content codings off one direction of an HTTP/1 conversation: heads as they are, bodies as their reader sees
 * them. What does not read as HTTP is handed on untouched.
 */
export function decodeHttp(b: Uint8Array, host: Host): Uint8Array[] {
  const head = new HttpHead();
  const chunks = new ChunkScan();
  const out: Uint8Array[] = [];
  for (let at = 0; at < b.length;) {
    if (readHead(b, at, b.length, head) !== HEAD_OK) {
      out.push(b.subarray(at));
      break;
    }
    out.push(b.subarray(at, head.headEnd));
    at = head.headEnd;
    if (head.isResponse && hasNoBody(head.code)) continue;
    let end = at;
    let body: Uint8Array;
    if (head.chunked) {
      const whole = scanChunks(b, at, b.length, chunks) === CHUNKS_OK;
      end = whole ? chunks.end : b.length;
      body = joinChunks(b, at, end);
    } else {
      end = head.contentLength >= 0 ? Math.min(at + head.contentLength, b.length) : head.isResponse ? b.length : at;
      body = b.subarray(at, end);
    }
    const i = head.find(CONTENT_ENCODING);
    if (i >= 0 && body.length > 0) {
      const coding = host.latin1(b, head.valueAt[i], head.valueEnd[i]).toLowerCase();
      if (coding === 'gzip' || coding === 'x-gzip') body = host.inflate('gzip', body, MAX_INFLATED) ?? body;
      else if (coding === 'deflate') body = host.inflate('deflate', body, MAX_INFLATED) ?? host.inflate('raw', body, MAX_INFLATED) ?? body;
      else if (coding === 'br') body = host.inflate('br', body, MAX_INFLATED) ?? body;
      else if (coding === 'zstd') body = host.inflate('zstd', body, MAX_INFLATED) ?? body;
    }
    out.push(body);
    at = end;
  }
  return out;
}
