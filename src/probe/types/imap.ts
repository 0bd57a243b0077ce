import { z } from 'zod';
import { converse, serviceOptions, type Conversation } from '../conversation.ts';
import { defineProbe } from '../define-probe.ts';
import { Fault } from '../fault.ts';

/** One command with its tagged answer; untagged lines on the way are kept. */
async function command(c: Conversation, tag: string, text: string): Promise<string[]> {
  c.say(`${tag} ${text}`);
  const untagged: string[] = [];
  for (;;) {
    const line = await c.line(`the answer to ${text}`);
    if (line.startsWith(`${tag} `)) {
      if (!/^\S+ OK\b/i.test(line)) throw new Fault('content', `${text} is answered with "${line.slice(tag.length + 1, 100)}"`);
      return untagged;
    }
    if (!line.startsWith('* ')) throw new Fault('protocol', `not an answer of IMAP: ${line.slice(0, 80)}`);
    if (untagged.push(line.slice(2)) > 200) throw new Fault('protocol', `the answer to ${text} has no end`);
  }
}

/** An IMAP server: greeting, STARTTLS with the certificate, capabilities (RFC 9051). Nobody logs in. */
export const imap = defineProbe({
  name: 'imap',
  title: 'IMAP greeting, STARTTLS',
  options: z.strictObject({ ...serviceOptions(143) }),
  run: (ctx, target, o) => converse(ctx, target, o, async (c) => {
    const greeting = await c.line('the greeting');
    if (!greeting.startsWith('* ')) throw new Fault('protocol', `not a greeting of IMAP: ${greeting.slice(0, 80)}`);
    c.greeted(greeting.slice(2), o.expect);
    if (!/^\* (OK|PREAUTH)\b/i.test(greeting)) throw new Fault('content', `the server greets with "${greeting.slice(2, 100)}"`);
    if (o.tls === 'starttls') {
      await command(c, 'w1', 'STARTTLS');
      await c.secure(target.address, o);
    }
    const answers = await command(c, 'w2', 'CAPABILITY');
    c.notes.capabilities = (answers.find((a) => /^CAPABILITY /i.test(a)) ?? '').slice(11, 511);
    c.say('w3 LOGOUT');
  }),
});
export default imap;
