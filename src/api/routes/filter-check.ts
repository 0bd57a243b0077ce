import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { filterScope, filterVerdict } from '../schemas.ts';

export const checkFilter = defineRoute({
  method: 'POST',
  path: '/filters/:scope/check',
  permission: 'flows.read',
  summary: 'Say whether a display filter is well formed, and where not.',
  params: z.object({ scope: filterScope }),
  body: z.object({ text: z.string().max(10_000) }),
  response: filterVerdict,
  handler: (s, r) => s.filters.check(r.params.scope, r.body.text),
});

export default checkFilter;
