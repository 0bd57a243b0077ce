import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fromHex, toHex } from '../../base/bytes.ts';
import { WirewatchError } from '../../base/errors.ts';
import { plural } from '../../base/text.ts';
import { parseDurationMs } from '../../base/time.ts';
import { PSEUDONYM_KEY_BYTES } from '../../pcap/address-pseudonyms.ts';
import { parsePacketNumbers, type PacketNumbers } from '../../pcap/packet-numbers.ts';
import { editCaptures, type EditResult } from '../../pipeline/edit-captures.ts';
import { nodeHost } from '../../pipeline/node-host.ts';
import { protocols } from '../../wire/protocols.generated.ts';
import { Registry } from '../../wire/registry.ts';
import { defineCommand, EXIT, type CommandContext } from '../define-command.ts';

type Options = Readonly<Record<string, unknown>>;

const MAX_WINDOW = 1_000_000;

function whole(o: Options, key: string, option: string, least: number, most: number): number {
  const text = o[key] as string | undefined;
  if (text === undefined) return 0;
  const n = Number(text);
  if (!Number.isInteger(n) || n < least || n > most) throw new WirewatchError('WW_ARGUMENT', `${option} takes a whole number from ${least} to ${most}, not "${text}"`);
  return n;
}

function numbers(o: Options, key: string, option: string): PacketNumbers | undefined {
  const text = o[key] as string | undefined;
  if (text === undefined) return undefined;
  const found = parsePacketNumbers(text);
  if (found === undefined) throw new WirewatchError('WW_ARGUMENT', `${option} ${text} names no packets`, { remedy: `${option} takes numbers and ranges: 1-10,15,20-` });
  return found;
}

/** An instant in ISO 8601, or seconds since the epoch. */
function instant(o: Options, key: string, option: string): number | undefined {
  const text = o[key] as string | undefined;
  if (text === undefined) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (Number.isNaN(seconds)) throw new WirewatchError('WW_ARGUMENT', `${option} ${text} is no instant`, { remedy: `${option} takes 2026-01-31T12:00:00Z or seconds since the epoch` });
  return seconds;
}

/** `-1.5`, `90s`, `-2h`: plain numbers are seconds. */
function shiftOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const sign = text.startsWith('-') ? -1 : 1;
  const rest = text.replace(/^[+-]/, '');
  const ms = /^\d+(\.\d+)?$/.test(rest) ? 1000 * Number(rest) : parseDurationMs(rest);
  if (ms === undefined) throw new WirewatchError('WW_ARGUMENT', `--shift ${text} is no span of time`, { remedy: '--shift takes seconds (-1.5) or a span (90s, -2h)' });
  return sign * ms;
}

/** The key in a file, which is made where it does not exist, readable by its owner alone. */
function keyOf(ctx: CommandContext, o: Options): Uint8Array | undefined {
  if (o.pseudonyms === undefined) return undefined;
  const file = path.resolve(ctx.cwd, o.pseudonyms as string);
  if (!existsSync(file)) {
    writeFileSync(file, `${toHex(randomBytes(PSEUDONYM_KEY_BYTES))}\n`, { mode: 0o600 });
    ctx.terminal.err(`new key in ${file}: keep it secret, and use it again for captures that are to be compared\n`);
  }
  const key = fromHex(readFileSync(file, 'utf8').trim());
  if (key?.length !== PSEUDONYM_KEY_BYTES) throw new WirewatchError('WW_ARGUMENT', `${file} holds no key`, { remedy: `A key is ${2 * PSEUDONYM_KEY_BYTES} hex digits; name a file that does not exist to have one made.` });
  return key;
}

function summary(r: EditResult): string {
  const parts = [`${plural(r.read, 'packet')} read, ${r.written} written`];
  if (r.duplicates > 0) parts.push(`${plural(r.duplicates, 'copy', 'copies')} left out`);
  if (r.addresses > 0) parts.push(`${plural(r.addresses, 'address', 'addresses')} replaced`);
  if (r.late > 0) parts.push(`${plural(r.late, 'packet')} too far out of order for the window`);
  return `${parts.join('; ')}\n${r.files.filter((f) => f !== '-').map((f) => `  ${f}\n`).join('')}`;
}

