import { defineRoute } from '../define-route.ts';
import { overview } from '../schemas.ts';

export const getOverview = defineRoute({
  method: 'GET',
  path: '/overview',
  permission: 'overview.read',
  summary: 'Checks with their states, traffic, captures, uplink.',
  response: overview,
  handler: (s) => s.overview.get(),
});

export default getOverview;
