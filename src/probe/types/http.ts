import http from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { RE2JS } from 're2js';
import { z } from 'zod';
import type { ProbeFailure } from '../../model/index.ts';
import { defineProbe, failedOutcome, failure, failureOfError, type ProbeContext, type ProbeTarget } from '../define-probe.ts';

const MAX_BODY = 1 << 20;

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).optional().describe('What to fetch; http://ADDRESS/ of the target where it is left out.'),
  method: z.enum(['GET', 'HEAD', 'POST', 'OPTIONS']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}).describe('Request headers; not sent on to another origin by a redirect. For secrets use a reference in the configuration, not a value.'),
  body: z.string().max(65_536).optional(),
  expectStatus: z.array(z.int().min(100).max(599)).default([]).describe('Status codes that are right; 200 to 299 where it is empty.'),
  expectBody: z.string().min(1).optional().describe('Text that the body must contain.'),
  expectBodyMatch: z.string().min(1).max(1000).optional().describe('Regular expression (RE2) that the body must match.'),
  redirects: z.int().min(0).max(10).default(5).describe('Redirects to follow.'),
  verify: z.boolean().default(true).describe('Is an invalid certificate a failure? Its expiry is measured either way.'),
});
type HttpOptions = z.output<typeof options>;

interface Phases {
  dns: number;
  connect: number;
  tls: number;
  ttfb: number;
  total: number;
}

interface Fetched {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly bodyBytes: number;
  readonly phases: Phases;
  readonly notes: Record<string, string>;
  readonly certificateSeconds: number | null;
}

/** Subject, issuer and expiry of the server's certificate, and whether it can be trusted. */
function certificateOf(socket: TLSSocket): { notes: Record<string, string>; seconds: number | null; trouble: string | null } {
  const certificate = socket.getPeerCertificate();
  if (certificate.valid_to === undefined) return { notes: {}, seconds: null, trouble: 'the server shows no certificate' };
  const first = (v: string | string[] | undefined): string => (Array.isArray(v) ? v[0] : (v ?? ''));
  const error = socket.authorizationError as Error | string | undefined;
  return {
    notes: {
      certificate_subject: first(certificate.subject?.CN), certificate_issuer: first(certificate.issuer?.CN), certificate_until: certificate.valid_to,
      certificate_sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(), tls_version: socket.getProtocol() ?? '',
    },
    seconds: (Date.parse(certificate.valid_to) - Date.now()) / 1000,
    trouble: socket.authorized ? null : typeof error === 'string' ? error : ((error as { code?: string } | undefined)?.code ?? error?.message ?? 'the certificate is not trusted'),
  };
}

/** One request to one address, with the time of each phase. The certificate is judged by us, so that its expiry is known even when it is wrong. */
function fetchOnce(ctx: ProbeContext, url: URL, address: string, family: 4 | 6, o: HttpOptions, method: string, deadline: number): Promise<Fetched | ProbeFailure> {
  return new Promise((done) => {
    const secure = url.protocol === 'https:';
    const started = ctx.monotonicNs();
    const since = (): number => Number(ctx.monotonicNs() - started) / 1e9;
    const phases: Phases = { dns: 0, connect: 0, tls: 0, ttfb: 0, total: 0 };
    let notes: Record<string, string> = {};
    let certificateSeconds: number | null = null;
    let phase = 'connecting';
    const request = (secure ? https : http).request({
      host: address, family, port: url.port === '' ? (secure ? 443 : 80) : Number(url.port), path: `${url.pathname}${url.search}`, method, agent: false,
      headers: { host: url.host, 'user-agent': 'Wirewatch', accept: '*/*', connection: 'close', ...o.headers },
      ...(secure ? { servername: /^[\d.]+$|:/.test(url.hostname) ? '' : url.hostname, rejectUnauthorized: false } : {}),
    });
    const finish = (result: Fetched | ProbeFailure): void => {
      clearTimeout(timer);
      request.destroy();
      done(result);
    };
    const timer = setTimeout(() => finish(failure('timeout', `no end in time while ${phase}`)), Math.max(1, deadline - since() * 1000));
    request.once('error', (error) => finish(secure && phase === 'in the TLS handshake' ? failure('tls', (error as { code?: string }).code ?? error.message) : failureOfError(error)));
    request.once('socket', (socket) => {
      socket.once('connect', () => {
        phases.connect = since();
        phase = secure ? 'in the TLS handshake' : 'waiting for the response';
      });
      socket.once('secureConnect', () => {
        phases.tls = since() - phases.connect;
        phase = 'waiting for the response';
        const certificate = certificateOf(socket as TLSSocket);
        notes = certificate.notes;
        certificateSeconds = certificate.seconds;
        if (o.verify && certificate.trouble !== null) finish(failure('tls', `the certificate of ${url.hostname}: ${certificate.trouble}`));
      });
    });
    request.once('response', (response) => {
      phases.ttfb = since() - phases.connect - phases.tls;
      phase = 'reading the body';
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        if (bytes < MAX_BODY) chunks.push(chunk);
        bytes += chunk.length;
      });
      response.once('error', (error) => finish(failureOfError(error)));
      response.once('end', () => {
        phases.total = since();
        finish({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).subarray(0, MAX_BODY).toString('utf8'), bodyBytes: bytes, phases, notes, certificateSeconds });
      });
    });
    request.end(o.body);
  });
}

