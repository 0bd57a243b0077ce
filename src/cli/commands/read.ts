import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { plural } from '../../base/text.ts';
import { readCapture } from '../../capture/file-source.ts';
import { formats } from '../../export/formats.generated.ts';
import { LaterFrames } from '../../export/later-frames.ts';
import { compileFilter } from '../../filter/compile-filter.ts';
import { CaptureFramer } from '../../pcap/capture-framer.ts';
import { TextBytes } from '../../base/text-bytes.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { keepHeapSmall } from '../../pipeline/small-heap.ts';
import { Demand, type DemandOptions } from '../../wire/demand.ts';
import { Packet } from '../../wire/packet.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { defineCommand, EXIT } from '../define-command.ts';
import { keyLogs } from '../key-log-file.ts';
import { chooseFields, chooseFormat, collect, copyTo, decodeAs, formatOptions, packetLimit, preferences, texts } from '../read-options.ts';
import { StatisticsPass, chooseStatistics } from '../statistics-pass.ts';

/** Text goes out in pieces of about this size: a write for each packet would be most of the work. */
const FLUSH_CHARS = 64 * 1024;

export const read = defineCommand({
  name: 'read',
  summary: 'Read a capture file: filter its packets, print them as text, fields or JSON.',
  permission: null,
  configure(command) {
    command
      .argument('<file>', 'capture file: pcap, pcapng, snoop, plain or packed by gzip or zstd; "-" is standard input')
      .option('-Y, --filter <filter>', 'display filter: only the packets that it takes')
      .option('-T, --type <format>', `output: ${formats.map((f) => f.name).join(', ')}`)
      .option('-e, --field <field>', 'a field to print (again for more); _ws.col.Info and its like are the columns of the list', collect)
      .option('-E, --option <key=value>', 'how fields are printed: header=y separator=/t aggregator=, occurrence=f quote=d', collect)
      .option('-V, --detail', 'print every field of each packet')
      .option('-x, --bytes', 'print the bytes of each packet')
      .option('-c, --packets <n>', 'stop after so many packets of the file')
      .option('-d, --decode-as <table==value,protocol>', 'read a port as another protocol (again for more)', collect)
      .option('-o, --preference <name:value>', 'a preference of tshark: ip.defragment:false, tcp.desegment_tcp_streams:false (again for more)', collect)
      .option('--key-log <file>', 'decrypt TLS and QUIC with the secrets of a key log (SSLKEYLOGFILE), as -o tls.keylog_file:FILE does; those in the capture are used anyway')
      .option('-2, --two-pass', 'read the file twice, so that a frame knows the later frame that answers or completes it')
      .option('-z, --statistic <name>', "a statistic of `wirewatch stats` after the packets, by its name or tshark's (again for more)", collect)
      .option('-q, --quiet', 'print no packets, only what -z asks for')
      .option('-n, --no-names', 'look up no names (as always; for the fingers)')
      .option('-w, --write <file>', 'write the packets that the filter takes to a pcapng file, and print none')
      .option('--count', 'print only how many packets match');
  },
  async run(ctx, [file], options) {
    keepHeapSmall();
    const registry = new Registry(protocols);
    decodeAs(registry, texts(options, 'decodeAs'));
    const filter = compileFilter(typeof options.filter === 'string' ? options.filter : '', registry);
    const format = chooseFormat(ctx, options);
    const fields = chooseFields(registry, texts(options, 'field'));
    const chosen = formatOptions(options, fields, ctx.terminal.colour && !ctx.json);
    const prefer = preferences(texts(options, 'preference'));
    const statistics = texts(options, 'statistic');
    const pass = statistics.length === 0 ? undefined : new StatisticsPass(chooseStatistics(statistics), registry, { intervalSeconds: 1, top: 20 });
    const copy = typeof options.write === 'string' ? copyTo(ctx, options.write, file) : undefined;
    const counting = options.count === true || copy !== undefined || options.quiet === true;
    const limit = packetLimit(options);
    const source = file === '-' ? '-' : path.resolve(ctx.cwd, file);
    const secrets = keyLogs(ctx, options);
    const later = options.twoPass === true ? await lookAhead(registry, source, limit, prefer, secrets) : undefined;
    const wanted = [...filter.uses, ...(pass?.fields ?? []), ...(counting ? [] : fields.flatMap((f) => (f.field === undefined ? [] : [f.field.id])))];
    const demand = new Demand(registry, wanted, { ...prefer, tree: (!counting && format.needsTree(chosen)) || pass?.tree === true, track: pass !== undefined, ...(pass?.experts === true ? { experts: true } : {}) });
    const packet = new Packet(registry, demand, nodeHost);
    for (const text of secrets) packet.trackers.keyLog.add(text);
    const writer = format.create(chosen);
    let matched = 0;
    let pending = counting ? '' : writer.begin();
    const bytes = new TextBytes();
    const flushBytes = (): void => {
      pending += bytes.text(nodeHost);
      bytes.clear();
    };
    const framer: CaptureFramer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      later?.tell(packet);
      if (filter.matches(packet.row)) {
        matched++;
        copy?.write(head);
        pass?.packet(packet);
        if (!counting) {
          if (writer.fill === undefined) pending += writer.packet(packet);
          else {
            writer.fill(packet, bytes);
            if (bytes.length >= FLUSH_CHARS) flushBytes();
          }
        }
        packet.displayedSeconds = packet.seconds;
        packet.displayedNanos = packet.nanoseconds;
        if (pending.length >= FLUSH_CHARS) {
          ctx.terminal.out(pending);
          pending = '';
        }
      }
      if (framer.packets >= limit || ctx.signal.aborted) framer.stop();
    });
    try {
      await readCapture(source, framer);
    } finally {
      copy?.close();
    }
    flushBytes();
    if (!counting) pending += writer.end();
    else if (options.count !== true) pending = '';
    else pending = ctx.json ? `${JSON.stringify({ file, packets: framer.packets, matched })}\n` : `${matched}\n`;
    if (pass !== undefined) pending += ctx.json ? `${JSON.stringify(pass.json())}\n` : pass.text();
    ctx.terminal.out(pending);
    if (framer.damage === undefined) return EXIT.ok;
    ctx.terminal.err(`${file}: ${framer.damage.message}${framer.damage.where === undefined ? '' : ` (${framer.damage.where})`}; ${plural(framer.packets, 'packet')} before it ${framer.packets === 1 ? 'was' : 'were'} read\n`);
    return EXIT.input;
  },
});

/** The first of two passes. */
async function lookAhead(registry: Registry, source: string, limit: number, prefer: DemandOptions, secrets: readonly string[]): Promise<LaterFrames> {
  if (source === '-') throw new WirewatchError('WW_ARGUMENT', '-2 reads twice, and standard input can be read once', { remedy: 'name a file' });
  const later = new LaterFrames(registry);
  const packet = new Packet(registry, new Demand(registry, later.fields, { ...prefer, track: true }), nodeHost);
  for (const text of secrets) packet.trackers.keyLog.add(text);
  const framer: CaptureFramer = new CaptureFramer((head) => {
    packet.begin(head);
    packet.walk();
    later.learn(packet);
    if (framer.packets >= limit) framer.stop();
  });
  await readCapture(source, framer);
  return later;
}
export default read;
