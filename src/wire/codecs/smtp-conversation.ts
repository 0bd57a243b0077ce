/** What the client sends next. */
export const COMMANDS = 0;
export const DATA = 1;
export const BDAT = 2;
export const AUTH_USER = 3;
export const AUTH_PASSWORD = 4;
/** The answer to a challenge, in a form that the mechanism defines. */
export const AUTH_ANSWER = 5;

/** Longest mail that is put together. */
const MAX_MAIL = 16 << 20;

/** What is remembered of one SMTP connection. */
export class SmtpConversation {
  state = COMMANDS;
  /** Bytes of the BDAT chunk that are still to come (RFC 3030 §2). */
  chunk = 0;
  /** Steps of AUTH LOGIN that the server will ask for: 2, 1, 0. */
  login = 0;
  answering = false;
  startTls = false;
  /** DATA was sent, and its answer is awaited. */
  asked = false;
  readonly frames: number[] = [];
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** Adds bytes of the mail (copied). */
  add(b: Uint8Array, at: number, end: number, frame: number): void {
    if (end <= at || this.#length + end - at > MAX_MAIL) return;
    this.#parts.push(b.slice(at, end));
    this.frames.push(frame);
    this.#length += end - at;
  }

  /** The mail, and forgets it. */
  take(): Uint8Array {
    const mail = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      mail.set(part, at);
      at += part.length;
    }
    this.forget();
    return mail;
  }

  forget(): void {
    this.#parts.length = 0;
    this.frames.length = 0;
    this.#length = 0;
  }
}

export function createSmtpConversation(): SmtpConversation {
  return new SmtpConversation();
}
