import { z } from 'zod';
import { basicAuth, below, converse, trustOptions } from '../conversation.ts';
import { defineChannel } from '../define-channel.ts';
import { smsText } from '../sms-text.ts';

const number = z.string().regex(/^\+[1-9]\d{4,14}$/, 'not a number in the form +491701234567 (E.164)');

const options = z
  .strictObject({
    accountSid: z.string().regex(/^AC[0-9a-fA-F]{32}$/, 'not an account SID (AC and 32 digits)').describe('Account SID.'),
    authToken: z.string().min(1).describe('Auth token of the account, or the secret of `apiKey`; a secret.'),
    apiKey: z.string().regex(/^SK[0-9a-fA-F]{32}$/, 'not the SID of an API key').optional().describe('SID of an API key (SK…), better than the account\'s own token.'),
    to: number.describe('Who gets it. One number a channel: of several, each is tried by itself.'),
    from: number.optional().describe('Sending number.'),
    messagingService: z.string().regex(/^MG[0-9a-fA-F]{32}$/, 'not the SID of a messaging service').optional().describe('SID of a messaging service, in place of `from`.'),
    url: z.url({ protocol: /^https?$/ }).default('https://api.twilio.com').describe('Address of Twilio or of a proxy.'),
    ...trustOptions,
  })
  .refine((o) => (o.from === undefined) !== (o.messagingService === undefined), { path: ['from'], message: 'one of from and messagingService is needed' });

/** One SMS of at most 160 septets. Twilio knows no idempotency key: a repetition after a crash is a second SMS. */
export const twilio = defineChannel({
  name: 'twilio',
  title: 'SMS through Twilio',
  options,
  secrets: ['authToken'],
  // One segment a second for each long number.
  paceMs: 1_000,
  async send(ctx, n, o) {
    return await converse(ctx, o, async (ask) => {
      await ask({
        url: below(o.url, `/2010-04-01/Accounts/${o.accountSid}/Messages.json`),
        headers: { authorization: basicAuth(o.apiKey ?? o.accountSid, o.authToken) },
        form: { To: o.to, Body: smsText(n), ...(o.from === undefined ? { MessagingServiceSid: o.messagingService ?? '' } : { From: o.from }) },
      });
      return { outcome: 'delivered', detail: 'queued by Twilio' };
    });
  },
});

export default twilio;
