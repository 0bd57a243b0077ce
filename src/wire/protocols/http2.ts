import { u24be } from '../../base/bytes.ts';
import { defineDissector } from '../define-dissector.ts';
import type { PacketView } from '../packet-view.ts';
import { DONE } from '../packet-view.ts';
import { createHttp2Conversation } from '../codecs/http2-conversation.ts';
import type { Http2Body, Http2Conversation } from '../codecs/http2-conversation.ts';
import { http2Fields, http2HeaderFields } from '../codecs/http2-fields.ts';
import { END_HEADERS, END_STREAM, FRAME, PADDED, PREFACE, PRIORITY, putControl, putFlags, putHeaders, putPriority, startsPreface, streamIdAt } from '../codecs/http2-put.ts';
import { contentLayer, inflateContent } from '../codecs/http-content.ts';

const F = http2Fields;

// Frame (RFC 9113 §4.1): length (24 bits), type, flags, stream identifier.
const TYPE = 3;
const FLAGS = 4;
const STREAM = 5;
const HEAD = 9;
/** HTTP/2 over TCP or inside TLS. */
export const http2 = defineDissector({
  name: 'http2',
  title: 'HyperText Transfer Protocol 2',
  spec: ['RFC 9113', 'RFC 7541'],
  over: {},
  fields: { ...http2Fields, ...http2HeaderFields },
  stream: true,
  column: 'HTTP2',
  dissect(p, at, end) {
    const talk = p.flow >= 0 ? p.trackers.state('http2', p.flow, createHttp2Conversation) : createHttp2Conversation();
    if (startsPreface(p.bytes, at, end)) {
      if (p.wireEnd - at < PREFACE.length) return p.more(PREFACE.length - (p.wireEnd - at)) || p.tooShort(PREFACE.length);
      if (end - at < PREFACE.length) return p.tooShort(PREFACE.length);
      talk.begun = true;
      p.put(F.stream, at, PREFACE.length);
      p.put(F.magic, at, PREFACE.length);
      return rest(p, at + PREFACE.length);
    }
    if (p.wireEnd - at < HEAD) return p.more(HEAD - (p.wireEnd - at)) || p.tooShort(HEAD);
    if (end - at < HEAD) return p.tooShort(HEAD);
    const next = at + HEAD + u24be(p.bytes, at);
    if (next > p.wireEnd) {
      const verdict = p.more(next - p.wireEnd);
      if (verdict !== DONE) return verdict;
    }
    putFrame(p, at, Math.min(next, end), talk);
    if (next > end) return p.tooShort(next - at);
    return rest(p, next);
  },
  info: (row) => (row.has(http2HeaderFields.method) ? `${row.text(http2HeaderFields.method)} ${row.text(http2HeaderFields.path)}` : row.has(http2HeaderFields.status) ? `Response ${row.text(http2HeaderFields.status)}` : `Frame of stream ${row.text(F.streamId)}`),
});

function rest(p: PacketView, next: number): number {
  if (next < p.wireEnd) p.payload(next, p.wireEnd);
  return DONE;
}

