import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { protocolKind, protocolRecord, searchQuery } from '../schemas.ts';

export const searchRecords = defineRoute({
  method: 'GET',
  path: '/records/:kind',
  permission: 'flows.read',
  summary: 'Stored transactions of one protocol that match a display filter, newest first.',
  params: z.object({ kind: protocolKind }),
  query: searchQuery,
  response: z.object({ rows: z.array(protocolRecord), cursor: z.string().nullable(), scanned: z.number() }),
  handler: async (s, r) => {
    const found = await s.records.search(r.params.kind, r.query);
    return { ...found, rows: found.rows.map((row) => ({ ...row })) };
  },
});

export default searchRecords;
