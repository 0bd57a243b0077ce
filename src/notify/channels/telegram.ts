import { z } from 'zod';
import { answerAs, below, converse, trustOptions } from '../conversation.ts';
import { defineChannel, type SendResult } from '../define-channel.ts';
import type { HttpAnswer } from '../http-post.ts';
import { cutEscaped, escapeHtml } from '../wording.ts';

const options = z.strictObject({
  token: z.string().regex(/^[\w:.~%-]+$/, 'not a bot token').describe('The bot\'s token; a secret.'),
  chat: z.string().min(1).describe('Id of the chat (groups have negative ones), or @name of a public channel.'),
  topic: z.int().min(1).optional().describe('Thread of a group with topics.'),
  silent: z.boolean().default(false).describe('Firing messages make no sound either.'),
  url: z.url({ protocol: /^https?$/ }).default('https://api.telegram.org').describe('Address of Telegram or of a Bot API server of one\'s own.'),
  ...trustOptions,
});

/** A message has at most 4,096 characters after the entities are read; before, it is longer, so this is safe. */
const TEXT_CHARS = 4_000;
const Answer = z.object({
  ok: z.boolean(), description: z.string().optional(), result: z.object({ message_id: z.int() }).optional(), parameters: z.object({ retry_after: z.number().optional() }).optional(),
});

/** 429 says in the body how long to wait. */
function judge(answer: HttpAnswer): SendResult | undefined {
  const said = answerAs(answer, Answer);
  if (answer.status === 200 && said?.ok !== true) return { outcome: 'retry', reason: 'the answer is not Telegram\'s' };
  if (answer.status !== 429 || said?.parameters?.retry_after === undefined) return undefined;
  return { outcome: 'retry', reason: `HTTP 429: ${said.description ?? 'too many requests'}`, retryAfterMs: said.parameters.retry_after * 1000 };
}

/** Telegram: what follows the first message of a group answers it. */
export const telegram = defineChannel({
  name: 'telegram',
  title: 'Telegram bot',
  options,
  secrets: ['token'],
  // Twenty messages a minute in one group.
  paceMs: 3_000,
  async send(ctx, n, o) {
    const mark = n.status === 'resolved' ? '✅' : n.severity === 'critical' ? '🚨' : '⚠️';
    const link = n.link === null ? '' : `\n<a href="${escapeHtml(n.link)}">Open incident</a>`;
    const head = `${mark} <b>${cutEscaped(escapeHtml(n.subject), 500)}</b>\n`;
    const text = `${head}${cutEscaped(escapeHtml(n.body.trimEnd()), TEXT_CHARS - head.length - link.length)}${link}`;
    return await converse(ctx, o, async (ask) => {
      const answer = await ask({
        url: below(o.url, `/bot${o.token}/sendMessage`), judge,
        json: {
          chat_id: o.chat, text, parse_mode: 'HTML', disable_notification: o.silent || n.status === 'resolved', link_preview_options: { is_disabled: true },
          ...(o.topic === undefined ? {} : { message_thread_id: o.topic }),
          ...(ctx.known === null ? {} : { reply_parameters: { message_id: Number(ctx.known), allow_sending_without_reply: true } }),
        },
      });
      const id = answerAs(answer, Answer)?.result?.message_id;
      return { outcome: 'delivered', detail: `message ${id ?? '?'}`, keep: n.status === 'resolved' ? null : (ctx.known ?? (id === undefined ? null : String(id))) };
    });
  },
});

export default telegram;
