import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { parseIp } from '../base/ip.ts';
import { fromHex } from '../base/bytes.ts';
import type { EchoReply, IcmpSocket } from '../native/icmp-socket.ts';
import { failure, type EchoAnswer, type EchoBurst } from './define-probe.ts';
import type { ProbeFailure } from '../model/index.ts';

const ECHO_REQUEST = { 4: 8, 6: 128 } as const;
const ECHO_REPLY = { 4: 0, 6: 129 } as const;
const UNREACHABLE = { 4: 3, 6: 1 } as const;
/** Replies are fetched this often while any is awaited; their times are the kernel's, so this adds nothing to them. */
const POLL_MS = 1;
const TOKEN_BYTES = 8;

interface Waiting {
  readonly burst: Burst;
  readonly index: number;
  readonly sentSeconds: number;
  readonly sentNanos: number;
}

interface Burst {
  readonly address: string;
  readonly rttNs: (number | null)[];
  failure: ProbeFailure | null;
  open: number;
  finish(): void;
}

/**
 * Many bursts at once over one ICMP socket of a family: sequence numbers say which reply belongs to which request, a token in the
 * payload says that it is ours.
 */
export class IcmpEngine {
  readonly #socket: IcmpSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #token = randomBytes(TOKEN_BYTES);
  #seq = 0;
  #poll: NodeJS.Timeout | undefined;

  constructor(socket: IcmpSocket) {
    this.#socket = socket;
  }

  get mode(): string {
    return this.#socket.mode;
  }

  echo(address: string, burst: EchoBurst, signal: AbortSignal): Promise<EchoAnswer> {
    const bytes = addressBytes(address);
    const scope = address.split('%')[1];
    if (bytes === undefined) return Promise.resolve({ rttNs: Array.from({ length: burst.count }, () => null), failure: failure('local', `not an address: ${address}`), method: this.mode });
    return new Promise((done) => {
      const timers: NodeJS.Timeout[] = [];
      const keys: number[] = [];
      const state: Burst = {
        address, rttNs: Array.from({ length: burst.count }, () => null), failure: null, open: burst.count,
        finish: () => {
          for (const timer of timers) clearTimeout(timer);
          for (const key of keys) this.#waiting.delete(key);
          signal.removeEventListener('abort', state.finish);
          this.#stopPollingIfIdle();
          const answered = state.rttNs.some((r) => r !== null);
          done({ rttNs: state.rttNs, failure: answered ? null : state.failure, method: this.mode });
        },
      };
      const payload = new Uint8Array(Math.max(TOKEN_BYTES, burst.size));
      payload.set(this.#token);
      const sendOne = (index: number): void => {
        const seq = this.#freeSeq();
        if (seq < 0) {
          state.failure = failure('local', 'too many echo requests are on their way');
          if (--state.open === 0) state.finish();
          return;
        }
        const sent = this.#socket.send(bytes, ECHO_REQUEST[this.#socket.family], 0, this.#socket.localId, seq, payload, scope === undefined ? {} : { scopeId: scopeNumber(scope) });
        if ('errno' in sent) {
          state.failure = failureOfErrno(sent.errno, sent.message);
          if (--state.open === 0) state.finish();
          return;
        }
        keys.push(seq);
        this.#waiting.set(seq, { burst: state, index, sentSeconds: sent.seconds, sentNanos: sent.nanoseconds });
        this.#startPolling();
      };
      signal.addEventListener('abort', state.finish, { once: true });
      for (let i = 0; i < burst.count; i++) {
        if (i === 0) sendOne(0);
        else timers.push(setTimeout(() => sendOne(i), i * burst.spacingMs));
      }
      timers.push(setTimeout(state.finish, burst.spacingMs * (burst.count - 1) + burst.timeoutMs));
    });
  }

  close(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
    this.#socket.close();
  }

  #freeSeq(): number {
    for (let tries = 0; tries < 65_536; tries++) {
      this.#seq = (this.#seq + 1) & 0xffff;
      if (!this.#waiting.has(this.#seq)) return this.#seq;
    }
    return -1;
  }

  #startPolling(): void {
    this.#poll ??= setInterval(() => this.#socket.drain((reply) => this.#take(reply)), POLL_MS);
  }

  #stopPollingIfIdle(): void {
    if (this.#waiting.size > 0) return;
    clearInterval(this.#poll);
    this.#poll = undefined;
  }

  #take(reply: EchoReply): void {
    if (reply.type !== ECHO_REPLY[reply.family]) {
      if (reply.type === UNREACHABLE[reply.family]) this.#takeUnreachable(reply);
      return;
    }
    if (reply.id !== this.#socket.localId) return;
    const waiting = this.#waiting.get(reply.seq);
    if (waiting === undefined || reply.end - reply.at < 8 + TOKEN_BYTES) return;
    for (let i = 0; i < TOKEN_BYTES; i++) if (reply.bytes[reply.at + 8 + i] !== this.#token[i]) return;
    this.#waiting.delete(reply.seq);
    const ns = (reply.rxSeconds - waiting.sentSeconds) * 1e9 + reply.rxNanoseconds - waiting.sentNanos;
    // A clock that stepped back between the two gives no time, but the answer counts.
    waiting.burst.rttNs[waiting.index] = Math.max(0, ns);
    if (--waiting.burst.open === 0) waiting.burst.finish();
  }

  /** A router's or the host's "unreachable" quotes our request: IP header and eight bytes at least (RFC 792, RFC 4443 §3.1). */
  #takeUnreachable(reply: EchoReply): void {
    const quoted = reply.at + 8;
    const header = reply.family === 4 ? (reply.bytes[quoted] & 15) * 4 : 40;
    const icmp = quoted + header;
    if (icmp + 8 > reply.end || reply.bytes[icmp] !== ECHO_REQUEST[reply.family]) return;
    const id = (reply.bytes[icmp + 4] << 8) | reply.bytes[icmp + 5];
    const seq = (reply.bytes[icmp + 6] << 8) | reply.bytes[icmp + 7];
    const waiting = id === this.#socket.localId ? this.#waiting.get(seq) : undefined;
    if (waiting === undefined) return;
    waiting.burst.failure = failure('unreachable', `${reply.source} says that it cannot be reached (code ${reply.code})`);
    this.#waiting.delete(seq);
    if (--waiting.burst.open === 0) waiting.burst.finish();
  }
}

/** The 4 or 16 bytes of an address; a zone id is left out. */
export function addressBytes(address: string): Uint8Array | undefined {
  const ip = parseIp(address.split('%')[0]);
  if (ip === undefined) return undefined;
  return fromHex(address.includes(':') ? ip : ip.slice(24));
}


function scopeNumber(scope: string): number {
  return /^\d+$/.test(scope) ? Number(scope) : interfaceIndex(scope);
}

let indexes: ReadonlyMap<string, number> | undefined;

/** Index of an interface as the kernel numbers it; 0 where there is none. */
function interfaceIndex(name: string): number {
  indexes ??= new Map(Object.entries(os.networkInterfaces()).flatMap(([n, list]) => (list ?? []).filter((a) => a.family === 'IPv6').map((a) => [n, a.scopeid ?? 0] as const)));
  return indexes.get(name) ?? 0;
}

const EPERM = 1;
const EACCES = 13;
const ENETUNREACH = 101;
const EHOSTUNREACH = 113;

function failureOfErrno(errno: number, message: string): ProbeFailure {
  if (errno === ENETUNREACH || errno === EHOSTUNREACH) return failure('unreachable', message);
  if (errno === EPERM || errno === EACCES) return failure('local', `not allowed to send: ${message}`);
  return failure('local', message);
}
