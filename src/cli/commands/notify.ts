import path from 'node:path';
import { renderMessage } from '../../alert/template.ts';
import { WirewatchError } from '../../base/errors.ts';
import { nearestNames } from '../../base/nearest.ts';
import { isoTime, nanosFromMs } from '../../base/time.ts';
import { openConfig } from '../../config/open-config.ts';
import type { Delivery, NotifyDecision } from '../../model/index.ts';
import type { NotificationDetail, Page } from '../../pipeline/services.ts';
import { createClient } from '../client.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';
import { loadExtensions } from '../extensions.ts';

type Options = Readonly<Record<string, unknown>>;
/** Instants come as digits. */
const time = (nanos: unknown): string => isoTime(BigInt(String(nanos)), 0);

function deliveryLine({ channel, state, attempts }: Delivery): string {
  const last = attempts.at(-1);
  return `  ${channel.padEnd(16)} ${state}${last === undefined ? '' : `  ${time(last.time)}  ${last.outcome}`}\n`;
}

/** A message by a receiver's channels, past routing; 0 where one of them took it. */
async function test(ctx: CommandContext, receiver: string): Promise<number> {
  const deliveries = await createClient(ctx.dataDir).post<readonly Delivery[]>(`/receivers/${encodeURIComponent(receiver)}/test`);
  ctx.terminal.out(ctx.json ? `${JSON.stringify(deliveries)}\n` : deliveries.map(deliveryLine).join('') || 'nothing was sent\n');
  return deliveries.some((d) => d.state === 'delivered') ? EXIT.ok : EXIT.negative;
}

/** The words of a receiver for an alert that never was; needs no running program. */
async function preview(ctx: CommandContext, name: string, options: Options): Promise<number> {
  if (typeof options.config !== 'string') throw new WirewatchError('WW_ARGUMENT', 'name the configuration', { remedy: `wirewatch notify preview ${name} --config FILE` });
  const { config } = openConfig(path.resolve(ctx.cwd, options.config), { env: ctx.env, extensions: await loadExtensions() });
  const receiver = config.alerting.receivers[name];
  if (receiver === undefined) {
    const [near] = nearestNames(name, Object.keys(config.alerting.receivers));
    throw new WirewatchError('WW_NOT_FOUND', `there is no receiver ${name}`, { remedy: near === undefined ? `known: ${Object.keys(config.alerting.receivers).join(', ')}` : `did you mean ${near}?` });
  }
  const now = nanosFromMs(Date.now());
  const alertname = typeof options.alertname === 'string' ? options.alertname : 'check-down';
  const messages = (['firing', 'resolved'] as const).map((status) => renderMessage(receiver.templates, {
    status, severity: 'critical', incidentId: '0123456789abcdef', link: `${config.listen.publicUrl ?? 'http://127.0.0.1:8080'}/incidents/0123456789abcdef`, drill: false,
    alerts: [{
      fingerprint: 'preview', status, labels: { alertname, target: 'web', name: 'Web', host: '192.0.2.1', severity: 'critical' }, annotations: { summary: 'Web does not respond.' },
      startsAt: now - nanosFromMs(300_000), endsAt: status === 'resolved' ? now : null,
    }],
  }));
  ctx.terminal.out(ctx.json ? `${JSON.stringify(messages)}\n` : messages.map((m) => `Subject: ${m.subject}\n\n${m.body}`).join('\n---\n\n'));
  return EXIT.ok;
}

async function list(ctx: CommandContext, options: Options): Promise<number> {
  const { rows } = await createClient(ctx.dataDir).get<Page<NotificationDetail>>('/notifications', { limit: limitOf(options) });
  ctx.terminal.out(ctx.json ? `${JSON.stringify(rows)}\n` : rows.map(({ notification: n, deliveries }) => `${time(n.createdAt)}  ${n.receiver}  ${n.reason}  ${n.subject}\n${deliveries.map(deliveryLine).join('')}`).join(''));
  return EXIT.ok;
}

/** Every decision has its reason, those that sent nothing too. */
async function why(ctx: CommandContext, options: Options): Promise<number> {
  const { rows } = await createClient(ctx.dataDir).get<Page<NotifyDecision>>('/notify-decisions', { limit: limitOf(options) });
  ctx.terminal.out(ctx.json ? `${JSON.stringify(rows)}\n` : rows.map((d) => {
    const muted = d.muted.map((m) => `    ${m.fingerprint}  ${m.reason} by ${m.by}\n`).join('');
    return `${time(d.time)}  ${d.sent ? 'sent    ' : 'not sent'}  ${d.reason.padEnd(12)} ${d.receiver}  ${d.groupKey}\n${muted}`;
  }).join(''));
  return EXIT.ok;
}

function limitOf(options: Options): number {
  const limit = Number(options.limit);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 500) throw new WirewatchError('WW_ARGUMENT', '--limit is a whole number from 1 to 500');
  return limit;
}

export const notify = defineCommand({
  name: 'notify',
  summary: 'send a test message, preview the words of a receiver, list what was told, and why something was not',
  permission: 'incidents.read',
  configure(command) {
    const limit = ['--limit <n>', 'most entries, newest first', '20'] as const;
    command.command('test').description('send a test message by a receiver, past routing').argument('<receiver>');
    command.command('preview').description('show the words of a receiver for a sample alert, firing and resolved').argument('<receiver>').option('--config <file>', 'configuration with the templates').option('--alertname <name>', 'alert that the sample is of', 'check-down');
    command.command('list').description('messages with what became of them').option(...limit);
    command.command('why').description('decisions: what was sent, what was not, and for which reason').option(...limit);
  },
  async run(ctx, [verb, subject], options) {
    switch (verb) {
      case 'test':
        return await test(ctx, subject);
      case 'preview':
        return await preview(ctx, subject, options);
      case 'list':
        return await list(ctx, options);
      case 'why':
        return await why(ctx, options);
      default:
        throw new WirewatchError('WW_ARGUMENT', 'name what to do: test, preview, list or why', { remedy: 'wirewatch notify --help' });
    }
  },
});

export default notify;
