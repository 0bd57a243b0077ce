import { defineRoute } from '../define-route.ts';
import { actionRun, idParams } from '../schemas.ts';

export const revertAction = defineRoute({
  method: 'POST',
  path: '/actions/:id/revert',
  permission: 'actions.approve',
  summary: 'Undo what an action did.',
  params: idParams,
  response: actionRun,
  audit: { action: 'action.revert', object: (r) => r.params.id },
  handler: (s, r) => s.actions.revert(r.params.id, r.actor),
});

export default revertAction;
