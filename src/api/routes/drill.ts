import { defineRoute } from '../define-route.ts';
import { drillReport, idParams } from '../schemas.ts';

export const getDrill = defineRoute({
  method: 'GET',
  path: '/drills/:id',
  permission: 'drill.run',
  summary: 'One drill with its stages.',
  params: idParams,
  response: drillReport,
  handler: (s, r) => s.drill.get(r.params.id),
});

export default getDrill;
