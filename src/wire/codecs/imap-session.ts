import type { Nanos } from '../../base/time.ts';
import { nanosOf } from '../../base/time.ts';
import { PROTOCOL_SCHEMA } from '../../model/index.ts';
import type { FileSink, Session, SessionContext, SessionDefinition, SessionRecord } from '../session.ts';
import { ClearSasl } from './clear-sasl.ts';
import { MailMessage } from './mail-message.ts';
import { MASKED_SECRET } from './masked-secret.ts';
import { LineSplitter } from './line-splitter.ts';

const MAX_WAITING = 256;
/** Bytes of a command's line with its literals that are kept. */
const MAX_COMMAND = 4096;

interface Command {
  readonly tag: string;
  readonly verb: string;
  readonly argument: string;
  readonly frame: number;
  readonly time: Nanos;
}

/** A mail that passes in a literal. */
class PassingMail {
  readonly #file: FileSink;
  readonly #message: MailMessage;
  readonly #lines = new LineSplitter();
  readonly #whole: boolean;

  constructor(dir: 0 | 1, whole: boolean, length: number, ctx: SessionContext) {
    this.#file = ctx.file(dir, { source: 'imap', name: null, declaredType: 'message/rfc822', encoding: null, announcedBytes: length });
    this.#message = new MailMessage('imap', dir);
    this.#whole = whole;
  }

  data(b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    this.#file.data(b, at, end, ctx);
    this.#lines.push(b, at, end, (line, from, to) => this.#message.line(line, from, to, ctx));
  }

  gap(length: number, ctx: SessionContext): void {
    this.#file.gap(length, ctx);
    this.#lines.reset();
    this.#message.gap(length, ctx);
  }

  end(whole: boolean, ctx: SessionContext): void {
    const rest = this.#lines.rest();
    if (rest !== undefined) this.#message.line(rest, 0, rest.length, ctx);
    this.#message.end(whole && this.#whole, ctx);
    this.#file.end(whole && this.#whole, ctx);
  }
}

/** One direction: lines, between them literals, whose length the line before announced (RFC 9051 §4.3). */
class Direction {
  readonly lines = new LineSplitter();
  /** Bytes of the literal at hand that are to come. */
  literal = 0;
  mail: PassingMail | undefined;
  /** The line so far where literals interrupt it. */
  text = '';
}

/** IMAP (RFC 9051): one `imap` transaction a command, mails that are fetched or appended and their attachments as files. */
export class ImapSession implements Session {
  readonly #directions = [new Direction(), new Direction()] as const;
  readonly #waiting = new Map<string, Command>();
  #user: string | null = null;
  /** Tag of an AUTHENTICATE without its answer: the client's lines are parts of a secret until then. */
  #authenticating: string | null = null;
  readonly #sasl = new ClearSasl('imap');
  #over = false;

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    const d = this.#directions[dir];
    for (let p = at; p < end && !this.#over; ) {
      if (d.literal > 0) {
        const to = Math.min(end, p + d.literal);
        if (d.mail !== undefined) d.mail.data(bytes, p, to, ctx);
        else if (dir === 0 && d.text.length + to - p <= MAX_COMMAND) d.text += ctx.host.utf8(bytes, p, to);
        d.literal -= to - p;
        p = to;
        if (d.literal === 0) this.#endMail(d, true, ctx);
        continue;
      }
      p = d.lines.push(bytes, p, end, (b, from, to) => this.#line(dir, ctx.host.utf8(b, from, to), ctx));
    }
  }

  gap(dir: 0 | 1, length: number, ctx: SessionContext): void {
    const d = this.#directions[dir];
    d.mail?.gap(Math.min(length, d.literal), ctx);
    if (length < d.literal) {
      d.literal -= length;
      return;
    }
    this.#endMail(d, length === d.literal, ctx);
    d.literal = 0;
    d.text = '';
    d.lines.reset();
  }

