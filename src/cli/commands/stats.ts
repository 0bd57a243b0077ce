import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { plural } from '../../base/text.ts';
import { readCapture } from '../../capture/file-source.ts';
import { sizeText } from '../../export/flow-text.ts';
import { compileFilter } from '../../filter/compile-filter.ts';
import { CaptureFramer } from '../../pcap/capture-framer.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { Demand } from '../../wire/demand.ts';
import { Packet } from '../../wire/packet.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { defineCommand, EXIT } from '../define-command.ts';
import { StatisticsPass, allStatistics, chooseStatistics } from '../statistics-pass.ts';

function positive(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  const n = Number(value);
  if (!(n > 0)) throw new WirewatchError('WW_ARGUMENT', `${name} takes a number above 0`);
  return n;
}

export const stats = defineCommand({
  name: 'stats',
  summary: 'Count a capture file: protocols, conversations, endpoints, lengths, traffic over time, response times, HTTP, DNS, experts; a flow graph.',
  permission: null,
  configure(command) {
    command
      .argument('<file>', 'capture file: pcap, pcapng, snoop, plain or packed by gzip or zstd; "-" is standard input')
      .argument('[statistics...]', `which: ${allStatistics().map((s) => s.name).join(', ')}, or tshark's -z names (default: all but the flow graph)`)
      .option('-Y, --filter <filter>', 'display filter: count only the packets that it takes')
      .option('-i, --interval <seconds>', 'length of a line of traffic over time (default 1)')
      .option('-n, --top <n>', 'rows of a ranking to show (default 20)')
      .option('--svg <folder>', 'write pictures of those that have one into this folder');
  },
  async run(ctx, [file, ...names], options) {
    const registry = new Registry(protocols);
    const settings = { intervalSeconds: positive(options.interval, '--interval', 1), top: positive(options.top, '--top', 20) };
    const pass = new StatisticsPass(chooseStatistics(names), registry, settings);
    const filter = compileFilter(typeof options.filter === 'string' ? options.filter : '', registry);
    const packet = new Packet(registry, new Demand(registry, [...filter.uses, ...pass.fields], { track: true, experts: pass.experts, tree: pass.tree }), nodeHost);
    const sum = { frames: 0, bytes: 0, first: 0, last: 0 };
    const framer: CaptureFramer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      if (ctx.signal.aborted) framer.stop();
      if (!filter.matches(packet.row)) return;
      const now = head.seconds + head.nanoseconds / 1e9;
      if (sum.frames++ === 0) sum.first = now;
      sum.last = Math.max(sum.last, now);
      sum.bytes += head.wireLen;
      pass.packet(packet);
      packet.displayedSeconds = packet.seconds;
      packet.displayedNanos = packet.nanoseconds;
    });
    await readCapture(file === '-' ? '-' : path.resolve(ctx.cwd, file), framer);
    const duration = Math.max(0, sum.last - sum.first);
    const pictures = typeof options.svg === 'string' ? pass.writePictures(path.resolve(ctx.cwd, options.svg)) : [];
    if (ctx.json) ctx.terminal.out(`${JSON.stringify({ frames: sum.frames, bytes: sum.bytes, duration, ...pass.json(), ...(pictures.length > 0 ? { pictures } : {}) })}\n`);
    else ctx.terminal.out(`${plural(sum.frames, 'frame')}, ${sizeText(sum.bytes)}, ${duration.toFixed(3)} s\n${pass.text()}${pictures.map((f) => `${f}\n`).join('')}`);
    if (framer.damage === undefined) return EXIT.ok;
    ctx.terminal.err(`${file}: ${framer.damage.message}${framer.damage.where === undefined ? '' : ` (${framer.damage.where})`}\n`);
    return EXIT.input;
  },
});
export default stats;
