import { z } from 'zod';
import { isoTime } from '../../base/time.ts';
import { answerAs, converse, trustOptions } from '../conversation.ts';
import { defineChannel, type SendResult } from '../define-channel.ts';
import type { HttpAnswer } from '../http-post.ts';
import { cut } from '../wording.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Address of the webhook; whoever knows it can post, so it is a secret.'),
  ...trustOptions,
});

const Limited = z.object({ message: z.string(), retry_after: z.number() });

/** 429 says in the body, in seconds with fractions, how long to wait. */
function judge(answer: HttpAnswer): SendResult | undefined {
  const said = answer.status === 429 ? answerAs(answer, Limited) : undefined;
  return said === undefined ? undefined : { outcome: 'retry', reason: `HTTP 429: ${said.message}`, retryAfterMs: Math.ceil(said.retry_after * 1000) };
}

export const discord = defineChannel({
  name: 'discord',
  title: 'Discord webhook',
  options,
  secrets: ['url'],
  // Thirty requests a minute for each webhook.
  paceMs: 2_000,
  async send(ctx, n, o) {
    const color = n.status === 'resolved' ? 0x2e7d32 : n.severity === 'critical' || n.severity === 'error' ? 0xc62828 : 0xef6c00;
    const url = new URL(o.url);
    // With `wait` the answer comes after the message is in the channel.
    url.searchParams.set('wait', 'true');
    return await converse(ctx, o, async (ask) => {
      await ask({
        url: url.href, judge,
        json: {
          content: cut(n.subject, 2_000), allowed_mentions: { parse: [] },
          embeds: [{ title: cut(n.subject, 256), description: cut(n.body, 4_000), color, timestamp: isoTime(n.createdAt, 3), ...(n.link === null ? {} : { url: n.link }) }],
        },
      });
      return { outcome: 'delivered', detail: 'posted' };
    });
  },
});

export default discord;
