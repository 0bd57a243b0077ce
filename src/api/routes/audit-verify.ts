import { z } from 'zod';
import { defineRoute } from '../define-route.ts';

export const verifyAudit = defineRoute({
  method: 'GET',
  path: '/audit/verify',
  permission: 'audit.read',
  summary: 'Check the hash chain of the audit.',
  response: z.object({ ok: z.boolean(), events: z.number(), brokenAt: z.number().nullable(), problem: z.string().nullable() }),
  handler: (s) => s.audit.verify(),
});

export default verifyAudit;
