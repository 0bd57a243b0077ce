import path from 'node:path';
import { canonicalJson } from '../../base/canonical-json.ts';
import { WirewatchError } from '../../base/errors.ts';
import { formatIp } from '../../base/ip.ts';
import { plural } from '../../base/text.ts';
import { isoTime, nanosFromMs } from '../../base/time.ts';
import { FLOW_TABLE_HEAD, flowTableLine, zeekConnHead, zeekConnLine } from '../../export/flow-text.ts';
import { ApplicationNamer } from '../../flow/application-namer.ts';
import { compileFilter } from '../../filter/compile-filter.ts';
import type { FlowRecord } from '../../model/index.ts';
import { analyzeFile } from '../../pipeline/analyze-file.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { Demand } from '../../wire/demand.ts';
import type { FrameHead } from '../../wire/frame-head.ts';
import { Packet } from '../../wire/packet.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

interface FlowFormat {
  readonly head: string;
  line(flow: FlowRecord): string;
}

const FORMATS: Readonly<Record<string, FlowFormat>> = {
  table: { head: FLOW_TABLE_HEAD, line: flowTableLine },
  json: { head: '', line: (flow) => `${canonicalJson(flow)}\n` },
  zeek: { head: zeekConnHead(), line: zeekConnLine },
};

/** Text goes out in pieces of about this size. */
const FLUSH_CHARS = 64 * 1024;

const APPLICATION_WIDTH = 20;
const PORTED: ReadonlySet<number> = new Set([6, 17, 132]);

/** Names the applications of flows while their packets pass. */
function applicationNames(): { frame(head: FrameHead): void; of(flow: FlowRecord): string | null } {
  const registry = new Registry(protocols);
  const namer = new ApplicationNamer(registry);
  const packet = new Packet(registry, new Demand(registry, [...namer.fields.map((f) => f.id), registry.find('frame.protocols')!.id], { track: true }), nodeHost);
  return {
    frame(head) {
      packet.begin(head);
      packet.walk();
      namer.packet(packet);
    },
    of({ proto, srcIp, srcPort, dstIp, dstPort }) {
      const ported = PORTED.has(proto);
      return namer.find(proto, formatIp(srcIp), ported ? srcPort : 0, formatIp(dstIp), ported ? dstPort : 0) ?? null;
    },
  };
}

/** True for the packets that a display filter takes. */
function packetFilter(text: string): (head: FrameHead) => boolean {
  const registry = new Registry(protocols);
  const filter = compileFilter(text, registry);
  const packet = new Packet(registry, new Demand(registry, filter.uses, {}), nodeHost);
  return (head) => {
    packet.begin(head);
    packet.walk();
    return filter.matches(packet.row);
  };
}

/** The same listing over what is stored: the running program answers, or the store is read where none runs. */
async function listHistory(ctx: CommandContext, format: FlowFormat, options: Readonly<Record<string, unknown>>): Promise<number> {
  const now = nanosFromMs(Date.now());
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new WirewatchError('WW_ARGUMENT', '--limit takes a number from 1');
  const { parseInstant, searchFlowHistory } = await import('../flow-history.ts');
  const query = { filter: typeof options.filter === 'string' ? options.filter : '', from: parseInstant(options.from as string, now), to: typeof options.to === 'string' ? parseInstant(options.to, now) : now, limit };
  let found = 0;
  for await (const flow of searchFlowHistory(ctx, query)) {
    if (found++ === 0) ctx.terminal.out(format.head);
    ctx.terminal.out(format.line(flow));
  }
  if (format === FORMATS.table) ctx.terminal.err(`${plural(found, 'stored flow')} since ${isoTime(query.from, 0)}${found === limit ? ' (there may be more: --limit)' : ''}\n`);
  return EXIT.ok;
}

