import { z } from 'zod';
import type { Severity } from '../../model/index.ts';
import { answerAs, basicAuth, below, foreignAnswer, trustOptions, type Question } from '../conversation.ts';
import { defineChannel } from '../define-channel.ts';
import { keepTicket, type TicketDesk } from '../ticket.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Address of the instance (`https://NAME.service-now.com`).'),
  user: z.string().min(1).describe('User with the role itil.'),
  password: z.string().min(1).describe('Its password; a secret.'),
  assignmentGroup: z.string().min(1).optional().describe('Name or sys_id of the group that gets the incident.'),
  closeCode: z.string().min(1).default('Solution provided').describe('Resolution code of the instance.'),
  ...trustOptions,
});

const Record_ = z.object({ sys_id: z.string() });
const One = z.object({ result: Record_ });
const Many = z.object({ result: z.array(Record_) });
/** Impact and urgency, 1 the highest. */
const LEVEL: Readonly<Record<Severity, string>> = { critical: '1', error: '2', warning: '3', info: '3' };
/** The state "resolved" of the incident table. */
const RESOLVED = '6';

export const servicenow = defineChannel({
  name: 'servicenow',
  title: 'ServiceNow incidents (Table API)',
  options,
  secrets: ['password'],
  perGroup: true,
  paceMs: 1_000,
  async send(ctx, n, o) {
    const ask = (path: string, over: Partial<Question>): Question => ({
      url: below(o.url, `/api/now/table/incident${path}`), headers: { authorization: basicAuth(o.user, o.password), accept: 'application/json' }, maxAnswer: 1 << 20, ...over,
    });
    const desk: TicketDesk = {
      ...o, titleChars: 160, textChars: 3_900,
      async find(call, mark) {
        const query = encodeURIComponent(`correlation_id=${mark}^stateNOT IN6,7,8`);
        const found = answerAs(await call(ask(`?sysparm_query=${query}&sysparm_fields=sys_id&sysparm_limit=1`, { method: 'GET' })), Many);
        if (found === undefined) throw foreignAnswer('ServiceNow');
        return found.result[0]?.sys_id ?? null;
      },
      async create(call, { title, body, mark, notification }) {
        const level = LEVEL[notification.severity];
        const made = answerAs(await call(ask('', {
          json: {
            short_description: title, description: body, correlation_id: mark, correlation_display: 'Wirewatch', impact: level, urgency: level,
            ...(o.assignmentGroup === undefined ? {} : { assignment_group: o.assignmentGroup }),
          },
        })), One);
        if (made === undefined) throw foreignAnswer('ServiceNow');
        return made.result.sys_id;
      },
      async comment(call, id, text) {
        await call(ask(`/${id}`, { method: 'PATCH', json: { work_notes: text } }));
      },
      async close(call, id, text) {
        await call(ask(`/${id}`, { method: 'PATCH', json: { state: RESOLVED, close_code: o.closeCode, close_notes: text } }));
      },
    };
    return await keepTicket(ctx, n, desk);
  },
});

export default servicenow;
