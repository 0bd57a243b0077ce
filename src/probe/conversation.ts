import type net from 'node:net';
import { z } from 'zod';
import { failedOutcome, type ProbeContext, type ProbeOutcome, type ProbeTarget } from './define-probe.ts';
import { secure, TLS_OPTIONS, type TlsChoice } from './certificate.ts';
import { dialTcp, leftMs } from './dial.ts';
import { Fault, failureOf } from './fault.ts';
import { VIA_OPTIONS, type Via } from './via.ts';

const MAX_HELD = 65_536;

/** Options of every service that says who it is: its port, its TLS, its banner. */
export function serviceOptions(port: number, tls: 'none' | 'starttls' | 'implicit' = 'none') {
  return {
    port: z.int().min(1).max(65_535).default(port),
    tls: z.enum(['none', 'starttls', 'implicit']).default(tls).describe('`starttls` begins in clear and changes over; `implicit` speaks TLS from the first byte.'),
    expect: z.string().min(1).max(1000).optional().describe('Text that the greeting must contain.'),
    ...TLS_OPTIONS, ...VIA_OPTIONS,
  };
}

export interface ServiceChoice extends TlsChoice, Via {
  readonly port: number;
  readonly tls?: 'none' | 'starttls' | 'implicit';
  readonly expect?: string | undefined;
}

/**
 * One TCP conversation of a probe: it says, and hears what comes back, within the round's time. What goes wrong is thrown as a
 * `Fault` of one class; `converse` makes a value of it.
 */
export class Conversation {
  readonly measurements: Record<string, number> = {};
  readonly notes: Record<string, string> = {};
  readonly #ctx: ProbeContext;
  readonly #startedNs: bigint;
  #socket: net.Socket;
  #held = Buffer.alloc(0);
  #over: Error | null = null;
  #wake: () => void = () => undefined;

  constructor(ctx: ProbeContext, startedNs: bigint, socket: net.Socket) {
    this.#ctx = ctx;
    this.#startedNs = startedNs;
    this.#socket = socket;
    this.#listen();
  }

