import { defineRoute } from '../define-route.ts';
import { flow, idParams } from '../schemas.ts';

export const getFlow = defineRoute({
  method: 'GET',
  path: '/flows/:id',
  permission: 'flows.read',
  summary: 'One flow.',
  params: idParams,
  response: flow,
  handler: (s, r) => s.flows.get(r.params.id),
});

export default getFlow;
