import { z } from 'zod';
import type { ProbeFailure } from '../../model/index.ts';
import { defineProbe, failedOutcome, type ProbeContext } from '../define-probe.ts';
import { dialTcp, type Place } from '../dial.ts';
import { Fault, failureOf } from '../fault.ts';
import { rttMeasurements, rttStatistics } from '../rtt-statistics.ts';
import { VIA_OPTIONS } from '../via.ts';

/** What the service says first, until it has said `expect`: the first line of it. */
function hear(socket: Awaited<ReturnType<typeof dialTcp>>['socket'], expect: string, timeoutMs: number): Promise<string> {
  return new Promise((done, refuse) => {
    let banner = '';
    const timer = setTimeout(() => refuse(new Fault('content', `connected, but "${expect}" was not said in time`)), timeoutMs);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      refuse(error);
    };
    socket.on('data', (chunk: Buffer) => {
      banner = (banner + chunk.toString('latin1')).slice(0, 4096);
      if (!banner.includes(expect)) return;
      clearTimeout(timer);
      done(banner.split(/\r?\n/, 1)[0]);
    });
    socket.once('error', fail);
    socket.once('end', () => fail(new Fault('content', `the connection was closed before "${expect}" was said`)));
  });
}

async function connect(ctx: ProbeContext, place: Place, timeoutMs: number, expect: string | undefined): Promise<{ ns: number; banner: string }> {
  const startedNs = ctx.monotonicNs();
  const { socket, ns } = await dialTcp(ctx, place, timeoutMs);
  try {
    return { ns, banner: expect === undefined ? '' : await hear(socket, expect, Math.max(1, timeoutMs - Number(ctx.monotonicNs() - startedNs) / 1e6)) };
  } finally {
    socket.destroy();
  }
}

/** TCP connect: does the port answer, and how fast; optionally, does it say what it should. */
export const tcp = defineProbe({
  name: 'tcp',
  title: 'TCP connect',
  options: z.strictObject({
    port: z.int().min(1).max(65_535).describe('Port to connect to.'),
    count: z.int().min(1).max(20).default(1).describe('Connections in a round, one after another.'),
    expect: z.string().min(1).max(1000).optional().describe('Text that the service must say first (its banner).'),
    ...VIA_OPTIONS,
  }),
  async run(ctx, target, options) {
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, options.count, { measurements: { dns_seconds: resolved.seconds } });
    const { address, family } = resolved.addresses[0];
    const rttNs: (number | null)[] = [];
    let failed: ProbeFailure | null = null;
    const notes: Record<string, string> = { address, port: String(options.port) };
    for (let i = 0; i < options.count && !ctx.signal.aborted; i++) {
      try {
        const { ns, banner } = await connect(ctx, { address, family, port: options.port, via: options }, ctx.timeoutMs / options.count, options.expect);
        ctx.log(`connection ${i + 1}: ${(ns / 1e6).toFixed(3)} ms`);
        if (banner !== '') notes.banner = banner;
        rttNs.push(ns);
      } catch (error) {
        failed = failureOf(error);
        ctx.log(`connection ${i + 1}: ${failed.class}: ${failed.message}`);
        rttNs.push(null);
      }
    }
    const statistics = rttStatistics(rttNs);
    const measurements = { dns_seconds: resolved.seconds, ...rttMeasurements(statistics) };
    return { ok: statistics.received > 0, failure: statistics.received > 0 ? null : failed, sent: rttNs.length, received: statistics.received, rttNs, measurements, notes };
  },
});
export default tcp;
