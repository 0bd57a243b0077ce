import { z } from 'zod';
import { answerAs, below, foreignAnswer, trustOptions, type Question } from '../conversation.ts';
import { defineChannel, type SendResult } from '../define-channel.ts';
import { retryAfterMs, type HttpAnswer } from '../http-post.ts';
import { keepTicket, type TicketDesk } from '../ticket.ts';

const options = z.strictObject({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'not a repository in the form owner/name').describe('Repository whose issues are the tickets.'),
  token: z.string().min(1).describe('Fine-grained token with write access to issues; a secret.'),
  labels: z.array(z.string().min(1)).max(20).default([]).describe('Further labels of new issues.'),
  url: z.url({ protocol: /^https?$/ }).default('https://api.github.com').describe('`https://HOST/api/v3` for GitHub Enterprise Server.'),
  ...trustOptions,
});

const Issue = z.object({ number: z.int() });
const MAX_LIST = 1 << 20;

/** A spent limit comes as 403 with a wait, or with nothing left until a reset (seconds since the epoch). */
function judge(answer: HttpAnswer, nowMs: number): SendResult | undefined {
  if (answer.status !== 403) return undefined;
  const after = retryAfterMs(answer.headers['retry-after'], nowMs);
  const reset = answer.headers['x-ratelimit-remaining'] === '0' ? Number(answer.headers['x-ratelimit-reset']) * 1000 - nowMs : undefined;
  if (after === undefined && reset === undefined) return undefined;
  return { outcome: 'retry', reason: 'HTTP 403: the rate limit is spent', retryAfterMs: after ?? Math.max(0, reset ?? 0) };
}

export const github = defineChannel({
  name: 'github',
  title: 'GitHub issues',
  options,
  secrets: ['token'],
  perGroup: true,
  paceMs: 1_000,
  async send(ctx, n, o) {
    const nowMs = Number(ctx.now / 1_000_000n);
    const ask = (path: string, over: Partial<Question>): Question => ({
      url: below(o.url, `/repos/${o.repository}/issues${path}`), judge: (answer) => judge(answer, nowMs),
      headers: { authorization: `Bearer ${o.token}`, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' }, ...over,
    });
    const desk: TicketDesk = {
      ...o, titleChars: 256, textChars: 60_000,
      async find(call, mark) {
        const answer = await call(ask(`?state=open&per_page=1&labels=${mark}`, { method: 'GET', maxAnswer: MAX_LIST }));
        const found = answerAs(answer, z.array(Issue));
        if (found === undefined) throw foreignAnswer('GitHub');
        return found.length === 0 ? null : String(found[0].number);
      },
      async create(call, { title, body, mark }) {
        const made = answerAs(await call(ask('', { json: { title, body, labels: ['wirewatch', mark, ...o.labels] }, maxAnswer: MAX_LIST })), Issue);
        if (made === undefined) throw foreignAnswer('GitHub');
        return String(made.number);
      },
      async comment(call, id, text) {
        await call(ask(`/${id}/comments`, { json: { body: text } }));
      },
      async close(call, id, text) {
        await call(ask(`/${id}/comments`, { json: { body: text } }));
        await call(ask(`/${id}`, { method: 'PATCH', json: { state: 'closed', state_reason: 'completed' } }));
      },
    };
    return await keepTicket(ctx, n, desk);
  },
});

export default github;
