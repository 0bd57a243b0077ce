import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { configProblem } from '../schemas.ts';

export const checkConfig = defineRoute({
  method: 'POST',
  path: '/config/check',
  permission: 'config.read',
  summary: 'Check the file on disk without taking it.',
  response: z.array(configProblem),
  handler: (s) => s.config.check(),
});

export default checkConfig;
