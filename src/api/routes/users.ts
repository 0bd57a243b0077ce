import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { account } from '../schemas.ts';

export const listUsers = defineRoute({
  method: 'GET',
  path: '/users',
  permission: 'users.write',
  summary: 'Accounts with their roles.',
  response: z.array(account),
  handler: async (s) => (await s.accounts.list()).map((a) => ({ name: a.name, roles: [...a.roles], createdAt: a.createdAt, disabled: a.disabled })),
});

export default listUsers;
