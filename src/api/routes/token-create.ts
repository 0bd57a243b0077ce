import { z } from 'zod';
import { WirewatchError } from '../../base/errors.ts';
import { defineRoute } from '../define-route.ts';
import { apiToken, nanosIn, permission } from '../schemas.ts';

export const createToken = defineRoute({
  method: 'POST',
  path: '/tokens',
  permission: 'users.write',
  summary: 'Make a key for a program; its text is shown this once.',
  body: z.object({ title: z.string().trim().min(1).max(100), name: z.string().max(64), permissions: z.array(permission).min(1), expiresAt: nanosIn.nullable().default(null) }),
  response: z.object({ token: apiToken, text: z.string() }),
  audit: { action: 'token.create', object: (r) => r.body.title, details: (r) => ({ name: r.body.name, permissions: r.body.permissions.join(', ') }) },
  handler: async (s, r) => {
    if ((await s.accounts.find(r.body.name)) === undefined) throw new WirewatchError('WW_NOT_FOUND', `there is no account ${r.body.name}`, { where: 'name' });
    const { token: t, text } = await r.authority.createToken(r.body.title, r.body.name, r.body.permissions, r.body.expiresAt);
    return { token: { id: t.id, title: t.title, name: t.name, permissions: [...t.permissions], createdAt: t.createdAt, expiresAt: t.expiresAt }, text };
  },
});

export default createToken;
