import { z } from 'zod';
import { msOf } from '../../base/time.ts';
import { authorityOf } from '../authority.ts';
import { defineChannel } from '../define-channel.ts';
import { httpOutcome, httpPost, networkFailure } from '../http-post.ts';
import { slackMessage } from '../slack-message.ts';

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('The incoming webhook\'s address; whoever knows it can post, so it is a secret.'),
  mention: z.string().optional().describe('Put before firing messages, such as `<!here>` or `<@U024BE7LH>`.'),
  ca: z.string().optional().describe('PEM of the authority to trust in place of the system\'s (a proxy, a compatible server).'),
  caFile: z.string().optional().describe('File with that PEM.'),
});

export const slack = defineChannel({
  name: 'slack',
  title: 'Slack incoming webhook',
  options,
  secrets: ['url'],
  // One message a second for each webhook; short bursts are borne.
  paceMs: 1_000,
  async send(ctx, notification, o) {
    try {
      const answer = await httpPost({
        url: o.url, signal: ctx.signal, ca: await authorityOf(o), headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(slackMessage(notification, o.mention)),
      });
      // Slack says `ok` in plain text. Any other 200 is somebody else's page (a captive portal in the middle of an outage).
      if (answer.status === 200 && answer.body.trim() !== 'ok') return { outcome: 'retry', reason: 'the answer is not Slack\'s' };
      return httpOutcome(answer, msOf(ctx.now));
    } catch (error) {
      return networkFailure(error, ctx.signal);
    }
  },
});

export default slack;
