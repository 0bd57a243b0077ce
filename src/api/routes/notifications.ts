import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { notificationDetail, page, pageQuery } from '../schemas.ts';

export const listNotifications = defineRoute({
  method: 'GET',
  path: '/notifications',
  permission: 'incidents.read',
  summary: 'Notifications with their deliveries, newest first.',
  query: pageQuery.extend({ incidentId: z.string().max(200).nullable().default(null) }),
  response: page('NotificationPage', notificationDetail),
  handler: (s, r) => s.notifications.list(r.query),
});

export default listNotifications;
