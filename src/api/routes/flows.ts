import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { flow, searchQuery } from '../schemas.ts';

export const searchFlows = defineRoute({
  method: 'GET',
  path: '/flows',
  permission: 'flows.read',
  summary: 'Stored flows that match a display filter, newest first.',
  query: searchQuery,
  response: z.object({ rows: z.array(flow), cursor: z.string().nullable(), scanned: z.number() }),
  handler: (s, r) => s.flows.search(r.query),
});

export default searchFlows;
