import { execFile } from 'node:child_process';
import { z } from 'zod';
import { defineProbe, failedOutcome, failure, type ProbeContext } from '../define-probe.ts';
import { Fault, failureOf } from '../fault.ts';
import { VIA_OPTIONS } from '../via.ts';

interface Route {
  readonly dev?: string;
  readonly gateway?: string;
  readonly prefsrc?: string;
  readonly type?: string;
  readonly table?: string;
}

/** The kernel's own answer, all rules and tables considered. */
function routeTo(ctx: ProbeContext, args: readonly string[]): Promise<Route> {
  return new Promise((done, refuse) => {
    execFile('ip', ['-j', ...args], { timeout: ctx.timeoutMs, env: { ...process.env, LC_ALL: 'C' }, signal: ctx.signal }, (error, out, complaint) => {
      if (error !== null) {
        const said = complaint.trim().replace(/^RTNETLINK answers: /, '');
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return refuse(new Fault('local', 'the program ip (iproute2) is not installed'));
        if (error.killed === true) return refuse(new Fault('timeout', 'the program ip did not answer in time'));
        // The kernel names the kind of route in its refusal: unreachable, prohibit, blackhole (EINVAL), none.
        return refuse(new Fault(/Invalid argument|unreachable|denied|No route|not permitted/i.test(said) ? 'unreachable' : 'local', `no route: ${said}`));
      }
      try {
        const [route] = JSON.parse(out) as Route[];
        if (route === undefined) throw new Fault('unreachable', 'there is no route');
        done(route);
      } catch (cause) {
        refuse(cause instanceof Fault ? cause : new Fault('local', 'the answer of ip cannot be read'));
      }
    });
  });
}

/** The route of this machine to the target: is there one, and does it go where it should. */
export const route = defineProbe({
  name: 'route',
  title: 'Own route to the target',
  options: z.strictObject({
    expectInterface: z.string().min(1).max(15).optional().describe('Interface that it must leave by.'),
    expectGateway: z.union([z.ipv4(), z.ipv6()]).optional().describe('Next hop that it must have.'),
    expectSource: z.union([z.ipv4(), z.ipv6()]).optional().describe('Address of this machine that it must leave from.'),
    ...VIA_OPTIONS,
  }),
  async run(ctx, target, o) {
    const resolved = await ctx.resolve(target);
    if ('failure' in resolved) return failedOutcome(resolved.failure, 1, { measurements: { dns_seconds: resolved.seconds } });
    const { address, family } = resolved.addresses[0];
    const startedNs = ctx.monotonicNs();
    try {
      const found = await routeTo(ctx, [`-${family}`, 'route', 'get', address.split('%')[0], ...(o.source === undefined ? [] : ['from', o.source]), ...(o.interface === undefined ? [] : ['oif', o.interface])]);
      const notes: Record<string, string> = { address, interface: found.dev ?? '', gateway: found.gateway ?? 'none (on the link)', source: found.prefsrc ?? '', ...(found.table === undefined ? {} : { table: found.table }) };
      ctx.log(`via ${notes.gateway}, ${notes.interface}, from ${notes.source}`);
      const wrong =
        found.type !== undefined && ['unreachable', 'prohibit', 'blackhole'].includes(found.type) ? failure('unreachable', `the route says ${found.type}`)
        : o.expectInterface !== undefined && found.dev !== o.expectInterface ? failure('content', `the route leaves by ${found.dev}`)
        : o.expectGateway !== undefined && found.gateway !== o.expectGateway ? failure('content', `the next hop is ${notes.gateway}`)
        : o.expectSource !== undefined && found.prefsrc !== o.expectSource ? failure('content', `the source is ${notes.source}`)
        : null;
      return { ok: wrong === null, failure: wrong, sent: 1, received: 1, rttNs: [Number(ctx.monotonicNs() - startedNs)], measurements: { dns_seconds: resolved.seconds }, notes };
    } catch (error) {
      return failedOutcome(failureOf(error), 1, { notes: { address } });
    }
  },
});
export default route;
