import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { account, role } from '../schemas.ts';

export const updateUser = defineRoute({
  method: 'POST',
  path: '/users/:name',
  permission: 'users.write',
  summary: 'Set roles, password or whether the account is in use; ends its sessions.',
  params: z.object({ name: z.string().max(64) }),
  body: z.object({ roles: z.array(role).min(1).optional(), password: z.string().max(1024).optional(), disabled: z.boolean().optional() }),
  response: account,
  audit: { action: 'account.update', object: (r) => r.params.name, details: (r) => ({ changed: Object.keys(r.body).join(', ') }) },
  handler: async (_, r) => {
    const a = await r.authority.updateAccount(r.params.name, r.body);
    return { name: a.name, roles: [...a.roles], createdAt: a.createdAt, disabled: a.disabled };
  },
});

export default updateUser;
