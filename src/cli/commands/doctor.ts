import path from 'node:path';
import { openConfig } from '../../config/open-config.ts';
import { examineMachine } from '../../app/examine-machine.ts';
import { isRunning } from '../client.ts';
import { defineCommand, EXIT } from '../define-command.ts';
import { loadExtensions } from '../extensions.ts';

const MARKS = { ok: 'ok     ', warning: 'warning', problem: 'problem' } as const;

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'look at this machine: privileges, sysctls, packages, disk, clock, names; each finding with its remedy',
  permission: null,
  configure(command) {
    command.option('--config <file>', 'configuration to judge by; the built-in one where none is named');
  },
  async run(ctx, _args, options) {
    const file = typeof options.config === 'string' ? path.resolve(ctx.cwd, options.config) : undefined;
    const loaded = openConfig(file, { env: ctx.env, extensions: await loadExtensions() });
    const findings = await examineMachine({ dataDir: ctx.dataDir, loaded, env: ctx.env, listening: await isRunning(ctx.dataDir) });
    if (ctx.json) ctx.terminal.out(`${JSON.stringify(findings)}\n`);
    else {
      for (const { title, verdict, detail, remedy } of findings) {
        ctx.terminal.out(`${MARKS[verdict]}  ${title}: ${detail}\n${remedy === null ? '' : `         to do: ${remedy}\n`}`);
      }
    }
    return findings.some((f) => f.verdict === 'problem') ? EXIT.negative : EXIT.ok;
  },
});

export default doctor;
