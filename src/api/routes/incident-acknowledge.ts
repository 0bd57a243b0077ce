import { defineRoute } from '../define-route.ts';
import { idParams, incident } from '../schemas.ts';

export const acknowledgeIncident = defineRoute({
  method: 'POST',
  path: '/incidents/:id/acknowledge',
  permission: 'incidents.write',
  summary: 'Say that somebody looks at it: escalation stops.',
  params: idParams,
  response: incident,
  audit: { action: 'incident.acknowledge', object: (r) => r.params.id },
  handler: (s, r) => s.incidents.acknowledge(r.params.id, r.actor),
});

export default acknowledgeIncident;
