import { z } from 'zod';
import { WirewatchError } from '../../base/errors.ts';
import { defineRoute } from '../define-route.ts';
import { done } from '../schemas.ts';

export const signIn = defineRoute({
  method: 'POST',
  path: '/sign-in',
  permission: 'public',
  summary: 'Sign in with name and password; sets the session cookie.',
  body: z.object({ name: z.string().min(1).max(64), password: z.string().max(1024) }),
  response: done,
  audit: { action: 'session.open', object: (r) => r.body.name },
  handler: async (s, r) => {
    try {
      const { cookie } = await r.authority.signIn(r.body.name, r.body.password, r.address);
      r.setSession(cookie);
    } catch (error) {
      if (error instanceof WirewatchError) await s.audit.write({ actor: 'nobody', action: 'session.refused', object: r.body.name, details: { address: r.address, code: error.code } });
      throw error;
    }
    return { ok: true as const };
  },
});

export default signIn;
