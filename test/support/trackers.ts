// Trackers of tickets, as `vendors.ts` has the other services: each keeps its tickets, so that a test can read what became of them.
import { z } from 'zod';
import type { Answer, ReceivedRequest } from './http-server.ts';
import type { Vendor } from './vendors.ts';

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({ status, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });

interface Ticket {
  readonly marks: readonly string[];
  open: boolean;
}

/** What an attempt at something that is not JSON of the form gets. */
function bodyOf<T>(request: ReceivedRequest, schema: z.ZodType<T>): T | undefined {
  return request.headers['content-type'] === 'application/json' ? schema.safeParse(JSON.parse(request.body)).data : undefined;
}

const ISSUE = z.strictObject({ title: z.string().min(1).max(256), body: z.string().max(65_536), labels: z.array(z.string().min(1).max(50)) });

const github: Vendor = {
  secret: 'github_pat_11ABCDEFG0123456789_abcdefghijklmnop',
  options: (url) => ({ url, repository: 'acme/network', token: github.secret, labels: ['ops'] }),
  serve: (secret, told) => {
    const issues: Ticket[] = [];
    return (r) => {
      if (r.headers.authorization !== `Bearer ${secret}`) return json(401, { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' });
      if (r.headers['user-agent'] === undefined || r.headers['x-github-api-version'] !== '2022-11-28') return json(403, { message: 'Request forbidden by administrative rules.' });
      const url = new URL(r.path, 'http://x');
      const place = /^\/repos\/acme\/network\/issues(?:\/(\d+))?(\/comments)?$/.exec(url.pathname);
      if (place === null) return json(404, { message: 'Not Found', status: '404' });
      const issue = place[1] === undefined ? undefined : issues[Number(place[1]) - 1];
      if (place[1] !== undefined && issue === undefined) return json(404, { message: 'Not Found', status: '404' });
      const invalid = json(422, { message: 'Validation Failed', errors: [{ resource: 'Issue', code: 'invalid' }], status: '422' });
      if (r.method === 'GET') {
        const labels = (url.searchParams.get('labels') ?? '').split(',');
        return json(200, issues.map((t, i) => ({ number: i + 1, ...t })).filter((t) => t.open && labels.every((l) => t.marks.includes(l))).map(({ number }) => ({ number, state: 'open' })));
      }
      if (place[2] !== undefined) {
        if (bodyOf(r, z.strictObject({ body: z.string().min(1).max(65_536) })) === undefined) return invalid;
        told.push(`comment ${place[1]}`);
        return json(201, { id: 1 });
      }
      if (r.method === 'PATCH' && issue !== undefined) {
        if (bodyOf(r, z.strictObject({ state: z.literal('closed'), state_reason: z.enum(['completed', 'not_planned']) })) === undefined) return invalid;
        issue.open = false;
        told.push(`close ${place[1]}`);
        return json(200, { number: Number(place[1]), state: 'closed' });
      }
      const made = bodyOf(r, ISSUE);
      if (r.method !== 'POST' || made === undefined) return invalid;
      told.push(`create ${issues.push({ marks: made.labels, open: true })}`);
      return json(201, { number: issues.length, state: 'open' });
    };
  },
  errors: {
    limited: (echo) => json(403, { message: `You have exceeded a secondary rate limit. ${echo}` }, { 'retry-after': '7' }),
    broken: () => json(502, { message: 'Server Error' }),
    refused: (echo) => json(410, { message: `Issues are disabled for this repo ${echo}` }),
  },
};

const gitlab: Vendor = {
  secret: 'glpat-Zx9QwErTyUiOpAsDfGhJ',
  options: (url) => ({ url, project: 'acme/network', token: gitlab.secret }),
  serve: (secret, told) => {
    const issues: Ticket[] = [];
    return (r) => {
      if (r.headers['private-token'] !== secret) return json(401, { message: '401 Unauthorized' });
      const url = new URL(r.path, 'http://x');
      const place = /^\/api\/v4\/projects\/acme%2Fnetwork\/issues(?:\/(\d+))?(\/notes)?$/.exec(url.pathname);
      if (place === null) return json(404, { message: '404 Project Not Found' });
      const issue = place[1] === undefined ? undefined : issues[Number(place[1]) - 1];
      if (r.method === 'GET') {
        if (url.searchParams.get('state') !== 'opened') return json(400, { error: 'state does not have a valid value' });
        return json(200, issues.map((t, i) => ({ iid: i + 1, t })).filter(({ t }) => t.open && t.marks.includes(url.searchParams.get('labels') ?? '')).map(({ iid }) => ({ iid, state: 'opened' })));
      }
      if (place[2] !== undefined) {
        if (bodyOf(r, z.strictObject({ body: z.string().min(1).max(1_000_000) })) === undefined) return json(400, { message: '400 (Bad request) "body" not given' });
        told.push(`comment ${place[1]}`);
        return json(201, { id: 1 });
      }
      if (r.method === 'PUT' && issue !== undefined) {
        if (bodyOf(r, z.strictObject({ state_event: z.enum(['close', 'reopen']) })) === undefined) return json(400, { error: 'state_event does not have a valid value' });
        issue.open = false;
        told.push(`close ${place[1]}`);
        return json(200, { iid: Number(place[1]), state: 'closed' });
      }
      const made = bodyOf(r, z.strictObject({ title: z.string().min(1).max(255), description: z.string().max(1_048_576), labels: z.string() }));
      if (r.method !== 'POST' || made === undefined) return json(400, { error: 'title is missing' });
      told.push(`create ${issues.push({ marks: made.labels.split(','), open: true })}`);
      return json(201, { iid: issues.length, state: 'opened' });
    };
  },
  errors: {
    limited: (echo) => ({ status: 429, body: `Retry later ${echo}`, headers: { 'retry-after': '7' } }),
    broken: () => ({ status: 502, body: '<html>GitLab is not responding</html>' }),
    refused: (echo) => json(404, { message: `404 Project Not Found ${echo}` }),
  },
};

const JIRA_ISSUE = z.strictObject({
  fields: z.strictObject({
    project: z.strictObject({ key: z.literal('OPS') }), issuetype: z.strictObject({ name: z.literal('Task') }), summary: z.string().min(1).max(255).refine((s) => !s.includes('\n')),
    description: z.string().max(32_767), labels: z.array(z.string().regex(/^\S+$/)),
  }),
});

const jira: Vendor = {
  secret: 'ATATT3xFfGF0-api-token-of-the-bot',
  options: (url) => ({ url, project: 'OPS', user: 'bot@example.test', token: jira.secret }),
  serve: (secret, told) => {
    const issues: Ticket[] = [];
    return (r) => {
      if (r.headers.authorization !== `Basic ${Buffer.from(`bot@example.test:${secret}`).toString('base64')}`) return { status: 401, body: 'Client must be authenticated to access this resource.' };
      const url = new URL(r.path, 'http://x');
      if (url.pathname === '/rest/api/3/search/jql') {
        const mark = /labels = "([^"]+)" AND statusCategory != Done$/.exec(url.searchParams.get('jql') ?? '')?.[1];
        if (mark === undefined) return json(400, { errorMessages: ['Error in the JQL Query'], errors: {} });
        return json(200, { issues: issues.map((t, i) => ({ key: `OPS-${i + 1}`, t })).filter(({ t }) => t.open && t.marks.includes(mark)).map(({ key }) => ({ key })), isLast: true });
      }
      const place = /^\/rest\/api\/2\/issue(?:\/OPS-(\d+)\/(comment|transitions))?$/.exec(url.pathname);
      if (place === null) return json(404, { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} });
      const ways = [{ id: '11', name: 'Start', to: { statusCategory: { key: 'indeterminate' } } }, { id: '31', name: 'Done', to: { statusCategory: { key: 'done' } } }];
      if (place[2] === 'transitions' && r.method === 'GET') return json(200, { transitions: ways });
      if (place[2] === 'transitions') {
        if (bodyOf(r, z.strictObject({ transition: z.strictObject({ id: z.literal('31') }) })) === undefined) return json(400, { errorMessages: ['Missing transition'], errors: {} });
        issues[Number(place[1]) - 1].open = false;
        told.push(`close ${place[1]}`);
        return { status: 204 };
      }
      if (place[2] === 'comment') {
        if (bodyOf(r, z.strictObject({ body: z.string().min(1).max(32_767) })) === undefined) return json(400, { errorMessages: ['Comment body is not valid!'], errors: {} });
        told.push(`comment ${place[1]}`);
        return json(201, { id: '10000' });
      }
      const made = bodyOf(r, JIRA_ISSUE);
      if (r.method !== 'POST' || made === undefined) return json(400, { errorMessages: [], errors: { summary: 'You must specify a summary of the issue.' } });
      told.push(`create ${issues.push({ marks: made.fields.labels, open: true })}`);
      return json(201, { id: '10000', key: `OPS-${issues.length}` });
    };
  },
  errors: {
    limited: (echo) => json(429, { errorMessages: [`Rate limit exceeded. ${echo}`] }, { 'retry-after': '7', 'x-ratelimit-remaining': '0' }),
    broken: () => ({ status: 503, body: 'Jira is starting' }),
    refused: (echo) => json(400, { errorMessages: [], errors: { project: `valid project is required ${echo}` } }),
  },
};

