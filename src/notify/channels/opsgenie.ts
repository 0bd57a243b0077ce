import { z } from 'zod';
import { below, trustOptions } from '../conversation.ts';
import { defineChannel } from '../define-channel.ts';
import { tellGenie } from '../genie-alert.ts';

const options = z.strictObject({
  apiKey: z.string().min(1).describe('Key of an API integration; a secret.'),
  url: z.url({ protocol: /^https?$/ }).default('https://api.opsgenie.com').describe('`https://api.eu.opsgenie.com` for the EU.'),
  responders: z.array(z.strictObject({ type: z.enum(['team', 'user', 'escalation', 'schedule']), name: z.string().optional(), id: z.string().optional() })).max(50).default([])
    .describe('Who is called; the integration\'s team where left out.'),
  ...trustOptions,
});

export const opsgenie = defineChannel({
  name: 'opsgenie',
  title: 'Opsgenie (its support ends in April 2027: see jsm)',
  options,
  secrets: ['apiKey'],
  perGroup: true,
  async send(ctx, n, o) {
    return await tellGenie(ctx, n, { ...o, alerts: below(o.url, '/v2/alerts') });
  },
});

export default opsgenie;