function putFrame(p: PacketView, at: number, end: number, talk: Http2Conversation): void {
  const b = p.bytes;
  const type = b[at + TYPE];
  const flags = b[at + FLAGS];
  p.put(F.stream, at, end - at);
  p.put(F.length, at, 3);
  p.put(F.type, at + TYPE, 1);
  putFlags(p, type, at + FLAGS);
  p.put(F.reserved, at + STREAM, 4);
  p.put(F.streamId, at + STREAM, 4);
  let q = at + HEAD;
  let stop = end;
  if (type === FRAME.DATA || type === FRAME.HEADERS || type === FRAME.PUSH_PROMISE) {
    const padding = (flags & PADDED) !== 0 && q < end ? b[q] : 0;
    if ((flags & PADDED) !== 0 && q < end) p.put(F.padLength, q++, 1);
    else p.putInt(F.padLength, q, 0, 0);
    stop = Math.max(q, end - padding);
  }
  switch (type) {
    case FRAME.DATA:
      if (stop < end) p.put(F.dataPadding, stop, end - stop);
      putData(p, q, stop, streamIdAt(b, at), (flags & END_STREAM) !== 0, talk);
      return;
    case FRAME.HEADERS:
      if ((flags & PRIORITY) !== 0 && q + 5 <= stop) {
        putPriority(p, q);
        q += 5;
      }
      p.put(F.headers, q, stop - q);
      if (stop < end) p.put(F.headersPadding, stop, end - stop);
      putBlock(p, q, stop, streamIdAt(b, at), (flags & END_HEADERS) !== 0, talk);
      return;
    case FRAME.PUSH_PROMISE:
      if (q + 4 > stop) return;
      p.put(F.promisedReserved, q, 4);
      p.put(F.promisedStream, q, 4);
      p.put(F.promiseHeader, q + 4, stop - q - 4);
      putBlock(p, q + 4, stop, 0, (flags & END_HEADERS) !== 0, talk);
      return;
    case FRAME.CONTINUATION:
      p.put(F.continuationHeader, q, stop - q);
      putBlock(p, q, stop, streamIdAt(b, at), (flags & END_HEADERS) !== 0, talk);
      return;
    default: putControl(p, type, flags, q, end);
  }
}

/** A fragment of a header block; with the last one its fields are decoded, for a block changes the table only as a whole. */
function putBlock(p: PacketView, at: number, end: number, stream: number, last: boolean, talk: Http2Conversation): void {
  const { dir } = p;
  const block = talk.addBlock(dir, p.bytes.slice(at, end));
  talk.blocks[dir] = last ? undefined : block;
  const decoder = talk.decoders[dir];
  if (!last || decoder.broken) return;
  talk.contentType = '';
  talk.contentEncoding = '';
  putHeaders(p, decoder.decode(block, 0, block.length), decoder.updates, at, end - at, talk);
  if (stream === 0) return;
  const body = talk.body(dir, stream);
  body.type = talk.contentType;
  body.encoding = talk.contentEncoding;
}

/** Content of a stream: shown as the layer of its type with the frame that ends it. */
function putData(p: PacketView, at: number, end: number, stream: number, last: boolean, talk: Http2Conversation): void {
  const body = talk.body(p.dir, stream);
  body.pieces++;
  if (!last || (body.pieces === 1 && body.encoding === '')) p.put(F.data, at, end - at);
  if (end > at && (!last || body.pieces > 1 || body.encoding !== '')) body.add(p.bytes.slice(at, end), p.frame);
  if (!last) return;
  talk.bodies[p.dir].delete(stream);
  const layer = body.type === '' ? 0 : contentLayer(p, body.type);
  if (body.pieces === 1 && body.encoding === '') {
    if (layer > 0 && end > at) p.callInside(layer, p.source, at, end);
    return;
  }
  if (body.length > 0) putJoined(p, at, body, layer);
}

/** Content that came in several frames, or encoded. */
function putJoined(p: PacketView, at: number, body: Http2Body, layer: number): void {
  const whole = body.join();
  const source = p.derive(whole, 'reassembled');
  if (source < 0) return;
  if (body.pieces > 1) {
    p.put(F.bodyFragments, at, 0);
    for (const frame of body.frames) p.putInt(F.bodyFragment, at, 0, frame);
    p.putInt(F.bodyFragmentCount, at, 0, body.frames.length);
    p.putInt(F.bodyLength, at, 0, whole.length);
    const outer = p.source;
    p.source = source;
    p.put(F.bodyData, 0, whole.length);
    p.source = outer;
  }
  const content = body.encoding === '' ? whole : inflateContent(p.host, body.encoding, whole);
  if (content === undefined) return;
  const shown = content === whole ? source : p.derive(content, 'inflated');
  if (shown < 0) return;
  const outer = p.source;
  p.source = shown;
  p.put(F.data, 0, content.length);
  p.source = outer;
  if (layer > 0) p.callInside(layer, shown, 0, content.length);
}

export default http2;
