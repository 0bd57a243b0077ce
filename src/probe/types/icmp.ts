import { z } from 'zod';
import { defineProbe, failedOutcome, failure } from '../define-probe.ts';
import { VIA_OPTIONS } from '../via.ts';
import { rttMeasurements, rttStatistics } from '../rtt-statistics.ts';

/** ICMP echo in bursts (RFC 792, RFC 4443): loss and the distribution of the round-trip time; every sample is kept. */
export const icmp = defineProbe({
  name: 'icmp',
  title: 'ICMP echo in bursts',
  options: z.strictObject({
    count: z.int().min(1).max(1000).default(5).describe('Echo requests in a round.'),
    spacing: z.number().min(1).max(10_000).default(200).describe('Milliseconds between two requests.'),
    size: z.int().min(16).max(8000).default(56).describe('Bytes of payload.'),
    ...VIA_OPTIONS,
  }),
  async run(ctx, target, options) {
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, options.count, { measurements: { dns_seconds: resolved.seconds } });
    const { address, family } = resolved.addresses[0];
    // The burst must fit into the round: requests go out closer together rather than late.
    const spacingMs = Math.min(options.spacing, Math.max(1, (ctx.timeoutMs * 0.6) / options.count));
    const answer = await ctx.echo(address, family, { count: options.count, spacingMs, timeoutMs: ctx.timeoutMs - spacingMs * (options.count - 1), size: options.size, via: { source: options.source, interface: options.interface } });
    const statistics = rttStatistics(answer.rttNs);
    const ok = statistics.received > 0;
    return {
      ok,
      failure: ok ? null : (answer.failure ?? failure('timeout', `none of ${options.count} echo requests was answered`)),
      sent: statistics.sent,
      received: statistics.received,
      rttNs: answer.rttNs,
      measurements: { dns_seconds: resolved.seconds, ...rttMeasurements(statistics) },
      notes: { address, method: answer.method },
    };
  },
});
export default icmp;
