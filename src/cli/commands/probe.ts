import { WirewatchError } from '../../base/errors.ts';
import { formatDurationMs } from '../../base/time.ts';
import type { ProbeDefinition, ProbeOutcome } from '../../probe/define-probe.ts';
import { types } from '../../probe/types.generated.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

const probes = types as unknown as readonly ProbeDefinition[];

/** `key=value` pairs as the options of a probe: numbers, true and false as such, lists by comma. */
function parseOptions(pairs: readonly string[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new WirewatchError('WW_ARGUMENT', `"${pair}" is not an option`, { remedy: 'write --set key=value' });
    const text = pair.slice(at + 1);
    out[pair.slice(0, at)] = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text === 'true' ? true : text === 'false' ? false : text;
  }
  return out;
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(3)} ms`;
}

function print(ctx: CommandContext, kind: string, target: string, outcome: ProbeOutcome): void {
  const { out } = ctx.terminal;
  const m = outcome.measurements;
  out(`${kind} ${target}${outcome.notes.address === undefined || outcome.notes.address === target ? '' : ` (${outcome.notes.address})`}: ${outcome.ok ? 'ok' : `failed, ${outcome.failure?.class}: ${outcome.failure?.message}`}\n`);
  if (outcome.sent > 1 || kind === 'icmp') {
    const loss = (100 * (m.loss_ratio ?? 0)).toFixed(0);
    out(`  ${outcome.received} of ${outcome.sent} answered, ${loss} % lost (95 % interval ${(100 * (m.loss_low_ratio ?? 0)).toFixed(1)} to ${(100 * (m.loss_high_ratio ?? 1)).toFixed(1)} %)\n`);
    if (outcome.received > 0) out(`  rtt min ${ms(m.rtt_min_seconds)}, median ${ms(m.rtt_median_seconds)}, average ${ms(m.rtt_average_seconds)}, p95 ${ms(m.rtt_p95_seconds)}, max ${ms(m.rtt_max_seconds)}${m.jitter_seconds === undefined ? '' : `, jitter ${ms(m.jitter_seconds)}`}\n`);
  } else if (outcome.received > 0) {
    const phases = (['dns', 'connect', 'tls', 'ttfb', 'total'] as const).filter((p) => m[`${p}_seconds`] !== undefined).map((p) => `${p} ${ms(m[`${p}_seconds`])}`);
    out(`  ${phases.length > 1 ? phases.join(', ') : `answered after ${ms(m.rtt_median_seconds)}`}\n`);
  }
  if (m.cert_expiry_seconds !== undefined) out(`  certificate ends in ${formatDurationMs(m.cert_expiry_seconds * 1000)} (${outcome.notes.certificate_until})\n`);
}

function explain(ctx: CommandContext, options: unknown, log: readonly string[], outcome: ProbeOutcome): void {
  const { out } = ctx.terminal;
  const section = (title: string, lines: readonly string[]): void => out(`\n${title}\n${lines.map((l) => `  ${l}\n`).join('')}`);
  section('effective options', Object.entries(options as Record<string, unknown>).map(([k, v]) => `${k}: ${JSON.stringify(v)}`));
  section('log', log.length > 0 ? log : ['(nothing)']);
  section('samples', [outcome.rttNs.map((r) => (r === null ? 'lost' : `${(r / 1e6).toFixed(3)}`)).join(' ')]);
  section('measurements', Object.entries(outcome.measurements).map(([k, v]) => `${k}: ${v}`));
  section('notes', Object.entries(outcome.notes).map(([k, v]) => `${k}: ${v}`));
}

export const probe = defineCommand({
  name: 'probe',
  summary: 'runs one round of a probe: icmp, tcp, http, dns',
  permission: null,
  configure(command) {
    command
      .argument('<kind>', `kind of probe: ${probes.map((p) => p.name).join(', ')}`)
      .argument('<target>', 'address, host name, or URL (http)')
      .option('-c, --count <n>', 'samples of the round')
      .option('-t, --timeout <seconds>', 'a round ends after this time', '5')
      .option('-4, --ipv4', 'IPv4 only')
      .option('-6, --ipv6', 'IPv6 only')
      .option('-p, --port <port>', 'port (tcp, dns)')
      .option('-s, --set <key=value...>', 'any option of the probe')
      .option('--explain', 'show effective options, log, samples and measurements');
  },
  async run(ctx, [kind, given], o) {
    const definition = probes.find((p) => p.name === kind);
    if (definition === undefined) throw new WirewatchError('WW_ARGUMENT', `there is no probe "${kind}"`, { remedy: `known: ${probes.map((p) => p.name).join(', ')}` });
    const options = parseOptions((o.set as string[] | undefined) ?? []);
    if (o.count !== undefined) options.count = Number(o.count);
    if (o.port !== undefined) options.port = Number(o.port);
    let address = given;
    if (kind === 'http') {
      const url = URL.parse(/^https?:\/\//.test(given) ? given : `http://${given}/`);
      if (url === null) throw new WirewatchError('WW_ARGUMENT', `"${given}" is not a URL`);
      options.url = url.href;
      address = url.hostname.replace(/^\[|\]$/g, '');
    }
    // Loaded here: it opens ICMP sockets, and nothing but this command needs them in this process.
    const { ProbeRunner } = await import('../../probe/probe-runner.ts');
    const runner = new ProbeRunner(probes, nodeHost);
    try {
      const log: string[] = [];
      const family = o.ipv4 === true ? 'ipv4' : o.ipv6 === true ? 'ipv6' : 'any';
      const outcome = await runner.run(kind, { address, family }, options, Number(o.timeout) * 1000, ctx.signal, (text) => log.push(text));
      const effective = definition.options.parse(options);
      if (ctx.json) ctx.terminal.out(`${JSON.stringify({ probe: kind, target: given, ...outcome, ...(o.explain === true ? { options: effective, log } : {}) })}\n`);
      else {
        print(ctx, kind, given, outcome);
        if (o.explain === true) explain(ctx, effective, log, outcome);
      }
      return outcome.ok ? EXIT.ok : outcome.failure?.class === 'local' ? EXIT.privilege : EXIT.negative;
    } finally {
      runner.close();
    }
  },
});
export default probe;
