import { z } from 'zod';
import { converse } from '../conversation.ts';
import { defineProbe } from '../define-probe.ts';
import { Fault } from '../fault.ts';
import { VIA_OPTIONS } from '../via.ts';

/** Lines before the identification that are put up with (RFC 4253 §4.2 sets no limit). */
const MAX_PREFACE = 50;

/** An SSH server: its identification (RFC 4253 §4.2). No keys are exchanged. */
export const ssh = defineProbe({
  name: 'ssh',
  title: 'SSH identification',
  options: z.strictObject({
    port: z.int().min(1).max(65_535).default(22),
    expect: z.string().min(1).max(1000).optional().describe('Text that the identification must contain, such as `OpenSSH_9`.'),
    ...VIA_OPTIONS,
  }),
  run: (ctx, target, o) => converse(ctx, target, { ...o, verify: false, tlsVersion: 'TLSv1.2' }, async (c) => {
    for (let lines = 0; ; lines++) {
      const line = await c.line('the identification');
      const found = /^SSH-(\d+\.\d+)-(.*)$/.exec(line);
      if (found !== null) {
        c.greeted(line, o.expect);
        if (found[1] !== '2.0' && found[1] !== '1.99') throw new Fault('content', `the server speaks SSH ${found[1]}`);
        c.notes.software = found[2].slice(0, 200);
        // Identifies itself as well: servers log whoever leaves without a word as an attack.
        c.say('SSH-2.0-Wirewatch');
        return;
      }
      if (lines >= MAX_PREFACE) throw new Fault('protocol', 'there is no identification of SSH');
    }
  }),
});
export default ssh;
