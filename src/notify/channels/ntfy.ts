import { z } from 'zod';
import type { Severity } from '../../model/index.ts';
import { below, converse, trustOptions } from '../conversation.ts';
import { defineChannel } from '../define-channel.ts';
import { cut } from '../wording.ts';

const options = z.strictObject({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/, 'letters, digits, - and _, at most 64').describe('Topic; on a public server its name is the password, so it is a secret.'),
  token: z.string().min(1).optional().describe('Access token (`tk_…`); a secret.'),
  url: z.url({ protocol: /^https?$/ }).default('https://ntfy.sh').describe('Server. One of your own in the same network works without the Internet.'),
  ...trustOptions,
});

const PRIORITY: Readonly<Record<Severity, number>> = { critical: 5, error: 4, warning: 3, info: 2 };
/** A message has at most 4,096 bytes; a longer one becomes an attachment. */
const MESSAGE_BYTES = 4_000;

export const ntfy = defineChannel({
  name: 'ntfy',
  title: 'ntfy, public or your own',
  options,
  secrets: ['topic', 'token'],
  // The bucket is refilled with one request in five seconds, and holds sixty.
  paceMs: 1_000,
  async send(ctx, n, o) {
    let message = cut(n.body, MESSAGE_BYTES);
    while (Buffer.byteLength(message) > MESSAGE_BYTES) message = cut(message, Math.floor(message.length * 0.9));
    return await converse(ctx, o, async (ask) => {
      await ask({
        url: below(o.url, '/'), headers: o.token === undefined ? {} : { authorization: `Bearer ${o.token}` },
        json: {
          topic: o.topic, title: cut(n.subject, 250), message, priority: n.status === 'resolved' ? 3 : PRIORITY[n.severity],
          tags: [n.status === 'resolved' ? 'white_check_mark' : n.severity === 'critical' ? 'rotating_light' : 'warning', ...(n.drill ? ['drill'] : [])],
          ...(n.link === null ? {} : { click: n.link }),
        },
      });
      return { outcome: 'delivered', detail: 'published' };
    });
  },
});

export default ntfy;
