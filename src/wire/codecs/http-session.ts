import type { Nanos } from '../../base/time.ts';
import { nanosOf } from '../../base/time.ts';
import type { HttpRecord } from '../../model/index.ts';
import { PROTOCOL_SCHEMA } from '../../model/index.ts';
import type { FileSink, Session, SessionContext, SessionDefinition, SessionRecord } from '../session.ts';
import { base64Text } from './clear-sasl.ts';
import { chunkSize } from './http-chunks.ts';
import type { HeaderName } from './http-head.ts';
import { HEAD_MORE, HEAD_NOT, HttpHead, MAX_HEAD, hasNoBody, headerId, readHead, startsMessage } from './http-head.ts';

/** Pipelined requests that wait for their response; beyond, the oldest is emitted unanswered. */
const MAX_WAITING = 256;

// Where one direction stands.
const HEAD = 0;
const LENGTH = 1;
const CHUNK_SIZE = 2;
const CHUNK_DATA = 3;
const CHUNK_END = 4;
const TRAILER = 5;
const UNTIL_CLOSE = 6;
/** After a gap in a head: looks for the next message at the start of a segment. */
const LOST = 7;
/** Another protocol took over, or this never was HTTP. */
const OVER = 8;

type Draft = { -readonly [K in keyof HttpRecord]?: HttpRecord[K] };

/** A request that waits, with what its response adds. */
interface Exchange {
  record: Draft;
  /** Time of the request's last byte. */
  askedAt: Nanos | null;
  head: boolean;
  connect: boolean;
  requestDone: boolean;
  firstFrame: number;
  lastFrame: number;
  time: Nanos;
}

/** One direction of the connection. */
interface Side {
  state: number;
  /** Bytes left of a body or chunk. */
  left: number;
  held: Uint8Array | undefined;
  heldFrame: number;
  heldTime: Nanos;
  exchange: Exchange | undefined;
  /** The body that passes. */
  file: FileSink | undefined;
}

const head = new HttpHead();
const IDS = {
  host: headerId('host'), userAgent: headerId('user-agent'), referrer: headerId('referer'), contentType: headerId('content-type'),
  contentEncoding: headerId('content-encoding'), server: headerId('server'), location: headerId('location'),
  disposition: headerId('content-disposition'), authorization: headerId('authorization'), proxyAuthorization: headerId('proxy-authorization'),
} as const satisfies Record<string, number> & Partial<Record<HeaderName, number>>;

/**
 * HTTP/1 transactions of one connection (RFC 9112): pipelining, interim responses, HEAD, lengths, chunks, bodies until close.
 *
 * Bodies are counted as they pass, never kept; a head that spans segments is copied, up to 64 KiB.
 */
