// Which frames each filter of the list takes, in one pass a capture.
//
// Run by itself (`node scripts/answers/filters.ts [--all] [--misses FILTER]`) it scores the answers written before over the filters
// on the protocols that the first version implements, or lists the captures on which one filter differs.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readCaptureSync } from '../../src/capture/file-source.ts';
import { compileFilter, type Filter } from '../../src/filter/compile-filter.ts';
import { CaptureFramer } from '../../src/pcap/capture-framer.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { Demand } from '../../src/wire/demand.ts';
import { Packet } from '../../src/wire/packet.ts';
import { protocols } from '../../src/wire/protocols.generated.ts';
import { Registry } from '../../src/wire/registry.ts';
import type { AnswerMaker } from '../score.ts';

/** The protocols of the first version, on whose filters the bar stands. */
const FIRST = new Set(['eth', 'vlan', 'arp', 'ip', 'ipv6', 'icmp', 'icmpv6', 'tcp', 'udp', 'dns', 'http', 'tls', 'dhcp', 'frame']);
const registry = new Registry(protocols);

function list(corpus: string): string[] {
  return readFileSync(path.join(corpus, 'lists/filters.txt'), 'utf8').split('\n').filter((l) => l !== '' && !l.startsWith('#'));
}

/** The filters that compile; those that name a field of a protocol that we lack are left out. */
let compiled: Filter[] | undefined;
function filters(corpus: string): Filter[] {
  compiled ??= list(corpus).flatMap((text) => {
    try {
      return [compileFilter(text, registry)];
    } catch {
      return [];
    }
  });
  return compiled;
}

const maker: AnswerMaker = {
  scorer: 'score.py',
  answer(corpus, file) {
    const all = filters(corpus);
    const packet = new Packet(registry, new Demand(registry, new Set(all.flatMap((f) => [...f.uses]))), nodeHost);
    const frames: number[][] = all.map(() => []);
    const framer = new CaptureFramer((head) => {
      packet.begin(head);
      packet.walk();
      for (let i = 0; i < all.length; i++) if (all[i].matches(packet.row)) frames[i].push(packet.frame);
    });
    readCaptureSync(path.join(corpus, 'captures', file), framer);
    const found: Record<string, [number, string]> = {};
    for (const [i, f] of all.entries()) if (frames[i].length > 0) found[f.text] = [frames[i].length, frames[i].join(',')];
    return { file, filters: found };
  },
};
export default maker;

interface Answer {
  readonly file: string;
  readonly filters: Readonly<Record<string, [number, string]>>;
}

function read(file: string): Answer[] {
  const raw = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(raw) : raw).toString().split('\n').filter((l) => l !== '').map((l) => JSON.parse(l) as Answer);
}

function digest(v: [number, string] | undefined): string {
  if (v === undefined) return '0';
  return `${v[0]} ${/^[0-9a-f]{16}$/.test(v[1]) ? v[1] : createHash('sha256').update(v[1]).digest('hex').slice(0, 16)}`;
}

/** Protocols that a filter names, by the first part of its fields; words in quotes do not count. */
function protocolsOf(text: string): string[] {
  const bare = text.replaceAll(/"[^"]*"/g, ' ');
  const words = bare.match(/[A-Za-z_][\w-]*(?:\.[\w.-]+)?/g) ?? [];
  const operators = new Set(['and', 'or', 'not', 'in', 'contains', 'matches', 'eq', 'any', 'all', 'len', 'count', 'upper', 'lower', 'string', 'max', 'min', 'abs']);
  return words.filter((w) => !operators.has(w)).map((w) => w.split('.')[0]).filter((w) => /^[a-z_]/.test(w) && w.length > 1 && !/^(ff|fe80|c0)/.test(w));
}

if (process.argv[1] === import.meta.filename) {
  const corpus = path.join(process.env.WIREWATCH_SHARED ?? path.resolve(import.meta.dirname, '../../../shared'), 'corpus');
  const mine = new Map(read(path.resolve(import.meta.dirname, '../../var/score/filters.jsonl')).map((a) => [a.file, a.filters]));
  const truth = read(path.join(corpus, 'truth/filters.jsonl.gz'));
  const misses = process.argv.includes('--misses') ? process.argv[process.argv.indexOf('--misses') + 1] : undefined;
  const chosen = list(corpus).filter((t) => process.argv.includes('--all') || protocolsOf(t).every((p) => FIRST.has(p)));
  const rows: { filter: string; right: number; of: number }[] = [];
  let items = 0;
  let right = 0;
  for (const filter of misses === undefined ? chosen : [misses]) {
    const row = { filter, right: 0, of: 0 };
    for (const t of truth) {
      const [a, b] = [t.filters[filter], mine.get(t.file)?.[filter]];
      if (a === undefined && b === undefined) continue;
      row.of++;
      if (digest(a) === digest(b)) row.right++;
      else if (misses !== undefined) process.stdout.write(`${t.file}: theirs ${a === undefined ? 0 : a.join(' ').slice(0, 80)}; ours ${b === undefined ? 0 : b.join(' ').slice(0, 80)}\n`);
    }
    items += row.of;
    right += row.right;
    rows.push(row);
  }
  rows.sort((a, b) => a.right - a.of - (b.right - b.of));
  for (const r of rows.slice(0, 40)) process.stdout.write(`${r.right}/${r.of}\t${r.filter}\n`);
  const macro = rows.filter((r) => r.of > 0).reduce((sum, r, _, all) => sum + r.right / r.of / all.length, 0);
  process.stdout.write(`${JSON.stringify({ filters: rows.length, items, right, score: Number((right / items).toFixed(4)), macro: Number(macro.toFixed(4)) })}\n`);
}