  end(ctx: SessionContext): void {
    for (const d of this.#directions) this.#endMail(d, false, ctx);
    for (const command of this.#waiting.values()) this.#emit(command, null, null, ctx);
    this.#waiting.clear();
  }

  /** True while lines follow; false where a literal does, or nothing. */
  #line(dir: 0 | 1, line: string, ctx: SessionContext): boolean {
    const d = this.#directions[dir];
    const announced = /~?\{(\d{1,10})\+?\}$/.exec(line);
    const room = MAX_COMMAND - d.text.length;
    d.text += (announced === null ? line : line.slice(0, announced.index)).slice(0, Math.max(0, room));
    if (announced === null) {
      const text = d.text;
      d.text = '';
      if (dir === 0) this.#command(text, ctx);
      else this.#answer(text, ctx);
      return !this.#over;
    }
    d.literal = Number(announced[1]);
    if (d.literal === 0) return true;
    const before = line.slice(0, announced.index).trimEnd();
    const fetched = dir === 1 ? /(?:\b(?:BODY|BINARY)\[\](<\d+>)?|\bRFC822)$/i.exec(before) : null;
    const appended = dir === 0 && /^\S+ APPEND /i.test(d.text);
    // A part that begins at an offset is not the mail.
    if (fetched !== null || appended) d.mail = new PassingMail(dir, fetched?.[1] === undefined, d.literal, ctx);
    return false;
  }

  #command(line: string, ctx: SessionContext): void {
    if (this.#authenticating !== null) {
      this.#sasl.answer(line, ctx);
      return;
    }
    // The end of IDLE is no command (RFC 9051 §6.3.13).
    if (!line.includes(' ')) return;
    const words = /^(\S+) +(UID +)?(\S+) *(.*)$/is.exec(line);
    if (words === null) return;
    const verb = `${words[2] === undefined ? '' : 'UID '}${words[3].toUpperCase()}`;
    let argument = words[4];
    if (verb === 'LOGIN') {
      const [user, secret] = loginArguments(argument);
      ctx.credential({ protocol: 'imap', method: 'LOGIN', user, secret });
      this.#user = user;
      argument = `${this.#user} ${MASKED_SECRET}`;
    } else if (verb === 'AUTHENTICATE') {
      const [mechanism, first] = argument.split(' ');
      this.#sasl.begin(argument, ctx);
      argument = first === undefined ? mechanism : `${mechanism} ${MASKED_SECRET}`;
      this.#authenticating = words[1];
    }
    if (this.#waiting.size < MAX_WAITING) this.#waiting.set(words[1], { tag: words[1], verb, argument, frame: ctx.frame, time: nanosOf(ctx.seconds, ctx.nanoseconds) });
  }

  #answer(line: string, ctx: SessionContext): void {
    const words = /^(\S+) (OK|NO|BAD)\b *(.*)$/is.exec(line);
    if (words === null || words[1] === '*' || words[1] === '+') return;
    if (words[1] === this.#authenticating) {
      this.#authenticating = null;
      this.#sasl.end();
    }
    const command = this.#waiting.get(words[1]);
    if (command === undefined) return;
    this.#waiting.delete(words[1]);
    const status = words[2].toUpperCase();
    this.#emit(command, status, words[3], ctx);
    if (command.verb !== 'STARTTLS' || status !== 'OK') return;
    this.#over = true;
    ctx.become('ssl');
  }

  #endMail(d: Direction, whole: boolean, ctx: SessionContext): void {
    d.mail?.end(whole, ctx);
    d.mail = undefined;
  }

  #emit(command: Command, status: string | null, reply: string | null, ctx: SessionContext): void {
    ctx.emit({
      kind: 'transaction', schema: PROTOCOL_SCHEMA, protocol: 'imap', time: command.time, firstFrame: command.frame, lastFrame: Math.max(ctx.frame, command.frame),
      values: { user: this.#user, tag: command.tag, command: command.verb, arg: command.argument, status, reply },
    } as SessionRecord);
  }
}

/** Both arguments of LOGIN, their quotes taken off (RFC 9051 §4.3). */
function loginArguments(text: string): [user: string, password: string] {
  const found = /^(?:"((?:[^"\\]|\\.)*)"|(\S*)) *(?:"((?:[^"\\]|\\.)*)"$|(.*))/s.exec(text);
  const plain = (quoted: string | undefined, bare: string | undefined): string => quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '';
  return [plain(found?.[1], found?.[2]), plain(found?.[3], found?.[4])];
}

/** Found by the signature of its greeting. */
export const imapSession: SessionDefinition = {
  service: 'imap',
  transport: 'tcp',
  ports: [143],
  logs: { imap: { user: 'string', tag: 'string', command: 'string', arg: 'string', status: 'string', reply: 'string' } },
  create: () => new ImapSession(),
};
