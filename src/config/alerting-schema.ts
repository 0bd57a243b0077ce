import { Cron } from 'croner';
import { z } from 'zod';
import { parseTimeInterval } from '../base/time-interval.ts';
import { duration, identifier } from './quantities.ts';

const MATCHER = /^\s*[A-Za-z_][A-Za-z0-9_.:-]*\s*(=~|!~|!=|=)\s*(?:"(?:[^"\\]|\\.)*"|[^"\s]*)\s*$/;

/** `label="value"`, `label!=value`, `label=~"re"`, `label!~"re"` (Alertmanager's form). */
export const matcher = z.string().meta({ examples: ['severity="critical"', 'target=~"web.*"'] }).regex(MATCHER, {
  error: (issue) => `"${String(issue.input)}" is not a matcher; write label="value", or one of != =~ !~ in place of =`,
});

const label = z.string().regex(/^([A-Za-z_][A-Za-z0-9_.:-]*|\.\.\.)$/, { error: (issue) => `"${String(issue.input)}" is not a label's name` });

/** One node of the routing tree; what is left out is inherited. */
export interface RouteNode {
  readonly receiver?: string | undefined;
  readonly matchers?: readonly string[] | undefined;
  readonly groupBy?: readonly string[] | undefined;
  readonly groupWait?: number | undefined;
  readonly groupInterval?: number | undefined;
  readonly repeatInterval?: number | undefined;
  readonly continue?: boolean | undefined;
  readonly activeIntervals?: readonly string[] | undefined;
  readonly muteIntervals?: readonly string[] | undefined;
  readonly routes?: readonly RouteNode[] | undefined;
}

const routeShape = {
  receiver: identifier.optional().describe('Who is told; a name under `receivers`.'),
  matchers: z.array(matcher).max(64).optional().describe('All must match.'),
  groupBy: z.array(label).max(32).optional().describe('Labels by which alerts are told together; ["..."] tells each alone.'),
  groupWait: duration(0).optional().describe('Wait for further alerts of the group before the first message.'),
  groupInterval: duration(0).optional().describe('Least time between two messages of a group whose alerts changed.'),
  repeatInterval: duration(1000).optional().describe('Say again what still lasts after this time.'),
  continue: z.boolean().optional().describe('Look at the next routes too.'),
  activeIntervals: z.array(identifier).max(32).optional().describe('Outside all of these `timeIntervals` nothing is told. Not inherited.'),
  muteIntervals: z.array(identifier).max(32).optional().describe('Within any of these `timeIntervals` nothing is told, but the end of what was told. Not inherited.'),
};

export const routeSchema: z.ZodType<RouteNode> = z.strictObject({
  ...routeShape,
  get routes() {
    return z.array(routeSchema).max(64).optional();
  },
}) as unknown as z.ZodType<RouteNode>;

/** Words of a message; the first rule that fits is used. */
const templateSchema = z.strictObject({
  alertnames: z.array(z.string().min(1)).max(64).optional().describe('Alerts that it is for; left out = all.'),
  status: z.enum(['firing', 'resolved']).optional(),
  subject: z.string().min(1).max(500).describe('{{name}} stands for a label, an annotation, or a word such as summary, severity, starts.'),
  body: z.string().max(20_000).default('{{alerts}}'),
});

export const receiverSchema = z.strictObject({
  channels: z.array(identifier).max(8).describe('Names under `channels`, in order: the next is used where one cannot deliver. An empty list tells nobody.'),
  also: z.array(identifier).max(16).default([]).describe('Receivers that are told besides this one, each by its own channels.'),
  sendResolved: z.boolean().default(true),
  deadline: duration(1000).prefault('15m').describe('A channel that has not delivered after this time is left for the next.'),
  templates: z.array(templateSchema).max(64).default([]),
});

