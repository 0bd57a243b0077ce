import type { FileSink, SessionContext } from '../session.ts';
import { Base64Decoder, QuotedPrintableDecoder, type TransferDecoder } from './mail-transfer.ts';
import { decodeWords } from './mail-words.ts';

/** Header fields of a mail kept by name, in lower case; the first of each. */
export type MailHeaders = ReadonlyMap<string, string>;

/** Bytes of one part's header fields, and parts in parts: more is not read. */
const MAX_HEADER = 65_536;
const MAX_NESTING = 16;
/** Attachments of one mail that are told; beyond, the mail alone is. */
const MAX_PARTS = 256;

/** One level of `multipart/...`: its boundary as bytes, without the two dashes. */
type Boundary = string;

/**
 * Reads a mail as it passes, line by line (RFC 5322, RFC 2045 to 2047): its own header fields, and each part that has a file name or is
 * not text becomes a file of depth 1 with its transfer encoding taken off.
 */
export class MailMessage {
  readonly headers = new Map<string, string>();
  readonly #source: string;
  readonly #dir: 0 | 1;
  readonly #boundaries: Boundary[] = [];
  #header = '';
  #inHeader = true;
  /** True until the mail's own header fields are over. */
  #top = true;
  #parts = 0;
  #part: { readonly sink: FileSink; readonly decoder: TransferDecoder | undefined } | undefined;

  constructor(source: string, dir: 0 | 1) {
    this.#source = source;
    this.#dir = dir;
  }

  /** One line of the mail without its line end; `b` is lent. */
  line(b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (this.#inHeader) {
      this.#headerLine(b, at, end, ctx);
      return;
    }
    if (b[at] === 0x2d && b[at + 1] === 0x2d && this.#boundaries.length > 0 && this.#boundaryLine(ctx.host.latin1(b, at + 2, end).trimEnd(), ctx)) return;
    this.#body(b, at, end, ctx);
  }

  /** The mail is over; `whole` = nothing of it is missing. */
  end(whole: boolean, ctx: SessionContext): void {
    if (this.#inHeader && this.#top) this.#take(this.#header);
    this.#closePart(whole, ctx);
  }

  gap(length: number, ctx: SessionContext): void {
    this.#part?.sink.gap(length, ctx);
  }

  #headerLine(b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (end > at) {
      if (this.#header.length + end - at > MAX_HEADER) return;
      const text = ctx.host.utf8(b, at, end);
      // A line that begins with white space goes on with the field before it (RFC 5322 §2.2.3).
      if (b[at] === 0x20 || b[at] === 0x09) this.#header += ` ${text.trim()}`;
      else this.#header += `${this.#header === '' ? '' : '\n'}${text}`;
      return;
    }
    const fields = this.#top ? this.headers : new Map<string, string>();
    this.#take(this.#header, fields);
    this.#header = '';
    this.#inHeader = false;
    this.#top = false;
    this.#openBody(fields, ctx);
  }

  #take(header: string, into: Map<string, string> = this.headers): void {
    for (const line of header.split('\n')) {
      const colon = line.indexOf(':');
      if (colon <= 0) continue;
      const name = line.slice(0, colon).trim().toLowerCase();
      if (!into.has(name)) into.set(name, line.slice(colon + 1).trim());
    }
  }

  #openBody(fields: MailHeaders, ctx: SessionContext): void {
    const type = fields.get('content-type') ?? 'text/plain';
    const kind = type.split(';', 1)[0].trim().toLowerCase();
    if (kind.startsWith('multipart/')) {
      const boundary = parameter(type, 'boundary');
      if (boundary !== null && boundary !== '' && this.#boundaries.length < MAX_NESTING) this.#boundaries.push(boundary);
      else if (boundary !== null) ctx.anomaly('mail_nested_too_deep');
      return;
    }
    const disposition = fields.get('content-disposition') ?? '';
    const name = parameter(disposition, 'filename') ?? parameter(type, 'name');
    if (name === null && kind.startsWith('text/')) return;
    if (this.#parts >= MAX_PARTS) {
      ctx.anomaly('mail_too_many_parts');
      return;
    }
    this.#parts++;
    const sink = ctx.file(this.#dir, { source: this.#source, name: name === null ? null : decodeWords(name, ctx.host), declaredType: kind, encoding: null, announcedBytes: null, depth: 1 });
    this.#part = { sink, decoder: decoderOf(fields.get('content-transfer-encoding')) };
  }

  #body(b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    const part = this.#part;
    if (part === undefined) return;
    if (part.decoder !== undefined) {
      const plain = part.decoder.line(b, at, end);
      part.sink.data(plain, 0, plain.length, ctx);
      return;
    }
    const line = new Uint8Array(end - at + 2);
    line.set(b.subarray(at, end));
    line[end - at] = 13;
    line[end - at + 1] = 10;
    part.sink.data(line, 0, line.length, ctx);
  }

  /** A line that begins with two dashes: true where it is a boundary of the mail. */
  #boundaryLine(text: string, ctx: SessionContext): boolean {
    for (let i = this.#boundaries.length - 1; i >= 0; i--) {
      const last = text === `${this.#boundaries[i]}--`;
      if (!last && text !== this.#boundaries[i]) continue;
      this.#closePart(true, ctx);
      // A boundary of an outer part ends the inner ones.
      this.#boundaries.length = last ? i : i + 1;
      this.#inHeader = !last;
      this.#header = '';
      return true;
    }
    return false;
  }

  #closePart(whole: boolean, ctx: SessionContext): void {
    this.#part?.sink.end(whole, ctx);
    this.#part = undefined;
  }
}

/** A parameter of a structured field, quoted or not, RFC 2231's extended form included; null where it is missing. */
export function parameter(value: string, name: string): string | null {
  const found = new RegExp(`(?:^|[;\\s])${name}(\\*(?:0\\*?)?)?\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, 'i').exec(value);
  if (found === null) return null;
  const text = found[2] === undefined ? found[3] : found[2].replaceAll(/\\(.)/g, '$1');
  if (found[1] === undefined || !text.includes("'")) return text;
  const encoded = text.replace(/^[^']*'[^']*'/, '');
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function decoderOf(encoding: string | undefined): TransferDecoder | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case 'base64': return new Base64Decoder();
    case 'quoted-printable': return new QuotedPrintableDecoder();
    default: return undefined;
  }
}
