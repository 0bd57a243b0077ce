import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { nearestNames } from '../../base/nearest.ts';
import { plural } from '../../base/text.ts';
import { readCapture } from '../../capture/file-source.ts';
import { PcapngFile } from '../../capture/pcapng-file.ts';
import { isListColumn, listColumnNames } from '../../export/chosen-values.ts';
import type { ChosenField, PacketFormat, PacketFormatOptions } from '../../export/define-packet-format.ts';
import { formats } from '../../export/formats.generated.ts';
import { findField } from '../../filter/check.ts';
import { compileFilter } from '../../filter/compile-filter.ts';
import { CaptureFramer } from '../../pcap/capture-framer.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { Demand } from '../../wire/demand.ts';
import { Packet } from '../../wire/packet.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

type Options = Readonly<Record<string, unknown>>;

const collect = (value: string, before: string[] = []): string[] => [...before, value];

function texts(options: Options, key: string): readonly string[] {
  return Array.isArray(options[key]) ? (options[key] as string[]) : [];
}

function chooseFormat(ctx: CommandContext, options: Options): PacketFormat {
  const wanted = typeof options.type === 'string' ? options.type : ctx.json ? 'json' : texts(options, 'field').length > 0 ? 'fields' : 'text';
  const found = formats.find((f) => f.name === wanted);
  if (found === undefined) throw new WirewatchError('WW_ARGUMENT', `there is no output format ${wanted}`, { remedy: `-T takes ${formats.map((f) => f.name).join(', ')}` });
  if (wanted === 'fields' && texts(options, 'field').length === 0) throw new WirewatchError('WW_ARGUMENT', '-T fields needs at least one -e field');
  return found;
}

function chooseFields(registry: Registry, names: readonly string[]): ChosenField[] {
  return names.map((name) => {
    if (isListColumn(name)) return { name, field: undefined };
    const field = findField(registry, name);
    if (field !== undefined) return { name, field };
    const near = nearestNames(name, [...registry.names(), ...listColumnNames()], 3);
    throw new WirewatchError('WW_FILTER_FIELD', `"${name}" is not a field`, { where: `-e ${name}`, remedy: near.length > 0 ? `did you mean ${near.join(' or ')}?` : undefined });
  });
}

const SEPARATORS: Readonly<Record<string, string>> = { '/t': '\t', '/s': ' ', tab: '\t', space: ' ' };

/** tshark's `-E` options: header=y|n, separator=, aggregator=, occurrence=f|l|a, quote=d|s|n. */
function formatOptions(options: Options, fields: readonly ChosenField[]): PacketFormatOptions {
  const given = new Map<string, string>();
  for (const pair of texts(options, 'option')) {
    const eq = pair.indexOf('=');
    const key = eq < 0 ? pair : pair.slice(0, eq);
    if (eq < 0 || !['header', 'separator', 'aggregator', 'occurrence', 'quote'].includes(key)) {
      throw new WirewatchError('WW_ARGUMENT', `-E ${pair} is not an option of the output`, { remedy: 'header=y, separator=/t, aggregator=, occurrence=f|l|a, quote=d|s|n' });
    }
    given.set(key, pair.slice(eq + 1));
  }
  const oneOf = <T extends string>(key: string, allowed: Readonly<Record<string, T>>, fallback: T): T => {
    const value = given.get(key);
    if (value === undefined) return fallback;
    if (!Object.hasOwn(allowed, value)) throw new WirewatchError('WW_ARGUMENT', `-E ${key}=${value}: it takes ${Object.keys(allowed).join(', ')}`);
    return allowed[value];
  };
  const separator = given.get('separator') ?? '\t';
  const aggregator = given.get('aggregator') ?? ',';
  return {
    fields, detail: options.detail === true, bytes: options.bytes === true, header: oneOf('header', { y: 'y', n: 'n' }, 'n') === 'y',
    separator: SEPARATORS[separator] ?? separator, aggregator: SEPARATORS[aggregator] ?? aggregator,
    occurrence: oneOf('occurrence', { a: 'a', f: 'f', l: 'l' }, 'a'), quote: oneOf('quote', { d: '"', s: "'", n: '' }, ''),
  };
}

/** `-d tcp.port==8888,http`. */
function decodeAs(registry: Registry, given: readonly string[]): void {
  for (const text of given) {
    const m = /^([\w.]+)==(\d+),([\w.-]+)$/.exec(text);
    if (m === null) throw new WirewatchError('WW_ARGUMENT', `-d ${text} is not table==value,protocol`, { remedy: 'for instance -d tcp.port==8888,http' });
    if (!registry.decodeAs(m[1], Number(m[2]), m[3])) throw new WirewatchError('WW_ARGUMENT', `-d ${text}: there is no protocol ${m[3]}`);
  }
}

function copyTo(ctx: CommandContext, target: string, file: string): PcapngFile {
  const at = path.resolve(ctx.cwd, target);
  if (at === path.resolve(ctx.cwd, file)) throw new WirewatchError('WW_ARGUMENT', '-w would overwrite the file that is read', { where: target });
  return new PcapngFile(at);
}

function packetLimit(options: Options): number {
  if (options.packets === undefined) return Number.POSITIVE_INFINITY;
  const n = Number(options.packets);
  if (!Number.isInteger(n) || n < 1) throw new WirewatchError('WW_ARGUMENT', '-c takes a count of packets');
  return n;
}

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
      .option('-w, --write <file>', 'write the packets that the filter takes to a pcapng file, and print none')
      .option('--count', 'print only how many packets match');
  },
  async run(ctx, [file], options) {
    const registry = new Registry(protocols);
    decodeAs(registry, texts(options, 'decodeAs'));
    const filter = compileFilter(typeof options.filter === 'string' ? options.filter : '', registry);
    const format = chooseFormat(ctx, options);
    const fields = chooseFields(registry, texts(options, 'field'));
    const chosen = formatOptions(options, fields);
    const copy = typeof options.write === 'string' ? copyTo(ctx, options.write, file) : undefined;
    const counting = options.count === true || copy !== undefined;
    const limit = packetLimit(options);
    const wanted = [...filter.uses, ...(counting ? [] : fields.flatMap((f) => (f.field === undefined ? [] : [f.field.id])))];
    const packet = new Packet(registry, new Demand(registry, wanted, { tree: !counting && format.needsTree(chosen) }), nodeHost);
    const writer = format.create(chosen);
    let matched = 0;
    let pending = counting ? '' : writer.begin();
    const framer: CaptureFramer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      if (filter.matches(packet.row)) {
        matched++;
        copy?.write(head);
        if (!counting) pending += writer.packet(packet);
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
      await readCapture(file === '-' ? '-' : path.resolve(ctx.cwd, file), framer);
    } finally {
      copy?.close();
    }
    if (!counting) pending += writer.end();
    else if (options.count !== true) pending = '';
    else pending = ctx.json ? `${JSON.stringify({ file, packets: framer.packets, matched })}\n` : `${matched}\n`;
    ctx.terminal.out(pending);
    if (framer.damage === undefined) return EXIT.ok;
    ctx.terminal.err(`${file}: ${framer.damage.message}${framer.damage.where === undefined ? '' : ` (${framer.damage.where})`}; ${plural(framer.packets, 'packet')} before it ${framer.packets === 1 ? 'was' : 'were'} read\n`);
    return EXIT.input;
  },
});
export default read;
