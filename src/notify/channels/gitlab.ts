import { z } from 'zod';
import { answerAs, below, foreignAnswer, trustOptions, type Question } from '../conversation.ts';
import { defineChannel } from '../define-channel.ts';
import { keepTicket, type TicketDesk } from '../ticket.ts';

const options = z.strictObject({
  project: z.string().min(1).describe('Number of the project, or its path (`group/name`).'),
  token: z.string().min(1).describe('Project access token with the scope api; a secret.'),
  labels: z.array(z.string().min(1)).max(20).default([]).describe('Further labels of new issues.'),
  url: z.url({ protocol: /^https?$/ }).default('https://gitlab.com').describe('Address of the instance.'),
  ...trustOptions,
});

const Issue = z.object({ iid: z.int() });
const MAX_LIST = 1 << 20;

export const gitlab = defineChannel({
  name: 'gitlab',
  title: 'GitLab issues',
  options,
  secrets: ['token'],
  perGroup: true,
  paceMs: 1_000,
  async send(ctx, n, o) {
    const ask = (path: string, over: Partial<Question>): Question => ({
      url: below(o.url, `/api/v4/projects/${encodeURIComponent(o.project)}/issues${path}`), headers: { 'private-token': o.token }, maxAnswer: MAX_LIST, ...over,
    });
    const desk: TicketDesk = {
      ...o, titleChars: 255, textChars: 60_000,
      async find(call, mark) {
        const found = answerAs(await call(ask(`?state=opened&per_page=1&labels=${mark}`, { method: 'GET' })), z.array(Issue));
        if (found === undefined) throw foreignAnswer('GitLab');
        return found.length === 0 ? null : String(found[0].iid);
      },
      async create(call, { title, body, mark }) {
        const made = answerAs(await call(ask('', { json: { title, description: body, labels: ['wirewatch', mark, ...o.labels].join(',') } })), Issue);
        if (made === undefined) throw foreignAnswer('GitLab');
        return String(made.iid);
      },
      async comment(call, id, text) {
        await call(ask(`/${id}/notes`, { json: { body: text } }));
      },
      async close(call, id, text) {
        await call(ask(`/${id}/notes`, { json: { body: text } }));
        await call(ask(`/${id}`, { method: 'PUT', json: { state_event: 'close' } }));
      },
    };
    return await keepTicket(ctx, n, desk);
  },
});

export default gitlab;