  /** Bytes that came, once `enough` says how many of them belong together (undefined = more are needed). */
  async take(what: string, enough: (held: Buffer) => number | undefined): Promise<Buffer> {
    for (;;) {
      const n = enough(this.#held);
      if (n !== undefined && n <= this.#held.length) {
        const taken = this.#held.subarray(0, n);
        this.#held = this.#held.subarray(n);
        return taken;
      }
      if (this.#held.length > MAX_HELD) throw new Fault('protocol', `more than ${MAX_HELD} bytes in place of ${what}`);
      if (this.#over !== null) throw this.#over;
      await new Promise<void>((resume, refuse) => {
        const timer = setTimeout(() => refuse(new Fault('timeout', `connected, but ${what} did not come in time`)), leftMs(this.#ctx, this.#startedNs));
        this.#wake = () => {
          clearTimeout(timer);
          resume();
        };
      });
    }
  }

  /** One line without its end. */
  async line(what: string): Promise<string> {
    const bytes = await this.take(what, (held) => {
      const at = held.indexOf(10);
      return at < 0 ? undefined : at + 1;
    });
    const text = bytes.toString('latin1').replace(/\r?\n$/, '');
    this.#ctx.log(`< ${text}`);
    return text;
  }

  /** A reply of SMTP or FTP: lines of one code, the last without a hyphen (RFC 5321 §4.2.1, RFC 959 §4.2). */
  async reply(what: string): Promise<{ code: number; lines: string[] }> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line(what);
      const head = /^(\d{3})([ -]?)(.*)$/.exec(line);
      // Lines between the first and the last of FTP need not bear the code.
      if (head === null && lines.length === 0) throw new Fault('protocol', `${what} is not a reply: ${line.slice(0, 80)}`);
      lines.push(head?.[3] ?? line);
      if (head !== null && head[2] !== '-') return { code: Number(head[1]), lines };
      if (lines.length > 200) throw new Fault('protocol', `${what} has no end`);
    }
  }

  say(text: string): void {
    this.#ctx.log(`> ${text}`);
    this.#socket.write(`${text}\r\n`, 'latin1');
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Changes over to TLS. Bytes that came in clear before it are an attack or a mistake (CVE-2011-0411): they are not read on. */
  async secure(name: string, choice: TlsChoice): Promise<void> {
    if (this.#held.length > 0) throw new Fault('protocol', 'the service went on in clear after it had agreed to TLS');
    this.#socket.removeAllListeners('data');
    this.#socket.removeAllListeners('end');
    const secured = await secure(this.#ctx, this.#socket, name, choice, leftMs(this.#ctx, this.#startedNs));
    this.#socket = secured.socket;
    this.#listen();
    Object.assign(this.measurements, { tls_seconds: secured.ns / 1e9, ...secured.measurements });
    Object.assign(this.notes, secured.notes);
    this.#ctx.log(`TLS: ${secured.notes.tls_version}, ${secured.notes.tls_cipher}, ${secured.trouble ?? 'the certificate is right'}`);
    if (choice.verify && secured.trouble !== null) throw new Fault('tls', `the certificate: ${secured.trouble}`);
  }

  /** Remembers the greeting and looks for what it must contain. */
  greeted(banner: string, expect: string | undefined): void {
    this.measurements.banner_seconds = Number(this.#ctx.monotonicNs() - this.#startedNs) / 1e9;
    this.notes.banner = banner.slice(0, 500);
    if (expect !== undefined && !banner.includes(expect)) throw new Fault('content', `the greeting does not contain "${expect}": ${banner.slice(0, 100)}`);
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      this.#held = Buffer.concat([this.#held, chunk]);
      this.#wake();
    });
    this.#socket.on('error', (error) => this.#end(error));
    this.#socket.on('end', () => this.#end(new Fault('protocol', 'the service closed the connection in the middle of the talk')));
  }

  #end(error: Error): void {
    this.#over ??= error;
    this.#wake();
  }
}

/** One round of a service: look-up, connection, TLS from the first byte where it is wanted, then the protocol's own talk. */
export async function converse(ctx: ProbeContext, target: ProbeTarget, o: ServiceChoice, talk: (c: Conversation) => Promise<void>): Promise<ProbeOutcome> {
  const startedNs = ctx.monotonicNs();
  const resolved = await ctx.resolve(target);
  const measurements: Record<string, number> = { dns_seconds: resolved.seconds };
  if ('failure' in resolved) return failedOutcome(resolved.failure, 1, { measurements });
  const { address, family } = resolved.addresses[0];
  const notes: Record<string, string> = { address, port: String(o.port) };
  let c: Conversation | undefined;
  try {
    const dialed = await dialTcp(ctx, { address, family, port: o.port, via: o }, leftMs(ctx, startedNs));
    ctx.log(`connected to ${address} port ${o.port} after ${(dialed.ns / 1e6).toFixed(3)} ms from ${dialed.socket.localAddress}`);
    notes.source = dialed.socket.localAddress ?? '';
    measurements.connect_seconds = dialed.ns / 1e9;
    c = new Conversation(ctx, startedNs, dialed.socket);
    if (o.tls === 'implicit') await c.secure(target.address, o);
    await talk(c);
    const totalNs = Number(ctx.monotonicNs() - startedNs);
    return {
      ok: true, failure: null, sent: 1, received: 1, rttNs: [totalNs],
      measurements: { ...measurements, ...c.measurements, total_seconds: totalNs / 1e9, rtt_median_seconds: totalNs / 1e9 }, notes: { ...notes, ...c.notes },
    };
  } catch (error) {
    const failure = failureOf(error);
    ctx.log(`${failure.class}: ${failure.message}`);
    return failedOutcome(failure, 1, { measurements: { ...measurements, ...c?.measurements }, notes: { ...notes, ...c?.notes } });
  } finally {
    c?.close();
  }
}
