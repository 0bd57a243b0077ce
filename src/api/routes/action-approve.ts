import { defineRoute } from '../define-route.ts';
import { actionRun, idParams } from '../schemas.ts';

export const approveAction = defineRoute({
  method: 'POST',
  path: '/actions/:id/approve',
  permission: 'actions.approve',
  summary: 'Let a planned action run.',
  params: idParams,
  response: actionRun,
  audit: { action: 'action.approve', object: (r) => r.params.id },
  handler: (s, r) => s.actions.approve(r.params.id, r.actor),
});

export default approveAction;
