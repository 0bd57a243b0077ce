import { defineRoute } from '../define-route.ts';
import { evidenceSummary, page, pageQuery } from '../schemas.ts';

export const listEvidence = defineRoute({
  method: 'GET',
  path: '/evidence',
  permission: 'evidence.read',
  summary: 'Evidence bundles, newest first.',
  query: pageQuery,
  response: page('EvidencePage', evidenceSummary),
  handler: (s, r) => s.evidence.list(r.query),
});

export default listEvidence;
