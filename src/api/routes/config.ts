import { defineRoute } from '../define-route.ts';
import { configView } from '../schemas.ts';

export const getConfig = defineRoute({
  method: 'GET',
  path: '/config',
  permission: 'config.read',
  summary: 'The configuration in force, secrets masked.',
  response: configView,
  handler: (s) => s.config.get(),
});

export default getConfig;
