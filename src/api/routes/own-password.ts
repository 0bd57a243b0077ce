import { z } from 'zod';
import { WirewatchError } from '../../base/errors.ts';
import { defineRoute } from '../define-route.ts';
import { done } from '../schemas.ts';

export const setOwnPassword = defineRoute({
  method: 'POST',
  path: '/me/password',
  permission: 'signed-in',
  summary: 'Change my password; ends my other sessions.',
  body: z.object({ current: z.string().max(1024), password: z.string().max(1024) }),
  response: done,
  audit: { action: 'account.password', object: () => 'own password' },
  handler: async (_, r) => {
    const name = r.identity?.name ?? null;
    if (name === null) throw new WirewatchError('WW_ARGUMENT', 'the local operator has no account', { remedy: 'set the password of an account by its name' });
    const { cookie: probe } = await r.authority.signIn(name, r.body.current, r.address);
    await r.authority.signOut(probe);
    await r.authority.updateAccount(name, { password: r.body.password });
    const { cookie } = await r.authority.signIn(name, r.body.password, r.address);
    r.setSession(cookie);
    return { ok: true as const };
  },
});

export default setOwnPassword;
