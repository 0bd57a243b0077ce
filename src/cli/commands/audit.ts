import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { isoTime, type Nanos } from '../../base/time.ts';
import type { AuditEvent } from '../../model/index.ts';
import { openStateStore } from '../../store/adapters/sqlite.ts';
import { verifyAudit } from '../../store/audit-chain.ts';
import { createClient, isRunning } from '../client.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

/** Reads from the store itself: a chain is verified without trusting the program that wrote it. SQLite lets readers in beside it. */
function withStore<T>(ctx: CommandContext, work: (read: (from: number, limit: number) => AuditEvent[]) => T): T {
  const store = openStateStore({ file: path.join(ctx.dataDir, 'state.db'), readOnly: true });
  try {
    return work((from, limit) => store.readAudit(from, limit));
  } finally {
    store.close();
  }
}

async function verify(ctx: CommandContext, expected: unknown): Promise<number> {
  const { events, head } = withStore(ctx, (read) => verifyAudit(read));
  if (typeof expected === 'string' && expected !== head) {
    throw new WirewatchError('WW_AUDIT_CHAIN', 'the chain is whole, but it does not end in the expected hash: events are missing or were added', { where: head });
  }
  ctx.terminal.out(ctx.json ? `${JSON.stringify({ ok: true, events, head })}\n` : `${events} events, chain intact, head ${head}\n`);
  // Who verified, and when, belongs into the record where a program keeps it.
  if (await isRunning(ctx.dataDir)) await createClient(ctx.dataDir).get('/audit/verify').catch(() => undefined);
  return EXIT.ok;
}

export const audit = defineCommand({
  name: 'audit',
  summary: 'list the audit chain, or verify that no event was altered, cut out or slipped in',
  permission: 'audit.read',
  configure(command) {
    command.command('verify').description('check every hash').option('--expect <hash>', 'head that was noted elsewhere: shows that nothing was cut off');
    command.command('list').description('events, oldest first').option('--from <seq>', 'first event', '1').option('--limit <n>', 'most events', '100');
  },
  async run(ctx, [verb], options) {
    if (verb === 'verify') return await verify(ctx, options.expect);
    const [from, limit] = [Number(options.from), Number(options.limit)];
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(limit) || from < 1 || limit < 1) throw new WirewatchError('WW_ARGUMENT', '--from and --limit are whole numbers from 1');
    for (const e of withStore(ctx, (read) => read(from, limit))) {
      if (ctx.json) ctx.terminal.out(`${JSON.stringify({ ...e, time: String(e.time) })}\n`);
      else ctx.terminal.out(`${e.seq}  ${isoTime(e.time as Nanos, 3)}  ${e.actor}  ${e.action}  ${e.object}  ${Object.entries(e.details).map(([k, v]) => `${k}=${v}`).join(' ')}\n`);
    }
    return EXIT.ok;
  },
});

export default audit;
