import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { apiToken } from '../schemas.ts';

export const listTokens = defineRoute({
  method: 'GET',
  path: '/tokens',
  permission: 'users.write',
  summary: 'Keys for programs; their secrets are not kept.',
  response: z.array(apiToken),
  handler: async (s) => (await s.tokens.list()).map((t) => ({ id: t.id, title: t.title, name: t.name, permissions: [...t.permissions], createdAt: t.createdAt, expiresAt: t.expiresAt })),
});

export default listTokens;
