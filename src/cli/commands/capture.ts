import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { plural } from '../../base/text.ts';
import type { DumpCounts } from '../../capture/dump-messages.ts';
import { startDump, type DumpRun } from '../../capture/dump-client.ts';
import type { DumpOptions, RotateWhen, StopWhen } from '../../capture/dump-writer.ts';
import { formats } from '../../export/formats.generated.ts';
import { captureFilterFor } from '../../filter/capture-filter.ts';
import { compileFilter } from '../../filter/compile-filter.ts';
import { CaptureFramer } from '../../pcap/capture-framer.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { Demand } from '../../wire/demand.ts';
import { Packet } from '../../wire/packet.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

type Options = Readonly<Record<string, unknown>>;

const MAX_SNAPLEN = 262_144;
const collect = (value: string, before: string[] = []): string[] => [...before, value];

function wholeNumber(text: string, option: string, least = 1, most = Number.MAX_SAFE_INTEGER): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < least || n > most) throw new WirewatchError('WW_ARGUMENT', `${option} takes a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}, not "${text}"`);
  return n;
}

/** `filesize:1000,files:5` as dumpcap's `-b` and `-a` take them, several in one or the option again. */
function limits<K extends string>(given: unknown, option: string, keys: readonly K[]): Record<K, number | null> {
  const found = Object.fromEntries(keys.map((k) => [k, null])) as Record<K, number | null>;
  for (const part of ((given as string[] | undefined) ?? []).flatMap((t) => t.split(','))) {
    const [key, value] = part.split(':', 2);
    if (!keys.includes(key as K) || value === undefined) {
      throw new WirewatchError('WW_ARGUMENT', `${option} ${part} is not a limit`, { remedy: `${option} takes ${keys.map((k) => `${k}:<n>`).join(', ')}` });
    }
    found[key as K] = wholeNumber(value, `${option} ${key}:`);
  }
  return found;
}

const kilobytes = (n: number | null): number | null => (n === null ? null : n * 1000);

/** Names of this machine's interfaces. */
function interfaceNames(): string[] {
  return readdirSync('/sys/class/net').sort();
}

/** The interface of the default route: the one to look at where none is named. */
function defaultInterface(): string {
  const route = readFileSync('/proc/net/route', 'utf8').split('\n').slice(1).map((l) => l.split('\t')).find((c) => c[1] === '00000000');
  if (route === undefined) throw new WirewatchError('WW_ARGUMENT', 'name the interface: there is no default route to choose one by', { remedy: `-i takes one of ${interfaceNames().join(', ')}` });
  return route[0];
}

function dumpOptions(ctx: CommandContext, o: Options, face: string): DumpOptions {
  const rotate = limits(o.ring, '-b', ['filesize', 'duration', 'files', 'packets']);
  const stop = limits(o.autostop, '-a', ['filesize', 'duration', 'files', 'packets']);
  const file = typeof o.write === 'string' && o.write !== '-' ? path.resolve(ctx.cwd, o.write) : '-';
  const rotates = rotate.filesize !== null || rotate.duration !== null || rotate.packets !== null;
  if (file === '-' && (rotates || rotate.files !== null)) throw new WirewatchError('WW_ARGUMENT', '-b needs files to write to', { remedy: 'add -w <file>' });
  if (rotate.files !== null && !rotates) throw new WirewatchError('WW_ARGUMENT', '-b files: says how many files are kept, but not when the next one begins', { remedy: 'add filesize:<kB>, duration:<seconds> or packets:<n>' });
  const rotateWhen: RotateWhen = { bytes: kilobytes(rotate.filesize), seconds: rotate.duration, packets: rotate.packets, files: rotate.files };
  const packets = o.count === undefined ? stop.packets : wholeNumber(o.count as string, '-c');
  const stopWhen: StopWhen = { bytes: kilobytes(stop.filesize), seconds: stop.duration, packets, files: stop.files };
  const snaplen = wholeNumber(o.snaplen as string, '-s', 0, MAX_SNAPLEN) || MAX_SNAPLEN;
  return { file, format: o.pcap === true ? 'pcap' : 'pcapng', interface: face, filter: (o.filter as string | undefined) ?? '', snaplen, rotate: rotateWhen, stop: stopWhen };
}

/**
 * The capture filter given, narrowed by what libpcap can decide of the display filter. A filter that counts packets or the time
 * between them must see all of them.
 */
function narrowed(given: string, displayFilter: string): string {
  const registry = new Registry(protocols);
  const filter = compileFilter(displayFilter, registry);
  if (filter.fields.some((f) => /^frame\.(number|time)/.test(f.name))) return given;
  const carriers = registry.dissectors.filter((d) => d.carries).flatMap((d) => [...(d.over['udp.port'] ?? []), ...(d.over['tcp.port'] ?? [])]);
  const pushed = captureFilterFor(filter.test, [...new Set(carriers)]);
  return given === '' || pushed === '' ? given || pushed : `(${given}) and (${pushed})`;
}

