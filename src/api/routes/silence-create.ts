import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { nanosIn, silence } from '../schemas.ts';

export const createSilence = defineRoute({
  method: 'POST',
  path: '/silences',
  permission: 'config.write',
  summary: 'Keep back notifications that match, for a time.',
  body: z.object({ matchers: z.array(z.string().min(1).max(500)).min(1).max(50), startsAt: nanosIn, endsAt: nanosIn, comment: z.string().trim().min(1).max(2000) }),
  response: silence,
  audit: { action: 'silence.create', object: (r) => r.body.matchers.join(', ') },
  handler: (s, r) => s.silences.create(r.body, r.actor),
});

export default createSilence;
