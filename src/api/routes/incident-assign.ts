import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { idParams, incident } from '../schemas.ts';

export const assignIncident = defineRoute({
  method: 'POST',
  path: '/incidents/:id/assign',
  permission: 'incidents.write',
  summary: 'Give it to somebody, or to nobody.',
  params: idParams,
  body: z.object({ assignee: z.string().min(1).max(64).nullable() }),
  response: incident,
  audit: { action: 'incident.assign', object: (r) => r.params.id, details: (r) => ({ assignee: r.body.assignee ?? 'nobody' }) },
  handler: (s, r) => s.incidents.assign(r.params.id, r.body.assignee, r.actor),
});

export default assignIncident;
