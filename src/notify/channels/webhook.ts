import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { isoTime, msOf } from '../../base/time.ts';
import type { Notification } from '../../model/index.ts';
import { authorityOf } from '../authority.ts';
import { defineChannel } from '../define-channel.ts';
import { httpOutcome, httpPost, networkFailure } from '../http-post.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Where to post; counts as a secret, for tokens are often part of it.'),
  secret: z.string().min(16).optional().describe('Key of the HMAC-SHA256 signature in X-Wirewatch-Signature; at least 16 characters.'),
  headers: z.record(z.string(), z.string()).default({}).describe('Further headers, such as Authorization; their values are secrets.'),
  externalUrl: z.string().default('').describe('Address of the console, for `externalURL`.'),
  maxAlerts: z.int().min(1).max(10_000).default(500).describe('Alerts in one message; the rest is counted in `truncatedAlerts`.'),
  ca: z.string().optional().describe('PEM of the authority to trust in place of the system\'s.'),
  caFile: z.string().optional().describe('File with that PEM.'),
});

/** Alertmanager's time of an alert that has not ended. */
const NOT_ENDED = '0001-01-01T00:00:00Z';

/** Alertmanager's webhook JSON, version 4, which most receivers of alerts read; `wirewatch` holds what that form has no place for. */
export function webhookBody(n: Notification, externalUrl: string, maxAlerts: number): Record<string, unknown> {
  const shared = (pick: (a: Notification['alerts'][number]) => Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(n.alerts[0] === undefined ? {} : pick(n.alerts[0])).filter(([k, v]) => n.alerts.every((a) => pick(a)[k] === v)));
  return {
    version: '4',
    groupKey: n.groupKey,
    truncatedAlerts: Math.max(0, n.alerts.length - maxAlerts),
    status: n.status,
    receiver: n.receiver,
    groupLabels: n.groupLabels,
    commonLabels: shared((a) => a.labels),
    commonAnnotations: shared((a) => a.annotations),
    externalURL: externalUrl,
    alerts: n.alerts.slice(0, maxAlerts).map((a) => ({
      status: a.status, labels: a.labels, annotations: a.annotations, startsAt: isoTime(a.startsAt, 3), endsAt: a.endsAt === null ? NOT_ENDED : isoTime(a.endsAt, 3),
      generatorURL: n.link ?? '', fingerprint: a.fingerprint,
    })),
    wirewatch: {
      notificationId: n.id, reason: n.reason, severity: n.severity, subject: n.subject, incidentId: n.incidentId, link: n.link, drill: n.drill,
      createdAt: isoTime(n.createdAt, 3),
    },
  };
}

/**
 * `v1=` and the hex HMAC-SHA256 over `timestamp.body`, as X-Wirewatch-Signature has it.
 *
 * The receiver recomputes it, and refuses timestamps (seconds, X-Wirewatch-Timestamp) that are too old, so that nothing is replayed.
 */
export function webhookSignature(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

export const webhook = defineChannel({
  name: 'webhook',
  title: 'Webhook with Alertmanager\'s JSON (version 4), signed',
  options,
  secrets: ['url', 'secret', 'headers'],
  async send(ctx, notification, o) {
    const body = JSON.stringify(webhookBody(notification, o.externalUrl, o.maxAlerts));
    const timestamp = String(Math.floor(msOf(ctx.now) / 1000));
    try {
      const answer = await httpPost({
        url: o.url,
        signal: ctx.signal,
        ca: await authorityOf(o),
        body,
        headers: {
          'content-type': 'application/json',
          ...o.headers,
          'idempotency-key': ctx.dedupKey,
          'x-wirewatch-timestamp': timestamp,
          ...(o.secret === undefined ? {} : { 'x-wirewatch-signature': webhookSignature(o.secret, timestamp, body) }),
        },
      });
      return httpOutcome(answer, msOf(ctx.now));
    } catch (error) {
      return networkFailure(error, ctx.signal);
    }
  },
});

export default webhook;
