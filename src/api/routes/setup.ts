import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { accountName, done } from '../schemas.ts';

export const setUp = defineRoute({
  method: 'POST',
  path: '/setup',
  permission: 'public',
  summary: 'Make the first account, with the token of the one-time link.',
  body: z.object({ token: z.string().max(200), name: accountName, password: z.string().max(1024) }),
  response: done,
  audit: { action: 'account.setup', object: (r) => r.body.name },
  handler: async (_, r) => {
    const { cookie } = await r.authority.setUp(r.body.token, r.body.name, r.body.password);
    r.setSession(cookie);
    return { ok: true as const };
  },
});

export default setUp;
