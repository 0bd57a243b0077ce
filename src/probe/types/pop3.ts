import { z } from 'zod';
import { converse, serviceOptions } from '../conversation.ts';
import { defineProbe } from '../define-probe.ts';
import { Fault } from '../fault.ts';

/** A POP3 server: greeting and STLS with the certificate (RFC 1939, RFC 2595). Nobody logs in. */
export const pop3 = defineProbe({
  name: 'pop3',
  title: 'POP3 greeting, STARTTLS',
  options: z.strictObject({ ...serviceOptions(110) }),
  run: (ctx, target, o) => converse(ctx, target, o, async (c) => {
    const status = async (what: string): Promise<string> => {
      const line = await c.line(what);
      const found = /^(\+OK|-ERR)\s?(.*)$/.exec(line);
      if (found === null) throw new Fault('protocol', `${what} is not of POP3: ${line.slice(0, 80)}`);
      if (found[1] === '-ERR') throw new Fault('content', `${what} is a refusal: ${found[2].slice(0, 80)}`);
      return found[2];
    };
    // APOP's timestamp is a challenge, not a secret; it is of no use either.
    c.greeted((await status('the greeting')).replace(/<[^>]*>/, '<...>'), o.expect);
    if (o.tls === 'starttls') {
      c.say('STLS');
      await status('the answer to STLS');
      await c.secure(target.address, o);
    }
    c.say('QUIT');
    await status('the answer to QUIT');
  }),
});
export default pop3;
