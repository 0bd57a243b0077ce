import { z } from 'zod';
import { answerAs, below, converse, trustOptions } from '../conversation.ts';
import { defineChannel, type SendResult } from '../define-channel.ts';
import type { HttpAnswer } from '../http-post.ts';
import { bodyWithLink, cut, cutEscaped, escapeHtml } from '../wording.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Address of the homeserver.'),
  token: z.string().min(1).describe('Access token of the user that speaks; a secret.'),
  room: z.string().regex(/^!\S+$/, 'the id of a room begins with !').describe('Id of the room (not its alias); the user must have joined.'),
  ...trustOptions,
});

/** An event has at most 65,536 bytes, and the text stands in it twice. */
const BODY_CHARS = 8_000;
const Answer = z.object({ event_id: z.string().optional(), errcode: z.string().optional(), error: z.string().optional(), retry_after_ms: z.number().optional() });

/** Older servers say how long to wait in the body. */
function judge(answer: HttpAnswer): SendResult | undefined {
  const said = answerAs(answer, Answer);
  if (answer.status === 200 && said?.event_id === undefined) return { outcome: 'retry', reason: 'the answer is not a homeserver\'s' };
  if (said?.errcode !== 'M_LIMIT_EXCEEDED' || said.retry_after_ms === undefined) return undefined;
  return { outcome: 'retry', reason: `M_LIMIT_EXCEEDED: ${said.error ?? ''}`, retryAfterMs: said.retry_after_ms };
}

/** Matrix, client-server API v3: the transaction id is the delivery's key, so a repetition after a crash is no second message. */
export const matrix = defineChannel({
  name: 'matrix',
  title: 'Matrix room, with a thread for each group',
  options,
  secrets: ['token'],
  async send(ctx, n, o) {
    const body = cut(`${n.subject}\n${bodyWithLink(n)}`, BODY_CHARS);
    const content = {
      msgtype: 'm.text', body, format: 'org.matrix.custom.html',
      formatted_body: `<strong>${escapeHtml(cut(n.subject, 500))}</strong><br><pre>${cutEscaped(escapeHtml(n.body), BODY_CHARS)}</pre>${n.link === null ? '' : `<a href="${escapeHtml(n.link)}">Open incident</a>`}`,
      ...(ctx.known === null ? {} : { 'm.relates_to': { rel_type: 'm.thread', event_id: ctx.known, is_falling_back: true, 'm.in_reply_to': { event_id: ctx.known } } }),
    };
    return await converse(ctx, o, async (ask) => {
      const path = `/_matrix/client/v3/rooms/${encodeURIComponent(o.room)}/send/m.room.message/${encodeURIComponent(ctx.dedupKey)}`;
      const event = answerAs(await ask({ method: 'PUT', url: below(o.url, path), headers: { authorization: `Bearer ${o.token}` }, json: content, judge }), Answer)?.event_id ?? null;
      return { outcome: 'delivered', detail: `event ${event ?? '?'}`, keep: n.status === 'resolved' ? null : (ctx.known ?? event) };
    });
  },
});

export default matrix;
