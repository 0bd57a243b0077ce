import { setTimeout as sleep } from 'node:timers/promises';
import { WirewatchError } from '../../base/errors.ts';
import type { PathHop, TargetId } from '../../model/index.ts';
import { PathStatistics, type HopStatistics, type HopVerdict } from '../../probe/path/path-statistics.ts';
import { defineCommand, EXIT } from '../define-command.ts';

const METHODS = ['icmp', 'udp', 'tcp'] as const;
const VERDICTS: Readonly<Record<HopVerdict, string>> = {
  clean: '', silent: 'does not speak to tracers', rate_limited: 'limits its answers, loses nothing', loss: 'loss from here to the end', beyond: 'nothing answers from here on',
};

function hopLine(hop: PathHop): string {
  const times = hop.rttNs.map((r) => (r === null ? '*' : `${(r / 1e6).toFixed(3)} ms`)).join('  ');
  return `${String(hop.ttl).padStart(3)}  ${(hop.addresses.length === 0 ? '*' : hop.addresses.join(' | ')).padEnd(40)}  ${times}\n`;
}

function table(s: PathStatistics): string {
  const ms = (ns: number): string => (Number.isNaN(ns) ? '-' : (ns / 1e6).toFixed(2)).padStart(9);
  const line = (h: HopStatistics): string =>
    `${String(h.ttl).padStart(3)}  ${(h.addresses.join(' | ') || '*').padEnd(40)} ${(100 * h.lossRatio).toFixed(1).padStart(6)} ${String(h.sent).padStart(5)} ${ms(h.lastNs)} ${ms(h.averageNs)} ${ms(h.bestNs)} ${ms(h.worstNs)} ${ms(h.deviationNs)}  ${VERDICTS[h.verdict]}`.trimEnd();
  const head = `     ${'hop'.padEnd(40)} ${'loss %'.padStart(6)} ${'sent'.padStart(5)} ${['last', 'average', 'best', 'worst', 'deviation'].map((t) => t.padStart(9)).join(' ')}`;
  const changed = s.resets > 0 ? `the path changed its length ${s.resets} times; these are the numbers since\n` : '';
  return `${changed}${head}\n${s.hops().map((h) => `${line(h)}\n`).join('')}`;
}

function whole(name: string, text: unknown, low: number, high: number): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < low || n > high) throw new WirewatchError('WW_ARGUMENT', `--${name} is not a number between ${low} and ${high}: ${String(text)}`);
  return n;
}

export const trace = defineCommand({
  name: 'trace',
  summary: 'traces the path to a host, flow-stable, once or without end',
  permission: null,
  configure(command) {
    command
      .argument('<target>', 'address or host name')
      .option('-M, --method <method>', `what is sent: ${METHODS.join(', ')}`, 'icmp')
      .option('-p, --port <port>', 'port of udp (33434) and tcp (443)')
      .option('-m, --max-hops <n>', 'farthest hop', '30')
      .option('-q, --probes <n>', 'probes to each hop', '3')
      .option('-w, --wait <seconds>', 'wait for answers of a hop', '1')
      .option('-C, --continuous', 'goes on until it is interrupted, and says where loss persists to the end and where a router only limits its answers')
      .option('-c, --count <n>', 'rounds of --continuous')
      .option('-i, --interval <seconds>', 'time between two rounds', '1')
      .option('-S, --source <address>', 'address of this machine to send from')
      .option('-I, --interface <name>', 'interface to send through')
      .option('-4, --ipv4', 'IPv4 only')
      .option('-6, --ipv6', 'IPv6 only');
  },
  async run(ctx, [target], o) {
    const method = METHODS.find((m) => m === o.method);
    if (method === undefined) throw new WirewatchError('WW_ARGUMENT', `there is no method "${String(o.method)}"`, { remedy: `known: ${METHODS.join(', ')}` });
    const [{ openTracer }, { resolveTarget }, { wallClock }] = await Promise.all([import('../../probe/path/trace-path.ts'), import('../../probe/resolve.ts'), import('../../probe/probe-runner.ts')]);
    const resolved = await resolveTarget({ address: target, family: o.ipv4 === true ? 'ipv4' : o.ipv6 === true ? 'ipv6' : 'any' }, 10_000);
    if ('failure' in resolved) throw new WirewatchError('WW_ARGUMENT', resolved.failure.message, { remedy: 'check the name' });
    const { address, family } = resolved.addresses[0];
    const rounds = o.count !== undefined ? whole('count', o.count, 1, 1_000_000) : o.continuous === true ? Number.POSITIVE_INFINITY : 1;
    const many = rounds > 1 || o.continuous === true;
    const tracer = openTracer(address, family, {
      method, port: o.port === undefined ? undefined : whole('port', o.port, 1, 65_535), maxHops: whole('max-hops', o.maxHops, 1, 64), probes: many ? 1 : whole('probes', o.probes, 1, 16),
      timeoutMs: Number(o.wait) * 1000, via: { source: o.source as string | undefined, interface: o.interface as string | undefined },
    });
    const { out, isTty } = ctx.terminal;
    const title = `path to ${target}${target === address ? '' : ` (${address})`}, ${method}\n`;
    const statistics = new PathStatistics();
    try {
      for (let n = 0; n < rounds && !ctx.signal.aborted; n++) {
        const started = performance.now();
        const path = await tracer.trace(target as TargetId, wallClock(), ctx.signal);
        if (!many) {
          if (ctx.json) out(`${JSON.stringify({ ...path, time: String(path.time) })}\n`);
          else {
            out(`${title}${path.hops.map(hopLine).join('')}`);
            if (!path.reached) out('the target did not answer\n');
          }
          return path.reached ? EXIT.ok : EXIT.negative;
        }
        // A round that was broken off is no measurement.
        if (ctx.signal.aborted) break;
        statistics.add(path);
        if (isTty && !ctx.json) out(`\u001b[H\u001b[2J${title}${table(statistics)}`);
        if (n + 1 < rounds) await sleep(Math.max(0, Number(o.interval) * 1000 - (performance.now() - started)), undefined, { signal: ctx.signal }).catch(() => undefined);
      }
    } finally {
      tracer.close();
    }
    const hops = statistics.hops();
    if (ctx.json) out(`${JSON.stringify({ target, address, method, rounds: statistics.rounds, resets: statistics.resets, hops })}\n`);
    else if (!isTty) out(`${title}${table(statistics)}`);
    return hops.at(-1)?.addresses.includes(address) === true ? EXIT.ok : EXIT.negative;
  },
});
export default trace;
