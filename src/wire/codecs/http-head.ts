/** Longest head that is read; a longer one is not HTTP that we want (the RFC sets no limit, servers stop at 8 to 64 KiB). */
export const MAX_HEAD = 65_536;
/** Header fields of one head whose places are kept; what follows still counts for framing. */
export const MAX_HEADERS = 256;

// Verdicts of `readHead`.
export const HEAD_OK = 0;
/** The empty line has not come yet. */
export const HEAD_MORE = 1;
/** The first line is neither a request nor a status line. */
export const HEAD_NOT = 2;

/** Header fields that have a meaning here; the index is the id. */
export const HEADERS = [
  'host', 'user-agent', 'referer', 'cookie', 'set-cookie', 'authorization', 'proxy-authorization', 'www-authenticate', 'proxy-authenticate',
  'content-type', 'content-length', 'content-encoding', 'transfer-encoding', 'server', 'location', 'x-forwarded-for', 'accept',
  'accept-language', 'accept-encoding', 'connection', 'date', 'last-modified', 'cache-control', 'upgrade', 'proxy-connect-hostname',
  'sec-websocket-accept', 'sec-websocket-extensions', 'sec-websocket-key', 'sec-websocket-protocol', 'sec-websocket-version', 'http2-settings',
  'content-disposition',
] as const;
export type HeaderName = (typeof HEADERS)[number];

export function headerId(name: HeaderName): number {
  return HEADERS.indexOf(name);
}

const CONTENT_LENGTH = headerId('content-length');
const TRANSFER_ENCODING = headerId('transfer-encoding');
const CONNECTION = headerId('connection');
const UPGRADE = headerId('upgrade');

/** Candidates by length of the name. */
const BY_LENGTH: { id: number; name: Uint8Array }[][] = [];
for (const [id, text] of HEADERS.entries()) {
  const name = Uint8Array.from(text, (c) => c.charCodeAt(0));
  (BY_LENGTH[name.length] ??= []).push({ id, name });
}

/** Methods of the IANA registry, of WebDAV and its kin, of UPnP, and of RPC over HTTP. */
const METHODS = [
  'GET', 'PUT', 'COPY', 'HEAD', 'LOCK', 'MOVE', 'POLL', 'POST', 'BCOPY', 'BMOVE', 'MKCOL', 'TRACE', 'PATCH', 'LABEL', 'MERGE', 'DELETE', 'SEARCH',
  'UNLOCK', 'REPORT', 'UPDATE', 'NOTIFY', 'BDELETE', 'CONNECT', 'OPTIONS', 'CHECKIN', 'PROPFIND', 'CHECKOUT', 'CCM_POST', 'SUBSCRIBE', 'M-SEARCH',
  'PROPPATCH', 'BPROPFIND', 'BPROPPATCH', 'UNCHECKOUT', 'MKACTIVITY', 'MKWORKSPACE', 'UNSUBSCRIBE', 'RPC_CONNECT', 'RPC_IN_DATA', 'RPC_OUT_DATA',
  'VERSION-CONTROL', 'BASELINE-CONTROL', 'SSTP_DUPLEX_POST', 'LINK', 'UNLINK', 'ACL', 'BIND', 'REBIND', 'UNBIND', 'MKREDIRECTREF', 'UPDATEREDIRECTREF',
  'ORDERPATCH', 'MKCALENDAR',
];
const METHODS_BY_LENGTH: Uint8Array[][] = [];
for (const text of METHODS) (METHODS_BY_LENGTH[text.length] ??= []).push(Uint8Array.from(text, (c) => c.charCodeAt(0)));
const LONGEST_METHOD = METHODS_BY_LENGTH.length - 1;

