import { u16be } from '../../base/bytes.ts';
import type { FileSink, Session, SessionContext, SessionDefinition } from '../session.ts';

// Opcodes (RFC 1350 §5, RFC 2347).
const RRQ = 1;
const WRQ = 2;
const DATA = 3;
const ERROR = 5;
const OACK = 6;
const DEFAULT_BLOCK = 512;

/** What request and transfer share: they are two conversations, since the server answers from a port of its own. */
interface Transfer {
  readonly name: string;
  blockSize: number;
}

/** The conversation of a request to port 69 (RFC 1350); the transfer that follows is read by `TftpTransfer`. */
export class TftpSession implements Session {
  #transfer: TftpTransfer | undefined;

  data(dir: 0 | 1, b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    const op = end - at >= 4 ? u16be(b, at) : 0;
    if (op === RRQ || op === WRQ) {
      const texts = ctx.host.latin1(b, at + 2, end).split('\0');
      const block = texts.findIndex((t) => t.toLowerCase() === 'blksize');
      const asked = block < 0 ? Number.NaN : Number(texts[block + 1]);
      const transfer: Transfer = { name: texts[0], blockSize: DEFAULT_BLOCK };
      this.#transfer = new TftpTransfer(transfer, asked);
      ctx.expect('udp', ctx.srcIp, ctx.srcPort, 'tftp', () => new TftpTransfer(transfer, asked));
      return;
    }
    // Some servers answer from port 69 itself.
    this.#transfer?.data(dir, b, at, end, ctx);
  }

  gap(): void {
    // Datagrams have no gaps of their own: a block that is missing shows in its number.
  }

  end(ctx: SessionContext): void {
    this.#transfer?.end(ctx);
  }
}

/** One transfer: blocks in order are the file's bytes; the last one is short. */
class TftpTransfer implements Session {
  readonly #transfer: Transfer;
  readonly #asked: number;
  #file: FileSink | undefined;
  #next = 1;

  constructor(transfer: Transfer, asked: number) {
    this.#transfer = transfer;
    this.#asked = asked;
  }

  data(dir: 0 | 1, b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    const op = end - at >= 2 ? u16be(b, at) : 0;
    if (op === OACK && ctx.host.latin1(b, at + 2, end).toLowerCase().includes('blksize') && this.#asked > 0) this.#transfer.blockSize = this.#asked;
    if (op === ERROR) this.#file?.end(false, ctx);
    if (op !== DATA || end - at < 4) return;
    // A block sent again, or out of its turn: TFTP waits for each, so the first copy counts.
    if (u16be(b, at + 2) !== this.#next) return;
    this.#next = (this.#next + 1) & 0xffff;
    this.#file ??= ctx.file(dir, { source: 'tftp', name: this.#transfer.name, declaredType: null, encoding: null, announcedBytes: null });
    this.#file.data(b, at + 4, end, ctx);
    if (end - at - 4 < this.#transfer.blockSize) this.#file.end(true, ctx);
  }

  gap(): void {
    // See above.
  }

  end(ctx: SessionContext): void {
    this.#file?.end(false, ctx);
  }
}

/** Requests to port 69. */
export const tftpSession: SessionDefinition = {
  service: 'tftp',
  transport: 'udp',
  ports: [69],
  recognise: (b, at, end) => (end - at >= 6 && (u16be(b, at) === RRQ || u16be(b, at) === WRQ) && b[end - 1] === 0 ? 'yes' : 'no'),
  create: () => new TftpSession(),
};