export class HttpSession implements Session {
  readonly #sides: [Side, Side] = [newSide(), newSide()];
  readonly #waiting: Exchange[] = [];
  #depth = 0;
  /** The direction of requests, known from the first message. */
  #client: 0 | 1 | undefined;

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    const side = this.#sides[dir];
    let b = bytes;
    let p = at;
    let to = end;
    if (side.held !== undefined) {
      b = new Uint8Array(side.held.length + end - at);
      b.set(side.held);
      b.set(bytes.subarray(at, end), side.held.length);
      p = 0;
      to = b.length;
      side.held = undefined;
    } else {
      side.heldFrame = ctx.frame;
      side.heldTime = nanosOf(ctx.seconds, ctx.nanoseconds);
    }
    while (p < to && side.state !== OVER) {
      const next = this.#step(dir, side, b, p, to, ctx);
      if (next < 0) {
        if (to - p > MAX_HEAD) {
          ctx.anomaly('http_head_too_long');
          side.state = LOST;
        } else side.held = b.slice(p, to);
        return;
      }
      p = next;
      side.heldFrame = ctx.frame;
      side.heldTime = nanosOf(ctx.seconds, ctx.nanoseconds);
    }
  }

  gap(dir: 0 | 1, length: number, ctx: SessionContext): void {
    const side = this.#sides[dir];
    if (side.exchange !== undefined) side.exchange.record.complete = false;
    if ((side.state === LENGTH || side.state === CHUNK_DATA) && length <= side.left) {
      this.#count(dir, side, length);
      side.file?.gap(length, ctx);
      side.left -= length;
      if (side.left === 0) this.#chunkOrMessageEnd(dir, side, ctx);
      return;
    }
    if (side.state === UNTIL_CLOSE) {
      this.#count(dir, side, length);
      side.file?.gap(length, ctx);
      return;
    }
    if (side.state === OVER) return;
    side.held = undefined;
    side.file?.gap(length, ctx);
    this.#fileEnd(side, false, ctx);
    side.state = LOST;
  }

  end(ctx: SessionContext): void {
    const answering = this.#sides[this.#client === 1 ? 0 : 1];
    if (answering.state === UNTIL_CLOSE && answering.exchange !== undefined) this.#messageEnd(this.#client === 1 ? 0 : 1, answering, ctx);
    for (const side of this.#sides) {
      this.#fileEnd(side, false, ctx);
      if (side.state === LENGTH || side.state === CHUNK_DATA || side.state === CHUNK_SIZE || side.state === CHUNK_END || side.state === TRAILER) {
        if (side.exchange !== undefined) side.exchange.record.complete = false;
      }
    }
    // A response cut short is among those that wait, if it had a request; one without is its side's alone.
    const lone = this.#sides[this.#client === 1 ? 0 : 1].exchange;
    if (lone !== undefined && !this.#waiting.includes(lone)) this.#emit(lone, ctx);
    for (const exchange of this.#waiting) this.#emit(exchange, ctx);
    this.#waiting.length = 0;
  }

  /** Reads one element at `p`; returns where it ends, -1 where more bytes are needed. */
  #step(dir: 0 | 1, side: Side, b: Uint8Array, p: number, end: number, ctx: SessionContext): number {
    switch (side.state) {
      case HEAD:
      case LOST:
        return this.#readHead(dir, side, b, p, end, ctx);
      case LENGTH:
      case CHUNK_DATA: {
        const n = Math.min(side.left, end - p);
        this.#count(dir, side, n);
        side.file?.data(b, p, p + n, ctx);
        side.left -= n;
        this.#touch(side, ctx);
        if (side.left === 0) this.#chunkOrMessageEnd(dir, side, ctx);
        return p + n;
      }
      case UNTIL_CLOSE:
        this.#count(dir, side, end - p);
        side.file?.data(b, p, end, ctx);
        this.#touch(side, ctx);
        return end;
      case CHUNK_SIZE: {
        const lf = b.indexOf(10, p);
        if (lf < 0 || lf >= end) return -1;
        const size = chunkSize(b, p, lf);
        if (size < 0) {
          ctx.anomaly('http_bad_chunk');
          if (side.exchange !== undefined) side.exchange.record.complete = false;
          this.#fileEnd(side, false, ctx);
          side.state = LOST;
          return end;
        }
        side.left = size;
        side.state = size === 0 ? TRAILER : CHUNK_DATA;
        return lf + 1;
      }
      case CHUNK_END:
      case TRAILER: {
        const lf = b.indexOf(10, p);
        if (lf < 0 || lf >= end) return -1;
        const empty = lf === p || (lf === p + 1 && b[p] === 13);
        if (side.state === CHUNK_END) side.state = CHUNK_SIZE;
        else if (empty) this.#messageEnd(dir, side, ctx);
        return lf + 1;
      }
      default:
        return end;
    }
  }

  #readHead(dir: 0 | 1, side: Side, b: Uint8Array, at: number, end: number, ctx: SessionContext): number {
    let p = at;
    // Empty lines before a message are ignored (RFC 9112 §2.2).
    while (p < end && (b[p] === 13 || b[p] === 10)) p++;
    if (p === end) return end;
    const verdict = readHead(b, p, end, head);
    if (verdict === HEAD_NOT) {
      if (side.state === HEAD) {
        ctx.anomaly('http_not_a_message');
        side.state = LOST;
      }
      return end;
    }
    if (verdict === HEAD_MORE) return side.state === LOST && startsMessage(b, p, end) !== 'yes' ? end : -1;
    this.#client ??= head.isResponse ? (dir === 0 ? 1 : 0) : dir;
    if (head.isResponse) this.#response(dir, side, b, ctx);
    else this.#request(dir, side, b, ctx);
    return head.headEnd;
  }

  #request(dir: 0 | 1, side: Side, b: Uint8Array, ctx: SessionContext): void {
    const { host } = ctx;
    const method = host.latin1(b, head.methodAt, head.methodEnd);
    const exchange: Exchange = {
      record: {
        transDepth: ++this.#depth, method, uri: host.utf8(b, head.uriAt, head.uriEnd), version: host.latin1(b, head.versionAt, head.versionEnd) || null,
        host: text(b, ctx, IDS.host), userAgent: text(b, ctx, IDS.userAgent), referrer: text(b, ctx, IDS.referrer),
        requestContentType: text(b, ctx, IDS.contentType), requestFrame: side.heldFrame, requestBodyBytes: 0, complete: true,
      },
      askedAt: null, head: method === 'HEAD', connect: method === 'CONNECT', requestDone: false,
      firstFrame: side.heldFrame, lastFrame: ctx.frame, time: side.heldTime,
    };
    for (const id of [IDS.authorization, IDS.proxyAuthorization]) tellBasic(text(b, ctx, id), ctx);
    if (this.#waiting.length >= MAX_WAITING) {
      const oldest = this.#waiting.shift();
      if (oldest !== undefined) this.#emit(oldest, ctx);
    }
    this.#waiting.push(exchange);
    side.exchange = exchange;
    exchange.askedAt = nanosOf(ctx.seconds, ctx.nanoseconds);
    if (head.chunked) side.state = CHUNK_SIZE;
    else if (head.contentLength > 0) {
      side.state = LENGTH;
      side.left = head.contentLength;
    } else {
      this.#messageEnd(dir, side, ctx);
      return;
    }
    this.#fileBegin(dir, side, exchange, b, ctx);
  }

  #response(dir: 0 | 1, side: Side, b: Uint8Array, ctx: SessionContext): void {
    const { host } = ctx;
    let exchange = this.#waiting[0];
    if (exchange === undefined) {
      exchange = {
        record: { transDepth: ++this.#depth, method: null, uri: null, host: null, complete: true, requestFrame: null, requestBodyBytes: 0 },
        askedAt: null, head: false, connect: false, requestDone: true, firstFrame: side.heldFrame, lastFrame: ctx.frame, time: side.heldTime,
      };
    }
    // An interim response leaves its request waiting (RFC 9110 §15.2); 101 is final for HTTP/1.
    if (head.code >= 100 && head.code < 200 && head.code !== 101) {
      side.state = HEAD;
      return;
    }
    Object.assign(exchange.record, {
      version: exchange.record.version ?? host.latin1(b, head.versionAt, head.versionEnd),
      statusCode: head.code, statusText: host.utf8(b, head.phraseAt, head.phraseEnd), server: text(b, ctx, IDS.server), location: text(b, ctx, IDS.location),
      contentType: text(b, ctx, IDS.contentType), contentEncoding: text(b, ctx, IDS.contentEncoding), responseBodyBytes: 0, responseFrame: side.heldFrame,
      responseTime: exchange.askedAt === null ? null : side.heldTime - exchange.askedAt,
    } satisfies Draft);
    side.exchange = exchange;
    exchange.lastFrame = Math.max(exchange.lastFrame, ctx.frame);
    const switched = head.code === 101 || (exchange.connect && head.code >= 200 && head.code < 300);
    if (switched || hasNoBody(head.code) || exchange.head) this.#messageEnd(dir, side, ctx);
    else if (head.chunked) side.state = CHUNK_SIZE;
    else if (head.contentLength > 0) {
      side.state = LENGTH;
      side.left = head.contentLength;
    } else if (head.contentLength === 0) this.#messageEnd(dir, side, ctx);
    else side.state = UNTIL_CLOSE;
    if (side.state !== HEAD) this.#fileBegin(dir, side, exchange, b, ctx);
    if (!switched) return;
    for (const s of this.#sides) s.state = OVER;
    ctx.become(head.code === 101 ? 'upgrade' : 'tunnel');
  }

  #fileBegin(dir: 0 | 1, side: Side, exchange: Exchange, b: Uint8Array, ctx: SessionContext): void {
    side.file = ctx.file(dir, {
      source: 'http', name: nameOf(dispositionName(text(b, ctx, IDS.disposition)), exchange.record.uri ?? null), declaredType: text(b, ctx, IDS.contentType),
      encoding: text(b, ctx, IDS.contentEncoding), announcedBytes: head.contentLength >= 0 && !head.chunked ? head.contentLength : null,
    });
  }

  #fileEnd(side: Side, whole: boolean, ctx: SessionContext): void {
    side.file?.end(whole, ctx);
    side.file = undefined;
  }

  #count(dir: 0 | 1, side: Side, bytes: number): void {
    const { exchange } = side;
    if (exchange === undefined) return;
    const key = dir === this.#client ? 'requestBodyBytes' : 'responseBodyBytes';
    exchange.record[key] = (exchange.record[key] ?? 0) + bytes;
  }

  #touch(side: Side, ctx: SessionContext): void {
    const { exchange } = side;
    if (exchange === undefined) return;
    if (ctx.frame > exchange.lastFrame) exchange.lastFrame = ctx.frame;
    if (!exchange.requestDone) exchange.askedAt = nanosOf(ctx.seconds, ctx.nanoseconds);
  }

  #chunkOrMessageEnd(dir: 0 | 1, side: Side, ctx: SessionContext): void {
    if (side.state === CHUNK_DATA) side.state = CHUNK_END;
    else this.#messageEnd(dir, side, ctx);
  }

  #messageEnd(dir: 0 | 1, side: Side, ctx: SessionContext): void {
    const { exchange } = side;
    this.#fileEnd(side, true, ctx);
    side.state = HEAD;
    side.exchange = undefined;
    if (exchange === undefined) return;
    if (ctx.frame > exchange.lastFrame) exchange.lastFrame = ctx.frame;
    if (dir === this.#client) {
      exchange.requestDone = true;
      return;
    }
    if (this.#waiting[0] === exchange) this.#waiting.shift();
    this.#emit(exchange, ctx);
  }

  #emit(exchange: Exchange, ctx: SessionContext): void {
    const r = exchange.record;
    ctx.emit({
      kind: 'http', schema: PROTOCOL_SCHEMA, time: exchange.time, firstFrame: exchange.firstFrame, lastFrame: exchange.lastFrame,
      transDepth: r.transDepth ?? 0, method: r.method ?? null, host: r.host ?? null, uri: r.uri ?? null, version: r.version ?? null,
      userAgent: r.userAgent ?? null, referrer: r.referrer ?? null, requestContentType: r.requestContentType ?? null,
      statusCode: r.statusCode ?? null, statusText: r.statusText ?? null, server: r.server ?? null, location: r.location ?? null,
      contentType: r.contentType ?? null, contentEncoding: r.contentEncoding ?? null,
      requestBodyBytes: r.requestBodyBytes ?? 0, responseBodyBytes: r.responseBodyBytes ?? 0,
      complete: (r.complete ?? false) && exchange.requestDone && r.statusCode !== undefined,
      requestFrame: r.requestFrame ?? null, responseFrame: r.responseFrame ?? null, responseTime: r.responseTime ?? null,
    } as SessionRecord);
  }
}

