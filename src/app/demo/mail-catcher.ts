import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** One mail as it arrived. */
export interface CaughtMail {
  readonly id: string;
  readonly receivedAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
  /** The whole message, at most 256 KiB of it. */
  readonly raw: string;
}

const KEPT = 200;
const MAX_BYTES = 256 * 1024;

/**
 * A real SMTP server on loopback that keeps what it gets and delivers nothing: the demo's mailbox.
 *
 * It offers neither TLS nor login, which is why it listens on 127.0.0.1 alone and exists in the demo alone.
 */
export class MailCatcher {
  readonly #server: SMTPServer;
  readonly #mails: CaughtMail[] = [];
  readonly #listeners = new Set<(mail: CaughtMail) => void>();
  #count = 0;

  constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      size: MAX_BYTES,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        stream.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= MAX_BYTES) chunks.push(chunk);
        });
        stream.on('end', () => {
          const envelopeFrom = session.envelope.mailFrom;
          this.#keep(Buffer.concat(chunks).toString('utf8'), envelopeFrom === false ? '' : envelopeFrom.address, session.envelope.rcptTo.map((r) => r.address));
          done();
        });
        stream.on('error', done);
      },
    });
  }

  /** Starts to listen on a free port of 127.0.0.1 and returns it. */
  async start(): Promise<number> {
    await new Promise<void>((listening, failed) => {
      this.#server.once('error', failed);
      this.#server.listen(0, '127.0.0.1', () => listening());
    });
    return (this.#server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((closed) => this.#server.close(closed));
  }

  /** Newest first. */
  mails(): readonly CaughtMail[] {
    return this.#mails.toReversed();
  }

  onMail(listener: (mail: CaughtMail) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #keep(raw: string, from: string, to: readonly string[]): void {
    const { headers, body } = splitMessage(raw);
    const mail: CaughtMail = {
      id: String(++this.#count), receivedAt: new Date().toISOString(), from, to,
      subject: decodeWords(headers.get('subject') ?? ''), messageId: headers.get('message-id') ?? '',
      text: plainText(headers, body), raw,
    };
    this.#mails.push(mail);
    if (this.#mails.length > KEPT) this.#mails.shift();
    for (const listener of this.#listeners) listener(mail);
  }
}

/** Headers (unfolded, names in lower case) and body of a message (RFC 5322 §2). */
export function splitMessage(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.search(/\r?\n\r?\n/);
  const head = end < 0 ? raw : raw.slice(0, end);
  const headers = new Map<string, string>();
  for (const line of head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, body: end < 0 ? '' : raw.slice(end).replace(/^\r?\n\r?\n/, '') };
}

/** Encoded words in UTF-8 (RFC 2047). */
export function decodeWords(text: string): string {
  return text.replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?/gi, (_, kind: string, coded: string) =>
    kind.toLowerCase() === 'b' ? Buffer.from(coded, 'base64').toString('utf8') : quotedPrintable(coded.replaceAll('_', ' ')));
}

function quotedPrintable(text: string): string {
  const bytes = text.replaceAll(/=\r?\n/g, '').replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The text/plain part of a message, decoded (RFC 2045, RFC 2046); of nested parts the first. */
export function plainText(headers: Map<string, string>, body: string): string {
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (boundary !== undefined) {
    for (const part of body.split(new RegExp(`(?:^|\\r?\\n)--${boundary.replaceAll(/[^\w]/g, '\\$&')}(?:--)?[ \\t]*\\r?\\n?`))) {
      const inner = splitMessage(part);
      const innerType = inner.headers.get('content-type') ?? '';
      if (/^text\/plain|^multipart\//i.test(innerType)) return plainText(inner.headers, inner.body);
    }
    return '';
  }
  const encoding = (headers.get('content-transfer-encoding') ?? '').toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  return encoding === 'quoted-printable' ? quotedPrintable(body) : body;
}