/** A recurring time; every part that is given must hold. */
const timeIntervalSchema = z
  .strictObject({
    times: z.array(z.string()).max(32).optional().describe('`09:00-17:00`; 24:00 ends the day.'),
    weekdays: z.array(z.string()).max(7).optional().describe('`monday:friday`, `saturday`.'),
    daysOfMonth: z.array(z.string()).max(32).optional().describe('`1:5`; -1 is the last day of the month.'),
    months: z.array(z.string()).max(12).optional().describe('`january:march`, or numbers.'),
    years: z.array(z.string()).max(32).optional().describe('`2026:2030`.'),
    timezone: z.string().min(1).default('UTC').describe('IANA name; the wall clock there counts.'),
  })
  .superRefine((interval, ctx) => {
    try {
      parseTimeInterval(interval);
    } catch (error) {
      ctx.addIssue({ code: 'custom', message: (error as Error).message });
    }
  });

export const alertingSchema = z
  .strictObject({
    route: routeSchema.optional().describe('The routing tree; without one every alert goes to the receiver `default`.'),
    receivers: z.record(identifier, receiverSchema).default({}),
    lifecycle: z
      .array(z.strictObject({
        matchers: z.array(matcher).max(64),
        for: duration(0).optional().describe('An alert is pending this long before it fires.'),
        keepFiringFor: duration(0).optional().describe('It fires this long after its cause is gone.'),
        staleAfter: duration(0).optional().describe('Without news for this long it is resolved.'),
      }))
      .max(256)
      .default([]),
    inhibit: z
      .array(z.strictObject({ source: z.array(matcher).min(1), target: z.array(matcher).min(1), equal: z.array(label).default([]) }))
      .max(256)
      .default([])
      .describe('While an alert of `source` fires, those of `target` with the same `equal` labels are not told.'),
    timeIntervals: z.record(identifier, z.array(timeIntervalSchema).min(1)).default({}).describe('Recurring times, for routes: office hours, the night of the backup.'),
    silences: z
      .array(z.strictObject({
        matchers: z.array(matcher).min(1), from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }), comment: z.string().min(1),
      }))
      .max(256)
      .default([]),
    maintenance: z
      .array(z.strictObject({
        matchers: z.array(matcher).default([]),
        schedule: z.string().min(1).describe('When a window begins: five cron fields.'),
        timezone: z.string().min(1).default('UTC'),
        duration: duration(60_000),
        reason: z.string().min(1),
      }).superRefine((entry, ctx) => {
        try {
          new Cron(entry.schedule, { timezone: entry.timezone, paused: true }).nextRun(new Date(0));
        } catch (error) {
          ctx.addIssue({ code: 'custom', path: ['schedule'], message: `"${entry.schedule}" in ${entry.timezone} is not a schedule: ${(error as Error).message}` });
        }
      }))
      .max(256)
      .default([]),
    maxAlerts: z.int().min(10).max(1_000_000).default(10_000).describe('Alerts that are held at once; further ones are refused and counted.'),
  })
  .prefault({});

/** What may be done by itself, and how often. */
export const actionsSchema = z
  .strictObject({
    policy: z
      .strictObject({
        mode: z.enum(['off', 'approve', 'auto']).default('approve').describe('off = plans only; approve = a person agrees first; auto = at once, within the budget.'),
        maxRuns: z.int().min(1).max(1000).default(3).describe('Runs within `window`, all actions together.'),
        window: duration(1000).prefault('1h'),
        cooldown: duration(0).prefault('10m').describe('Least time between two runs on the same subject.'),
        approvalTimeout: duration(1000).prefault('30m'),
      })
      .prefault({}),
    rules: z
      .array(z.strictObject({
        id: identifier,
        action: z.string().min(1).describe('Kind of action: command.'),
        matchers: z.array(matcher).min(1),
        mode: z.enum(['off', 'approve', 'auto']).optional(),
        options: z.record(z.string(), z.unknown()).default({}),
      }))
      .max(256)
      .default([]),
  })
  .prefault({});

/** One way to reach people; further keys are options of its type. */
export const channelSchema = z.looseObject({ type: z.string().min(1).describe('Kind of channel: smtp, slack, webhook.') });

export type AlertingConfig = z.output<typeof alertingSchema>;
export type ReceiverConfigSection = z.output<typeof receiverSchema>;
export type ActionsConfig = z.output<typeof actionsSchema>;
export type ChannelConfig = z.output<typeof channelSchema>;
