import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { silence } from '../schemas.ts';

export const listSilences = defineRoute({
  method: 'GET',
  path: '/silences',
  permission: 'incidents.read',
  summary: 'Silences.',
  response: z.array(silence),
  handler: (s) => s.silences.list(),
});

export default listSilences;
