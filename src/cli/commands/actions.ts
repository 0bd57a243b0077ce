import { WirewatchError } from '../../base/errors.ts';
import { isoTime } from '../../base/time.ts';
import { createClient } from '../client.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

/** The part of a run that is shown; instants as digits. */
interface Run {
  readonly id: string;
  readonly state: string;
  readonly reason: string;
  readonly approvedBy: string | null;
  readonly plan: { readonly action: string; readonly subject: string; readonly impact: string; readonly incidentId: string; readonly createdAt: string; readonly steps: readonly string[]; readonly revertable: boolean };
  readonly log: readonly { readonly time: string; readonly text: string }[];
}

const time = (digits: string): string => isoTime(BigInt(digits), 0);

function line(run: Run): string {
  const why = run.reason === 'none' ? '' : ` (${run.reason})`;
  return `${run.id}  ${time(run.plan.createdAt)}  ${run.state}${why}  ${run.plan.action} on ${run.plan.subject}, impact ${run.plan.impact}, incident ${run.plan.incidentId}\n`;
}

function detail(run: Run): string {
  const steps = run.plan.steps.map((s, i) => `  ${i + 1}. ${s}\n`).join('');
  const log = run.log.map((l) => `  ${time(l.time)}  ${l.text.replace(/\n/g, '\n    ')}\n`).join('');
  return `${line(run)}${run.approvedBy === null ? '' : `approved by ${run.approvedBy}\n`}\nPlan\n${steps}\nLog\n${log}`;
}

function show(ctx: CommandContext, run: Run, text: (run: Run) => string): number {
  ctx.terminal.out(ctx.json ? `${JSON.stringify(run)}\n` : text(run));
  return EXIT.ok;
}

export const actions = defineCommand({
  name: 'actions',
  summary: 'list what was or would be done, approve, reject or revert it',
  permission: 'actions.approve',
  configure(command) {
    command.command('list', { isDefault: true }).description('runs, newest first').option('--waiting', 'only those that wait for approval');
    command.command('show <id>').description('plan and log of one run');
    command.command('approve <id>').description('let it be done');
    command.command('reject <id> <reason>').description('let it not be done');
    command.command('revert <id>').description('undo what was done');
  },
  async run(ctx, [verb, id, reason], options) {
    const client = createClient(ctx.dataDir);
    const at = `/actions/${encodeURIComponent(id ?? '')}`;
    switch (verb) {
      case 'list': {
        const { rows } = await client.get<{ rows: readonly Run[] }>('/actions', { waiting: options.waiting === true ? true : undefined });
        ctx.terminal.out(ctx.json ? `${JSON.stringify(rows)}\n` : rows.length === 0 ? 'nothing was done\n' : rows.map(line).join(''));
        return EXIT.ok;
      }
      case 'show':
        return show(ctx, await client.get<Run>(at), detail);
      case 'approve':
      case 'revert':
        return show(ctx, await client.post<Run>(`${at}/${verb}`), line);
      case 'reject':
        return show(ctx, await client.post<Run>(`${at}/reject`, { reason }), line);
      default:
        throw new WirewatchError('WW_ARGUMENT', 'say what to do with the actions', { remedy: 'wirewatch actions --help' });
    }
  },
});

export default actions;
