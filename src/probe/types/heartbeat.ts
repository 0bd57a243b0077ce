import { z } from 'zod';
import { defineProbe, failedOutcome, failure } from '../define-probe.ts';
import { HeartbeatListener } from '../heartbeat-listener.ts';

/** A job that reports by itself (dead man's switch): its last beat must be young enough, and must not say that it failed. */
export const heartbeat = defineProbe({
  name: 'heartbeat',
  title: 'Heartbeat that a job pushes',
  options: z.strictObject({
    key: z.string().regex(/^[\w.-]{8,128}$/).describe('Path that the job calls, `http://ADDRESS:PORT/KEY`; whoever knows it can beat, so it is long and random. `/KEY/start` and `/KEY/fail` say more.'),
    within: z.number().min(1).max(31 * 86_400).default(3600).describe('Seconds after which a beat is too old.'),
    listen: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1').describe('Address of this machine to listen at.'),
    port: z.int().min(1).max(65_535).default(8791),
  }),
  async run(ctx, _target, o) {
    let listener: HeartbeatListener;
    try {
      listener = await HeartbeatListener.at(o.listen, o.port, ctx.monotonicNs());
    } catch (error) {
      return failedOutcome(failure('local', (error as Error).message));
    }
    const within = BigInt(Math.round(o.within * 1e9));
    const beat = await listener.beat(o.key, ctx.monotonicNs() - within, ctx.timeoutMs, ctx.signal);
    const now = ctx.monotonicNs();
    if (beat === null) {
      const listened = Number(now - listener.sinceNs) / 1e9;
      // Nobody listened before: a beat that came then was missed here, not there.
      if (listened < o.within) return failedOutcome(failure('local', `no beat yet, and this monitor listens for ${listened.toFixed(0)} of ${o.within} s only`));
      return failedOutcome(failure('timeout', `no beat within ${o.within} s`));
    }
    const age = Number(now - beat.atNs) / 1e9;
    const measurements = { beat_age_seconds: age, ...(beat.jobNs === null ? {} : { job_seconds: Number(beat.jobNs) / 1e9 }) };
    const notes = beat.message === '' ? {} : { message: beat.message };
    ctx.log(`the last beat came ${age.toFixed(1)} s ago${beat.failed ? ' and says that the job failed' : ''}`);
    if (age > o.within) return failedOutcome(failure('timeout', `the last beat came ${age.toFixed(0)} s ago`), 1, { measurements, notes });
    if (beat.failed) return { ...failedOutcome(failure('content', 'the job says that it failed'), 1, { measurements, notes }), received: 1 };
    return { ok: true, failure: null, sent: 1, received: 1, rttNs: [null], measurements, notes };
  },
});
export default heartbeat;
