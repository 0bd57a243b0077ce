import type { Session, SessionContext, SessionDefinition } from '../session.ts';

const IAC = 255;
const SB = 250;
const SE = 240;
const WILL = 251;
const MAX_LINE = 256;

// What the next byte of a direction is (RFC 854, RFC 855).
const TEXT = 0;
const COMMAND = 1;
const OPTION = 2;
const SUBOPTION = 3;
const SUBOPTION_COMMAND = 4;

/** Takes commands off one direction of Telnet and gives its text, a byte at a time. */
class TelnetText {
  #state = TEXT;

  push(bytes: Uint8Array, at: number, end: number, onText: (byte: number) => void): void {
    for (let p = at; p < end; p++) {
      const byte = bytes[p];
      switch (this.#state) {
        case TEXT:
          if (byte === IAC) this.#state = COMMAND;
          else onText(byte);
          break;
        case COMMAND:
          if (byte === IAC) onText(byte);
          this.#state = byte === SB ? SUBOPTION : byte >= WILL && byte < IAC ? OPTION : TEXT;
          break;
        case OPTION:
          this.#state = TEXT;
          break;
        case SUBOPTION:
          if (byte === IAC) this.#state = SUBOPTION_COMMAND;
          break;
        default:
          this.#state = byte === SE ? TEXT : SUBOPTION;
      }
    }
  }
}

/** Finds logins in Telnet: what the client types in answer to a prompt for a name, then for a password. Emits no records. */
export class TelnetSession implements Session {
  readonly #texts = [new TelnetText(), new TelnetText()] as const;
  /** The server's last line so far; the client's line so far, and the prompt that stood when it began. */
  #shown = '';
  #typed = '';
  #prompt: string | undefined;
  #user: string | null = null;

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    this.#texts[dir].push(bytes, at, end, dir === 1 ? (byte) => this.#show(byte) : (byte) => this.#type(byte, ctx));
  }

  gap(): void {
    this.#typed = '';
    this.#prompt = undefined;
  }

  end(): void {
    // A line without its end is no answer.
  }

  #show(byte: number): void {
    if (byte === 10 || byte === 13) this.#shown = '';
    else if (byte >= 0x20) this.#shown = (this.#shown + String.fromCharCode(byte)).slice(-MAX_LINE);
  }

  #type(byte: number, ctx: SessionContext): void {
    if (byte === 13 || byte === 10) {
      if (this.#prompt !== undefined) this.#answer(this.#prompt, ctx);
      this.#typed = '';
      this.#prompt = undefined;
    } else if (byte === 8 || byte === 127) this.#typed = this.#typed.slice(0, -1);
    else if (byte >= 0x20 && this.#typed.length < MAX_LINE) {
      this.#prompt ??= this.#shown;
      this.#typed += String.fromCharCode(byte);
    }
  }

  #answer(prompt: string, ctx: SessionContext): void {
    if (/(?:login|user ?name|user)\s*:\s*$/i.test(prompt)) this.#user = this.#typed;
    else if (/pass(?:word|code)?\b[^:]{0,64}:\s*$/i.test(prompt)) ctx.credential({ protocol: 'telnet', method: 'login', user: this.#user, secret: this.#typed });
  }
}

/** Not among the sessions of the dissectors: it has no records, and Zeek's `service` has no name for Telnet. */
export const telnetSession: SessionDefinition = {
  service: 'telnet',
  transport: 'tcp',
  ports: [23],
  recognise(b, at, end) {
    if (b[at] !== IAC) return 'no';
    return end - at < 2 ? 'maybe' : b[at + 1] >= WILL && b[at + 1] < IAC ? 'yes' : 'no';
  },
  create: () => new TelnetSession(),
};
