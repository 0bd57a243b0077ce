import type { Notification, Severity } from '../model/index.ts';
import { below, converse } from './conversation.ts';
import type { ChannelContext, SendResult } from './define-channel.ts';
import { bodyWithLink, cut, groupDigest, oneLine, sourceOf } from './wording.ts';

const PRIORITY: Readonly<Record<Severity, string>> = { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' };
// Limits of the alert API: message 130, description 15,000, each tag 50 characters, 20 tags.
const MESSAGE_CHARS = 130;
const DESCRIPTION_CHARS = 15_000;
const TAG_CHARS = 50;

export interface GenieDesk {
  /** Address of the collection of alerts. */
  readonly alerts: string;
  readonly apiKey: string;
  readonly responders: readonly { readonly type: string; readonly name?: string | undefined; readonly id?: string | undefined }[];
  readonly ca?: string | undefined;
  readonly caFile?: string | undefined;
}

/** The alert API that Opsgenie has and Jira Service Management took over: one alert for each group, closed by its alias. */
export async function tellGenie(ctx: ChannelContext, n: Notification, desk: GenieDesk): Promise<SendResult> {
  const headers = { authorization: `GenieKey ${desk.apiKey}` };
  const alias = groupDigest(n);
  return await converse(ctx, desk, async (ask) => {
    if (n.status === 'resolved') {
      const url = below(desk.alerts, `/${alias}/close?identifierType=alias`);
      // 404: there is no such alert, so there is none to close.
      await ask({ url, headers, json: { source: 'Wirewatch', note: cut(oneLine(n.subject), DESCRIPTION_CHARS) }, expected: [404] });
      return { outcome: 'delivered', detail: 'closed' };
    }
    await ask({
      url: desk.alerts, headers,
      json: {
        message: cut(oneLine(n.subject), MESSAGE_CHARS), alias, description: cut(bodyWithLink(n), DESCRIPTION_CHARS), responders: desk.responders,
        tags: [...new Set(n.alerts.map((a) => a.labels.alertname ?? 'alert'))].slice(0, 10).map((tag) => cut(tag, TAG_CHARS)).concat(n.drill ? ['drill'] : []),
        details: { ...n.groupLabels, reason: n.reason, incident: n.incidentId ?? '', delivery: ctx.dedupKey },
        entity: cut(sourceOf(n), 512), source: 'Wirewatch', priority: PRIORITY[n.severity],
      },
    });
    return { outcome: 'delivered', detail: 'alert created or counted' };
  });
}
