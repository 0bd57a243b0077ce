import { defineRoute } from '../define-route.ts';
import { evidenceSummary, idParams } from '../schemas.ts';

export const getEvidence = defineRoute({
  method: 'GET',
  path: '/evidence/:id',
  permission: 'evidence.read',
  summary: 'One bundle with its manifest.',
  params: idParams,
  response: evidenceSummary,
  handler: (s, r) => s.evidence.get(r.params.id),
});

export default getEvidence;
