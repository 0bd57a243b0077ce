import { defineRoute } from '../define-route.ts';
import { done, idParams } from '../schemas.ts';

export const revokeToken = defineRoute({
  method: 'POST',
  path: '/tokens/:id/revoke',
  permission: 'users.write',
  summary: 'Make a key useless.',
  params: idParams,
  response: done,
  audit: { action: 'token.revoke', object: (r) => r.params.id },
  handler: async (s, r) => {
    await s.tokens.delete(r.params.id);
    return { ok: true as const };
  },
});

export default revokeToken;
