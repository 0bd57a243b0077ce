import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { WirewatchError } from '../../base/errors.ts';
import type { DrilledProgram } from '../../drill/define-scenario.ts';
import { formatDrillReport } from '../../drill/drill-report.ts';
import type { Lab } from '../../drill/lab.ts';
import { runScenario } from '../../drill/run-scenario.ts';
import { scenarios } from '../../drill/scenarios.generated.ts';
import { createClient, isRunning } from '../client.ts';
import { defineCommand, EXIT } from '../define-command.ts';

const START_MS = 30_000;
const LAST_WORDS = 4000;

/** Starts this very program on a host of the lab, with a data folder of its own, and waits until its socket answers. */
async function startProgram(lab: Lab, host: string, dir: string, config: object, signal: AbortSignal): Promise<DrilledProgram> {
  const data = path.join(dir, 'data');
  mkdirSync(data, { mode: 0o700 });
  const file = path.join(dir, 'drill.yaml');
  writeFileSync(file, stringify(config), { mode: 0o600 });
  const entry = path.join(import.meta.dirname, `../main${path.extname(import.meta.filename)}`);
  const child = lab.start(host, [process.execPath, entry, '--data', data, 'run', '--config', file, '--drill'], { stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-LAST_WORDS)));
  const deadline = Date.now() + START_MS;
  while (!(await isRunning(data))) {
    if (signal.aborted) throw new WirewatchError('WW_DRILL', 'it was interrupted');
    if ((child.exitCode ?? child.signalCode) !== null) throw new WirewatchError('WW_DRILL', `the program ended at its start: ${said.trim()}`);
    if (Date.now() > deadline) throw new WirewatchError('WW_DRILL', `the program did not answer within ${START_MS / 1000} s: ${said.trim()}`);
    await sleep(100);
  }
  return { api: createClient(data), process: child, lastWords: () => said.trim() };
}

export const drill = defineCommand({
  name: 'drill',
  summary: 'make a real fault in a network of namespaces and follow it through the whole program; needs root',
  permission: null,
  configure(command) {
    command
      .argument('<scenario>', `one of: ${scenarios.map((s) => s.name).join(', ')}`)
      .option('--ipv6', 'over IPv6 in place of IPv4')
      .option('--progress', 'with --json: one line of the report at each stage, the last is the whole');
  },
  async run(ctx, [name], options) {
    const scenario = scenarios.find((s) => s.name === name);
    if (scenario === undefined) throw new WirewatchError('WW_ARGUMENT', `there is no drill ${name}`, { remedy: `one of: ${scenarios.map((s) => s.name).join(', ')}` });
    if (process.getuid?.() !== 0) {
      throw new WirewatchError('WW_DRILL_PRIVILEGE', 'a drill makes network namespaces, which needs root', { remedy: `sudo wirewatch drill ${name}` });
    }
    const report = await runScenario(scenario, {
      family: options.ipv6 === true ? 'ipv6' : 'ipv4',
      signal: ctx.signal,
      startProgram: (lab, host, dir, config) => startProgram(lab, host, dir, config, ctx.signal),
      onProgress(now) {
        if (ctx.json) {
          if (options.progress === true) ctx.terminal.out(`${JSON.stringify(now)}\n`);
          return;
        }
        const done = now.stages.findLast((s) => s.state !== 'waiting');
        if (done !== undefined && ctx.terminal.isTty) ctx.terminal.err(`${done.state} ${done.name}\n`);
      },
    });
    ctx.terminal.out(ctx.json ? `${JSON.stringify(report)}\n` : formatDrillReport(report));
    return report.state === 'passed' ? EXIT.ok : EXIT.negative;
  },
});

export default drill;
