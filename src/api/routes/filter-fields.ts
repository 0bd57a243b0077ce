import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { filterField, filterScope } from '../schemas.ts';

export const getFilterFields = defineRoute({
  method: 'GET',
  path: '/filters/:scope/fields',
  permission: 'flows.read',
  summary: 'Fields that a display filter may name there.',
  params: z.object({ scope: filterScope }),
  response: z.array(filterField),
  handler: (s, r) => s.filters.fields(r.params.scope),
});

export default getFilterFields;
