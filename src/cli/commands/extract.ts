import path from 'node:path';
import { WirewatchError } from '../../base/errors.ts';
import { plural } from '../../base/text.ts';
import { formatIp } from '../../base/ip.ts';
import { sizeText } from '../../export/flow-text.ts';
import { analyzeFile } from '../../pipeline/analyze-file.ts';
import type { FileRecord } from '../../model/index.ts';
import { defineCommand, EXIT } from '../define-command.ts';
import { ExtractedFiles, safeName } from '../extracted-files.ts';

/** A count or size of the command line: `100`, `64k`, `16M`. */
function sizeOf(text: string, option: string): number {
  const found = /^(\d+)([kMG]?)$/.exec(text);
  if (found === null) throw new WirewatchError('WW_ARGUMENT', `${option} takes a number, with k, M or G where it is large`);
  return Number(found[1]) * { '': 1, k: 1 << 10, M: 1 << 20, G: 1 << 30 }[found[2] as '' | 'k' | 'M' | 'G'];
}

/** One extracted file for people. */
function line(f: FileRecord, name: string): string {
  const from = f.fromInitiator ? f.srcIp : f.dstIp;
  const state = f.complete ? 'whole' : f.missingBytes > 0 ? `${f.missingBytes} bytes missing` : 'cut short';
  return `${name}  ${sizeText(f.bytes)}  ${f.mimeType ?? '-'}  ${f.source} from ${formatIp(from)}  frames ${f.firstFrame}-${f.lastFrame}  ${state}  ${f.sha256 ?? '-'}\n`;
}

export const extract = defineCommand({
  name: 'extract',
  summary: 'write the files that the conversations of a capture carried, with their digests',
  permission: null,
  configure(command) {
    command
      .argument('<file>', 'capture file: pcap, pcapng, snoop, plain or packed by gzip or zstd')
      .option('-o, --output <dir>', 'folder for the files; it is made where it is missing; nothing in it is written over', 'extracted')
      .option('-p, --protocol <list>', 'only files that these protocols carried: http,smtp,ftp-data,...')
      .option('--partial', 'also files with missing bytes or without their end')
      .option('--max-bytes <n>', 'bytes of one file', '64M')
      .option('--max-files <n>', 'files in all', '10k')
      .option('-l, --list', 'only say what there is');
  },
  async run(ctx, [file], options) {
    const maxBytes = sizeOf(String(options.maxBytes), '--max-bytes');
    const maxFiles = sizeOf(String(options.maxFiles), '--max-files');
    const wanted = typeof options.protocol === 'string' ? new Set(options.protocol.split(',')) : undefined;
    const folder = options.list === true ? undefined : new ExtractedFiles(path.resolve(ctx.cwd, String(options.output)), maxFiles);
    let found = 0;
    const analysis = await analyzeFile(path.resolve(ctx.cwd, file), { flow: () => {}, record: () => {} }, {
      signal: ctx.signal,
      files: {
        digests: ['sha256'],
        maxBytes,
        content(record, bytes) {
          if (bytes.length === 0 || wanted?.has(record.source) === false || (!record.complete && options.partial !== true)) return;
          const fallback = `${record.source}-${record.firstFrame}`;
          const name = folder === undefined ? safeName(record.name, fallback) : folder.write(safeName(record.name, fallback), bytes);
          if (name === undefined) return;
          found++;
          if (ctx.json) {
            const { source, declaredType, mimeType, fromInitiator, depth, complete, missingBytes, firstFrame, lastFrame, sha256 } = record;
            const row = { name, original: record.name, source, declaredType, mimeType, bytes: record.bytes, complete, missingBytes, depth, from: formatIp(fromInitiator ? record.srcIp : record.dstIp), to: formatIp(fromInitiator ? record.dstIp : record.srcIp), firstFrame, lastFrame, sha256 };
            ctx.terminal.out(`${JSON.stringify(row)}\n`);
          } else ctx.terminal.out(line(record, name));
        },
      },
    });
    if (!ctx.json) ctx.terminal.err(`${plural(found, 'file')}${folder === undefined ? '' : ` in ${String(options.output)}`}${folder !== undefined && folder.refused > 0 ? `; ${folder.refused} more not written (--max-files)` : ''}\n`);
    if (analysis.damage !== undefined) {
      ctx.terminal.err(`${file}: ${analysis.damage.message}${analysis.damage.where === undefined ? '' : ` (${analysis.damage.where})`}\n`);
      return EXIT.input;
    }
    return found > 0 ? EXIT.ok : EXIT.negative;
  },
});
export default extract;
