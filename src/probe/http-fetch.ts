import http from 'node:http';
import { secure, TLS_OPTIONS, type TlsChoice } from './certificate.ts';
import { dialTcp, leftMs } from './dial.ts';
import type { ProbeContext } from './define-probe.ts';
import { Fault } from './fault.ts';
import { VIA_OPTIONS, type Via } from './via.ts';

/** Options of every probe that fetches something. */
export const FETCH_OPTIONS = { ...TLS_OPTIONS, ...VIA_OPTIONS };

/** Time of each phase, seconds. */
export interface Phases {
  connect: number;
  tls: number;
  ttfb: number;
  /** From the first byte of the body to the last. */
  body: number;
}

export interface FetchRequest extends TlsChoice, Via {
  readonly url: URL;
  readonly address: string;
  readonly family: 4 | 6;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Bytes of the body that are kept. */
  readonly keep: number;
  /** The fetch ends in good order after so many bytes of the body, or after so many seconds of it. */
  readonly maxBytes: number;
  readonly maxSeconds: number;
}

export interface Fetched {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly bodyBytes: number;
  /** Was the body cut at a limit? */
  readonly cut: boolean;
  readonly phases: Phases;
  readonly measurements: Readonly<Record<string, number>>;
  readonly notes: Readonly<Record<string, string>>;
}

/** One request to one address, with the time of each phase. Throws a `Fault` or the socket's error; `notes` of a broken one are lost. */
export async function fetchOnce(ctx: ProbeContext, startedNs: bigint, r: FetchRequest): Promise<Fetched> {
  const tls = r.url.protocol === 'https:';
  const port = r.url.port === '' ? (tls ? 443 : 80) : Number(r.url.port);
  const hostname = r.url.hostname.replace(/^\[|\]$/g, '');
  const dialed = await dialTcp(ctx, { address: r.address, family: r.family, port, via: r }, leftMs(ctx, startedNs));
  const phases: Phases = { connect: dialed.ns / 1e9, tls: 0, ttfb: 0, body: 0 };
  let { socket } = dialed;
  let measurements: Readonly<Record<string, number>> = {};
  let notes: Readonly<Record<string, string>> = { source: socket.localAddress ?? '' };
  try {
    if (tls) {
      const secured = await secure(ctx, socket, hostname, r, leftMs(ctx, startedNs));
      socket = secured.socket;
      phases.tls = secured.ns / 1e9;
      ({ measurements } = secured);
      notes = { ...notes, ...secured.notes };
      if (r.verify && secured.trouble !== null) throw new Fault('tls', `the certificate of ${hostname}: ${secured.trouble}`);
    }
    return { ...(await exchange(ctx, startedNs, r, socket, phases)), measurements, notes };
  } finally {
    socket.destroy();
  }
}

function exchange(ctx: ProbeContext, startedNs: bigint, r: FetchRequest, socket: import('node:net').Socket, phases: Phases): Promise<Omit<Fetched, 'measurements' | 'notes'>> {
  return new Promise((done, refuse) => {
    const sentNs = ctx.monotonicNs();
    let phase = 'waiting for the response';
    const request = http.request({
      createConnection: () => socket, path: `${r.url.pathname}${r.url.search}`, method: r.method,
      headers: { host: r.url.host, 'user-agent': 'Wirewatch', accept: '*/*', connection: 'close', ...r.headers },
    });
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      refuse(error as Error);
    };
    const timer = setTimeout(() => fail(new Fault('timeout', `no end in time while ${phase}`)), leftMs(ctx, startedNs));
    request.on('error', fail);
    request.once('response', (response) => {
      const headNs = ctx.monotonicNs();
      phases.ttfb = Number(headNs - sentNs) / 1e9;
      phase = 'reading the body';
      const chunks: Buffer[] = [];
      let kept = 0;
      let bytes = 0;
      const finish = (cut: boolean): void => {
        clearTimeout(timer);
        phases.body = Number(ctx.monotonicNs() - headNs) / 1e9;
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).subarray(0, r.keep).toString('utf8'), bodyBytes: bytes, cut, phases });
      };
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (kept < r.keep) chunks.push(chunk);
        kept += chunk.length;
        if (bytes >= r.maxBytes || Number(ctx.monotonicNs() - headNs) / 1e9 >= r.maxSeconds) finish(true);
      });
      response.once('error', fail);
      response.once('end', () => finish(false));
    });
    request.end(r.body);
  });
}

/** A URL without the password and the query that it may carry. */
export function safeUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
