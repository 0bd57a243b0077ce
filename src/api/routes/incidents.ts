import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { incident, incidentPhase, page, pageQuery } from '../schemas.ts';

export const listIncidents = defineRoute({
  method: 'GET',
  path: '/incidents',
  permission: 'incidents.read',
  summary: 'Incidents: open ones first, then newest first.',
  query: pageQuery.extend({ phase: incidentPhase.nullable().default(null), status: z.enum(['open', 'closed', 'all']).default('all') }),
  response: page('IncidentPage', incident),
  handler: (s, r) => s.incidents.list(r.query),
});

export default listIncidents;
