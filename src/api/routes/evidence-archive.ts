import { defineDownload } from '../define-route.ts';
import { idParams } from '../schemas.ts';

export const downloadEvidence = defineDownload({
  method: 'GET',
  path: '/evidence/:id/archive',
  permission: 'evidence.read',
  summary: 'A whole bundle as a tar archive. Audited.',
  params: idParams,
  download: true,
  audit: { action: 'evidence.download', object: (r) => r.params.id },
  handler: (s, r) => s.evidence.archive(r.params.id),
});

export default downloadEvidence;
