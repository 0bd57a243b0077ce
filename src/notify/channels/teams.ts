import { z } from 'zod';
import { converse, trustOptions } from '../conversation.ts';
import { defineChannel } from '../define-channel.ts';
import { cut } from '../wording.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('Address of the workflow "When a Teams webhook request is received"; whoever knows it can post, so it is a secret.'),
  ...trustOptions,
});

/** A message may have about 28 KB; escapes and the frame around it need their room. */
const BODY_CHARS = 8_000;

/** An Adaptive Card 1.2. The flow belongs to a user: when that account goes, the channel dies, so have a drill cover it. */
export const teams = defineChannel({
  name: 'teams',
  title: 'Microsoft Teams, through a workflow',
  options,
  secrets: ['url'],
  // Four requests a second for each webhook.
  paceMs: 250,
  async send(ctx, n, o) {
    const color = n.status === 'resolved' ? 'Good' : n.severity === 'critical' || n.severity === 'error' ? 'Attention' : 'Warning';
    const content = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.2',
      body: [
        { type: 'TextBlock', text: cut(n.subject, 500), weight: 'Bolder', size: 'Medium', wrap: true, color },
        // Each line a block of its own: Markdown would join them.
        ...cut(n.body, BODY_CHARS).split('\n').filter((line) => line.trim() !== '').slice(0, 60).map((text) => ({ type: 'TextBlock', text, wrap: true, spacing: 'None' })),
      ],
      ...(n.link === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open incident', url: n.link }] }),
    };
    return await converse(ctx, o, async (ask) => {
      const answer = await ask({ url: o.url, json: { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }] } });
      return { outcome: 'delivered', detail: `HTTP ${answer.status}` };
    });
  },
});

export default teams;
