import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { actionRun, idParams } from '../schemas.ts';

export const rejectAction = defineRoute({
  method: 'POST',
  path: '/actions/:id/reject',
  permission: 'actions.approve',
  summary: 'Refuse a planned action.',
  params: idParams,
  body: z.object({ reason: z.string().trim().min(1).max(2000) }),
  response: actionRun,
  audit: { action: 'action.reject', object: (r) => r.params.id },
  handler: (s, r) => s.actions.reject(r.params.id, r.body.reason, r.actor),
});

export default rejectAction;
