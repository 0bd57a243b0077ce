import { formatDurationMs } from '../../base/time.ts';
import { createClient } from '../client.ts';
import { defineCommand, EXIT } from '../define-command.ts';

/** The part of /health that this command shows. */
interface Health {
  readonly status: 'ok' | 'degraded';
  readonly version?: string;
  readonly uptimeSeconds?: number;
  readonly parts?: Readonly<Record<string, { readonly state: string; readonly detail?: string }>>;
}

export const status = defineCommand({
  name: 'status',
  summary: 'say whether the program runs on this data folder, and how its parts are',
  permission: 'overview.read',
  configure() {},
  async run(ctx) {
    const health = await createClient(ctx.dataDir).get<Health>('/health');
    if (ctx.json) {
      ctx.terminal.out(`${JSON.stringify(health)}\n`);
    } else {
      const uptime = health.uptimeSeconds === undefined ? '' : `, up ${formatDurationMs(health.uptimeSeconds * 1000)}`;
      ctx.terminal.out(`wirewatch ${health.version ?? ''} ${health.status}${uptime}\n`);
      for (const [name, part] of Object.entries(health.parts ?? {})) {
        ctx.terminal.out(`  ${name.padEnd(24)} ${part.state}${part.detail === undefined ? '' : `  ${part.detail}`}\n`);
      }
    }
    return health.status === 'ok' ? EXIT.ok : EXIT.negative;
  },
});

export default status;
