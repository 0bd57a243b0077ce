import type { Nanos } from '../../base/time.ts';
import { nanosOf } from '../../base/time.ts';
import { PROTOCOL_SCHEMA } from '../../model/index.ts';
import type { FileSink, Session, SessionContext, SessionDefinition, SessionRecord } from '../session.ts';
import { ClearSasl } from './clear-sasl.ts';
import { MailMessage } from './mail-message.ts';
import { MASKED_SECRET } from './masked-secret.ts';
import { LineSplitter } from './line-splitter.ts';

const MAX_WAITING = 256;
const CRLF = Uint8Array.of(13, 10);
/** Commands with an answer of several lines (RFC 1939, RFC 2449); LIST and UIDL have one only without an argument. */
const LONG: ReadonlySet<string> = new Set(['RETR', 'TOP', 'CAPA', 'LIST', 'UIDL']);

interface Command {
  readonly verb: string;
  readonly argument: string;
  readonly frame: number;
  readonly time: Nanos;
}

/** POP 3 (RFC 1939): one `pop3` transaction a command, mails that are fetched and their attachments as files. */
export class PopSession implements Session {
  readonly #lines = [new LineSplitter(), new LineSplitter()] as const;
  readonly #waiting: Command[] = [];
  #mail: { readonly message: MailMessage; readonly file: FileSink } | undefined;
  /** An answer of several lines passes. */
  #inLong = false;
  #user: string | null = null;
  readonly #sasl = new ClearSasl('pop3');
  #over = false;

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (this.#over) return;
    this.#lines[dir].push(bytes, at, end, (b, from, to) => {
      if (dir === 0) this.#command(ctx.host.utf8(b, from, to), ctx);
      else if (this.#inLong) this.#longLine(b, from, to, ctx);
      else this.#status(ctx.host.utf8(b, from, to), ctx);
      return !this.#over;
    });
  }

  gap(dir: 0 | 1, length: number, ctx: SessionContext): void {
    this.#lines[dir].reset();
    if (dir === 0) return;
    this.#mail?.file.gap(length, ctx);
    this.#mail?.message.gap(length, ctx);
  }

  end(ctx: SessionContext): void {
    this.#endMail(false, ctx);
    for (const command of this.#waiting) this.#emit(command, null, ctx);
    this.#waiting.length = 0;
  }

  #command(line: string, ctx: SessionContext): void {
    // Answers to AUTH are no commands (RFC 5034 §4).
    if (this.#sasl.answer(line, ctx)) return;
    const [verb, ...rest] = line.split(' ');
    const command = { verb: verb.toUpperCase(), argument: rest.join(' '), frame: ctx.frame, time: nanosOf(ctx.seconds, ctx.nanoseconds) };
    if (command.verb === 'USER') this.#user = command.argument;
    if (command.verb === 'PASS') ctx.credential({ protocol: 'pop3', method: 'PASS', user: this.#user, secret: command.argument });
    else if (command.verb === 'AUTH') this.#sasl.begin(command.argument, ctx);
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(command);
  }

  #status(line: string, ctx: SessionContext): void {
    const ok = line.startsWith('+OK');
    if (!ok && !line.startsWith('-ERR')) return;
    this.#sasl.end();
    // The first status greets.
    const command = this.#waiting.shift();
    if (command === undefined) return;
    this.#emit(command, line, ctx);
    if (!ok) return;
    if (command.verb === 'STLS') {
      this.#over = true;
      ctx.become('ssl');
    } else if (LONG.has(command.verb) && (command.argument === '' || command.verb === 'RETR' || command.verb === 'TOP')) {
      this.#inLong = true;
      if (command.verb !== 'RETR') return;
      this.#mail = {
        message: new MailMessage('pop3', 1),
        file: ctx.file(1, { source: 'pop3', name: null, declaredType: 'message/rfc822', encoding: null, announcedBytes: null }),
      };
    }
  }

  #longLine(b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (end - at === 1 && b[at] === 0x2e) {
      this.#inLong = false;
      this.#endMail(true, ctx);
      return;
    }
    const mail = this.#mail;
    if (mail === undefined) return;
    // A dot at the start of a line was doubled (RFC 1939 §3).
    const from = end - at > 1 && b[at] === 0x2e ? at + 1 : at;
    mail.file.data(b, from, end, ctx);
    mail.file.data(CRLF, 0, 2, ctx);
    mail.message.line(b, from, end, ctx);
  }

  #endMail(whole: boolean, ctx: SessionContext): void {
    this.#mail?.message.end(whole, ctx);
    this.#mail?.file.end(whole, ctx);
    this.#mail = undefined;
  }

  #emit(command: Command, status: string | null, ctx: SessionContext): void {
    const secret = command.verb === 'PASS' || command.verb === 'AUTH' || command.verb === 'APOP';
    ctx.emit({
      kind: 'transaction', schema: PROTOCOL_SCHEMA, protocol: 'pop3', time: command.time, firstFrame: command.frame, lastFrame: Math.max(ctx.frame, command.frame),
      values: { user: this.#user, command: command.verb, arg: secret ? MASKED_SECRET : command.argument, successful: status === null ? null : status.startsWith('+'), status },
    } as SessionRecord);
  }
}

/** Found by the signature of its greeting. */
export const popSession: SessionDefinition = {
  service: 'pop3',
  transport: 'tcp',
  ports: [110],
  logs: { pop3: { user: 'string', command: 'string', arg: 'string', successful: 'bool', status: 'string' } },
  create: () => new PopSession(),
};
