import { z } from 'zod';
import { converse, serviceOptions } from '../conversation.ts';
import { defineProbe } from '../define-probe.ts';
import { Fault } from '../fault.ts';

/** An FTP server: greeting and AUTH TLS with the certificate (RFC 959, RFC 4217). Nobody logs in. */
export const ftp = defineProbe({
  name: 'ftp',
  title: 'FTP greeting, AUTH TLS',
  options: z.strictObject({ ...serviceOptions(21) }),
  run: (ctx, target, o) => converse(ctx, target, o, async (c) => {
    let greeting = await c.reply('the greeting');
    // 120 says that the service will be ready in a while (RFC 959 §5.4).
    if (greeting.code === 120) greeting = await c.reply('the greeting');
    c.greeted(greeting.lines.join(' '), o.expect);
    if (greeting.code !== 220) throw new Fault('content', `the server greets with ${greeting.code}`);
    if (o.tls === 'starttls') {
      c.say('AUTH TLS');
      const answer = await c.reply('the answer to AUTH TLS');
      if (answer.code !== 234) throw new Fault('content', `AUTH TLS is answered with ${answer.code}`);
      await c.secure(target.address, o);
    }
    c.say('QUIT');
  }),
});
export default ftp;