/** A request's or response's head, by offsets: one reused object a reader, valid until the next `readHead`. */
export class HttpHead {
  isResponse: boolean;
  /** First line without its end, and where the header fields start. */
  lineEnd: number;
  fieldsAt: number;
  /** First byte behind the empty line. */
  headEnd: number;
  methodAt: number;
  methodEnd: number;
  uriAt: number;
  uriEnd: number;
  versionAt: number;
  versionEnd: number;
  /** Status code, 0 where it is none. */
  code: number;
  phraseAt: number;
  phraseEnd: number;
  /** Header fields: the line `[lineAt, lineNext)` with its end, name and trimmed value, id (-1 = not among `HEADERS`). */
  count: number;
  readonly lineAt: Int32Array;
  readonly lineNext: Int32Array;
  readonly nameEnd: Int32Array;
  readonly valueAt: Int32Array;
  readonly valueEnd: Int32Array;
  readonly id: Int16Array;
  /** -1 = none, -2 = not a number or two that differ. */
  contentLength: number;
  chunked: boolean;
  keepAlive: boolean;
  close: boolean;
  upgrade: boolean;

  constructor() {
    this.isResponse = false;
    this.lineEnd = 0;
    this.fieldsAt = 0;
    this.headEnd = 0;
    this.methodAt = 0;
    this.methodEnd = 0;
    this.uriAt = 0;
    this.uriEnd = 0;
    this.versionAt = 0;
    this.versionEnd = 0;
    this.code = 0;
    this.phraseAt = 0;
    this.phraseEnd = 0;
    this.count = 0;
    this.lineAt = new Int32Array(MAX_HEADERS);
    this.lineNext = new Int32Array(MAX_HEADERS);
    this.nameEnd = new Int32Array(MAX_HEADERS);
    this.valueAt = new Int32Array(MAX_HEADERS);
    this.valueEnd = new Int32Array(MAX_HEADERS);
    this.id = new Int16Array(MAX_HEADERS);
    this.contentLength = -1;
    this.chunked = false;
    this.keepAlive = false;
    this.close = false;
    this.upgrade = false;
  }

  /** Index of the first header field with this id, -1 where there is none. */
  find(id: number): number {
    for (let i = 0; i < this.count; i++) if (this.id[i] === id) return i;
    return -1;
  }
}

const SPACE = 0x20;
const CR = 13;
const LF = 10;

/** `HTTP/` or `ICY` (SHOUTcast) at `at`. */
function isStatusLine(b: Uint8Array, at: number, end: number): boolean {
  if (end - at >= 5 && b[at] === 0x48 && b[at + 1] === 0x54 && b[at + 2] === 0x54 && b[at + 3] === 0x50 && b[at + 4] === 0x2f) return true;
  return end - at >= 4 && b[at] === 0x49 && b[at + 1] === 0x43 && b[at + 2] === 0x59 && b[at + 3] === SPACE;
}

/** Too few bytes for a version, and all of them the beginning of one. */
function isStatusPrefix(b: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  return length > 0 && ((length < HTTP_SLASH.length && isPrefix(b, at, length, HTTP_SLASH)) || (length < ICY.length && isPrefix(b, at, length, ICY)));
}

function isPrefix(b: Uint8Array, at: number, length: number, text: Uint8Array): boolean {
  for (let i = 0; i < length; i++) if (b[at + i] !== text[i]) return false;
  return true;
}

const HTTP_SLASH = Uint8Array.from('HTTP/', (c) => c.charCodeAt(0));
const ICY = Uint8Array.from('ICY ', (c) => c.charCodeAt(0));

/** Where the method at `at` ends, -1 where there is none that we know, -2 where the bytes stop within what may be one. */
function methodEnd(b: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end && p - at <= LONGEST_METHOD && b[p] !== SPACE) p++;
  const length = p - at;
  if (p === end && length < LONGEST_METHOD) return isMethodPrefix(b, at, end) ? -2 : -1;
  const candidates = length <= LONGEST_METHOD ? METHODS_BY_LENGTH[length] : undefined;
  if (candidates === undefined) return -1;
  for (let i = 0; i < candidates.length; i++) if (equals(b, at, candidates[i])) return p;
  return -1;
}

function isMethodPrefix(b: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  for (let n = length; n < METHODS_BY_LENGTH.length; n++) {
    const candidates = METHODS_BY_LENGTH[n];
    if (candidates === undefined) continue;
    for (let i = 0; i < candidates.length; i++) {
      let k = 0;
      while (k < length && b[at + k] === candidates[i][k]) k++;
      if (k === length) return true;
    }
  }
  return false;
}