/** Prints packets as `read` does, while they come; returns when the stream ends. */
async function show(ctx: CommandContext, run: DumpRun, displayFilter: string, type: string | undefined): Promise<void> {
  const registry = new Registry(protocols);
  const filter = compileFilter(displayFilter, registry);
  const wanted = type ?? (ctx.json ? 'json' : 'text');
  const format = formats.find((f) => f.name === wanted);
  if (format === undefined) throw new WirewatchError('WW_ARGUMENT', `there is no output format ${wanted}`, { remedy: `-T takes ${formats.map((f) => f.name).join(', ')}` });
  const options = { fields: [], header: false, separator: '\t', aggregator: ',', occurrence: 'a', quote: '', detail: false, bytes: false, colour: ctx.terminal.colour } as const;
  const packet = new Packet(registry, new Demand(registry, filter.uses, { tree: format.needsTree(options) }), nodeHost);
  const writer = format.create(options);
  let text = writer.begin();
  const framer = new CaptureFramer((head) => {
    packet.begin(head);
    packet.walk();
    if (!filter.matches(packet.row)) return;
    text += writer.packet(packet);
    packet.displayedSeconds = packet.seconds;
    packet.displayedNanos = packet.nanoseconds;
  });
  for await (const chunk of run.output!) {
    framer.push(chunk as Buffer);
    ctx.terminal.out(text);
    text = '';
  }
  ctx.terminal.out(text + writer.end());
}

function summary(counts: DumpCounts, reason: string, files: readonly string[]): string {
  const share = counts.received === 0 ? 0 : (100 * counts.dropped) / counts.received;
  const lost = counts.dropped === 0 ? 'none dropped' : `${counts.dropped} dropped by the kernel (${share.toPrecision(2)} %)`;
  const where = files.filter((f) => f !== '-');
  return `${plural(counts.packets, 'packet')} captured, ${lost}; ended: ${reason}\n${where.map((f) => `  ${f}\n`).join('')}`;
}

export const capture = defineCommand({
  name: 'capture',
  summary: 'captures an interface into a file or a ring of files, or prints the packets as they come',
  permission: null,
  configure(command) {
    command
      .option('-i, --interface <name>', 'interface (default: that of the default route)')
      .option('-f, --filter <expression>', 'capture filter, in the language of libpcap')
      .option('-Y, --display-filter <filter>', 'print only what this display filter takes (without -w)')
      .option('-T, --type <format>', `how packets are printed (without -w): ${formats.map((f) => f.name).join(', ')}`)
      .option('-w, --write <file>', 'write a capture file; "-" is standard output')
      .option('-P, --pcap', 'write pcap with nanoseconds, not pcapng')
      .option('-b, --ring <limits>', 'go on to another file after filesize:<kB>, duration:<s>, packets:<n>; keep files:<n> (again or by comma for more)', collect)
      .option('-a, --autostop <limits>', 'end after duration:<s>, filesize:<kB>, files:<n>, packets:<n>', collect)
      .option('-c, --count <n>', 'end after so many packets')
      .option('-s, --snaplen <bytes>', 'bytes kept of each packet', String(MAX_SNAPLEN))
      .option('-p, --no-promiscuous', 'leave the interface out of promiscuous mode')
      .option('-B, --buffer <MiB>', 'size of the ring between kernel and program', '32')
      .option('-D, --list-interfaces', 'list the interfaces');
  },
  async run(ctx, _args, o) {
    if (o.listInterfaces === true) {
      const names = interfaceNames();
      ctx.terminal.out(ctx.json ? `${JSON.stringify(names)}\n` : names.map((n) => `${n}\n`).join(''));
      return EXIT.ok;
    }
    const face = (o.interface as string | undefined) ?? defaultInterface();
    const dump = dumpOptions(ctx, o, face);
    const showing = o.write === undefined;
    if (!showing && o.displayFilter !== undefined) throw new WirewatchError('WW_ARGUMENT', 'a display filter chooses what is printed, not what is written', { remedy: 'use -f, or `wirewatch read -Y` on the file' });
    const filter = showing ? narrowed(dump.filter, (o.displayFilter as string | undefined) ?? '') : dump.filter;
    const ringBytes = wholeNumber(o.buffer as string, '-B', 4, 1024) * 1024 * 1024;
    const progress = ctx.terminal.isTty && !ctx.json && !showing && o.write !== '-';
    const live = { interface: face, filter, snaplen: dump.snaplen, promiscuous: o.promiscuous !== false, ringBytes };
    const run = startDump(live, dump, showing ? 'pipe' : 'inherit', (message) => {
      if (message.kind === 'started' && !ctx.json) ctx.terminal.err(`capturing on ${face}${message.source === 'ring' ? '' : ` by ${message.source}`}${dump.filter === '' ? '' : `, filter "${dump.filter}"`}\n`);
      if (message.kind === 'progress' && progress) ctx.terminal.err(`\r${plural(message.counts.packets, 'packet')}, ${message.counts.dropped} dropped `);
    });
    const onAbort = (): void => run.stop();
    ctx.signal.addEventListener('abort', onAbort, { once: true });
    if (ctx.signal.aborted) run.stop();
    try {
      const shown = showing ? show(ctx, run, (o.displayFilter as string | undefined) ?? '', o.type as string | undefined) : Promise.resolve();
      const [{ counts, reason, files }] = await Promise.all([run.ended, shown]);
      if (progress) ctx.terminal.err('\r');
      if (!ctx.json) ctx.terminal.err(summary(counts, reason, files));
      else if (!showing) (o.write === '-' ? ctx.terminal.err : ctx.terminal.out)(`${JSON.stringify({ interface: face, reason, ...counts, files })}\n`);
      return EXIT.ok;
    } finally {
      run.stop();
      ctx.signal.removeEventListener('abort', onAbort);
    }
  },
});
export default capture;
