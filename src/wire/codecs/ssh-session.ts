import { toHex, u32be } from '../../base/bytes.ts';
import type { Nanos } from '../../base/time.ts';
import { nanosOf } from '../../base/time.ts';
import { PROTOCOL_SCHEMA } from '../../model/index.ts';
import type { Session, SessionContext, SessionDefinition, SessionRecord } from '../session.ts';
import { agreed, COOKIE_LEN, createSshConversation, hasshAlgorithms, KEX_LISTS, kexFamily, LIST } from './ssh-kex.ts';

// Binary packet (RFC 4253 §6): length, length of padding, payload, padding.
const HEAD_LEN = 5;
const MAX_PACKET = 65_536;
/** Longest line before the greeting, and the greeting itself, without the server's lines that may precede it (RFC 4253 §4.2). */
const MAX_LINE = 1024;
const MAX_LINES = 64;
const KEXINIT = 20;
const NEWKEYS = 21;
/** Answers with the server's host key: of Diffie-Hellman and elliptic curves, and of a group that was asked for (RFC 4419 §5). */
const KEX_REPLY = 31;
const GEX_REPLY = 33;

/** SSH (RFC 4253): one `ssh` transaction a connection, emitted when the server's side turns to encryption or the connection ends. */
export class SshSession implements Session {
  readonly #talk = createSshConversation();
  readonly #held: [Uint8Array | undefined, Uint8Array | undefined] = [undefined, undefined];
  readonly #greeting: [string | null, string | null] = [null, null];
  readonly #lines: [number, number] = [0, 0];
  /** Nothing (more) can be read of this direction: it is encrypted, or bytes of it are missing. */
  readonly #closed: [boolean, boolean] = [false, false];
  #hostKey: string | null = null;
  #frame = 0;
  #time: Nanos = 0n as Nanos;
  #lastFrame = 0;
  #emitted = false;

  constructor() {
    this.#talk.serverDir = 1;
  }

