import { z } from 'zod';
import { defineDownload } from '../define-route.ts';
import { idParams } from '../schemas.ts';

export const downloadEvidenceFile = defineDownload({
  method: 'GET',
  path: '/evidence/:id/file',
  permission: 'evidence.read',
  summary: 'One file of a bundle. Audited.',
  params: idParams,
  query: z.object({ path: z.string().min(1).max(500) }),
  download: true,
  audit: { action: 'evidence.download', object: (r) => r.params.id, details: (r) => ({ path: (r.query as { path: string }).path }) },
  handler: (s, r) => s.evidence.file(r.params.id, r.query.path),
});

export default downloadEvidenceFile;
