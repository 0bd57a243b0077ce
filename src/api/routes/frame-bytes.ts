import { z } from 'zod';
import { defineRoute } from '../define-route.ts';

export const getFrameBytes = defineRoute({
  method: 'GET',
  path: '/captures/:capture/frames/:frame/bytes',
  permission: 'payload.read',
  summary: 'The bytes of a frame, base64, one text a source. Audited.',
  params: z.object({ capture: z.string().min(1).max(400), frame: z.coerce.number().int().min(1) }),
  response: z.array(z.string()),
  audit: { action: 'payload.view', object: (r) => `${r.params.capture}#${r.params.frame}` },
  handler: async (s, r) => (await s.packets.bytes(r.params.capture, r.params.frame)).map((b) => Buffer.from(b).toString('base64')),
});

export default getFrameBytes;
