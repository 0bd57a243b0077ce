import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { account, accountName, role } from '../schemas.ts';

export const createUser = defineRoute({
  method: 'POST',
  path: '/users',
  permission: 'users.write',
  summary: 'Make an account.',
  body: z.object({ name: accountName, password: z.string().max(1024), roles: z.array(role).min(1) }),
  response: account,
  audit: { action: 'account.create', object: (r) => r.body.name, details: (r) => ({ roles: r.body.roles.join(', ') }) },
  handler: async (_, r) => {
    const a = await r.authority.createAccount(r.body.name, r.body.password, r.body.roles);
    return { name: a.name, roles: [...a.roles], createdAt: a.createdAt, disabled: a.disabled };
  },
});

export default createUser;
