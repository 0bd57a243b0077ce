import { z } from 'zod';
import { defineProbe, failedOutcome } from '../define-probe.ts';
import { dialUdp, exchangeUdp } from '../dial.ts';
import { Fault, failureOf } from '../fault.ts';
import { rttMeasurements, rttStatistics } from '../rtt-statistics.ts';
import { VIA_OPTIONS } from '../via.ts';

const HEX = /^([0-9a-fA-F]{2})*$/;

/** UDP request and response: sends what it is told and looks for what must come back (RFC 768). */
export const udp = defineProbe({
  name: 'udp',
  title: 'UDP request and response',
  options: z.strictObject({
    port: z.int().min(1).max(65_535).describe('Port to ask.'),
    send: z.string().max(1200).default('').describe('Text to send.'),
    sendHex: z.string().regex(HEX).max(2400).optional().describe('The same in hexadecimal digits, for what is not text.'),
    expect: z.string().min(1).max(1200).optional().describe('Text that the answer must contain; any answer is right where it is left out.'),
    expectHex: z.string().regex(HEX).min(2).max(2400).optional().describe('The same in hexadecimal digits.'),
    count: z.int().min(1).max(100).default(1).describe('Requests in a round, one after another.'),
    ...VIA_OPTIONS,
  }),
  async run(ctx, target, o) {
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, o.count, { measurements: { dns_seconds: resolved.seconds } });
    const { address, family } = resolved.addresses[0];
    const request = o.sendHex === undefined ? Buffer.from(o.send, 'utf8') : Buffer.from(o.sendHex, 'hex');
    const wanted = o.expectHex !== undefined ? Buffer.from(o.expectHex, 'hex') : o.expect === undefined ? undefined : Buffer.from(o.expect, 'utf8');
    const rttNs: (number | null)[] = [];
    const notes: Record<string, string> = { address, port: String(o.port) };
    let failed: unknown;
    for (let i = 0; i < o.count && !ctx.signal.aborted; i++) {
      let socket: Awaited<ReturnType<typeof dialUdp>> | undefined;
      try {
        // One socket a request: a late answer to the one before is not taken for this one's.
        socket = await dialUdp({ address, family, port: o.port, via: o });
        const { response, ns } = await exchangeUdp(ctx, socket, request, ctx.timeoutMs / o.count, () => true);
        notes.response_hex = response.subarray(0, 100).toString('hex');
        if (wanted !== undefined && !response.includes(wanted)) throw new Fault('content', 'the answer does not contain what it should');
        rttNs.push(ns);
      } catch (error) {
        failed = error;
        rttNs.push(null);
        ctx.log(`request ${i + 1}: ${failureOf(error).class}: ${failureOf(error).message}`);
      } finally {
        socket?.close();
      }
    }
    const statistics = rttStatistics(rttNs);
    const ok = statistics.received > 0;
    return { ok, failure: ok ? null : failureOf(failed), sent: rttNs.length, received: statistics.received, rttNs, measurements: { dns_seconds: resolved.seconds, ...rttMeasurements(statistics) }, notes };
  },
});
export default udp;
