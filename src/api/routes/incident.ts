import { defineRoute } from '../define-route.ts';
import { idParams, incidentDetail } from '../schemas.ts';

export const getIncident = defineRoute({
  method: 'GET',
  path: '/incidents/:id',
  permission: 'incidents.read',
  summary: 'One incident with everything about it.',
  params: idParams,
  response: incidentDetail,
  handler: (s, r) => s.incidents.get(r.params.id),
});

export default getIncident;
