import { z } from 'zod';
import { defineProbe, failedOutcome, failure, type ProbeTarget } from '../define-probe.ts';
import { failureOf } from '../fault.ts';
import { ASSERTION_OPTIONS, wrongWith } from '../http-assertions.ts';
import { FETCH_OPTIONS, fetchOnce, safeUrl, type FetchRequest } from '../http-fetch.ts';

const MAX_BODY = 1 << 20;

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).optional().describe('What to fetch; http://ADDRESS/ of the target where it is left out.'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}).describe('Request headers; not sent on to another origin by a redirect. For secrets use a reference in the configuration, not a value.'),
  body: z.string().max(65_536).optional(),
  redirects: z.int().min(0).max(10).default(5).describe('Redirects to follow.'),
  ...ASSERTION_OPTIONS, ...FETCH_OPTIONS,
});

/** HTTP and HTTPS with the time of each phase, assertions, redirects and the certificate's expiry (RFC 9110). */
export const httpProbe = defineProbe({
  name: 'http',
  title: 'HTTP(S) request',
  options,
  async run(ctx, target, o) {
    const startedNs = ctx.monotonicNs();
    let url: URL = new URL(o.url ?? `http://${target.address.includes(':') ? `[${target.address}]` : target.address}/`);
    let request: Omit<FetchRequest, 'url' | 'address' | 'family'> = { ...o, keep: MAX_BODY, maxBytes: Number.POSITIVE_INFINITY, maxSeconds: Number.POSITIVE_INFINITY };
    let dnsSeconds = 0;
    for (let hop = 0; ; hop++) {
      const hostname = url.hostname.replace(/^\[|\]$/g, '');
      // The target's address is where the request goes; only a redirect elsewhere is looked up.
      const place: ProbeTarget = hop === 0 ? target : { address: hostname, family: target.family };
      const resolved = await ctx.resolve(place);
      dnsSeconds += resolved.seconds;
      if ('failure' in resolved) return failedOutcome(resolved.failure, 1, { measurements: { dns_seconds: dnsSeconds } });
      const { address, family } = resolved.addresses[0];
      let fetched: Awaited<ReturnType<typeof fetchOnce>>;
      try {
        fetched = await fetchOnce(ctx, startedNs, { ...request, url, address, family });
      } catch (error) {
        return failedOutcome(failureOf(error), 1, { measurements: { dns_seconds: dnsSeconds }, notes: { address, url: safeUrl(url) } });
      }
      ctx.log(`${request.method} ${safeUrl(url)} at ${address}: ${fetched.status}, ${fetched.bodyBytes} bytes`);
      const { location } = fetched.headers;
      if (fetched.status >= 300 && fetched.status < 400 && location !== undefined && hop < o.redirects && !o.expectStatus.includes(fetched.status) && o.expectLocation === undefined) {
        const { origin } = url;
        const next = URL.parse(location, url.href);
        if (next === null) return failedOutcome(failure('protocol', 'redirected to what is not a URL'), 1);
        url = next;
        // What the operator sends may be a credential: it is for the origin that was configured, not for wherever that one points.
        if (url.origin !== origin) request = { ...request, headers: {}, body: undefined, servername: undefined };
        if (url.protocol !== 'http:' && url.protocol !== 'https:') return failedOutcome(failure('protocol', `redirected to ${url.protocol}`), 1);
        if (fetched.status === 303) request = { ...request, method: 'GET', body: undefined };
        continue;
      }
      const totalNs = Number(ctx.monotonicNs() - startedNs);
      const wrong = wrongWith(fetched, o);
      const { phases } = fetched;
      return {
        ok: wrong === null,
        failure: wrong === null ? null : failure('content', wrong),
        sent: 1, received: 1, rttNs: [totalNs],
        measurements: {
          dns_seconds: dnsSeconds, connect_seconds: phases.connect, ...(url.protocol === 'https:' ? { tls_seconds: phases.tls } : {}), ttfb_seconds: phases.ttfb, body_seconds: phases.body,
          total_seconds: totalNs / 1e9, rtt_median_seconds: totalNs / 1e9, http_status: fetched.status, body_bytes: fetched.bodyBytes, redirects: hop, ...fetched.measurements,
        },
        notes: { address, url: safeUrl(url), ...fetched.notes },
      };
    }
  },
});
export default httpProbe;
