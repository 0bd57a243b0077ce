import { WirewatchError } from '../../base/errors.ts';
import { formatDurationMs, isoTime, msOf } from '../../base/time.ts';
import type { Alert, Delivery, Incident, Notification, TimelineEntry } from '../../model/index.ts';
import { createClient } from '../client.ts';
import { openIncidentReader } from '../state-reader.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

/** A record as the API writes it: instants as digits. */
type Written<T> = { readonly [K in keyof T]: T[K] extends bigint ? string : T[K] extends bigint | null ? string | null : T[K] };

interface IncidentDetail {
  readonly incident: Written<Incident>;
  readonly timeline: readonly Written<TimelineEntry>[];
  readonly alerts: readonly Written<Alert>[];
  readonly evidence: readonly { readonly manifest: { readonly id: string; readonly missing: readonly string[] }; readonly verdict: string }[];
  readonly notifications: readonly { readonly notification: Written<Notification>; readonly deliveries: readonly Written<Delivery>[] }[];
}

const time = (digits: string): string => isoTime(BigInt(digits), 0);
const between = (from: string, to: string): string => formatDurationMs(msOf(BigInt(to) - BigInt(from)));

function stateOf(i: Written<Incident>): string {
  if (i.closedAt !== null) return `closed after ${between(i.openedAt, i.closedAt)}`;
  const seen = i.acknowledgedAt === null ? 'not acknowledged' : `acknowledged by ${i.acknowledgedBy} after ${between(i.openedAt, i.acknowledgedAt)}`;
  return `${i.phase}, ${i.mitigatedAt === null ? 'going on' : `mitigated after ${between(i.openedAt, i.mitigatedAt)}`}, ${seen}`;
}

function showDetail(d: IncidentDetail): string {
  const lines = [
    d.incident.title, `${d.incident.id}  ${d.incident.severity}  opened ${time(d.incident.openedAt)}  ${stateOf(d.incident)}`,
    ...(d.incident.assignee === null ? [] : [`assigned to ${d.incident.assignee}`]),
    '', 'Timeline', ...d.timeline.map((e) => `  ${time(e.time)}  ${e.kind.padEnd(14)} ${e.actor}: ${e.text}`),
    '', 'Alerts', ...d.alerts.map((a) => `  ${a.state.padEnd(9)} ${a.name} since ${time(a.activeAt)}  ${Object.entries(a.labels).map(([k, v]) => `${k}=${v}`).join(' ')}`),
    '', 'Evidence', ...d.evidence.map((e) => `  ${e.manifest.id}  ${e.verdict}${e.manifest.missing.length === 0 ? '' : `; missing: ${e.manifest.missing.join('; ')}`}`),
    '', 'Notifications', ...d.notifications.map((n) => `  ${time(n.notification.createdAt)}  ${n.notification.reason.padEnd(10)} ${n.notification.subject}  ${n.deliveries.map((v) => `${v.channel}: ${v.state}`).join(', ')}`),
  ];
  return `${lines.join('\n')}\n`;
}

async function list(ctx: CommandContext, options: Readonly<Record<string, unknown>>): Promise<number> {
  const status = options.all === true ? 'all' : options.closed === true ? 'closed' : 'open';
  const reader = await openIncidentReader(ctx);
  const rows = await reader.list<Written<Incident>>({ status, limit: Number(options.limit ?? 50) }).finally(() => reader.close());
  if (ctx.json) ctx.terminal.out(`${JSON.stringify(rows)}\n`);
  for (const i of ctx.json ? [] : rows) ctx.terminal.out(`${i.id}  ${time(i.openedAt)}  ${i.severity.padEnd(8)}  ${stateOf(i)}\n  ${i.title}\n`);
  if (rows.length === 0 && !ctx.json) ctx.terminal.out(`no ${status === 'all' ? '' : `${status} `}incidents\n`);
  return EXIT.ok;
}

/** What people do: verb, path below the incident, body, and what is said when it is done. */
const ORDERS: Readonly<Record<string, { readonly path: string; body(rest: readonly string[]): Record<string, unknown>; readonly done: string }>> = {
  ack: { path: 'acknowledge', body: () => ({}), done: 'acknowledged' },
  assign: { path: 'assign', body: ([name]) => ({ assignee: name ?? null }), done: 'assigned' },
  note: { path: 'note', body: ([text]) => ({ text }), done: 'noted' },
  phase: { path: 'phase', body: ([phase]) => ({ phase }), done: 'moved' },
  close: { path: 'close', body: ([text]) => ({ resolution: text ?? '' }), done: 'closed' },
};

export const incidents = defineCommand({
  name: 'incidents',
  summary: 'list incidents, show one with its timeline, acknowledge, assign, note, move, close',
  permission: 'incidents.read',
  configure(command) {
    command.command('list', { isDefault: true }).description('open incidents, newest first').option('--all', 'closed ones too').option('--closed', 'closed ones only').option('--limit <n>', 'at most this many', '50');
    command.command('show <id>').description('one incident: timeline, alerts, evidence, notifications');
    command.command('ack <id>').description('say that you are on it');
    command.command('assign <id> [user]').description('give it to somebody; to nobody where no name is given');
    command.command('note <id> <text>').description('write a line into its timeline');
    command.command('phase <id> <phase>').description('triage, contain, eradicate or recover');
    command.command('close <id> <resolution>').description('close it, saying what it was');
  },
  async run(ctx, [verb, id, ...rest], options) {
    if (verb === 'list') return await list(ctx, options);
    const client = createClient(ctx.dataDir);
    const order = verb === undefined ? undefined : ORDERS[verb];
    if (order !== undefined) {
      const answer = await client.post<unknown>(`/incidents/${encodeURIComponent(id)}/${order.path}`, order.body(rest));
      ctx.terminal.out(ctx.json ? `${JSON.stringify(answer)}\n` : `${id}: ${order.done}\n`);
      return EXIT.ok;
    }
    if (verb !== 'show') throw new WirewatchError('WW_ARGUMENT', 'say what to do with the incidents', { remedy: 'wirewatch incidents --help' });
    const reader = await openIncidentReader(ctx);
    const detail = await reader.get<IncidentDetail>(id).finally(() => reader.close());
    ctx.terminal.out(ctx.json ? `${JSON.stringify(detail)}\n` : showDetail(detail));
    return EXIT.ok;
  },
});

export default incidents;