function newSide(): Side {
  return { state: HEAD, left: 0, held: undefined, heldFrame: 0, heldTime: 0n, exchange: undefined, file: undefined };
}

/** The file name of a Content-Disposition (RFC 6266), null where it has none. */
function dispositionName(value: string | null): string | null {
  const found = value === null ? null : /filename\*?=(?:UTF-8'[^']*')?(?:"([^"]*)"|([^;\s]+))/i.exec(value);
  return found === null ? null : (found[1] ?? found[2] ?? null);
}

/** Name of a body: what the sender calls it, else the last part of the path. */
function nameOf(declared: string | null, uri: string | null): string | null {
  if (declared !== null && declared !== '') return declared;
  if (uri === null) return null;
  const path = uri.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?#].*$/s, '');
  return path.slice(path.lastIndexOf('/') + 1) || null;
}

/** Tells name and password of the Basic scheme (RFC 7617 §2). */
function tellBasic(value: string | null, ctx: SessionContext): void {
  const found = value === null ? null : /^Basic +(\S+)/i.exec(value);
  if (found === null) return;
  const pair = base64Text(found[1], ctx);
  const colon = pair.indexOf(':');
  if (colon >= 0) ctx.credential({ protocol: 'http', method: 'Basic', user: pair.slice(0, colon), secret: pair.slice(colon + 1) });
}

/** Value of a header field of the head at hand; null where it is missing. */
function text(b: Uint8Array, ctx: SessionContext, id: number): string | null {
  const i = head.find(id);
  return i < 0 ? null : ctx.host.utf8(b, head.valueAt[i], head.valueEnd[i]);
}

/** For the stream driver: HTTP on any port. */
export const httpSession: SessionDefinition = {
  service: 'http',
  transport: 'tcp',
  ports: [80, 8080, 3128, 8000, 8008, 8088],
  recognise(b, at, end) {
    const starts = startsMessage(b, at, end);
    if (starts !== 'yes') return starts;
    const verdict = readHead(b, at, end, head);
    if (verdict === HEAD_NOT) return 'no';
    // A known method or status line and a version: enough; without the end of the line wait for it.
    const lf = b.indexOf(10, at);
    if (verdict === HEAD_MORE && (lf < 0 || lf >= end)) return 'maybe';
    return head.isResponse || head.versionEnd > head.versionAt ? 'yes' : 'no';
  },
  create: () => new HttpSession(),
};
