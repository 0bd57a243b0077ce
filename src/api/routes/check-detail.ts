import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { checkOverview, idParams, nanosIn, pathTrace, probeResult, stateChange } from '../schemas.ts';

export const getCheck = defineRoute({
  method: 'GET',
  path: '/checks/:id',
  permission: 'overview.read',
  summary: 'One check: results, changes of state and traced paths in a time range.',
  params: idParams,
  query: z.object({ from: nanosIn, to: nanosIn }),
  response: z.object({ check: checkOverview, results: z.array(probeResult), changes: z.array(stateChange), paths: z.array(pathTrace) }),
  handler: (s, r) => s.overview.check(r.params.id, r.query.from, r.query.to),
});

export default getCheck;
