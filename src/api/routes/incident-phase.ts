import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { idParams, incident } from '../schemas.ts';

export const moveIncident = defineRoute({
  method: 'POST',
  path: '/incidents/:id/phase',
  permission: 'incidents.write',
  summary: 'Move it to another phase.',
  params: idParams,
  body: z.object({ phase: z.enum(['triage', 'contain', 'eradicate', 'recover']) }),
  response: incident,
  audit: { action: 'incident.phase', object: (r) => r.params.id, details: (r) => ({ phase: r.body.phase }) },
  handler: (s, r) => s.incidents.phase(r.params.id, r.body.phase, r.actor),
});

export default moveIncident;
