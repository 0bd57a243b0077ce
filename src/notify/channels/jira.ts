import { z } from 'zod';
import { answerAs, basicAuth, below, foreignAnswer, trustOptions, type Question } from '../conversation.ts';
import { defineChannel } from '../define-channel.ts';
import { keepTicket, type TicketDesk } from '../ticket.ts';

const options = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }).describe('Address of the site (`https://NAME.atlassian.net`) or of the server.'),
    project: z.string().regex(/^[A-Z][A-Z0-9_]+$/, 'not the key of a project').describe('Key of the project.'),
    issueType: z.string().min(1).default('Task').describe('Name of the issue type.'),
    user: z.string().min(1).optional().describe('Mail address of the account (Cloud). Left out = Data Center with a personal access token.'),
    token: z.string().min(1).describe('API token (Cloud) or personal access token (Data Center); a secret.'),
    closeBy: z.string().min(1).optional().describe('Name of the transition that closes; the first that leads to a status of the category Done where left out.'),
    ...trustOptions,
  });

const Made = z.object({ key: z.string() });
const Found = z.object({ issues: z.array(Made) });
const Transitions = z.object({ transitions: z.array(z.object({ id: z.string(), name: z.string(), to: z.object({ statusCategory: z.object({ key: z.string() }) }) })) });
const MAX_LIST = 1 << 20;

/** Jira, Cloud and Data Center, through version 2 of the API, which takes plain text; Cloud's search is version 3 alone. */
export const jira = defineChannel({
  name: 'jira',
  title: 'Jira issues',
  options,
  secrets: ['token'],
  perGroup: true,
  paceMs: 1_000,
  async send(ctx, n, o) {
    const authorization = o.user === undefined ? `Bearer ${o.token}` : basicAuth(o.user, o.token);
    const ask = (path: string, over: Partial<Question>): Question => ({ url: below(o.url, `/rest/api/${path}`), headers: { authorization, accept: 'application/json' }, maxAnswer: MAX_LIST, ...over });
    const desk: TicketDesk = {
      ...o, titleChars: 255, textChars: 30_000,
      async find(call, mark) {
        const jql = encodeURIComponent(`project = "${o.project}" AND labels = "${mark}" AND statusCategory != Done`);
        const path = o.user === undefined ? `2/search?jql=${jql}&maxResults=1&fields=key` : `3/search/jql?jql=${jql}&maxResults=1&fields=key`;
        const found = answerAs(await call(ask(path, { method: 'GET' })), Found);
        if (found === undefined) throw foreignAnswer('Jira');
        return found.issues[0]?.key ?? null;
      },
      async create(call, { title, body, mark }) {
        const fields = { project: { key: o.project }, issuetype: { name: o.issueType }, summary: title, description: body, labels: ['wirewatch', mark] };
        const made = answerAs(await call(ask('2/issue', { json: { fields } })), Made);
        if (made === undefined) throw foreignAnswer('Jira');
        return made.key;
      },
      async comment(call, key, text) {
        await call(ask(`2/issue/${key}/comment`, { json: { body: text } }));
      },
      async close(call, key, text) {
        await call(ask(`2/issue/${key}/comment`, { json: { body: text } }));
        const offered = answerAs(await call(ask(`2/issue/${key}/transitions`, { method: 'GET' })), Transitions)?.transitions ?? [];
        const way = offered.find((t) => (o.closeBy === undefined ? t.to.statusCategory.key === 'done' : t.name === o.closeBy));
        // None is offered where somebody has closed it already.
        if (way !== undefined) await call(ask(`2/issue/${key}/transitions`, { json: { transition: { id: way.id } } }));
      },
    };
    return await keepTicket(ctx, n, desk);
  },
});

export default jira;
