import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { notifyDecision, page, pageQuery } from '../schemas.ts';

export const listNotifyDecisions = defineRoute({
  method: 'GET',
  path: '/notify-decisions',
  permission: 'incidents.read',
  summary: 'Why something was, or was not, sent; newest first.',
  query: pageQuery.extend({ fingerprint: z.string().max(64).nullable().default(null) }),
  response: page('NotifyDecisionPage', notifyDecision),
  handler: (s, r) => s.notifications.decisions(r.query),
});

export default listNotifyDecisions;
