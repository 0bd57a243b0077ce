import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { plural } from '../../base/text.ts';
import { readCapture } from '../../capture/file-source.ts';
import { tableText } from '../../export/define-statistic.ts';
import { compileFilter, type Filter } from '../../filter/compile-filter.ts';
import { CaptureFramer } from '../../pcap/capture-framer.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { Demand } from '../../wire/demand.ts';
import { Packet } from '../../wire/packet.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { defineCommand, EXIT } from '../define-command.ts';
import { texts, collect } from '../read-options.ts';

/** Frames of a finding that are named; the rest is counted. */
const MOST_FRAMES = 20;
const CAPTURE_NAME = /\.(pcap|pcapng|cap|snoop)(\.(gz|zst))?$/i;

interface Hunted {
  readonly name: string;
  readonly filter: Filter;
}

interface Finding {
  readonly file: string;
  readonly name: string;
  readonly count: number;
  /** The first frames. */
  readonly frames: readonly number[];
}

/** A list of filters: one a line, `name: filter` or the filter alone; blank lines and `#` are passed over. */
function readList(file: string, registry: Registry): Hunted[] {
  const out: Hunted[] = [];
  for (const [i, line] of readFileSync(file, 'utf8').split(/\r?\n/).entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    const m = /^([\w][\w .-]*):\s+(.+)$/.exec(text);
    try {
      out.push({ name: m?.[1] ?? text, filter: compileFilter(m?.[2] ?? text, registry) });
    } catch (error) {
      if (!(error instanceof WirewatchError)) throw error;
      throw new WirewatchError(error.code, `${file}, line ${i + 1}: ${error.message}`, { where: error.where, remedy: error.remedy });
    }
  }
  return out;
}

/** Files as they were named; of a folder, every capture in it and below, by name. */
function captureFiles(cwd: string, given: readonly string[]): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((e) => {
      const full = path.join(folder, e.name);
      return e.isDirectory() ? walk(full) : e.isFile() && CAPTURE_NAME.test(e.name) ? [full] : [];
    });
  return given.flatMap((g) => {
    const full = path.resolve(cwd, g);
    return statSync(full, { throwIfNoEntry: false })?.isDirectory() === true ? walk(full) : [full];
  });
}

export const hunt = defineCommand({
  name: 'hunt',
  summary: 'Run a list of display filters over many captures, each read once, and tell what matched where.',
  permission: null,
  configure(command) {
    command
      .argument('<captures...>', 'capture files and folders of them')
      .option('-F, --filters <file>', 'a list of filters: a line each, `name: filter` or the filter alone')
      .option('-Y, --filter <filter>', 'a filter (again for more)', collect);
  },
  async run(ctx, given, options) {
    const registry = new Registry(protocols);
    const hunted = [
      ...texts(options, 'filter').map((text) => ({ name: text, filter: compileFilter(text, registry) })),
      ...(typeof options.filters === 'string' ? readList(path.resolve(ctx.cwd, options.filters), registry) : []),
    ];
    if (hunted.length === 0) throw new WirewatchError('WW_ARGUMENT', 'there is nothing to hunt for', { remedy: '-Y <filter>, or -F <file> with a filter a line' });
    const demand = new Demand(registry, new Set(hunted.flatMap((h) => [...h.filter.uses])));
    const findings: Finding[] = [];
    const damaged: string[] = [];
    const files = captureFiles(ctx.cwd, given);
    for (const file of files) {
      if (ctx.signal.aborted) break;
      const shown = path.relative(ctx.cwd, file) || file;
      const counts = hunted.map(() => ({ count: 0, frames: [] as number[] }));
      const packet = new Packet(registry, demand, nodeHost);
      const framer: CaptureFramer = new CaptureFramer((head) => {
        packet.begin(head);
        packet.walk();
        for (let i = 0; i < hunted.length; i++) {
          if (!hunted[i].filter.matches(packet.row)) continue;
          counts[i].count++;
          if (counts[i].frames.length < MOST_FRAMES) counts[i].frames.push(packet.frame);
        }
        if (ctx.signal.aborted) framer.stop();
      });
      try {
        await readCapture(file, framer);
        if (framer.damage !== undefined) damaged.push(`${shown}: ${framer.damage.message}`);
      } catch (error) {
        if (!(error instanceof WirewatchError)) throw error;
        damaged.push(`${shown}: ${error.message}`);
      }
      for (const [i, { name }] of hunted.entries()) if (counts[i].count > 0) findings.push({ file: shown, name, ...counts[i] });
    }
    if (ctx.json) ctx.terminal.out(`${JSON.stringify({ captures: files.length, filters: hunted.length, findings, damaged })}\n`);
    else {
      const more = (f: Finding): string => (f.count > f.frames.length ? `${f.frames.join(',')},...` : f.frames.join(','));
      ctx.terminal.out(tableText(['filter', 'capture', 'packets', 'frames'], findings.map((f) => [f.name, f.file, f.count, more(f)])));
      ctx.terminal.out(`${plural(hunted.length, 'filter')} over ${plural(files.length, 'capture')}: ${plural(findings.length, 'finding')}\n`);
    }
    for (const text of damaged) ctx.terminal.err(`${text}\n`);
    if (damaged.length > 0) return EXIT.input;
    return findings.length > 0 ? EXIT.ok : EXIT.negative;
  },
});
export default hunt;
