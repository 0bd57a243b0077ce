import { z } from 'zod';
import type { Severity } from '../../model/index.ts';
import { defineChannel } from '../define-channel.ts';
import { runProgram } from '../local-program.ts';
import { oneLine } from '../wording.ts';

const options = z.strictObject({
  identifier: z.string().regex(/^[\w.-]{1,64}$/).default('wirewatch').describe('SYSLOG_IDENTIFIER of the entries: `journalctl -t wirewatch`.'),
});

const PRIORITY: Readonly<Record<Severity, number>> = { critical: 2, error: 3, warning: 4, info: 6 };

/** The journal of this machine (systemd), through `logger` of util-linux, for Node has no datagram sockets of the file system. Needs no network. */
export const journal = defineChannel({
  name: 'journal',
  title: 'Journal of this machine (systemd)',
  options,
  secrets: [],
  async send(ctx, n, o) {
    const fields: Record<string, string> = {
      MESSAGE: oneLine(`${n.subject}: ${n.body}`), PRIORITY: String(n.status === 'resolved' ? 5 : PRIORITY[n.severity]), SYSLOG_IDENTIFIER: o.identifier,
      WIREWATCH_STATUS: n.status, WIREWATCH_SEVERITY: n.severity, WIREWATCH_REASON: n.reason, WIREWATCH_INCIDENT: n.incidentId ?? '', WIREWATCH_DELIVERY: ctx.dedupKey, WIREWATCH_DRILL: String(n.drill),
    };
    const entry = Object.entries(fields).map(([name, value]) => `${name}=${value}\n`).join('');
    const { code, fault, said } = await runProgram(['/usr/bin/logger', '--journald'], entry, ctx.signal);
    if (fault !== null) return { outcome: 'permanent', reason: `logger cannot be run: ${fault}; install the package util-linux` };
    if (code === 0) return { outcome: 'delivered', detail: 'in the journal' };
    return { outcome: 'retry', reason: said === '' ? `logger ended with ${code}` : said };
  },
});

export default journal;
