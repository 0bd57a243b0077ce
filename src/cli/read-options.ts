import path from 'node:path';
import { WirewatchError } from '../base/errors.ts';
import { nearestNames } from '../base/nearest.ts';
import { PcapngFile } from '../capture/pcapng-file.ts';
import { isListColumn, listColumnNames } from '../export/chosen-values.ts';
import type { ChosenField, PacketFormat, PacketFormatOptions } from '../export/define-packet-format.ts';
import { formats } from '../export/formats.generated.ts';
import { findField } from '../filter/check.ts';
import type { DemandOptions } from '../wire/demand.ts';
import type { Registry } from '../wire/registry.ts';
import type { CommandContext } from './define-command.ts';
import { KEY_LOG_PREFERENCE } from './key-log-file.ts';

// What `wirewatch read` takes on its command line, under the letters that tshark has for it.

export type ReadOptions = Readonly<Record<string, unknown>>;

export const collect = (value: string, before: string[] = []): string[] => [...before, value];

export function texts(options: ReadOptions, key: string): readonly string[] {
  return Array.isArray(options[key]) ? (options[key] as string[]) : [];
}

export function chooseFormat(ctx: CommandContext, options: ReadOptions): PacketFormat {
  const wanted = typeof options.type === 'string' ? options.type : ctx.json ? 'json' : texts(options, 'field').length > 0 ? 'fields' : 'text';
  const found = formats.find((f) => f.name === wanted);
  if (found === undefined) throw new WirewatchError('WW_ARGUMENT', `there is no output format ${wanted}`, { remedy: `-T takes ${formats.map((f) => f.name).join(', ')}` });
  if (wanted === 'fields' && texts(options, 'field').length === 0) throw new WirewatchError('WW_ARGUMENT', '-T fields needs at least one -e field');
  return found;
}

export function chooseFields(registry: Registry, names: readonly string[]): ChosenField[] {
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
export function formatOptions(options: ReadOptions, fields: readonly ChosenField[], colour: boolean): PacketFormatOptions {
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
    fields, detail: options.detail === true, bytes: options.bytes === true, colour, header: oneOf('header', { y: 'y', n: 'n' }, 'n') === 'y',
    separator: SEPARATORS[separator] ?? separator, aggregator: SEPARATORS[aggregator] ?? aggregator,
    occurrence: oneOf('occurrence', { a: 'a', f: 'f', l: 'l' }, 'a'), quote: oneOf('quote', { d: '"', s: "'", n: '' }, ''),
  };
}

/** `-d tcp.port==8888,http`. */
export function decodeAs(registry: Registry, given: readonly string[]): void {
  for (const text of given) {
    const m = /^([\w.]+)==(\d+),([\w.-]+)$/.exec(text);
    if (m === null) throw new WirewatchError('WW_ARGUMENT', `-d ${text} is not table==value,protocol`, { remedy: 'for instance -d tcp.port==8888,http' });
    if (!registry.decodeAs(m[1], Number(m[2]), m[3])) throw new WirewatchError('WW_ARGUMENT', `-d ${text}: there is no protocol ${m[3]}`);
  }
}

export function copyTo(ctx: CommandContext, target: string, file: string): PcapngFile {
  const at = path.resolve(ctx.cwd, target);
  if (at === path.resolve(ctx.cwd, file)) throw new WirewatchError('WW_ARGUMENT', '-w would overwrite the file that is read', { where: target });
  return new PcapngFile(at);
}

export function packetLimit(options: ReadOptions): number {
  if (options.packets === undefined) return Number.POSITIVE_INFINITY;
  const n = Number(options.packets);
  if (!Number.isInteger(n) || n < 1) throw new WirewatchError('WW_ARGUMENT', '-c takes a count of packets');
  return n;
}

/** Preferences of tshark that change what is read here, and what they do. */
const PREFERENCES: Readonly<Record<string, (on: boolean) => DemandOptions>> = {
  'ip.defragment': (on) => ({ defragment: on }),
  'ipv6.defragment': (on) => ({ defragment: on }),
  'tcp.desegment_tcp_streams': (on) => ({ desegment: on }),
};
/** Preferences that are taken because they ask for what is done anyway. */
const ALREADY = /^(nameres\.\w+|(ip|tcp|udp)\.check_checksum):false$/i;

/** `-o name:value`. */
export function preferences(given: readonly string[]): DemandOptions {
  let out: DemandOptions = {};
  for (const text of given) {
    if (ALREADY.test(text) || KEY_LOG_PREFERENCE.test(text)) continue;
    const m = /^([\w.]+):\s*(true|false)$/i.exec(text);
    const known = m === null ? undefined : PREFERENCES[m[1]];
    if (m === null || known === undefined) {
      throw new WirewatchError('WW_ARGUMENT', `-o ${text} is not a preference that is known here`, { remedy: `${Object.keys(PREFERENCES).map((n) => `${n}:false`).join(', ')}` });
    }
    out = { ...out, ...known(m[2].toLowerCase() === 'true') };
  }
  return out;
}
