import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { doctorFinding } from '../schemas.ts';

export const runDoctor = defineRoute({
  method: 'GET',
  path: '/doctor',
  permission: 'config.read',
  summary: 'What is missing on this machine, and its remedy.',
  response: z.array(doctorFinding),
  handler: (s) => s.doctor.run(),
});

export default runDoctor;
