import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { delivery, idParams } from '../schemas.ts';

export const testReceiver = defineRoute({
  method: 'POST',
  path: '/receivers/:id/test',
  permission: 'config.write',
  summary: 'Send a test message by one receiver.',
  params: idParams,
  response: z.array(delivery),
  audit: { action: 'receiver.test', object: (r) => r.params.id },
  handler: (s, r) => s.notifications.test(r.params.id, r.actor),
});

export default testReceiver;
