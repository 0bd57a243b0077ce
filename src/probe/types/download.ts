import { z } from 'zod';
import { defineProbe, failedOutcome, failure } from '../define-probe.ts';
import { failureOf } from '../fault.ts';
import { FETCH_OPTIONS, fetchOnce, safeUrl } from '../http-fetch.ts';

/** Throughput of an HTTP(S) download: bits a second of the body, after its first byte. It loads the line that it measures. */
export const download = defineProbe({
  name: 'download',
  title: 'HTTP(S) download throughput',
  options: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('What to fetch: large enough that the beginning of the connection does not count.'),
    maxBytes: z.int().min(1000).max(10_000_000_000).default(10_000_000).describe('Bytes after which it ends.'),
    maxSeconds: z.number().min(0.1).max(60).default(5).describe('Seconds after which it ends; what came until then is measured.'),
    minMegabits: z.number().positive().optional().describe('Megabits a second that it must reach.'),
    ...FETCH_OPTIONS,
  }),
  async run(ctx, target, o) {
    const startedNs = ctx.monotonicNs();
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, 1, { measurements: { dns_seconds: resolved.seconds } });
    const { address, family } = resolved.addresses[0];
    const url = new URL(o.url);
    const notes: Record<string, string> = { address, url: safeUrl(url) };
    try {
      // It ends before the round does: a slow line is measured, not called silent.
      const maxSeconds = Math.min(o.maxSeconds, (ctx.timeoutMs / 1000) * 0.7);
      const fetched = await fetchOnce(ctx, startedNs, { ...o, maxSeconds, url, address, family, method: 'GET', headers: { 'accept-encoding': 'identity' }, keep: 0 });
      Object.assign(notes, fetched.notes);
      const { phases } = fetched;
      const bitsPerSecond = phases.body > 0 ? (fetched.bodyBytes * 8) / phases.body : 0;
      ctx.log(`${fetched.bodyBytes} bytes in ${phases.body.toFixed(3)} s${fetched.cut ? ', then ended by the limit' : ''}`);
      const wrong =
        fetched.status < 200 || fetched.status > 299 ? `the status is ${fetched.status}`
        : o.minMegabits !== undefined && bitsPerSecond < o.minMegabits * 1e6 ? `only ${(bitsPerSecond / 1e6).toFixed(2)} Mbit/s`
        : null;
      return {
        ok: wrong === null, failure: wrong === null ? null : failure('content', wrong), sent: 1, received: 1, rttNs: [Math.round((phases.connect + phases.tls + phases.ttfb) * 1e9)],
        measurements: {
          dns_seconds: resolved.seconds, connect_seconds: phases.connect, tls_seconds: phases.tls, ttfb_seconds: phases.ttfb, body_seconds: phases.body,
          body_bytes: fetched.bodyBytes, throughput_bits_per_second: bitsPerSecond, ...fetched.measurements,
        },
        notes,
      };
    } catch (error) {
      return failedOutcome(failureOf(error), 1, { measurements: { dns_seconds: resolved.seconds }, notes });
    }
  },
});
export default download;
