import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { drillReport } from '../schemas.ts';

export const listDrills = defineRoute({
  method: 'GET',
  path: '/drills',
  permission: 'drill.run',
  summary: 'Drills that were run.',
  response: z.array(drillReport),
  handler: (s) => s.drill.list(),
});

export default listDrills;
