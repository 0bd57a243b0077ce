import type { Nanos } from '../../base/time.ts';
import { nanosOf } from '../../base/time.ts';
import { PROTOCOL_SCHEMA, type TransactionValue } from '../../model/index.ts';
import type { FileSink, Session, SessionContext, SessionDefinition, SessionRecord } from '../session.ts';
import { ClearSasl } from './clear-sasl.ts';
import { MailMessage } from './mail-message.ts';
import { decodeWords } from './mail-words.ts';
import { LineSplitter } from './line-splitter.ts';

/** Recipients of one mail that are kept. */
const MAX_RECIPIENTS = 100;

type Mutable = { -readonly [K in string]: TransactionValue };

/** One mail on its way, or what was said before the first. */
interface Mail {
  readonly time: Nanos;
  readonly firstFrame: number;
  values: Mutable;
  recipients: string[];
  message: MailMessage | undefined;
  file: FileSink | undefined;
  /** Something happened that is worth a record. */
  active: boolean;
}

/**
 * SMTP (RFC 5321) with BDAT (RFC 3030): one `smtp` transaction a mail with the values of Zeek's log, the mail and its attachments as
 * files. After STARTTLS the conversation is handed on.
 */
export class SmtpSession implements Session {
  readonly #lines = [new LineSplitter(), new LineSplitter()] as const;
  #helo: string | null = null;
  #mail: Mail | undefined;
  /** A mail whose bytes are over: its record waits for the server's answer. */
  #sent: Mail | undefined;
  #depth = 0;
  #inData = false;
  #bdatLeft = 0;
  #bdatLast = false;
  /** Lines of an AUTH dialogue are no commands. */
  #inAuth = false;
  readonly #sasl = new ClearSasl('smtp');
  #startTls = false;
  #over = false;
  #lastReply: string | null = null;

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    let p = at;
    while (p < end && !this.#over) {
      if (dir === 0 && this.#bdatLeft > 0) {
        const n = Math.min(this.#bdatLeft, end - p);
        this.#mail?.file?.data(bytes, p, p + n, ctx);
        this.#lines[0].push(bytes, p, p + n, (b, from, to) => {
          this.#mail?.message?.line(b, from, to, ctx);
        });
        this.#bdatLeft -= n;
        p += n;
        if (this.#bdatLeft === 0 && this.#bdatLast) this.#endMail(true, ctx);
        continue;
      }
      p = this.#lines[dir].push(bytes, p, end, (b, from, to) => {
        if (dir === 1) this.#reply(ctx.host.utf8(b, from, to), ctx);
        else if (this.#inData) this.#dataLine(b, from, to, ctx);
        else this.#command(ctx.host.utf8(b, from, to), ctx);
        // What follows may be counted bytes, or another protocol's.
        return this.#bdatLeft === 0 && !this.#over;
      });
    }
  }

  gap(dir: 0 | 1, length: number, ctx: SessionContext): void {
    this.#lines[dir].reset();
    if (dir === 1) return;
    this.#mail?.file?.gap(length, ctx);
    this.#mail?.message?.gap(length, ctx);
    if (this.#bdatLeft > 0) this.#bdatLeft = Math.max(0, this.#bdatLeft - length);
  }

  end(ctx: SessionContext): void {
    if (this.#inData || this.#bdatLeft > 0) this.#endMail(false, ctx);
    this.#emitSent(ctx);
    this.#emit(ctx);
  }

  #current(ctx: SessionContext): Mail {
    this.#mail ??= { time: nanosOf(ctx.seconds, ctx.nanoseconds), firstFrame: ctx.frame, values: {}, recipients: [], message: undefined, file: undefined, active: false };
    return this.#mail;
  }

  #command(line: string, ctx: SessionContext): void {
    if (this.#inAuth) {
      this.#inAuth = false;
      this.#sasl.answer(line, ctx);
      return;
    }
    this.#emitSent(ctx);
    const space = line.indexOf(' ');
    const verb = (space < 0 ? line : line.slice(0, space)).toUpperCase();
    const argument = space < 0 ? '' : line.slice(space + 1).trim();
    const mail = this.#current(ctx);
    switch (verb) {
      case 'HELO':
      case 'EHLO':
        this.#helo = argument;
        mail.active = true;
        break;
      case 'MAIL':
        mail.values.mailfrom = address(argument);
        mail.active = true;
        break;
      case 'RCPT':
        if (mail.recipients.length < MAX_RECIPIENTS) mail.recipients.push(address(argument));
        break;
      case 'DATA':
        this.#inData = true;
        this.#beginMessage(mail);
        break;
      case 'BDAT': {
        const [size, last] = argument.split(/\s+/);
        if (mail.message === undefined) this.#beginMessage(mail);
        mail.file ??= this.#openFile(ctx);
        this.#bdatLeft = Math.max(0, Number.parseInt(size, 10) || 0);
        this.#bdatLast = last?.toUpperCase() === 'LAST';
        if (this.#bdatLeft === 0 && this.#bdatLast) this.#endMail(true, ctx);
        break;
      }
      case 'AUTH':
        this.#sasl.begin(argument, ctx);
        break;
      case 'STARTTLS':
        this.#startTls = true;
        break;
      case 'RSET':
        this.#emit(ctx);
        break;
      default:
    }
  }

  #reply(line: string, ctx: SessionContext): void {
    const code = Number.parseInt(line.slice(0, 3), 10);
    if (Number.isNaN(code)) return;
    this.#lastReply = line;
    (this.#sent ?? this.#current(ctx)).values.last_reply = line;
    // A line with a hyphen has a successor (RFC 5321 §4.2.1).
    if (line[3] === '-') return;
    if (this.#sent !== undefined) {
      this.#emitSent(ctx);
      return;
    }
    this.#inAuth = code === 334;
    if (!this.#inAuth) this.#sasl.end();
    // A server that refuses DATA hears a command next.
    if (this.#inData && code >= 400 && this.#mail?.file === undefined) this.#inData = false;
    if (this.#startTls && code === 220) {
      this.#startTls = false;
      this.#current(ctx).values.tls = true;
      this.#emit(ctx);
      this.#over = true;
      ctx.become('ssl');
    } else if (code >= 400) this.#startTls = false;
  }

  #beginMessage(mail: Mail): void {
    mail.message = new MailMessage('smtp', 0);
  }

  #openFile(ctx: SessionContext): FileSink {
    return ctx.file(0, { source: 'smtp', name: null, declaredType: 'message/rfc822', encoding: null, announcedBytes: null });
  }

  #dataLine(b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    const mail = this.#current(ctx);
    mail.file ??= this.#openFile(ctx);
    if (end - at === 1 && b[at] === 0x2e) {
      this.#inData = false;
      this.#endMail(true, ctx);
      return;
    }
    // A dot at the start of a line was doubled by the sender (RFC 5321 §4.5.2).
    const from = end - at > 1 && b[at] === 0x2e ? at + 1 : at;
    mail.file.data(b, from, end, ctx);
    mail.file.data(CRLF, 0, 2, ctx);
    mail.message?.line(b, from, end, ctx);
  }

  /** The bytes of a mail are over. */
  #endMail(whole: boolean, ctx: SessionContext): void {
    const mail = this.#mail;
    this.#bdatLeft = 0;
    this.#inData = false;
    if (mail === undefined) return;
    mail.message?.end(whole, ctx);
    const h = mail.message?.headers;
    const get = (name: string): string | null => {
      const value = h?.get(name);
      return value === undefined ? null : decodeWords(value, ctx.host);
    };
    Object.assign(mail.values, {
      date: get('date'), from: get('from'), to: list(get('to')), cc: list(get('cc')), reply_to: get('reply-to'), msg_id: get('message-id'),
      in_reply_to: get('in-reply-to'), subject: get('subject'), x_originating_ip: get('x-originating-ip'), first_received: get('received'),
      user_agent: get('user-agent') ?? get('x-mailer'),
    } satisfies Mutable);
    mail.file?.end(whole, ctx);
    mail.active = true;
    this.#sent = mail;
    this.#mail = undefined;
  }

  #emitSent(ctx: SessionContext): void {
    if (this.#sent !== undefined) this.#write(this.#sent, ctx);
    this.#sent = undefined;
  }

  #emit(ctx: SessionContext): void {
    const mail = this.#mail;
    this.#mail = undefined;
    if (mail?.active === true) this.#write(mail, ctx);
  }

  #write(mail: Mail, ctx: SessionContext): void {
    const { values } = mail;
    ctx.emit({
      kind: 'transaction', schema: PROTOCOL_SCHEMA, time: mail.time, firstFrame: mail.firstFrame, lastFrame: Math.max(ctx.frame, mail.firstFrame), protocol: 'smtp',
      values: {
        trans_depth: ++this.#depth, helo: this.#helo, mailfrom: values.mailfrom ?? null, rcptto: mail.recipients, date: values.date ?? null, from: values.from ?? null,
        to: values.to ?? [], cc: values.cc ?? [], reply_to: values.reply_to ?? null, msg_id: values.msg_id ?? null, in_reply_to: values.in_reply_to ?? null,
        subject: values.subject ?? null, x_originating_ip: values.x_originating_ip ?? null, first_received: values.first_received ?? null,
        last_reply: values.last_reply ?? this.#lastReply, user_agent: values.user_agent ?? null, tls: values.tls ?? false,
      },
    } as SessionRecord);
  }
}

const CRLF = Uint8Array.of(13, 10);

/** The address in `FROM:<a@b> SIZE=1`. */
function address(argument: string): string {
  const bracketed = /<([^>]*)>/.exec(argument);
  return bracketed === null ? argument.replace(/^(?:from|to):/i, '').trim() : bracketed[1];
}

function list(value: string | null): string[] {
  return value === null ? [] : value.split(',').map((v) => v.trim()).filter((v) => v !== '').slice(0, MAX_RECIPIENTS);
}

/** Found by the signature of its greeting. */
export const smtpSession: SessionDefinition = {
  service: 'smtp',
  transport: 'tcp',
  ports: [25, 587, 2525],
  logs: {
    smtp: {
      trans_depth: 'count', helo: 'string', mailfrom: 'string', rcptto: 'set[string]', date: 'string', from: 'string', to: 'set[string]', cc: 'set[string]',
      reply_to: 'string', msg_id: 'string', in_reply_to: 'string', subject: 'string', x_originating_ip: 'addr', first_received: 'string', last_reply: 'string',
      user_agent: 'string', tls: 'bool',
    },
  },
  create: () => new SmtpSession(),
};
