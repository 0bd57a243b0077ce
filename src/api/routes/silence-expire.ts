import { defineRoute } from '../define-route.ts';
import { idParams, silence } from '../schemas.ts';

export const expireSilence = defineRoute({
  method: 'POST',
  path: '/silences/:id/expire',
  permission: 'config.write',
  summary: 'End a silence now.',
  params: idParams,
  response: silence,
  audit: { action: 'silence.expire', object: (r) => r.params.id },
  handler: (s, r) => s.silences.expire(r.params.id, r.actor),
});

export default expireSilence;
