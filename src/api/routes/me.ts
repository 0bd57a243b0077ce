import { defineRoute } from '../define-route.ts';
import { identity } from '../schemas.ts';

export const getMe = defineRoute({
  method: 'GET',
  path: '/me',
  permission: 'signed-in',
  summary: 'Who I am and what I may.',
  response: identity,
  handler: async (_, r) => {
    const who = r.identity!;
    return { actor: who.actor, name: who.name, via: who.via, roles: [...who.roles], permissions: [...who.permissions] };
  },
});

export default getMe;
