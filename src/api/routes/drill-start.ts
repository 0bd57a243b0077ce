import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { drillReport } from '../schemas.ts';

export const startDrill = defineRoute({
  method: 'POST',
  path: '/drills',
  permission: 'drill.run',
  summary: 'Make a real fault and follow it through the pipeline.',
  body: z.object({ scenario: z.string().min(1).max(100) }),
  response: drillReport,
  audit: { action: 'drill.start', object: (r) => r.body.scenario },
  handler: (s, r) => s.drill.start(r.body.scenario, r.actor),
});

export default startDrill;