  data(dir: 0 | 1, bytes: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (this.#emitted || this.#closed[dir]) return;
    if (this.#frame === 0) {
      this.#frame = ctx.frame;
      this.#time = nanosOf(ctx.seconds, ctx.nanoseconds);
    }
    this.#lastFrame = ctx.frame;
    const held = this.#held[dir];
    const b = new Uint8Array((held?.length ?? 0) + end - at);
    if (held !== undefined) b.set(held);
    b.set(bytes.subarray(at, end), held?.length ?? 0);
    let p = 0;
    while (p < b.length && !this.#closed[dir]) {
      const next = this.#greeting[dir] === null ? this.#line(dir, b, p, ctx) : this.#packet(dir, b, p, ctx);
      if (next === p) break;
      p = next;
    }
    this.#held[dir] = p < b.length && !this.#closed[dir] ? b.slice(p) : undefined;
    if (this.#closed[1]) this.end(ctx);
  }

  gap(dir: 0 | 1): void {
    this.#closed[dir] = true;
    this.#held[dir] = undefined;
  }

  end(ctx: SessionContext): void {
    if (this.#emitted || (this.#greeting[0] === null && this.#greeting[1] === null)) return;
    this.#emitted = true;
    const { offers } = this.#talk;
    const print = (dir: 0 | 1): string | null => {
      const lists = offers[dir];
      return lists === undefined ? null : toHex(ctx.host.md5(ctx.host.encodeUtf8(hasshAlgorithms(lists, dir === 1))));
    };
    const chosen = (list: number): string | null => agreed(this.#talk, list) ?? null;
    ctx.emit({
      kind: 'transaction', schema: PROTOCOL_SCHEMA, protocol: 'ssh', time: this.#time, firstFrame: this.#frame, lastFrame: this.#lastFrame,
      values: {
        version: versionOf(this.#greeting[1] ?? this.#greeting[0]), client: this.#greeting[0], server: this.#greeting[1],
        cipher_alg: chosen(LIST.CIPHER_CLIENT), mac_alg: chosen(LIST.MAC_CLIENT), compression_alg: chosen(LIST.COMPRESSION_CLIENT),
        kex_alg: chosen(LIST.KEX), host_key_alg: chosen(LIST.HOST_KEY), host_key: this.#hostKey, hassh: print(0), hasshServer: print(1),
      },
    } as SessionRecord);
  }

  /** The greeting, or a line that a server sends before it; `at` where it has not come whole. */
  #line(dir: 0 | 1, b: Uint8Array, at: number, ctx: SessionContext): number {
    const lf = b.indexOf(10, at);
    if (lf < 0 ? b.length - at > MAX_LINE : ++this.#lines[dir] > MAX_LINES) {
      ctx.anomaly('ssh_no_greeting');
      this.#closed[dir] = true;
      return at;
    }
    if (lf < 0) return at;
    const text = ctx.host.utf8(b, at, Math.min(lf, at + MAX_LINE)).replace(/\r$/, '');
    if (text.startsWith('SSH-')) {
      this.#greeting[dir] = text;
      // Version 1 has other packets.
      if (versionOf(text) === 1) this.#closed[dir] = true;
    }
    return lf + 1;
  }

  #packet(dir: 0 | 1, b: Uint8Array, at: number, ctx: SessionContext): number {
    if (b.length - at < HEAD_LEN + 1) return at;
    const length = u32be(b, at);
    const padding = b[at + 4];
    if (length < padding + 2 || length > MAX_PACKET) {
      ctx.anomaly('ssh_bad_packet_length');
      this.#closed[dir] = true;
      return at;
    }
    const next = at + 4 + length;
    if (next > b.length) return at;
    const from = at + HEAD_LEN;
    const end = next - padding;
    const code = b[from];
    if (code === KEXINIT) this.#talk.offers[dir] = listsOf(b, from + 1 + COOKIE_LEN, end, ctx);
    else if (code === NEWKEYS) this.#closed[dir] = true;
    else if (dir === 1 && code === (kexFamily(this.#talk) === 'gex' ? GEX_REPLY : KEX_REPLY)) this.#readHostKey(b, from + 1, end, ctx);
    return next;
  }

  #readHostKey(b: Uint8Array, at: number, end: number, ctx: SessionContext): void {
    if (at + 4 > end) return;
    const length = u32be(b, at);
    if (length > 0 && at + 4 + length <= end) this.#hostKey = toHex(ctx.host.md5(b.slice(at + 4, at + 4 + length)), 0, 16, ':');
  }
}

/** 2 where a greeting offers version 2, `SSH-1.99` included (RFC 4253 §5.1). */
function versionOf(greeting: string | null): number | null {
  if (greeting === null) return null;
  return /^SSH-(?:2|1\.99)/.test(greeting) ? 2 : 1;
}

/** The ten lists of names; undefined where one leads out of the packet. */
function listsOf(b: Uint8Array, at: number, end: number, ctx: SessionContext): string[] | undefined {
  const lists: string[] = [];
  let p = at;
  while (lists.length < KEX_LISTS) {
    if (p + 4 > end) return undefined;
    const next = p + 4 + u32be(b, p);
    if (next > end) return undefined;
    lists.push(ctx.host.latin1(b, p + 4, next));
    p = next;
  }
  return lists;
}

/** Found by the signature of its greeting. */
export const sshSession: SessionDefinition = {
  service: 'ssh',
  transport: 'tcp',
  ports: [22],
  logs: {
    ssh: {
      version: 'count', client: 'string', server: 'string', cipher_alg: 'string', mac_alg: 'string', compression_alg: 'string', kex_alg: 'string', host_key_alg: 'string',
      host_key: 'string', hassh: 'string', hasshServer: 'string',
    },
  },
  create: () => new SshSession(),
};
