import { z } from 'zod';
import { defineRoute } from '../define-route.ts';

export const getSetupState = defineRoute({
  method: 'GET',
  path: '/setup',
  permission: 'public',
  summary: 'Whether the first account is still to be made.',
  response: z.object({ needed: z.boolean() }),
  handler: async (_, r) => ({ needed: await r.authority.setupNeeded() }),
});

export default getSetupState;
