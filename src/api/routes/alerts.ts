import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { alert, page, pageQuery } from '../schemas.ts';

export const listAlerts = defineRoute({
  method: 'GET',
  path: '/alerts',
  permission: 'incidents.read',
  summary: 'Alerts, newest first.',
  query: pageQuery.extend({ state: z.enum(['pending', 'firing', 'resolved']).nullable().default(null) }),
  response: page('AlertPage', alert),
  handler: (s, r) => s.alerts.list(r.query),
});

export default listAlerts;
