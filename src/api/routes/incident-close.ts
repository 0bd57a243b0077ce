import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { idParams, incident } from '../schemas.ts';

export const closeIncident = defineRoute({
  method: 'POST',
  path: '/incidents/:id/close',
  permission: 'incidents.write',
  summary: 'Close it, with what was found.',
  params: idParams,
  body: z.object({ resolution: z.string().trim().min(1).max(10_000) }),
  response: incident,
  audit: { action: 'incident.close', object: (r) => r.params.id },
  handler: (s, r) => s.incidents.close(r.params.id, r.body.resolution, r.actor),
});

export default closeIncident;