/** What of the response is not as it should be; null where all is. */
function wrongWith(fetched: Fetched, o: HttpOptions): string | null {
  const right = o.expectStatus.length > 0 ? o.expectStatus.includes(fetched.status) : fetched.status >= 200 && fetched.status < 300;
  if (!right) return `the status is ${fetched.status}`;
  if (o.expectBody !== undefined && !fetched.body.includes(o.expectBody)) return `the body does not contain "${o.expectBody}"`;
  if (o.expectBodyMatch !== undefined && !RE2JS.compile(o.expectBodyMatch).matcher(fetched.body).find()) return `the body does not match ${o.expectBodyMatch}`;
  return null;
}

/** HTTP and HTTPS with the time of each phase, assertions, redirects and the certificate's expiry (RFC 9110). */
export const httpProbe = defineProbe({
  name: 'http',
  title: 'HTTP(S) request',
  options,
  async run(ctx, target, o) {
    const started = ctx.monotonicNs();
    let url = new URL(o.url ?? `http://${target.address.includes(':') ? `[${target.address}]` : target.address}/`);
    let { method } = o;
    let request = o;
    let dnsSeconds = 0;
    for (let hop = 0; ; hop++) {
      const hostname = url.hostname.replace(/^\[|\]$/g, '');
      // The target's address is where the request goes; only a redirect elsewhere is looked up.
      const place: ProbeTarget = hop === 0 ? target : { address: hostname, family: target.family };
      const resolved = await ctx.resolve(place);
      dnsSeconds += resolved.seconds;
      if ('failure' in resolved) return failedOutcome(resolved.failure, 1, { measurements: { dns_seconds: dnsSeconds } });
      const { address, family } = resolved.addresses[0];
      const left = ctx.timeoutMs - Number(ctx.monotonicNs() - started) / 1e6;
      const fetched = await fetchOnce(ctx, url, address, family, request, method, left);
      if ('class' in fetched) return failedOutcome(fetched, 1, { measurements: { dns_seconds: dnsSeconds }, notes: { address, url: safeUrl(url) } });
      ctx.log(`${method} ${safeUrl(url)} at ${address}: ${fetched.status}, ${fetched.bodyBytes} bytes`);
      const location = fetched.headers.location;
      if (fetched.status >= 300 && fetched.status < 400 && location !== undefined && hop < o.redirects && !o.expectStatus.includes(fetched.status)) {
        const { origin } = url;
        url = new URL(location, url);
        // What the operator sends may be a credential: it is for the origin that was configured, not for wherever that one points.
        if (url.origin !== origin) request = { ...request, headers: {}, body: undefined };
        if (url.protocol !== 'http:' && url.protocol !== 'https:') return failedOutcome(failure('protocol', `redirected to ${url.protocol}`), 1);
        if (fetched.status === 303) method = 'GET';
        continue;
      }
      const totalNs = Number(ctx.monotonicNs() - started);
      const wrong = wrongWith(fetched, o);
      return {
        ok: wrong === null,
        failure: wrong === null ? null : failure('content', wrong),
        sent: 1, received: 1, rttNs: [totalNs],
        measurements: {
          dns_seconds: dnsSeconds, connect_seconds: fetched.phases.connect, ...(url.protocol === 'https:' ? { tls_seconds: fetched.phases.tls } : {}),
          ttfb_seconds: fetched.phases.ttfb, total_seconds: totalNs / 1e9, rtt_median_seconds: totalNs / 1e9, http_status: fetched.status, body_bytes: fetched.bodyBytes, redirects: hop,
          ...(fetched.certificateSeconds === null ? {} : { cert_expiry_seconds: fetched.certificateSeconds }),
        },
        notes: { address, url: safeUrl(url), ...fetched.notes },
      };
    }
  },
});
export default httpProbe;

/** A URL without the password and the query that it may carry. */
function safeUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
