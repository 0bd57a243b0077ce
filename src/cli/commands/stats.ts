import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { plural } from '../../base/text.ts';
import { readCapture } from '../../capture/file-source.ts';
import { sizeText } from '../../export/flow-text.ts';
import { TrafficStatistics, type TrafficSummary } from '../../export/traffic-statistics.ts';
import { compileFilter } from '../../filter/compile-filter.ts';
import { CaptureFramer } from '../../pcap/capture-framer.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { Demand } from '../../wire/demand.ts';
import { Packet } from '../../wire/packet.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { defineCommand, EXIT } from '../define-command.ts';

function positive(value: unknown, name: string, fallback: number): number {
  if (value === undefined) return fallback;
  const n = Number(value);
  if (!(n > 0)) throw new WirewatchError('WW_ARGUMENT', `${name} takes a number above 0`);
  return n;
}

function table(title: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((row) => String(row[i]).length)));
  const line = (cells: readonly (string | number)[]): string => cells.map((c, i) => (typeof c === 'number' ? String(c).padStart(widths[i]) : String(c).padEnd(widths[i]))).join('  ').trimEnd();
  return `\n${title}\n${line(head)}\n${rows.map((row) => `${line(row)}\n`).join('')}`;
}

function statsText(s: TrafficSummary, bars: number): string {
  let out = `${plural(s.frames, 'frame')}, ${sizeText(s.bytes)}, ${s.duration.toFixed(3)} s\n`;
  out += table('Protocol hierarchy', ['protocol', 'frames', 'bytes'], s.hierarchy.map((p) => {
    const layers = p.path.split(':');
    return [`${'  '.repeat(layers.length - 1)}${layers.at(-1) ?? ''}`, p.frames, p.bytes];
  }));
  out += table('Conversations by bytes', ['', 'a', 'b', 'a->b', 'bytes', 'b->a', 'bytes', 'start', 'seconds'], s.conversations.map((c) => [
    c.proto, c.a, c.b, c.framesAB, c.bytesAB, c.framesBA, c.bytesBA, c.start.toFixed(3), c.duration.toFixed(3),
  ]));
  out += table('Endpoints by bytes', ['address', 'sent', 'bytes', 'received', 'bytes'], s.endpoints.map((e) => [e.address, e.framesOut, e.bytesOut, e.framesIn, e.bytesIn]));
  out += table('Packet lengths', ['bytes', 'frames', 'share'], s.lengths.map((l) => [
    Number.isFinite(l.to) ? `${l.from} to ${l.to}` : `${l.from} and more`, l.frames, `${((100 * l.frames) / s.frames).toFixed(1)} %`,
  ]));
  const most = Math.max(1, ...s.intervals.map((i) => i.bytes));
  out += table(`Traffic over time, ${s.intervalSeconds} s a line`, ['second', 'frames', 'bytes', ''], s.intervals.map((i) => [
    i.start.toFixed(s.intervalSeconds < 1 ? 3 : 0), i.frames, i.bytes, '#'.repeat(Math.round((bars * i.bytes) / most)),
  ]));
  if (s.uncounted > 0) out += `\n${plural(s.uncounted, 'packet')} of further conversations were not counted: the table was full.\n`;
  return out;
}

export const stats = defineCommand({
  name: 'stats',
  summary: 'Count a capture file: protocols, conversations, endpoints, packet lengths, traffic over time.',
  permission: null,
  configure(command) {
    command
      .argument('<file>', 'capture file: pcap, pcapng, snoop, plain or packed by gzip or zstd; "-" is standard input')
      .option('-Y, --filter <filter>', 'display filter: count only the packets that it takes')
      .option('-i, --interval <seconds>', 'length of a line of traffic over time (default 1)')
      .option('-n, --top <n>', 'conversations and endpoints to show (default 20)');
  },
  async run(ctx, [file], options) {
    const interval = positive(options.interval, '--interval', 1);
    const top = positive(options.top, '--top', 20);
    const registry = new Registry(protocols);
    const filter = compileFilter(typeof options.filter === 'string' ? options.filter : '', registry);
    const pathField = registry.find('frame.protocols');
    if (pathField === undefined) throw new Error('the registry has no frame.protocols');
    const packet = new Packet(registry, new Demand(registry, [...filter.uses, pathField.id], { track: true }), nodeHost);
    const ethertype = registry.id('ethertype');
    const statistics = new TrafficStatistics(interval);
    const layers: string[] = [];
    const framer: CaptureFramer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      if (ctx.signal.aborted) framer.stop();
      if (!filter.matches(packet.row)) return;
      layers.length = 0;
      for (let i = 0; i < packet.layers.count; i++) if (packet.layers.id[i] !== ethertype && registry.dissectors[packet.layers.id[i]].hierarchy !== 'inside') layers.push(registry.dissectors[packet.layers.id[i]].name);
      statistics.add({
        path: layers, wireLen: head.wireLen, caplen: head.caplen, seconds: head.seconds, nanoseconds: head.nanoseconds, bytes: packet.row.sources[packet.networkSource],
        ipVersion: packet.ipVersion, srcAt: packet.srcAt, dstAt: packet.dstAt, ipProto: packet.ipProto, srcPort: packet.srcPort, dstPort: packet.dstPort,
      });
    });
    await readCapture(file === '-' ? '-' : path.resolve(ctx.cwd, file), framer);
    const summary = statistics.summary(top);
    ctx.terminal.out(ctx.json ? `${JSON.stringify(summary)}\n` : statsText(summary, 40));
    if (framer.damage === undefined) return EXIT.ok;
    ctx.terminal.err(`${file}: ${framer.damage.message}${framer.damage.where === undefined ? '' : ` (${framer.damage.where})`}\n`);
    return EXIT.input;
  },
});
export default stats;
