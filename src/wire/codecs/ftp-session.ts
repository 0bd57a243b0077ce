import { parseIp, type IpHex } from '../../base/ip.ts';
import type { Nanos } from '../../base/time.ts';
import { nanosOf } from '../../base/time.ts';
import { PROTOCOL_SCHEMA } from '../../model/index.ts';
import type { FileSink, Session, SessionContext, SessionDefinition, SessionRecord } from '../session.ts';
import { MASKED_SECRET } from './masked-secret.ts';
import { LineSplitter } from './line-splitter.ts';

/** Commands that wait for their reply; clients may send several at once. */
const MAX_WAITING = 64;
/** Commands whose exchange is a record, as Zeek logs them. */
const LOGGED: ReadonlySet<string> = new Set(['APPE', 'DELE', 'RETR', 'STOR', 'STOU', 'ACCT', 'PORT', 'EPRT', 'PASV', 'EPSV']);
const TRANSFERS: ReadonlySet<string> = new Set(['RETR', 'STOR', 'APPE', 'STOU', 'LIST', 'NLST', 'MLSD']);

interface Command {
  readonly verb: string;
  readonly argument: string;
  readonly frame: number;
  readonly time: Nanos;
}

/** What a data connection will carry; filled in when the client asks for it, which may be after the connection stands. */
interface Transfer {
  verb: string | null;
  name: string | null;
}

/**
 * FTP's control connection (RFC 959, RFC 2428): an `ftp` transaction for each transfer, deletion and data connection with the values of
 * Zeek's log; data connections are announced, and what they carry becomes a file.
 */
