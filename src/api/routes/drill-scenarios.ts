import { z } from 'zod';
import { defineRoute } from '../define-route.ts';

export const listDrillScenarios = defineRoute({
  method: 'GET',
  path: '/drill-scenarios',
  permission: 'drill.run',
  summary: 'Drills that can be run.',
  response: z.array(z.object({ name: z.string(), title: z.string() })),
  handler: (s) => s.drill.scenarios(),
});

export default listDrillScenarios;