function equals(b: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (b[at + i] !== text[i]) return false;
  return true;
}

function equalsFolded(b: Uint8Array, at: number, lower: Uint8Array): boolean {
  for (let i = 0; i < lower.length; i++) {
    const c = b[at + i];
    if ((c >= 0x41 && c <= 0x5a ? c | 0x20 : c) !== lower[i]) return false;
  }
  return true;
}

/** Does a message start here? `maybe` where too few bytes are there to say. */
export function startsMessage(b: Uint8Array, at: number, end: number): 'yes' | 'no' | 'maybe' {
  if (isStatusLine(b, at, end)) return 'yes';
  if (isStatusPrefix(b, at, end)) return 'maybe';
  const m = methodEnd(b, at, end);
  if (m === -2) return 'maybe';
  return m > at ? 'yes' : 'no';
}

/** Position behind the next line feed, -1 where none is before `end`. */
function nextLine(b: Uint8Array, at: number, end: number): number {
  const lf = b.indexOf(LF, at);
  return lf < 0 || lf >= end ? -1 : lf + 1;
}

/** End of the line that `next` follows, without CR LF. */
function trimLine(b: Uint8Array, at: number, next: number): number {
  const end = next - 1;
  return end > at && b[end - 1] === CR ? end - 1 : end;
}

/**
 * Reads a request's or response's head (RFC 9112 §2 to §5) at `at`. Bare line feeds end lines too; folded values are kept as one.
 * Nothing is allocated; what the head says stands in `head` by offsets into `b`. With `cut` (a capture's snaplen) the bytes that are
 * there are taken for the whole head.
 */
export function readHead(b: Uint8Array, at: number, end: number, head: HttpHead, cut = false): number {
  const response = isStatusLine(b, at, end);
  const method = response ? 0 : methodEnd(b, at, end);
  head.count = 0;
  if (method === -1) return isStatusPrefix(b, at, end) ? HEAD_MORE : HEAD_NOT;
  let first = nextLine(b, at, end);
  const short = first < 0;
  if (short && cut) first = end;
  if (first < 0 || method === -2) return end - at > MAX_HEAD ? HEAD_NOT : HEAD_MORE;
  head.isResponse = response;
  head.fieldsAt = first;
  head.lineEnd = short ? end : trimLine(b, at, first);
  head.contentLength = -1;
  head.chunked = false;
  head.keepAlive = false;
  head.close = false;
  head.upgrade = false;
  if (response) readStatusLine(b, at, head);
  else readRequestLine(b, at, method, head);
  let p = first;
  for (;;) {
    const next = nextLine(b, p, end);
    if (next < 0 && cut) {
      if (p < end) readField(b, p, end, end, head);
      head.headEnd = end;
      return HEAD_OK;
    }
    if (next < 0) return end - at > MAX_HEAD ? HEAD_NOT : HEAD_MORE;
    const lineEnd = trimLine(b, p, next);
    if (lineEnd === p) {
      head.headEnd = next;
      return HEAD_OK;
    }
    readField(b, p, lineEnd, next, head);
    p = next;
  }
}

function readStatusLine(b: Uint8Array, at: number, head: HttpHead): void {
  const end = head.lineEnd;
  let p = at;
  while (p < end && b[p] !== SPACE) p++;
  head.versionAt = at;
  head.versionEnd = p;
  while (p < end && b[p] === SPACE) p++;
  const digits = p;
  let code = 0;
  while (p < end && p - digits < 3 && b[p] >= 0x30 && b[p] <= 0x39) code = code * 10 + b[p++] - 0x30;
  head.code = p - digits === 3 ? code : 0;
  while (p < end && b[p] !== SPACE) p++;
  head.phraseAt = Math.min(p + 1, end);
  head.phraseEnd = end;
  head.methodAt = at;
  head.methodEnd = at;
  head.uriAt = at;
  head.uriEnd = at;
}