export class FtpSession implements Session {
  readonly #lines = [new LineSplitter(), new LineSplitter()] as const;
  readonly #waiting: Command[] = [];
  #user: string | null = null;
  #password: string | null = null;
  #transfer: Transfer | undefined;
  /** Code of a reply of several lines that has not ended. */
  #openReply: string | undefined;
  #over = false;

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (this.#over) return;
    this.#lines[dir].push(bytes, at, end, (b, from, to) => {
      if (dir === 0) this.#command(ctx.host.utf8(b, from, to), ctx);
      else this.#reply(ctx.host.utf8(b, from, to), ctx);
      return !this.#over;
    });
  }

  gap(dir: 0 | 1): void {
    this.#lines[dir].reset();
  }

  end(ctx: SessionContext): void {
    for (const command of this.#waiting) if (LOGGED.has(command.verb)) this.#emit(command, null, '', ctx);
    this.#waiting.length = 0;
  }

  #command(line: string, ctx: SessionContext): void {
    const space = line.indexOf(' ');
    const verb = (space < 0 ? line : line.slice(0, space)).toUpperCase();
    const argument = space < 0 ? '' : line.slice(space + 1);
    const command = { verb, argument, frame: ctx.frame, time: nanosOf(ctx.seconds, ctx.nanoseconds) };
    if (this.#waiting.length < MAX_WAITING) this.#waiting.push(command);
    switch (verb) {
      case 'USER':
        this.#user = argument;
        this.#password = null;
        break;
      case 'PASS':
        ctx.credential({ protocol: 'ftp', method: 'PASS', user: this.#user, secret: argument });
        // An anonymous login's password is an address, by custom, and no secret.
        this.#password = /^(?:anonymous|ftp|guest)$/i.test(this.#user ?? '') ? argument : MASKED_SECRET;
        break;
      case 'PORT': {
        const endpoint = hostPort(argument);
        if (endpoint !== undefined) this.#announce(endpoint.ip, endpoint.port, ctx);
        break;
      }
      case 'EPRT': {
        const [, , ip, port] = argument.split(argument[0] ?? '|');
        const parsed = parseIp(ip ?? '');
        if (parsed !== undefined) this.#announce(parsed, Number(port), ctx);
        break;
      }
      default:
        if (!TRANSFERS.has(verb) || this.#transfer === undefined) return;
        this.#transfer.verb = verb;
        this.#transfer.name = argument === '' ? null : argument.slice(Math.max(argument.lastIndexOf('/'), argument.lastIndexOf('\\')) + 1);
    }
  }

  #reply(line: string, ctx: SessionContext): void {
    const code = line.slice(0, 3);
    // A reply of several lines ends with its code and a blank (RFC 959 §4.2).
    if (this.#openReply !== undefined) {
      if (!line.startsWith(`${this.#openReply} `)) return;
      this.#openReply = undefined;
    } else if (!/^\d{3}/.test(line)) return;
    else if (line[3] === '-') {
      this.#openReply = code;
      return;
    }
    const text = line.slice(4);
    if (code === '227') {
      const endpoint = hostPort(/\d+(?:,\d+){5}/.exec(text)?.[0] ?? '');
      if (endpoint !== undefined) this.#announce(endpoint.ip, endpoint.port, ctx);
    } else if (code === '229') {
      const port = /\((.)\1\1(\d+)\1\)/.exec(text)?.[2];
      if (port !== undefined) this.#announce(ctx.dstIp, Number(port), ctx);
    }
    // The first reply greets; a preliminary one (1yz) leaves its command waiting.
    if (code[0] === '1') return;
    const command = this.#waiting.shift();
    if (command === undefined) return;
    if (LOGGED.has(command.verb)) this.#emit(command, Number(code), text, ctx);
    if (command.verb === 'AUTH' && code === '234') {
      this.#over = true;
      ctx.become('ssl');
    }
  }

  #announce(ip: IpHex, port: number, ctx: SessionContext): void {
    if (!(port > 0 && port < 65_536)) return;
    const transfer: Transfer = { verb: null, name: null };
    this.#transfer = transfer;
    ctx.expect('tcp', ip, port, 'ftp-data', () => new FtpDataSession(transfer));
  }

  #emit(command: Command, code: number | null, text: string, ctx: SessionContext): void {
    ctx.emit({
      kind: 'transaction', schema: PROTOCOL_SCHEMA, protocol: 'ftp', time: command.time, firstFrame: command.frame, lastFrame: Math.max(ctx.frame, command.frame),
      values: { user: this.#user ?? '<unknown>', password: this.#password, command: command.verb, arg: command.argument, reply_code: code, reply_msg: text },
    } as SessionRecord);
  }
}

/** One data connection: whatever goes over it is the file. */
class FtpDataSession implements Session {
  readonly #transfer: Transfer;
  #file: FileSink | undefined;

  constructor(transfer: Transfer) {
    this.#transfer = transfer;
  }

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    this.#open(dir, ctx).data(bytes, at, end, ctx);
  }

  gap(dir: 0 | 1, length: number, ctx: SessionContext): void {
    this.#open(dir, ctx).gap(length, ctx);
  }

  end(ctx: SessionContext): void {
    this.#file?.end(true, ctx);
  }

  #open(dir: 0 | 1, ctx: SessionContext): FileSink {
    const { verb, name } = this.#transfer;
    const listing = verb === 'LIST' || verb === 'NLST' || verb === 'MLSD';
    this.#file ??= ctx.file(dir, { source: 'ftp-data', name: listing ? null : name, declaredType: null, encoding: null, announcedBytes: null });
    return this.#file;
  }
}

/** `h1,h2,h3,h4,p1,p2` of PORT and the reply to PASV. */
function hostPort(text: string): { ip: IpHex; port: number } | undefined {
  const parts = text.split(',').map(Number);
  if (parts.length !== 6 || parts.some((p) => !(p >= 0 && p < 256))) return undefined;
  const ip = parseIp(parts.slice(0, 4).join('.'));
  return ip === undefined ? undefined : { ip, port: parts[4] * 256 + parts[5] };
}

/** Found by the signature of its greeting. */
export const ftpSession: SessionDefinition = {
  service: 'ftp',
  transport: 'tcp',
  ports: [21],
  logs: { ftp: { user: 'string', password: 'string', command: 'string', arg: 'string', reply_code: 'count', reply_msg: 'string' } },
  create: () => new FtpSession(),
};
