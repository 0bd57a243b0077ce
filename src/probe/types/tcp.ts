import net from 'node:net';
import { z } from 'zod';
import { defineProbe, failedOutcome, failure, failureOfError, type ProbeContext } from '../define-probe.ts';
import { rttMeasurements, rttStatistics } from '../rtt-statistics.ts';

type Attempt = { readonly ns: number; readonly banner: string } | { readonly failed: ReturnType<typeof failure> };

/** One connection: time to the handshake's end, and the first line where one is expected. */
function connect(ctx: ProbeContext, address: string, port: number, timeoutMs: number, expect: string | undefined): Promise<Attempt> {
  return new Promise((done) => {
    const started = ctx.monotonicNs();
    const socket = net.connect({ host: address, port });
    let ns = 0;
    let banner = '';
    const finish = (attempt: Attempt): void => {
      clearTimeout(timer);
      socket.destroy();
      done(attempt);
    };
    const timer = setTimeout(() => {
      if (ns === 0) finish({ failed: failure('timeout', `no answer on port ${port} in time`) });
      else finish({ failed: failure('content', `connected, but "${expect}" was not said in time`) });
    }, timeoutMs);
    socket.once('connect', () => {
      ns = Number(ctx.monotonicNs() - started);
      if (expect === undefined) finish({ ns, banner });
    });
    socket.on('data', (chunk) => {
      banner = (banner + chunk.toString('latin1')).slice(0, 4096);
      if (expect !== undefined && banner.includes(expect)) finish({ ns, banner: banner.split(/\r?\n/, 1)[0] });
    });
    socket.once('error', (error) => finish({ failed: failureOfError(error) }));
    socket.once('end', () => finish({ failed: failure('content', `the connection was closed before "${expect}" was said`) }));
  });
}

/** TCP connect: does the port answer, and how fast; optionally, does it say what it should. */
export const tcp = defineProbe({
  name: 'tcp',
  title: 'TCP connect',
  options: z.strictObject({
    port: z.int().min(1).max(65_535).describe('Port to connect to.'),
    count: z.int().min(1).max(20).default(1).describe('Connections in a round, one after another.'),
    expect: z.string().min(1).max(1000).optional().describe('Text that the service must say first (its banner).'),
  }),
  async run(ctx, target, options) {
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, options.count, { measurements: { dns_seconds: resolved.seconds } });
    const { address } = resolved.addresses[0];
    const rttNs: (number | null)[] = [];
    let failed: ReturnType<typeof failure> | null = null;
    const notes: Record<string, string> = { address, port: String(options.port) };
    for (let i = 0; i < options.count && !ctx.signal.aborted; i++) {
      const attempt = await connect(ctx, address, options.port, ctx.timeoutMs / options.count, options.expect);
      if ('failed' in attempt) {
        failed = attempt.failed;
        ctx.log(`connection ${i + 1}: ${attempt.failed.class}: ${attempt.failed.message}`);
        rttNs.push(null);
      } else {
        ctx.log(`connection ${i + 1}: ${(attempt.ns / 1e6).toFixed(3)} ms`);
        if (attempt.banner !== '') notes.banner = attempt.banner;
        rttNs.push(attempt.ns);
      }
    }
    const statistics = rttStatistics(rttNs);
    const measurements = { dns_seconds: resolved.seconds, ...rttMeasurements(statistics) };
    return { ok: statistics.received > 0, failure: statistics.received > 0 ? null : failed, sent: rttNs.length, received: statistics.received, rttNs, measurements, notes };
  },
});
export default tcp;
