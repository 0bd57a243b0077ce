import { z } from 'zod';
import { converse, serviceOptions } from '../conversation.ts';
import { defineProbe } from '../define-probe.ts';
import { Fault } from '../fault.ts';

/** An SMTP server: greeting, EHLO, STARTTLS with the certificate (RFC 5321, RFC 3207). No mail is sent. */
export const smtp = defineProbe({
  name: 'smtp',
  title: 'SMTP greeting, STARTTLS',
  options: z.strictObject({
    ...serviceOptions(25),
    hello: z.string().regex(/^[\w.:[\]-]{1,253}$/).default('wirewatch.invalid').describe('Name that the probe gives itself in EHLO.'),
  }),
  run: (ctx, target, o) => converse(ctx, target, o, async (c) => {
    const greeting = await c.reply('the greeting');
    c.greeted(greeting.lines.join(' '), o.expect);
    // 554 and 421 greet too: they say that there is no service (RFC 5321 §3.1).
    if (greeting.code !== 220) throw new Fault('content', `the server greets with ${greeting.code}`);
    const hello = async (): Promise<string[]> => {
      c.say(`EHLO ${o.hello}`);
      const answer = await c.reply('the answer to EHLO');
      if (answer.code !== 250) throw new Fault('content', `EHLO is answered with ${answer.code}`);
      return answer.lines.slice(1).map((l) => l.toUpperCase());
    };
    let extensions = await hello();
    if (o.tls === 'starttls') {
      if (!extensions.includes('STARTTLS')) throw new Fault('content', 'STARTTLS is not offered');
      c.say('STARTTLS');
      const answer = await c.reply('the answer to STARTTLS');
      if (answer.code !== 220) throw new Fault('content', `STARTTLS is answered with ${answer.code}`);
      await c.secure(target.address, o);
      extensions = await hello();
    }
    c.notes.extensions = extensions.join(', ').slice(0, 500);
    c.say('QUIT');
  }),
});
export default smtp;
