import { defineRoute } from '../define-route.ts';
import { actionRun, idParams } from '../schemas.ts';

export const getAction = defineRoute({
  method: 'GET',
  path: '/actions/:id',
  permission: 'incidents.read',
  summary: 'One action run with its plan and log.',
  params: idParams,
  response: actionRun,
  handler: (s, r) => s.actions.get(r.params.id),
});

export default getAction;
