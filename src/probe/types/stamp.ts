import { z } from 'zod';
import { defineProbe, failedOutcome } from '../define-probe.ts';
import { dialUdp } from '../dial.ts';
import { Fault, failureOf } from '../fault.ts';
import { rttMeasurements, rttStatistics } from '../rtt-statistics.ts';
import { readStampReflection, stampRequest } from '../stamp-packet.ts';
import { VIA_OPTIONS } from '../via.ts';

interface Sample {
  readonly wall: bigint;
  readonly monotonic: bigint;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * STAMP session-sender (RFC 8762): a burst over UDP to a reflector. The round-trip time is without the reflector's own; each way's
 * delay is meaningful only where both clocks agree, its variation always.
 */
export const stamp = defineProbe({
  name: 'stamp',
  title: 'STAMP two-way delay',
  options: z.strictObject({
    port: z.int().min(1).max(65_535).default(862),
    count: z.int().min(1).max(1000).default(10).describe('Test packets in a round.'),
    spacing: z.number().min(1).max(10_000).default(20).describe('Milliseconds between two of them.'),
    ...VIA_OPTIONS,
  }),
  async run(ctx, target, o) {
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, o.count, { measurements: { dns_seconds: resolved.seconds } });
    const { address, family } = resolved.addresses[0];
    const notes: Record<string, string> = { address, port: String(o.port) };
    let socket: Awaited<ReturnType<typeof dialUdp>>;
    try {
      socket = await dialUdp({ address, family, port: o.port, via: o });
    } catch (error) {
      return failedOutcome(failureOf(error), o.count, { notes });
    }
    const spacing = Math.min(o.spacing, Math.max(1, (ctx.timeoutMs * 0.6) / o.count));
    const sent = new Map<number, Sample>();
    const rttNs: (number | null)[] = Array.from({ length: o.count }, () => null);
    const forward: number[] = [];
    const backward: number[] = [];
    let highest = -1;
    let numbered = false;
    let unreadable = false;
    let trouble: unknown;
    await new Promise<void>((done) => {
      const timers: NodeJS.Timeout[] = [];
      const finish = (): void => {
        for (const timer of timers) clearTimeout(timer);
        ctx.signal.removeEventListener('abort', finish);
        socket.close();
        done();
      };
      ctx.signal.addEventListener('abort', finish, { once: true });
      timers.push(setTimeout(finish, ctx.timeoutMs));
      socket.on('error', (error) => {
        trouble = error;
        finish();
      });
      socket.on('message', (bytes) => {
        const now = ctx.monotonicNs();
        const answer = readStampReflection(bytes, ctx.wallNs());
        const sample = answer === undefined ? undefined : sent.get(answer.senderSeq);
        if (answer === undefined || sample === undefined) {
          unreadable ||= answer === undefined;
          return;
        }
        sent.delete(answer.senderSeq);
        const away = now - sample.monotonic;
        rttNs[answer.senderSeq] = Math.max(0, Number(away - (answer.sent - answer.received)));
        forward.push(Number(answer.received - sample.wall));
        backward.push(Number(sample.wall + away - answer.sent));
        highest = Math.max(highest, answer.reflectorSeq);
        numbered ||= answer.reflectorSeq !== answer.senderSeq;
        if (rttNs.every((r) => r !== null)) finish();
      });
      const sendOne = (seq: number): void => {
        const sample = { wall: ctx.wallNs(), monotonic: ctx.monotonicNs() };
        sent.set(seq, sample);
        socket.send(stampRequest(seq, sample.wall));
      };
      sendOne(0);
      for (let i = 1; i < o.count; i++) timers.push(setTimeout(() => sendOne(i), i * spacing));
    });
    const statistics = rttStatistics(rttNs);
    const measurements: Record<string, number> = { dns_seconds: resolved.seconds, ...rttMeasurements(statistics) };
    if (forward.length > 0) {
      Object.assign(measurements, { forward_seconds: median(forward) / 1e9, backward_seconds: median(backward) / 1e9 });
      const spread = (v: number[]): number => (Math.max(...v) - Math.min(...v)) / 1e9;
      Object.assign(measurements, { forward_variation_seconds: spread(forward), backward_variation_seconds: spread(backward) });
      // A reflector that counts by itself tells how many came there: what is missing beyond them was lost on the way back.
      if (numbered) Object.assign(measurements, { forward_lost: Math.max(0, o.count - 1 - highest), backward_lost: Math.max(0, highest + 1 - statistics.received) });
    }
    const ok = statistics.received > 0;
    const failure = ok ? null : trouble !== undefined ? failureOf(trouble) : failureOf(new Fault(unreadable ? 'protocol' : 'timeout', unreadable ? 'what comes back is no reflection' : `none of ${o.count} test packets came back`));
    return { ok, failure, sent: o.count, received: statistics.received, rttNs, measurements, notes };
  },
});
export default stamp;
