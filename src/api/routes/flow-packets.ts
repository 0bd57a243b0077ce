import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { idParams, packetsLocation } from '../schemas.ts';

export const getFlowPackets = defineRoute({
  method: 'GET',
  path: '/flows/:id/packets',
  permission: 'packets.read',
  summary: 'Where the packets of a flow are kept.',
  params: idParams,
  response: z.array(packetsLocation),
  handler: (s, r) => s.flows.packets(r.params.id),
});

export default getFlowPackets;
