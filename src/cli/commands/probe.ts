import { WirewatchError } from '../../base/errors.ts';
import type { ProbeDefinition } from '../../probe/define-probe.ts';
import { types } from '../../probe/types.generated.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { defineCommand, EXIT } from '../define-command.ts';
import { longReport, shortReport, wholeRun, type ProbeRun } from '../probe-report.ts';

const probes = types as unknown as readonly ProbeDefinition[];
/** Kinds whose target may be written as a URL. */
const BY_URL: ReadonlySet<string> = new Set(['http', 'download']);

function parseValue(text: string): unknown {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  if (!/^[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `key=value` pairs as the options of a probe: numbers, true and false as such, lists and objects as JSON. */
function parseOptions(pairs: readonly string[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new WirewatchError('WW_ARGUMENT', `"${pair}" is not an option`, { remedy: 'write --set key=value' });
    out[pair.slice(0, at)] = parseValue(pair.slice(at + 1));
  }
  return out;
}

export const probe = defineCommand({
  name: 'probe',
  summary: 'runs one round of a probe, and shows it whole with --explain',
  permission: null,
  configure(command) {
    command
      .argument('<kind>', `kind of probe: ${probes.map((p) => p.name).join(', ')}`)
      .argument('<target>', 'address, host name, or URL (http, download)')
      .option('-c, --count <n>', 'samples of the round')
      .option('-t, --timeout <seconds>', 'a round ends after this time', '5')
      .option('-4, --ipv4', 'IPv4 only')
      .option('-6, --ipv6', 'IPv6 only')
      .option('-p, --port <port>', 'port of the service')
      .option('-S, --source <address>', 'address of this machine to send from')
      .option('-I, --interface <name>', 'interface to send through, whatever the routes say')
      .option('-s, --set <key=value...>', 'any option of the probe; lists and objects as JSON')
      .option('--explain', 'show the run whole: effective options, log, samples, measurements, evidence');
  },
  async run(ctx, [kind, given], o) {
    const definition = probes.find((p) => p.name === kind);
    if (definition === undefined) throw new WirewatchError('WW_ARGUMENT', `there is no probe "${kind}"`, { remedy: `known: ${probes.map((p) => p.name).join(', ')}` });
    const options = parseOptions((o.set as string[] | undefined) ?? []);
    for (const name of ['count', 'port'] as const) if (o[name] !== undefined) options[name] = Number(o[name]);
    for (const name of ['source', 'interface'] as const) if (o[name] !== undefined) options[name] = o[name];
    let address = given;
    if (BY_URL.has(kind)) {
      const url = URL.parse(/^https?:\/\//.test(given) ? given : `http://${given}/`);
      if (url === null) throw new WirewatchError('WW_ARGUMENT', `"${given}" is not a URL`);
      options.url = url.href;
      address = url.hostname.replace(/^\[|\]$/g, '');
    }
    // Loaded here: it opens ICMP sockets, and nothing but this command needs them in this process.
    const { ProbeRunner } = await import('../../probe/probe-runner.ts');
    const runner = new ProbeRunner(probes, nodeHost);
    try {
      const log: { ms: number; text: string }[] = [];
      const family = o.ipv4 === true ? 'ipv4' : o.ipv6 === true ? 'ipv6' : 'any';
      const timeoutMs = Number(o.timeout) * 1000;
      const startedAt = new Date().toISOString();
      const started = performance.now();
      const outcome = await runner.run(kind, { address, family }, options, timeoutMs, ctx.signal, (text) => log.push({ ms: performance.now() - started, text }));
      const run: ProbeRun = { probe: kind, target: BY_URL.has(kind) ? address : given, family, timeoutMs, startedAt, options: definition.options.parse(options) as Record<string, unknown>, log, outcome };
      if (ctx.json) ctx.terminal.out(`${JSON.stringify(o.explain === true ? wholeRun(run) : { probe: kind, target: run.target, ...outcome })}\n`);
      else ctx.terminal.out(`${shortReport(run)}${o.explain === true ? longReport(run) : ''}`);
      return outcome.ok ? EXIT.ok : outcome.failure?.class === 'local' ? EXIT.privilege : EXIT.negative;
    } finally {
      runner.close();
    }
  },
});
export default probe;
