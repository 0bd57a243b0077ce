import { z } from 'zod';
import type { Severity } from '../../model/index.ts';
import { below, converse, trustOptions } from '../conversation.ts';
import { defineChannel } from '../define-channel.ts';
import { beganAt, cut, groupDigest, oneLine, sourceOf } from '../wording.ts';

const options = z.strictObject({
  routingKey: z.string().length(32).describe('Integration key of the service or event orchestration (Events API v2); a secret.'),
  url: z.url({ protocol: /^https?$/ }).default('https://events.pagerduty.com').describe('`https://events.eu.pagerduty.com` for the EU service region.'),
  ...trustOptions,
});

const SEVERITY: Readonly<Record<Severity, string>> = { critical: 'critical', error: 'error', warning: 'warning', info: 'info' };
const SUMMARY_CHARS = 1024;
const BODY_CHARS = 20_000;
/** Alerts listed in the details; an event may have 512 KB. */
const ALERTS = 50;

/** PagerDuty: one incident for each group, triggered, updated by further events and resolved under one key. */
export const pagerduty = defineChannel({
  name: 'pagerduty',
  title: 'PagerDuty (Events API v2)',
  options,
  secrets: ['routingKey'],
  perGroup: true,
  // About 120 events a minute for each integration key.
  paceMs: 500,
  async send(ctx, n, o) {
    const resolved = n.status === 'resolved';
    const labels = n.alerts[0]?.labels ?? {};
    const event = {
      routing_key: o.routingKey, event_action: resolved ? 'resolve' : 'trigger', dedup_key: groupDigest(n),
      payload: {
        summary: cut(oneLine(n.subject), SUMMARY_CHARS), source: sourceOf(n), severity: SEVERITY[n.severity], timestamp: beganAt(n),
        ...(labels.check === undefined ? {} : { component: labels.check }), ...(labels.site === undefined ? {} : { group: labels.site }),
        ...(labels.alertname === undefined ? {} : { class: labels.alertname }),
        custom_details: {
          text: cut(n.body, BODY_CHARS), reason: n.reason, incident: n.incidentId, drill: n.drill, wirewatch_delivery: ctx.dedupKey,
          alerts: n.alerts.slice(0, ALERTS).map((a) => ({ status: a.status, ...a.labels })),
        },
      },
      client: 'Wirewatch',
      ...(n.link === null ? {} : { client_url: n.link, links: [{ href: n.link, text: 'Open incident' }] }),
    };
    return await converse(ctx, o, async (ask) => {
      await ask({ url: below(o.url, '/v2/enqueue'), json: event });
      return { outcome: 'delivered', detail: resolved ? 'resolved' : 'triggered' };
    });
  },
});

export default pagerduty;
