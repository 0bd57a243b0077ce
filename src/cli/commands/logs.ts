import path from 'node:path';
import type { DigestAlgorithm } from '../../base/host.ts';
import { WirewatchError } from '../../base/errors.ts';
import { plural } from '../../base/text.ts';
import { logs as formats } from '../../export/logs.generated.ts';
import { allLogColumns, analyzeFile } from '../../pipeline/analyze-file.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { defineCommand, EXIT } from '../define-command.ts';
import { LogFiles } from '../log-files.ts';

const DIGESTS: readonly DigestAlgorithm[] = ['sha256', 'sha1', 'md5'];

/** `--digests sha256,md5`, or `none`. */
function digestsOf(text: string): DigestAlgorithm[] {
  if (text === 'none') return [];
  const names = text.split(',');
  const strange = names.find((n) => !DIGESTS.includes(n as DigestAlgorithm));
  if (strange !== undefined) throw new WirewatchError('WW_ARGUMENT', `there is no digest ${strange}`, { remedy: `--digests takes none, or some of ${DIGESTS.join(', ')}` });
  return names as DigestAlgorithm[];
}

export const logs = defineCommand({
  name: 'logs',
  summary: "write the flows and transactions of a capture file as logs in the form of Zeek or Suricata",
  permission: null,
  configure(command) {
    command
      .argument('<file>', 'capture file: pcap, pcapng, snoop, plain or packed by gzip or zstd')
      .option('-o, --output <dir>', 'folder for the logs; it is made where it is missing', '.')
      .option('-f, --format <format>', formats.map((f) => `${f.name} (${f.summary})`).join(', '), 'zeek')
      .option('--digests <list>', `digests of files that were carried: none, or some of ${DIGESTS.join(', ')}`, 'sha256')
      .option('--max-flows <n>', 'flows at once; beyond it the oldest idle one is ended early (default 300000)')
      .option('--force', 'write over logs that are there');
  },
  async run(ctx, [file], options) {
    const format = formats.find((f) => f.name === options.format);
    if (format === undefined) throw new WirewatchError('WW_ARGUMENT', `there is no log format ${String(options.format)}`, { remedy: `-f takes ${formats.map((f) => f.name).join(', ')}` });
    const digests = digestsOf(String(options.digests));
    const maxFlows = options.maxFlows === undefined ? undefined : Number(options.maxFlows);
    if (maxFlows !== undefined && (!Number.isInteger(maxFlows) || maxFlows < 64 || maxFlows > 1_000_000)) throw new WirewatchError('WW_ARGUMENT', '--max-flows takes a number from 64 to 1000000');
    const writer = format.create({ host: nodeHost, columns: allLogColumns() });
    const files = new LogFiles(path.resolve(ctx.cwd, String(options.output)), options.force === true, (name) => writer.head(name));
    const showsProgress = ctx.terminal.isTty && !ctx.json;
    const analysis = await analyzeFile(path.resolve(ctx.cwd, file), {
      flow(flow) {
        for (const line of writer.flow(flow)) files.write(line.file, line.text);
      },
      record(record) {
        for (const line of writer.record(record)) files.write(line.file, line.text);
      },
    }, { maxFlows, files: { digests }, signal: ctx.signal, onProgress: showsProgress ? (bytes, total) => ctx.terminal.err(`\r${Math.round((100 * bytes) / total)} %`) : undefined });
    const written = files.close();
    if (ctx.json) ctx.terminal.out(`${JSON.stringify({ packets: analysis.frames, flows: analysis.flows, logs: Object.fromEntries(written) })}\n`);
    else {
      if (showsProgress) ctx.terminal.err('\r');
      for (const [name, lines] of written) ctx.terminal.out(`${name.padEnd(16)} ${plural(lines, 'line')}\n`);
    }
    if (analysis.damage === undefined) return EXIT.ok;
    ctx.terminal.err(`${file}: ${analysis.damage.message}${analysis.damage.where === undefined ? '' : ` (${analysis.damage.where})`}\n`);
    return EXIT.input;
  },
});
export default logs;
