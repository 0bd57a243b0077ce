import { defineRoute } from '../define-route.ts';
import { health } from '../schemas.ts';

export const getHealth = defineRoute({
  method: 'GET',
  path: '/health',
  permission: 'overview.read',
  summary: 'How the program and its parts are.',
  response: health,
  handler: (s) => s.health.get(),
});

export default getHealth;
