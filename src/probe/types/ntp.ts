import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { u32be } from '../../base/bytes.ts';
import { defineProbe, failedOutcome } from '../define-probe.ts';
import { dialUdp, exchangeUdp } from '../dial.ts';
import { Fault, failureOf } from '../fault.ts';
import { ntpTime } from '../ntp-time.ts';
import { rttMeasurements, rttStatistics } from '../rtt-statistics.ts';
import { VIA_OPTIONS } from '../via.ts';

const PACKET_LEN = 48;
const ORIGIN_AT = 24;
const RECEIVE_AT = 32;
const TRANSMIT_AT = 40;
const UNSYNCHRONISED = 3;

/** An NTP server: does it answer, is it synchronised, and how far is this machine's clock from it (RFC 5905). */
export const ntp = defineProbe({
  name: 'ntp',
  title: 'NTP offset',
  options: z.strictObject({
    port: z.int().min(1).max(65_535).default(123),
    count: z.int().min(1).max(8).default(1).describe('Requests in a round; the offset is that of the one with the least delay.'),
    maxOffset: z.number().positive().optional().describe('Milliseconds by which the two clocks may differ.'),
    maxStratum: z.int().min(1).max(15).default(15).describe('Greatest distance from a reference clock.'),
    ...VIA_OPTIONS,
  }),
  async run(ctx, target, o) {
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, o.count, { measurements: { dns_seconds: resolved.seconds } });
    const { address, family } = resolved.addresses[0];
    const notes: Record<string, string> = { address, port: String(o.port) };
    const measurements: Record<string, number> = { dns_seconds: resolved.seconds };
    const rttNs: (number | null)[] = [];
    let failed: unknown;
    let leastDelay = Number.POSITIVE_INFINITY;
    let socket: Awaited<ReturnType<typeof dialUdp>> | undefined;
    try {
      socket = await dialUdp({ address, family, port: o.port, via: o });
      for (let i = 0; i < o.count && !ctx.signal.aborted; i++) {
        const request = new Uint8Array(PACKET_LEN);
        request[0] = (4 << 3) | 3;
        // A random number in place of our time: it is compared and tells nobody what our clock shows.
        request.set(randomBytes(8), TRANSMIT_AT);
        const sentNs = ctx.wallNs();
        try {
          const { response, ns } = await exchangeUdp(ctx, socket, request, ctx.timeoutMs / o.count, (r) => r.length >= PACKET_LEN && (r[0] & 7) === 4 && r.subarray(ORIGIN_AT, RECEIVE_AT).equals(request.subarray(TRANSMIT_AT)));
          rttNs.push(ns);
          const stratum = response[1];
          notes.reference = stratum <= 1 ? response.toString('latin1', 12, 16).replaceAll(/[^\x20-\x7e]/g, '') : response.subarray(12, 16).join('.');
          if (stratum === 0) throw new Fault('content', `the server sends a kiss of death: ${notes.reference}`);
          if (response[0] >> 6 === UNSYNCHRONISED || stratum >= 16) throw new Fault('content', 'the server is not synchronised');
          if (stratum > o.maxStratum) throw new Fault('content', `the server's stratum is ${stratum}`);
          const receivedNs = sentNs + BigInt(ns);
          const [t2, t3] = [ntpTime(response, RECEIVE_AT, sentNs), ntpTime(response, TRANSMIT_AT, sentNs)];
          const delay = ns - Number(t3 - t2);
          if (delay >= leastDelay) continue;
          leastDelay = delay;
          Object.assign(measurements, {
            offset_seconds: Number(t2 - sentNs + (t3 - receivedNs)) / 2e9, delay_seconds: Math.max(0, delay) / 1e9, stratum,
            root_delay_seconds: u32be(response, 4) / 65_536, root_dispersion_seconds: u32be(response, 8) / 65_536,
          });
        } catch (error) {
          failed = error;
          if (rttNs.length <= i) rttNs.push(null);
          ctx.log(`request ${i + 1}: ${failureOf(error).class}: ${failureOf(error).message}`);
        }
      }
    } catch (error) {
      failed = error;
      rttNs.push(null);
    } finally {
      socket?.close();
    }
    const { offset_seconds: offset } = measurements;
    if (offset !== undefined) {
      // One good answer is enough: what is wrong then is the clock alone.
      failed = o.maxOffset !== undefined && Math.abs(offset) * 1000 > o.maxOffset ? new Fault('content', `the clocks differ by ${(offset * 1000).toFixed(1)} ms`) : undefined;
    }
    const statistics = rttStatistics(rttNs);
    return {
      ok: failed === undefined, failure: failed === undefined ? null : failureOf(failed), sent: rttNs.length, received: statistics.received, rttNs,
      measurements: { ...measurements, ...rttMeasurements(statistics) }, notes,
    };
  },
});
export default ntp;
