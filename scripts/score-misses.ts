// `node scripts/score-misses.ts KIND [GROUP] [--only REGEX] [--most N]`: where the answers that `npm run score KIND` wrote differ from
// the truth, in the source folders that may be looked at. Without a group: the groups with the most differences.
//
// GROUP is what the kind is counted by: a filter, a field, a layer of the hierarchy (phs), a flag of tcp.analysis, a protocol (expert).
import { createHash } from 'node:crypto';
import path from 'node:path';
import { readJsonLines } from './corpus/truth.ts';

const root = path.resolve(import.meta.dirname, '..');
const dir = path.join(root, 'var/score');

type Row = Record<string, unknown>;
/** What one capture says, as text by group and key; equal texts agree. */
type Items = Map<string, { group: string; text: string }>;

const digest = (list: string): string => (/^[0-9a-f]{16}$/.test(list) ? list : createHash('sha256').update(list).digest('hex').slice(0, 16));

/** Frame lists are compared by digest, as the truth keeps long ones, and shown as they are. */
function frames(v: readonly [number, string]): string {
  return `${v[0]} ${digest(String(v[1]))}`;
}

function itemsOf(kind: string, row: Row): Items {
  const items: Items = new Map();
  const add = (group: string, key: string, text: string): void => void items.set(`${group}\0${key}`, { group, text });
  const of = row[kind === 'ndpi' ? 'flows' : kind];
  if (kind === 'filters' || kind === 'analysis') for (const [k, v] of Object.entries(of as Record<string, [number, string]>)) add(k, '', frames(v));
  else if (kind === 'phs') for (const [k, v] of Object.entries(of as Record<string, [number, number]>)) add(k.split(':').at(-1)!, k, v.join(' '));
  else if (kind === 'fields') {
    for (const f of of as Record<string, string>[]) for (const [k, v] of Object.entries(f)) if (k !== 'col.Info' && k !== 'frame.number') add(k, `frame ${f['frame.number']}`, v);
  } else if (kind === 'expert') {
    for (const [severity, count, group, protocol, summary] of of as [string, number, string, string, string][]) {
      const key = `${protocol}\0${severity} ${group}`;
      const known = items.get(key);
      const n = count + Number(known?.text.split(' ', 1)[0] ?? 0);
      items.set(key, { group: protocol, text: `${n} (${summary.slice(0, 60)})` });
    }
  } else if (kind === 'objects') {
    for (const [protocol, name, length, sha] of of as [string, string, number, string][]) {
      let n = 0;
      while (items.has(`${protocol}\0${length} ${sha} ${n}`)) n++;
      add(protocol, `${length} ${sha} ${n}`, `${length} ${name.slice(0, 60)}`);
    }
  } else if (kind === 'follow') {
    for (const [protocol, stream, , , ...sides] of of as [string, number, string, string, ...(string | number)[]][]) add(protocol, String(stream), [sides.slice(0, 2).join(' '), sides.slice(2, 4).join(' ')].sort().join(' | '));
  } else if (kind === 'ndpi') {
    for (const f of of as { l4: string; a: string; b: string; proto: string }[]) {
      const master = f.proto.split('/').at(-1)!.toLowerCase().split('.')[0];
      add(master, `${f.l4} ${[f.a, f.b].sort().join(' ')}`, master);
    }
  } else for (const [i, x] of (Array.isArray(of) ? of : [of]).entries()) add(kind, String(i), JSON.stringify(x));
  return items;
}

function compare(kind: string, a: string | undefined, b: string | undefined): boolean {
  return kind === 'expert' || kind === 'objects' ? a?.split(' ', 1)[0] === b?.split(' ', 1)[0] : a === b;
}

const args = process.argv.slice(2);
const option = (name: string): string | undefined => (args.includes(name) ? args.splice(args.indexOf(name), 2)[1] : undefined);
const only = new RegExp(option('--only') ?? '');
const most = Number(option('--most') ?? 40);
const [kind, group] = args;
if (kind === undefined) {
  process.stderr.write('usage: node scripts/score-misses.ts KIND [GROUP] [--only REGEX] [--most N]\n');
  process.exit(2);
}
const truth = readJsonLines(path.join(dir, `truth/${kind === 'ndpi' ? 'peer-ndpi' : kind}.jsonl.gz`));
const mine = new Map(readJsonLines(path.join(dir, `${kind}.jsonl`)).map((row) => [row.file, row]));
const known = new Set(truth.flatMap((row) => [...itemsOf(kind, row).values()].map((i) => i.group)));
const groups = new Map<string, { right: number; of: number }>();
let shown = 0;
for (const row of truth) {
  if (typeof row.file !== 'string' || !only.test(row.file)) continue;
  const theirs = itemsOf(kind, row);
  const ours = mine.has(row.file) ? itemsOf(kind, mine.get(row.file)!) : new Map<string, { group: string; text: string }>();
  for (const key of new Set([...theirs.keys(), ...ours.keys()])) {
    const [t, o] = [theirs.get(key), ours.get(key)];
    const g = (t ?? o)!.group;
    // A surplus field is wrong only where the truth knows the field.
    if (t === undefined && !known.has(g)) continue;
    const tally = groups.get(g) ?? { right: 0, of: 0 };
    groups.set(g, tally);
    tally.of++;
    const right = compare(kind, t?.text, o?.text);
    if (right) tally.right++;
    else if (g === group && shown++ < most) process.stdout.write(`${row.file} ${key.split('\0').slice(1).join(' ')}\n  theirs ${t?.text ?? '-'}\n  ours   ${o?.text ?? '-'}\n`);
  }
}
if (group === undefined) {
  const rows = [...groups].sort(([, a], [, b]) => b.of - b.right - (a.of - a.right)).slice(0, most);
  for (const [g, t] of rows) process.stdout.write(`${t.right}/${t.of}\t${g}\n`);
} else process.stdout.write(`${groups.get(group)?.right ?? 0}/${groups.get(group)?.of ?? 0}\t${group}\n`);
