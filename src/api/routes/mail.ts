import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { caughtMail } from '../schemas.ts';

export const listMail = defineRoute({
  method: 'GET',
  path: '/mail',
  permission: 'incidents.read',
  summary: "What the demo's mail catcher got, newest first.",
  response: z.array(caughtMail),
  handler: async (s) => (s.mail === null ? [] : await s.mail.list()),
});

export default listMail;