function readRequestLine(b: Uint8Array, at: number, methodEndAt: number, head: HttpHead): void {
  const end = head.lineEnd;
  head.methodAt = at;
  head.methodEnd = Math.min(methodEndAt, end);
  head.code = 0;
  head.uriAt = Math.min(methodEndAt + 1, end);
  // The version is the last word if it reads as one: targets with spaces happen (RFC 9112 §3.2).
  let v = end;
  while (v > head.uriAt && b[v - 1] !== SPACE) v--;
  if (v > head.uriAt && isStatusLine(b, v, end)) {
    head.versionAt = v;
    head.versionEnd = end;
    head.uriEnd = v - 1;
  } else {
    head.versionAt = end;
    head.versionEnd = end;
    head.uriEnd = end;
  }
  head.phraseAt = end;
  head.phraseEnd = end;
}

function readField(b: Uint8Array, at: number, lineEnd: number, next: number, head: HttpHead): void {
  if ((b[at] === SPACE || b[at] === 9) && head.count > 0 && head.count < MAX_HEADERS) {
    // obs-fold (RFC 9112 §5.2).
    head.valueEnd[head.count - 1] = lineEnd;
    head.lineNext[head.count - 1] = next;
    return;
  }
  let colon = at;
  while (colon < lineEnd && b[colon] !== 0x3a) colon++;
  let nameEnd = colon;
  while (nameEnd > at && b[nameEnd - 1] === SPACE) nameEnd--;
  let valueAt = Math.min(colon + 1, lineEnd);
  while (valueAt < lineEnd && (b[valueAt] === SPACE || b[valueAt] === 9)) valueAt++;
  let valueEnd = lineEnd;
  while (valueEnd > valueAt && (b[valueEnd - 1] === SPACE || b[valueEnd - 1] === 9)) valueEnd--;
  let id = -1;
  // Nothing may stand between a name and its colon (RFC 9112 §5.1).
  if (colon < lineEnd && nameEnd === colon) {
    const candidates = BY_LENGTH[nameEnd - at];
    if (candidates !== undefined) {
      for (let i = 0; i < candidates.length; i++) {
        if (equalsFolded(b, at, candidates[i].name)) {
          id = candidates[i].id;
          break;
        }
      }
    }
    if (id === CONTENT_LENGTH) readContentLength(b, valueAt, valueEnd, head);
    else if (id === TRANSFER_ENCODING) head.chunked = head.chunked || containsFolded(b, valueAt, valueEnd, CHUNKED);
    else if (id === CONNECTION) {
      if (containsFolded(b, valueAt, valueEnd, CLOSE)) head.close = true;
      if (containsFolded(b, valueAt, valueEnd, KEEP_ALIVE)) head.keepAlive = true;
    } else if (id === UPGRADE) head.upgrade = true;
  }
  const i = head.count;
  if (i >= MAX_HEADERS) return;
  head.count = i + 1;
  head.lineAt[i] = at;
  head.lineNext[i] = next;
  head.nameEnd[i] = nameEnd;
  head.valueAt[i] = valueAt;
  head.valueEnd[i] = valueEnd;
  head.id[i] = id;
}

const CHUNKED = Uint8Array.from('chunked', (c) => c.charCodeAt(0));
const CLOSE = Uint8Array.from('close', (c) => c.charCodeAt(0));
const KEEP_ALIVE = Uint8Array.from('keep-alive', (c) => c.charCodeAt(0));

function containsFolded(b: Uint8Array, at: number, end: number, lower: Uint8Array): boolean {
  for (let p = at; p + lower.length <= end; p++) if (equalsFolded(b, p, lower)) return true;
  return false;
}

function readContentLength(b: Uint8Array, at: number, end: number, head: HttpHead): void {
  let value = 0;
  let p = at;
  while (p < end && b[p] >= 0x30 && b[p] <= 0x39 && p - at < 15) value = value * 10 + b[p++] - 0x30;
  if (p === at || p < end) value = -2;
  // Two that differ are an attack on framing (RFC 9112 §6.3).
  head.contentLength = head.contentLength === -1 || head.contentLength === value ? value : -2;
}

/** True where a response with this status has no body, whatever its header fields say (RFC 9112 §6.3). */
export function hasNoBody(code: number): boolean {
  return (code >= 100 && code < 200) || code === 204 || code === 304;
}
