import { defineRoute } from '../define-route.ts';
import { configView } from '../schemas.ts';

export const reloadConfig = defineRoute({
  method: 'POST',
  path: '/config/reload',
  permission: 'config.write',
  summary: 'Take the file on disk; a wrong one leaves the old in force.',
  response: configView,
  audit: { action: 'config.reload', object: () => 'configuration' },
  handler: (s, r) => s.config.reload(r.actor),
});

export default reloadConfig;
