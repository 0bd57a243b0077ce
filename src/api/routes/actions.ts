import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { actionRun, page, pageQuery } from '../schemas.ts';

export const listActions = defineRoute({
  method: 'GET',
  path: '/actions',
  permission: 'incidents.read',
  summary: 'Action runs, newest first.',
  query: pageQuery.extend({ waiting: z.stringbool().default(false) }),
  response: page('ActionPage', actionRun),
  handler: (s, r) => s.actions.list(r.query),
});

export default listActions;
