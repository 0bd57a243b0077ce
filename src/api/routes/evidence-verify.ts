import { defineRoute } from '../define-route.ts';
import { evidenceVerification, idParams } from '../schemas.ts';

export const verifyEvidence = defineRoute({
  method: 'POST',
  path: '/evidence/:id/verify',
  permission: 'evidence.read',
  summary: 'Hash every file of a bundle again and compare with its manifest.',
  params: idParams,
  response: evidenceVerification,
  audit: { action: 'evidence.verify', object: (r) => r.params.id },
  handler: (s, r) => s.evidence.verify(r.params.id),
});

export default verifyEvidence;
