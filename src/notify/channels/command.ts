import { z } from 'zod';
import { msOf } from '../../base/time.ts';
import { defineChannel } from '../define-channel.ts';
import { runProgram } from '../local-program.ts';

const options = z.strictObject({
  argv: z.array(z.string().min(1)).min(1).refine((a) => a[0]?.startsWith('/') ?? false, 'the program is named by its whole path').describe('Program and arguments; no shell reads them.'),
  env: z.record(z.string(), z.string()).default({}).describe('Its environment besides PATH; the values are secrets.'),
});

/** sysexits.h: a failure that may pass, and the range of those that will not. */
const EX_TEMPFAIL = 75;
const EX_FIRST = 64;
const EX_LAST = 78;

/** A program of this machine gets the message as JSON on its standard input. Needs no network. */
export const command = defineChannel({
  name: 'command',
  title: 'A program on this machine',
  options,
  secrets: ['env'],
  async send(ctx, n, o) {
    const message = {
      key: ctx.dedupKey, attempt: ctx.attempt, id: n.id, group: n.groupKey, groupLabels: n.groupLabels, receiver: n.receiver, reason: n.reason, status: n.status, severity: n.severity,
      subject: n.subject, body: n.body, incident: n.incidentId, link: n.link, drill: n.drill, createdAt: new Date(msOf(n.createdAt)).toISOString(),
      alerts: n.alerts.map((a) => ({ ...a, startsAt: new Date(msOf(a.startsAt)).toISOString(), endsAt: a.endsAt === null ? null : new Date(msOf(a.endsAt)).toISOString() })),
    };
    const { code, signal, fault, said } = await runProgram(o.argv, `${JSON.stringify(message)}\n`, ctx.signal, o.env);
    const words = said === '' ? '' : `: ${said.slice(0, 200)}`;
    if (fault !== null) return { outcome: 'permanent', reason: `${o.argv[0]} cannot be run: ${fault}` };
    if (code === 0) return { outcome: 'delivered', detail: `exit code 0${words}` };
    if (ctx.signal.aborted) return { outcome: 'retry', reason: 'no answer within the time allowed' };
    if (code === null) return { outcome: 'retry', reason: `killed by ${signal}${words}` };
    const final = code >= EX_FIRST && code <= EX_LAST && code !== EX_TEMPFAIL;
    return { outcome: final ? 'permanent' : 'retry', reason: `exit code ${code}${words}` };
  },
});

export default command;
