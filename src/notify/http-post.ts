import http from 'node:http';
import https from 'node:https';
import { rememberingLookup } from './remembering-lookup.ts';
import type { SendResult } from './define-channel.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: http.IncomingHttpHeaders;
  /** The first 4 KiB, or as much as was asked for. */
  readonly body: string;
}

export interface HttpPost {
  /** POST where nothing is said. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | undefined;
  readonly maxAnswer?: number | undefined;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** PEM of the authorities to trust in place of the system's. */
  readonly ca?: string | undefined;
}

const MAX_ANSWER = 4096;

/** Asks once, follows no redirect (a signed message goes where it was configured to go). Rejects only for failures of the network. */
export async function httpPost(request: HttpPost): Promise<HttpAnswer> {
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  const body = Buffer.from(request.body);
  const { method = 'POST', maxAnswer = MAX_ANSWER } = request;
  return await new Promise<HttpAnswer>((resolve, reject) => {
    const options: https.RequestOptions = {
      method,
      agent: false,
      signal: request.signal,
      lookup: rememberingLookup,
      headers: { 'user-agent': 'wirewatch', connection: 'close', ...request.headers, ...(method === 'GET' ? {} : { 'content-length': body.length }) },
      ...(request.ca === undefined ? {} : { ca: request.ca }),
    };
    const outgoing = (secure ? https : http).request(url, options, (response) => {
      const parts: Buffer[] = [];
      let size = 0;
      const done = (): void => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts).toString('utf8').slice(0, maxAnswer) });
      response.on('data', (part: Buffer) => {
        parts.push(part);
        size += part.length;
        if (size > maxAnswer) {
          done();
          response.destroy();
        }
      });
      response.on('end', done);
      response.on('error', reject);
      response.on('aborted', () => reject(new Error('the answer was cut off')));
    });
    outgoing.on('error', reject);
    outgoing.end(method === 'GET' ? undefined : body);
  });
}

/** Milliseconds of a Retry-After header: seconds or an HTTP date (RFC 9110 §10.2.3), at most a day. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 86_400_000) : undefined;
}

/** What a failed connection says, without the address of a secret URL. A certificate that does not verify may be mended: retried. */
export function networkFailure(error: unknown, signal: AbortSignal): SendResult {
  if (signal.aborted) return { outcome: 'retry', reason: 'no answer within the time allowed' };
  const { code, message } = error as NodeJS.ErrnoException;
  const tls = typeof code === 'string' && (/CERT|TLS|SSL|SIGNATURE|ALTNAME|ISSUER/.test(code));
  return { outcome: 'retry', reason: tls ? `TLS: ${code}` : `connection failed: ${code ?? message}` };
}

/** The class of an HTTP status: 2xx delivered; 408, 425, 429 and 5xx may pass; the rest are refusals. */
export function httpOutcome(answer: HttpAnswer, nowMs: number): SendResult {
  const said = answer.body.trim() === '' ? '' : `: ${answer.body.trim().slice(0, 200)}`;
  if (answer.status >= 200 && answer.status < 300) return { outcome: 'delivered', detail: `HTTP ${answer.status}` };
  const passing = answer.status === 408 || answer.status === 425 || answer.status === 429 || answer.status >= 500;
  if (!passing) return { outcome: 'permanent', reason: `HTTP ${answer.status}${said}` };
  return { outcome: 'retry', reason: `HTTP ${answer.status}${said}`, retryAfterMs: retryAfterMs(answer.headers['retry-after'], nowMs) };
}
