import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { framePage } from '../schemas.ts';

export const listFrames = defineRoute({
  method: 'GET',
  path: '/captures/:capture/frames',
  permission: 'packets.read',
  summary: 'Frames of a capture that match a display filter.',
  params: z.object({ capture: z.string().min(1).max(400) }),
  query: z.object({ filter: z.string().max(10_000).default(''), after: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(2000).default(500) }),
  response: framePage,
  handler: (s, r) => s.packets.frames(r.params.capture, r.query),
});

export default listFrames;
