import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { auditEvent, page, pageQuery } from '../schemas.ts';

export const listAudit = defineRoute({
  method: 'GET',
  path: '/audit',
  permission: 'audit.read',
  summary: 'Audit events, newest first.',
  query: pageQuery.extend({ actor: z.string().max(100).nullable().default(null), action: z.string().max(100).nullable().default(null) }),
  response: page('AuditPage', auditEvent),
  handler: (s, r) => s.audit.list(r.query),
});

export default listAudit;
