import { fromBase64 } from '../../base/base64.ts';
import type { SessionContext } from '../session.ts';

/** Longest line of a dialogue that is read. */
const MAX_LINE = 4096;

/** Reads the client's side of a SASL dialogue in text, of the mechanisms that hide nothing: PLAIN (RFC 4616) and LOGIN. */
export class ClearSasl {
  readonly #protocol: string;
  /** The mechanism that is under way, '' = none. */
  #mechanism = '';
  #user: string | null = null;

  constructor(protocol: string) {
    this.#protocol = protocol;
  }

  /** The client names a mechanism, and may say its first answer at once (RFC 4959). */
  begin(argument: string, ctx: SessionContext): void {
    const [mechanism, first] = argument.trim().split(/ +/);
    this.#mechanism = mechanism.toUpperCase();
    this.#user = null;
    if (first !== undefined && this.#mechanism !== '') this.answer(first, ctx);
  }

  /** A line of the client: true where it belongs to the dialogue. */
  answer(line: string, ctx: SessionContext): boolean {
    if (this.#mechanism === '') return false;
    const text = line.length > MAX_LINE || line === '=' ? '' : base64Text(line, ctx);
    if (this.#mechanism === 'PLAIN') {
      const [, user, secret] = text.split('\0');
      if (secret !== undefined) ctx.credential({ protocol: this.#protocol, method: 'AUTH PLAIN', user, secret });
    } else if (this.#mechanism === 'LOGIN') {
      if (this.#user !== null) ctx.credential({ protocol: this.#protocol, method: 'AUTH LOGIN', user: this.#user, secret: text });
      this.#user = this.#user === null ? text : null;
    }
    return true;
  }

  /** The server has decided. */
  end(): void {
    this.#mechanism = '';
  }
}

/** Text behind base64; '' where it is none. */
export function base64Text(text: string, ctx: SessionContext): string {
  const bytes = fromBase64(text);
  return bytes === undefined ? '' : ctx.host.utf8(bytes, 0, bytes.length);
}
