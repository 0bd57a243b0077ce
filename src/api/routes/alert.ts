import { defineRoute } from '../define-route.ts';
import { alert, idParams } from '../schemas.ts';

export const getAlert = defineRoute({
  method: 'GET',
  path: '/alerts/:id',
  permission: 'incidents.read',
  summary: 'One alert by its fingerprint.',
  params: idParams,
  response: alert,
  handler: (s, r) => s.alerts.get(r.params.id),
});

export default getAlert;
