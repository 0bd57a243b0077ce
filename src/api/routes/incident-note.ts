import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { idParams, timelineEntry } from '../schemas.ts';

export const noteIncident = defineRoute({
  method: 'POST',
  path: '/incidents/:id/note',
  permission: 'incidents.write',
  summary: 'Add a note to the timeline.',
  params: idParams,
  body: z.object({ text: z.string().trim().min(1).max(10_000) }),
  response: timelineEntry,
  audit: { action: 'incident.note', object: (r) => r.params.id },
  handler: (s, r) => s.incidents.note(r.params.id, r.body.text, r.actor),
});

export default noteIncident;
