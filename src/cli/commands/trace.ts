import { WirewatchError } from '../../base/errors.ts';
import type { PathHop, TargetId } from '../../model/index.ts';
import { defineCommand, EXIT } from '../define-command.ts';

function hopLine(hop: PathHop): string {
  const times = hop.rttNs.map((r) => (r === null ? '*' : `${(r / 1e6).toFixed(3)} ms`)).join('  ');
  return `${String(hop.ttl).padStart(3)}  ${(hop.addresses.length === 0 ? '*' : hop.addresses.join(' | ')).padEnd(40)}  ${times}\n`;
}

export const trace = defineCommand({
  name: 'trace',
  summary: 'traces the path to a host, flow-stable, by ICMP',
  permission: null,
  configure(command) {
    command
      .argument('<target>', 'address or host name')
      .option('-m, --max-hops <n>', 'farthest hop', '30')
      .option('-q, --probes <n>', 'probes to each hop', '3')
      .option('-w, --wait <seconds>', 'wait for answers of a hop', '1')
      .option('-4, --ipv4', 'IPv4 only')
      .option('-6, --ipv6', 'IPv6 only');
  },
  async run(ctx, [target], o) {
    const [{ tracePath }, { resolveTarget }, { wallClock }] = await Promise.all([import('../../probe/path/trace-path.ts'), import('../../probe/resolve.ts'), import('../../probe/probe-runner.ts')]);
    const resolved = await resolveTarget({ address: target, family: o.ipv4 === true ? 'ipv4' : o.ipv6 === true ? 'ipv6' : 'any' }, 10_000);
    if ('failure' in resolved) throw new WirewatchError('WW_ARGUMENT', resolved.failure.message, { remedy: 'check the name' });
    const { address, family } = resolved.addresses[0];
    const probes = Math.min(16, Math.max(1, Number(o.probes)));
    const path = await tracePath(target as TargetId, address, family, { maxHops: Math.min(64, Number(o.maxHops)), probes, timeoutMs: Number(o.wait) * 1000 }, wallClock(), ctx.signal);
    if (ctx.json) ctx.terminal.out(`${JSON.stringify({ ...path, time: String(path.time) })}\n`);
    else {
      ctx.terminal.out(`path to ${target}${target === address ? '' : ` (${address})`}, ${path.method}\n${path.hops.map(hopLine).join('')}`);
      if (!path.reached) ctx.terminal.out('the target did not answer\n');
    }
    return path.reached ? EXIT.ok : EXIT.negative;
  },
});
export default trace;
