import { defineRoute } from '../define-route.ts';
import { done } from '../schemas.ts';

export const signOut = defineRoute({
  method: 'POST',
  path: '/sign-out',
  permission: 'signed-in',
  summary: 'End this session.',
  response: done,
  audit: { action: 'session.close', object: () => 'own session' },
  handler: async (_, r) => {
    r.setSession(null);
    return { ok: true as const };
  },
});

export default signOut;
