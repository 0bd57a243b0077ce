import { z } from 'zod';
import { msOf } from '../../base/time.ts';
import type { Notification } from '../../model/index.ts';
import { authorityOf } from '../authority.ts';
import { defineChannel } from '../define-channel.ts';
import { httpOutcome, httpPost, networkFailure } from '../http-post.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('The incoming webhook\'s address; whoever knows it can post, so it is a secret.'),
  mention: z.string().optional().describe('Put before firing messages, such as `<!here>` or `<@U024BE7LH>`.'),
  ca: z.string().optional().describe('PEM of the authority to trust in place of the system\'s (a proxy, a compatible server).'),
  caFile: z.string().optional().describe('File with that PEM.'),
});

// Block Kit's limits: header 150 characters, section 3,000; fewer here, for escaping makes text longer.
const HEADER_CHARS = 150;
const SECTION_CHARS = 2_900;

/** Slack's three characters that mean something (mrkdwn): everything else is written as it is. */
export function escapeSlack(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** The JSON of an incoming webhook: `text` is what notifications and old clients show, blocks what people see. */
export function slackBody(n: Notification, mention: string | undefined): Record<string, unknown> {
  const call = mention !== undefined && n.status === 'firing' ? `${mention} ` : '';
  const mark = n.status === 'resolved' ? ':white_check_mark:' : n.severity === 'critical' ? ':rotating_light:' : ':warning:';
  const link = n.link === null ? '' : `<${n.link.replace(/[<>|\s]/g, encodeURIComponent)}|Open incident>`;
  const text = `${call}${mark} ${escapeSlack(n.subject)}`;
  return {
    text,
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(n.subject === '' ? 'Wirewatch' : n.subject, HEADER_CHARS), emoji: false } },
      { type: 'section', text: { type: 'mrkdwn', text: `${call}${mark}\n${cutEscaped(escapeSlack(n.body), SECTION_CHARS - call.length)}` } },
      ...(link === '' ? [] : [{ type: 'context', elements: [{ type: 'mrkdwn', text: link }] }]),
    ],
  };
}

function cut(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1)}…`;
}

/** As `cut`, and never within an entity. */
function cutEscaped(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 1).replace(/&[a-z]*$/, '')}…`;
}

export const slack = defineChannel({
  name: 'slack',
  title: 'Slack incoming webhook',
  options,
  secrets: ['url'],
  async send(ctx, notification, o) {
    try {
      const answer = await httpPost({
        url: o.url, signal: ctx.signal, ca: await authorityOf(o), headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(slackBody(notification, o.mention)),
      });
      // Slack says `ok` in plain text. Any other 200 is somebody else's page (a captive portal in the middle of an outage).
      if (answer.status === 200 && answer.body.trim() !== 'ok') return { outcome: 'retry', reason: 'the answer is not Slack\'s' };
      return httpOutcome(answer, msOf(ctx.now));
    } catch (error) {
      return networkFailure(error, ctx.signal);
    }
  },
});

export default slack;
