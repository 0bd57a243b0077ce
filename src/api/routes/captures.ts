import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { captureFile } from '../schemas.ts';

export const listCaptures = defineRoute({
  method: 'GET',
  path: '/captures',
  permission: 'packets.read',
  summary: 'Captures that can be opened: evidence and imported files.',
  response: z.array(captureFile),
  handler: (s) => s.packets.captures(),
});

export default listCaptures;
