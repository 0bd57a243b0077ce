import { existsSync } from 'node:fs';
import http from 'node:http';
import { WirewatchError, ERROR_CODES, type ErrorCode } from '../base/errors.ts';
import { socketPathOf } from './data-folder.ts';

/** The command line's side of the API: HTTP over the Unix socket of the running program. */
export interface Client {
  /** GET below /api/v1; `query` values that are undefined are left out. */
  get<T>(path: string, query?: Readonly<Record<string, string | number | boolean | undefined>>): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  /** Lines of a streamed answer (JSON lines, server-sent events) as they come. */
  lines(path: string, query?: Readonly<Record<string, string | number | boolean | undefined>>, signal?: AbortSignal): AsyncIterable<string>;
  /** Bytes of an answer (evidence, captures). */
  bytes(path: string): AsyncIterable<Uint8Array>;
}

const TIMEOUT_MS = 120_000;

interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** No limit on the time between bytes: live streams are quiet for long. */
  readonly live?: boolean;
}

function notRunning(dataDir: string, cause: unknown): WirewatchError {
  return new WirewatchError('WW_NOT_RUNNING', 'no running program answers on this data folder', {
    where: dataDir,
    remedy: 'start it (wirewatch run), or name its folder with --data',
    cause,
  });
}

/** An answer that is an error becomes the `WirewatchError` that the server had. */
function errorOf(status: number, text: string): WirewatchError {
  let body: { code?: string; message?: string; where?: string; remedy?: string } = {};
  try {
    const parsed = JSON.parse(text) as { error?: typeof body } & typeof body;
    body = parsed.error ?? parsed;
  } catch {
    body = { message: text.slice(0, 200) };
  }
  const code = body.code !== undefined && body.code in ERROR_CODES ? (body.code as ErrorCode) : status === 404 ? 'WW_NOT_FOUND' : 'WW_ARGUMENT';
  return new WirewatchError(code, body.message ?? `the program answered ${status}`, { where: body.where, remedy: body.remedy });
}

/** Opens nothing until asked. Every call throws WW_NOT_RUNNING where no program listens. */
export function createClient(dataDir: string): Client {
  const socketPath = socketPathOf(dataDir);

  async function send(request: Request): Promise<http.IncomingMessage> {
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(request.query ?? {})) if (value !== undefined) search.set(key, String(value));
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const outgoing = http.request({
        socketPath,
        method: request.method,
        path: `/api/v1${request.path}${search.size > 0 ? `?${search}` : ''}`,
        headers: body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        ...(request.signal === undefined ? {} : { signal: request.signal }),
        ...(request.live === true ? {} : { timeout: TIMEOUT_MS }),
      }, resolve);
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        reject(['ENOENT', 'ECONNREFUSED', 'EACCES'].includes(error.code ?? '') ? notRunning(dataDir, error) : error);
      });
      outgoing.end(body);
    });
    if ((response.statusCode ?? 500) >= 400) throw errorOf(response.statusCode ?? 500, await textOf(response));
    return response;
  }

  async function json<T>(request: Request): Promise<T> {
    const text = await textOf(await send(request));
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  return {
    get: (path, query) => json({ method: 'GET', path, query }),
    post: (path, body) => json({ method: 'POST', path, body: body ?? {} }),
    async *lines(path, query, signal) {
      let rest = '';
      for await (const chunk of (await send({ method: 'GET', path, query, signal, live: true })).setEncoding('utf8')) {
        const parts = (rest + (chunk as string)).split('\n');
        rest = parts.pop() ?? '';
        yield* parts;
      }
      if (rest !== '') yield rest;
    },
    async *bytes(path) {
      for await (const chunk of await send({ method: 'GET', path })) yield chunk as Uint8Array;
    },
  };
}

/** True where a program listens on this data folder. */
export async function isRunning(dataDir: string): Promise<boolean> {
  const socketPath = socketPathOf(dataDir);
  if (!existsSync(socketPath)) return false;
  return await new Promise<boolean>((resolve) => {
    const probe = http.request({ socketPath, path: '/api/v1/health', timeout: 5000 }, (response) => {
      response.resume();
      resolve(true);
    });
    probe.on('error', () => resolve(false));
    probe.on('timeout', () => probe.destroy());
    probe.end();
  });
}

async function textOf(response: http.IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string;
  return text;
}