export const edit = defineCommand({
  name: 'edit',
  summary: 'cuts, merges, orders, converts and pseudonymises capture files',
  permission: null,
  configure(command) {
    command
      .argument('<file...>', 'captures to read (pcap, pcapng, snoop; gzip and zstd too); several are merged by time; "-" is standard input')
      .option('-w, --write <file>', 'capture to write; a name that ends with .gz is compressed; "-" is standard output')
      .option('-F, --format <format>', 'pcapng or pcap (default: by the name, else pcapng)')
      .option('-a, --append', 'put the files one behind the other, not in the order of time')
      .option('-r, --packets <numbers>', 'keep these packets alone: 1-10,15,20-')
      .option('-x, --exclude <numbers>', 'leave these packets out')
      .option('-A, --from <time>', 'keep packets from this instant on')
      .option('-B, --until <time>', 'keep packets before this instant')
      .option('-d, --deduplicate <n>', 'leave out a packet whose copy is among the last n')
      .option('-R, --reorder <n>', 'mend the order of time, within n packets')
      .option('-t, --shift <time>', 'add to every time: seconds or a span, may be negative')
      .option('-s, --snaplen <bytes>', 'keep so many bytes of each packet')
      .option('-C, --chop <bytes>', 'take bytes away from the beginning of each packet, or from the end where negative')
      .option('-c, --split-packets <n>', 'begin another file after so many packets')
      .option('-i, --split-seconds <n>', 'begin another file after so many seconds')
      .option('-p, --pseudonyms <keyfile>', 'replace addresses by pseudonyms that keep their networks together; the key is made where the file does not exist')
      .option('--comment <text>', 'comment of the whole file (pcapng)');
  },
  async run(ctx, args, o) {
    const output = o.write as string | undefined;
    if (output === undefined) throw new WirewatchError('WW_ARGUMENT', 'say where to write', { remedy: 'add -w <file>' });
    const format = (o.format as string | undefined) ?? (/\.pcap(\.gz)?$/.test(output) ? 'pcap' : 'pcapng');
    if (format !== 'pcap' && format !== 'pcapng') throw new WirewatchError('WW_ARGUMENT', `there is no format ${format} to write`, { remedy: '--format takes pcapng or pcap' });
    const inputs = args.map((a) => (a === '-' ? a : path.resolve(ctx.cwd, a)));
    const target = output === '-' ? output : path.resolve(ctx.cwd, output);
    if (inputs.includes(target) && target !== '-') throw new WirewatchError('WW_ARGUMENT', 'a capture cannot be written over while it is read', { where: target, remedy: 'Give another name to -w.' });
    const result = await editCaptures(inputs, {
      append: o.append === true, keep: numbers(o, 'packets', '--packets'), drop: numbers(o, 'exclude', '--exclude'), from: instant(o, 'from', '--from'), until: instant(o, 'until', '--until'),
      duplicates: whole(o, 'deduplicate', '--deduplicate', 1, MAX_WINDOW), reorder: whole(o, 'reorder', '--reorder', 1, MAX_WINDOW), shiftMs: shiftOf(o.shift as string | undefined),
      chop: whole(o, 'chop', '--chop', -262_144, 262_144), snaplen: whole(o, 'snaplen', '--snaplen', 1, 262_144), key: keyOf(ctx, o), output: target, format,
      splitPackets: whole(o, 'splitPackets', '--split-packets', 1, Number.MAX_SAFE_INTEGER), splitSeconds: whole(o, 'splitSeconds', '--split-seconds', 1, Number.MAX_SAFE_INTEGER),
      comment: (o.comment as string | undefined) ?? '',
    }, nodeHost, new Registry(protocols));
    for (const { path: file, error } of result.damage) ctx.terminal.err(`${file}: ${error.message} (${error.where})\n`);
    if (ctx.json) (output === '-' ? ctx.terminal.err : ctx.terminal.out)(`${JSON.stringify({ ...result, damage: result.damage.map((d) => ({ path: d.path, message: d.error.message, where: d.error.where })) })}\n`);
    else ctx.terminal.err(summary(result));
    return result.damage.length > 0 ? EXIT.input : EXIT.ok;
  },
});
export default edit;