const INCIDENT = z.strictObject({
  short_description: z.string().min(1).max(160), description: z.string().max(4_000), correlation_id: z.string().max(100), correlation_display: z.string().max(100), impact: z.enum(['1', '2', '3']),
  urgency: z.enum(['1', '2', '3']), assignment_group: z.string().optional(),
});

const servicenow: Vendor = {
  secret: 'pÄssword-of:the+integration',
  options: (url) => ({ url, user: 'wirewatch', password: servicenow.secret }),
  serve: (secret, told) => {
    const rows: Ticket[] = [];
    return (r) => {
      if (r.headers.authorization !== `Basic ${Buffer.from(`wirewatch:${secret}`).toString('base64')}`) return json(401, { error: { message: 'User Not Authenticated', detail: 'Required to provide Auth information' }, status: 'failure' });
      const url = new URL(r.path, 'http://x');
      const place = /^\/api\/now\/table\/incident(?:\/sys(\d+))?$/.exec(url.pathname);
      const row = rows[Number(place?.[1] ?? 0) - 1];
      if (place === null || (place[1] !== undefined && row === undefined)) return json(404, { error: { message: 'No Record found', detail: 'Record does not exist' }, status: 'failure' });
      if (r.method === 'GET') {
        const mark = /^correlation_id=([\w-]+)\^stateNOT IN6,7,8$/.exec(url.searchParams.get('sysparm_query') ?? '')?.[1];
        return json(200, { result: rows.map((t, i) => ({ sys_id: `sys${i + 1}`, t })).filter(({ t }) => t.open && t.marks[0] === mark).map(({ sys_id }) => ({ sys_id })) });
      }
      if (r.method === 'PATCH') {
        const closing = bodyOf(r, z.strictObject({ state: z.literal('6'), close_code: z.string().min(1), close_notes: z.string().min(1) }));
        if (closing === undefined && bodyOf(r, z.strictObject({ work_notes: z.string().min(1) })) === undefined) return json(403, { error: { message: 'Operation Failed', detail: 'Data Policy Exception' }, status: 'failure' });
        if (closing !== undefined) row.open = false;
        told.push(`${closing === undefined ? 'comment' : 'close'} ${place[1]}`);
        return json(200, { result: { sys_id: `sys${place[1]}` } });
      }
      const made = bodyOf(r, INCIDENT);
      if (r.method !== 'POST' || made === undefined) return json(400, { error: { message: 'Invalid request', detail: '' }, status: 'failure' });
      told.push(`create ${rows.push({ marks: [made.correlation_id], open: true })}`);
      return json(201, { result: { sys_id: `sys${rows.length}`, number: 'INC0010001' } });
    };
  },
  errors: {
    limited: (echo) => json(429, { error: { message: `Rate limit exceeded ${echo}`, detail: '' }, status: 'failure' }, { 'retry-after': '7' }),
    broken: () => json(503, { error: { message: 'Transaction cancelled' }, status: 'failure' }),
    refused: (echo) => json(403, { error: { message: 'Operation Failed', detail: `ACL Exception ${echo}` }, status: 'failure' }),
  },
};

export const TRACKERS: Readonly<Record<string, Vendor>> = { github, gitlab, jira, servicenow };
