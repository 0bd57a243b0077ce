import { z } from 'zod';
import { below, trustOptions } from '../conversation.ts';
import { defineChannel } from '../define-channel.ts';
import { tellGenie } from '../genie-alert.ts';

const options = z.strictObject({
  apiKey: z.string().min(1).describe('Key of an API integration of the operations team; a secret.'),
  url: z.url({ protocol: /^https?$/ }).default('https://api.atlassian.com').describe('Address of Atlassian or of a proxy.'),
  responders: z.array(z.strictObject({ type: z.enum(['team', 'user', 'escalation', 'schedule']), id: z.string() })).max(50).default([])
    .describe('Who is called; the integration\'s team where left out.'),
  ...trustOptions,
});

export const jsm = defineChannel({
  name: 'jsm',
  title: 'Jira Service Management, operations alerts (the integration API)',
  options,
  secrets: ['apiKey'],
  perGroup: true,
  async send(ctx, n, o) {
    return await tellGenie(ctx, n, { ...o, alerts: below(o.url, '/jsm/ops/integration/v2/alerts') });
  },
});

export default jsm;
