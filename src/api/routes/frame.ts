import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { frameDetail } from '../schemas.ts';

export const getFrame = defineRoute({
  method: 'GET',
  path: '/captures/:capture/frames/:frame',
  permission: 'packets.read',
  summary: 'One frame: its field tree with byte ranges.',
  params: z.object({ capture: z.string().min(1).max(400), frame: z.coerce.number().int().min(1) }),
  response: frameDetail,
  handler: (s, r) => s.packets.frame(r.params.capture, r.params.frame),
});

export default getFrame;