export const flows = defineCommand({
  name: 'flows',
  summary: 'list the flows of a capture file, or the stored ones: who spoke with whom, how much, how it ended',
  permission: null,
  configure(command) {
    command
      .argument('[file]', 'capture file: pcap, pcapng, snoop, plain or packed by gzip or zstd; without one, the stored flows')
      .option('-Y, --filter <filter>', 'display filter: only the flows of which it takes a packet')
      .option('-a, --applications', 'name the application of each flow whatever its port, in the vocabulary of nDPI: TLS.Google; table and json, of a capture file')
      .option('--from <time>', 'stored flows: since then; a time, or 2h for two hours ago', '24h')
      .option('--to <time>', 'stored flows: until then')
      .option('-n, --limit <n>', 'stored flows: at most so many, the newest first', '1000')
      .option('-f, --format <format>', `output: ${Object.keys(FORMATS).join(', ')} (zeek = the columns of conn.log)`)
      .option('--max-flows <n>', 'flows at once; beyond it the oldest idle one is ended early (default 300000)');
  },
  async run(ctx, [file], options) {
    const wanted = typeof options.format === 'string' ? options.format : ctx.json ? 'json' : 'table';
    if (!Object.hasOwn(FORMATS, wanted)) throw new WirewatchError('WW_ARGUMENT', `there is no output format ${wanted}`, { remedy: `-f takes ${Object.keys(FORMATS).join(', ')}` });
    const format = FORMATS[wanted];
    if (file === undefined) return await listHistory(ctx, format, options);
    const maxFlows = options.maxFlows === undefined ? undefined : Number(options.maxFlows);
    if (maxFlows !== undefined && (!Number.isInteger(maxFlows) || maxFlows < 64 || maxFlows > 1_000_000)) {
      throw new WirewatchError('WW_ARGUMENT', '--max-flows takes a number from 64 to 1000000');
    }
    const select = typeof options.filter === 'string' && options.filter.trim() !== '' ? packetFilter(options.filter) : undefined;
    const names = options.applications === true ? applicationNames() : undefined;
    if (names !== undefined && wanted === 'zeek') throw new WirewatchError('WW_ARGUMENT', 'conn.log has no column for applications', { remedy: '--applications goes with -f table and -f json' });
    const line = (flow: FlowRecord): string => {
      if (names === undefined) return format.line(flow);
      const application = names.of(flow);
      return wanted === 'json' ? `${canonicalJson({ ...flow, application })}\n` : `${(application ?? '-').padEnd(APPLICATION_WIDTH)} ${format.line(flow)}`;
    };
    let pending = names !== undefined && wanted === 'table' ? `${'application'.padEnd(APPLICATION_WIDTH)} ${format.head}` : format.head;
    let written = 0;
    const showsProgress = ctx.terminal.isTty && !ctx.json;
    const sink = {
      flow(flow: FlowRecord): void {
        written++;
        pending += line(flow);
        if (pending.length < FLUSH_CHARS) return;
        ctx.terminal.out(pending);
        pending = '';
      },
      record(): void {
        // Flows alone are listed; their services come from the sessions all the same.
      },
    };
    const analysis = await analyzeFile(path.resolve(ctx.cwd, file), sink, {
      select, maxFlows, onFrame: names === undefined ? undefined : (head) => names.frame(head), signal: ctx.signal,
      onProgress: showsProgress ? (bytes, total) => ctx.terminal.err(`\r${Math.round((100 * bytes) / total)} %`) : undefined,
    });
    ctx.terminal.out(pending);
    if (showsProgress) ctx.terminal.err('\r');
    if (wanted === 'table') ctx.terminal.err(`${plural(written, 'flow')} of ${plural(analysis.frames, 'packet')}${analysis.evicted > 0 ? `; ${analysis.evicted} ended early for room (--max-flows)` : ''}\n`);
    if (analysis.damage === undefined) return EXIT.ok;
    ctx.terminal.err(`${file}: ${analysis.damage.message}${analysis.damage.where === undefined ? '' : ` (${analysis.damage.where})`}\n`);
    return EXIT.input;
  },
});
export default flows;
