import { z } from 'zod';
import { defineChannel, type SendResult } from '../define-channel.ts';
import { answerAs, below, converse, trustOptions } from '../conversation.ts';
import type { HttpAnswer } from '../http-post.ts';
import { slackMessage } from '../slack-message.ts';

const options = z.strictObject({
  token: z.string().min(1).describe('Bot token (`xoxb-`) with the scope chat:write; a secret.'),
  channel: z.string().min(1).describe('Id of the channel (`C0123456789`); the bot must be a member.'),
  mention: z.string().optional().describe('Put before firing messages, such as `<!here>`.'),
  url: z.url({ protocol: /^https?$/ }).default('https://slack.com').describe('Address of Slack or of a proxy.'),
  ...trustOptions,
});

/** Slack's answers that say that another time may be better; every other `ok: false` is a refusal. */
const PASSING = new Set(['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org']);
const Answer = z.object({ ok: z.boolean(), error: z.string().optional(), ts: z.string().optional(), channel: z.string().optional() });
const Kept = z.object({ channel: z.string(), ts: z.string() });

/** The Web API says 200 with `ok: false` where it refuses. */
function judge(answer: HttpAnswer): SendResult | undefined {
  if (answer.status !== 200) return undefined;
  const said = answerAs(answer, Answer);
  if (said === undefined) return { outcome: 'retry', reason: 'the answer is not Slack\'s' };
  if (said.ok) return undefined;
  const reason = `Slack: ${said.error ?? 'not ok'}`;
  return PASSING.has(said.error ?? '') ? { outcome: 'retry', reason } : { outcome: 'permanent', reason };
}

function judgeUpdate(answer: HttpAnswer): SendResult | undefined {
  const result = judge(answer);
  return result?.outcome === 'permanent' ? { outcome: 'delivered', detail: result.reason } : result;
}

/**
 * Slack through a bot: the first message of a group begins a thread, what follows is said in it, and the first message is rewritten
 * so that the channel shows how things stand.
 */
export const slackBot = defineChannel({
  name: 'slack-bot',
  title: 'Slack bot, with a thread for each group and its first message kept up to date',
  options,
  secrets: ['token'],
  perGroup: true,
  paceMs: 1_000,
  async send(ctx, n, o) {
    return await converse(ctx, o, async (ask) => {
      const headers = { authorization: `Bearer ${o.token}` };
      const message = slackMessage(n, o.mention);
      const known = ctx.known === null ? undefined : Kept.safeParse(JSON.parse(ctx.known)).data;
      // The first message is rewritten before anything is said: that may be repeated, and where the message is gone it does not matter.
      if (known !== undefined) await ask({ url: below(o.url, '/api/chat.update'), headers, judge: judgeUpdate, json: { channel: known.channel, ts: known.ts, ...slackMessage(n, undefined) } });
      const posted = answerAs(await ask({
        url: below(o.url, '/api/chat.postMessage'), headers, judge,
        json: { channel: o.channel, ...message, unfurl_links: false, ...(known === undefined ? {} : { thread_ts: known.ts, reply_broadcast: n.status === 'resolved' }) },
      }), Answer);
      const first = known ?? { channel: posted?.channel ?? o.channel, ts: posted?.ts ?? '' };
      return { outcome: 'delivered', detail: known === undefined ? 'posted' : 'told in the thread', keep: n.status === 'resolved' || first.ts === '' ? null : JSON.stringify(first) };
    });
  },
});

export default slackBot;
