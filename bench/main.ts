// `npm run bench`: makes captures, runs Wirewatch and the tools that are installed over them in turn, checks that they did the same
// work, prints CPU seconds, ratios and peak memory, and writes docs/benchmarks.md. Ratios of one run count, not seconds.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { generateLarge, generateSmall, generateStrangers } from '../scripts/captures/bench-generated.ts';
import { captureReal, multiply, whyNotReal } from '../scripts/captures/bench-real.ts';

const root = path.resolve(import.meta.dirname, '..');
const cache = path.join(root, 'var/bench');
const LARGE_MIB = 300;
const SMALL_PACKETS = 2_000_000;
const RUNS = 2;
const STRANGERS = 500_000;
const RSS_BAR_MB = 300;
/** Four clauses on header fields; `!` and a value that depends on others keep it from being one comparison. */
const HEADER_FILTER = ['filter of four clauses on headers', 'ip.src == 10.0.0.0/8 && (tcp.port == 80 || udp.port == 53) && frame.len > 60 && !(tcp.flags.syn == 1)', 15] as const;
const BODY_FILTER = ['filter on fields that need reassembly', 'http.response.code == 200 && http.content_length > 100000', 8] as const;
const COLUMNS = ['frame.number', 'ip.src', 'ip.dst', 'tcp.srcport', 'tcp.dstport', 'frame.len', 'http.host', 'dns.qry.name'];

interface Measured {
  readonly cpuSeconds: number;
  readonly rssMb: number;
  /** File with what it wrote: the records of a large capture are more than a string can hold. */
  readonly out: string;
}

interface PassResult {
  readonly frames: number;
  readonly flows: number;
  readonly cpuSeconds: number;
  readonly rssMb: number;
}

/** Runs a program to its end: user and system seconds to the millisecond, peak memory. */
function run(program: string, ...args: string[]): Measured {
  const out = path.join(cache, `out-${program.replace(/.*\//, '')}`);
  const fd = openSync(out, 'w');
  const timed = spawnSync('bash', ['-c', 'TIMEFORMAT="CPU %3U %3S"; time /usr/bin/time -f "RSS %M" "$@"', 'bench', program, ...args], { encoding: 'utf8', stdio: ['ignore', fd, 'pipe'] });
  closeSync(fd);
  const m = /RSS (\d+)[^]*CPU ([\d.]+) ([\d.]+)/.exec(timed.stderr);
  if (m === null) throw new Error(`${program} ${args.join(' ')}: ${timed.stderr}`);
  return { cpuSeconds: Number(m[2]) + Number(m[3]), rssMb: Number(m[1]) / 1024, out };
}

/** The same for a tool that may be missing: undefined then. */
function peer(program: string, ...args: string[]): Measured | undefined {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0 ? run(program, ...args) : undefined;
}

/** A command of ours as people start it, from a cold process. */
function ours(...args: string[]): Measured {
  return run(process.execPath, path.join(root, 'bin/wirewatch.mjs'), ...args);
}

function pass(script: string, ...args: string[]): PassResult {
  const run = spawnSync(process.execPath, [path.join(root, 'bench', script), ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(`${script}: ${run.stderr}`);
  return JSON.parse(run.stdout) as PassResult;
}

/** The cheapest of some runs, taken in turn, so that what else the machine does meets all alike; it only ever adds. */
function inTurn<T extends { readonly cpuSeconds: number }>(times: number, ...runs: (() => T | undefined)[]): (T | undefined)[] {
  const found: (T | undefined)[] = runs.map(() => undefined);
  for (let i = 0; i < times; i++) {
    runs.forEach((once, k) => {
      const result = once();
      const known = found[k];
      if (result !== undefined && (known === undefined || result.cpuSeconds < known.cpuSeconds)) found[k] = result;
    });
  }
  return found;
}

async function prepare(): Promise<{ large: string; small: string; strangers: string; how: string }> {
  mkdirSync(cache, { recursive: true });
  const large = path.join(cache, 'large.pcap');
  const small = path.join(cache, 'small.pcap');
  const why = whyNotReal();
  const marker = path.join(cache, why === undefined ? 'large.real' : 'large.generated');
  if (!existsSync(large) || !existsSync(marker)) {
    for (const old of ['large.real', 'large.generated']) rmSync(path.join(cache, old), { force: true });
    process.stderr.write(why === undefined ? 'capturing nginx and curl in two namespaces ...\n' : `generating the large capture (${why}) ...\n`);
    if (why === undefined) {
      const base = path.join(cache, 'base.pcap');
      await captureReal(base, path.join(cache, 'work'));
      multiply(base, large, LARGE_MIB);
      rmSync(base);
    } else generateLarge(large, LARGE_MIB);
    writeFileSync(marker, '');
  }
  if (!existsSync(small)) {
    process.stderr.write('generating the small-packet capture ...\n');
    generateSmall(small, SMALL_PACKETS);
  }
  const strangers = path.join(cache, 'strangers.pcap');
  if (!existsSync(strangers)) generateStrangers(strangers, STRANGERS);
  return { large, small, strangers, how: why === undefined ? 'nginx and curl in two network namespaces, multiplied' : `generated (${why})` };
}

interface Row {
  readonly work: string;
  readonly ours: number;
  readonly theirs: number | undefined;
  readonly peer: string;
  readonly bar: number | undefined;
  readonly rssMb: number;
  readonly peerRssMb: number | undefined;
}

const rows: Row[] = [];
const checks: string[] = [];
const memory: string[] = [];

function row(work: string, mine: { cpuSeconds: number; rssMb: number } | undefined, theirs: { cpuSeconds: number; rssMb: number } | undefined, peerName: string, bar: number | undefined): void {
  if (mine === undefined) throw new Error(`${work}: nothing was measured`);
  if (theirs === undefined && peerName !== '-') return;
  rows.push({ work, ours: mine.cpuSeconds, theirs: theirs?.cpuSeconds, peer: peerName, bar, rssMb: mine.rssMb, peerRssMb: theirs?.rssMb });
}

function check(what: string, a: number | string | undefined, b: number | string | undefined): void {
  checks.push(`${what}: ${a} and ${b}${a === b ? '' : '  DIFFERENT'}`);
}

const { large, small, strangers, how } = await prepare();
const packetsIn = (file: string): number | undefined => {
  const info = peer('capinfos', '-c', '-M', file);
  const m = info === undefined ? null : /Number of packets:\s*(\d+)/.exec(readFileSync(info.out, 'utf8'));
  return m === null ? undefined : Number(m[1]);
};

/** Lines of a file, those that `grep` takes where it is given. */
const linesOf = (file: string | undefined, ...grep: string[]): number => Number(spawnSync('grep', ['-c', ...(grep.length > 0 ? grep : ['']), file ?? '/dev/null'], { encoding: 'utf8' }).stdout);
const digestOf = (file: string | undefined): string => spawnSync('sha256sum', [file ?? '/dev/null'], { encoding: 'utf8' }).stdout.slice(0, 12);

for (const [name, file, flowBar, fullBar] of [['large', large, 1, 0.18], ['small', small, 0.8, 0.1]] as const) {
  const packets = packetsIn(file);
  process.stderr.write(`${name}: flows\n`);
  const [copy, flows] = inTurn<Measured | PassResult>(RUNS, () => peer('tcpdump', '-r', file, '-w', '/dev/null'), () => pass('flows-pass.ts', file, '2'));
  const mine = flows as PassResult;
  row(`flows only, second pass, ${name} packets`, mine, copy, 'tcpdump -w /dev/null', flowBar);
  check(`${name}: packets read, capinfos`, mine.frames, packets);
  for (const [program, ...args] of [['softflowd', '-d', '-r', file], ['nfpcapd', '-r', file, '-l', cache]]) row(`flows only, ${name} packets`, mine, peer(program, ...args), program, undefined);

  process.stderr.write(`${name}: columns\n`);
  const shark = peer('tshark', '-n', '-r', file, '-T', 'fields', ...COLUMNS.flatMap((c) => ['-e', c]));
  const [columns] = inTurn(RUNS, () => ours('read', file, '-T', 'fields', ...COLUMNS.flatMap((c) => ['-e', c])));
  row(`read -T fields, 8 columns, ${name} packets`, columns, shark, 'tshark -T fields', 15);
  if (shark !== undefined) check(`${name}: digest of the columns, tshark`, digestOf(columns?.out), digestOf(shark.out));

  process.stderr.write(`${name}: records\n`);
  const [full] = inTurn(RUNS, () => ours('analyze', '--records', file));
  row(`analyze, all records written, ${name} packets`, full, shark, 'tshark -T fields', 25);
  row(`analyze, all records written, ${name} packets`, full, copy, 'tcpdump -w /dev/null', fullBar);
  // One JSON line a record, before the summary; a record of a protocol names its flow.
  const kinds = (kind: string): number => linesOf(full?.out, `"kind":"${kind}"`);
  check(`${name}: flow records, flows of the meter`, linesOf(full?.out, '^{.*"communityId"'), mine.flows);
  if (name === 'large') {
    const requests = peer('tshark', '-n', '-r', file, '-Y', 'http.request', '-T', 'fields', '-e', 'frame.number');
    if (requests !== undefined) check('large: HTTP transactions, tshark -Y http.request', kinds('http'), linesOf(requests.out));
  } else {
    const questions = peer('tshark', '-n', '-r', file, '-Y', 'dns.flags.response == 0 && dns.qry.name contains "test"', '-T', 'fields', '-e', 'frame.number');
    if (questions !== undefined) check('small: DNS transactions, tshark -Y dns.flags.response == 0 and a name of the capture', kinds('dns'), linesOf(questions.out));
  }

  for (const [what, filter, bar] of name === 'large' ? [HEADER_FILTER, BODY_FILTER] : [HEADER_FILTER]) {
    process.stderr.write(`${name}: ${what}\n`);
    const [filtered] = inTurn(RUNS, () => ours('read', file, '-Y', filter, '-T', 'fields', '-e', 'frame.number'));
    const theirs = peer('tshark', '-n', '-r', file, '-Y', filter, '-T', 'fields', '-e', 'frame.number');
    row(`${what}, ${name} packets`, filtered, theirs, 'tshark -Y', bar);
    if (theirs !== undefined) check(`${name}: packets that the ${what} takes, tshark`, linesOf(filtered?.out), linesOf(theirs.out));
  }
}
process.stderr.write('strangers\n');
const flood = ours('analyze', strangers);
row(`analyze, ${STRANGERS} flows of one packet`, flood, undefined, '-', undefined);
const upkeep = JSON.parse(readFileSync(run(process.execPath, path.join(root, 'bench/upkeep-pass.ts'), '1000000').out, 'utf8')) as { longestMs: number; above5Ms: number };
for (const r of rows) if (r.rssMb >= RSS_BAR_MB) memory.push(`${r.work}: ${r.rssMb.toFixed(0)} MB`);

const cell = (n: number | undefined, digits: number): string => (n === undefined ? '-' : n.toFixed(digits));
const verdict = (r: Row): string => {
  if (r.theirs === undefined) return '-';
  const ratio = r.theirs / r.ours;
  return `${ratio.toFixed(2)}x${r.bar === undefined ? '' : ratio >= r.bar ? ` (bar ${r.bar}: reached)` : ` (bar ${r.bar}: missed)`}`;
};
const table = [
  '| work | Wirewatch CPU s | peer | peer CPU s | peer / Wirewatch | Wirewatch RSS MB | peer RSS MB |',
  '|---|---|---|---|---|---|---|',
  ...rows.map((r) => `| ${r.work} | ${cell(r.ours, 3)} | ${r.peer} | ${cell(r.theirs, 3)} | ${verdict(r)} | ${cell(r.rssMb, 0)} | ${cell(r.peerRssMb, 0)} |`),
].join('\n');
const missing = ['tcpdump', 'tshark', 'softflowd', 'nfpcapd', 'suricata'].filter((p) => spawnSync('sh', ['-c', `command -v ${p}`]).status !== 0);
const text = `# Benchmarks

Written by \`npm run bench\`. Ratios of CPU seconds (user and system) within one run are what counts: above 1 means that Wirewatch
needed less than the peer. The smallest of ${RUNS} runs in turn is taken (of tshark: one run). The flow figure is the second pass in
one process; all others are commands from their start on, as the peers are.

Machine: ${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}. Not installed, so not compared: ${missing.join(', ') || 'none'}.

Captures: large packets = ${how}, ${(statSync(large).size / 1e6).toFixed(0)} MB; small packets = SYN floods, a UDP flood and DNS from a seed, ${(statSync(small).size / 1e6).toFixed(0)} MB;
${STRANGERS} flows of one packet each from as many addresses, from a seed.

Columns: \`${COLUMNS.join(' ')}\`. Filters: \`${HEADER_FILTER[1]}\` and \`${BODY_FILTER[1]}\`.

${table}

Memory over ${RSS_BAR_MB} MB (the bar for reading any file): ${memory.join('; ') || 'none'}.

Upkeep of the flow table, a million flows of one packet offered as live capture sees them: the longest step of one packet, with what
it sweeps, evicts and writes and the garbage of that, took ${upkeep.longestMs.toFixed(1)} ms of thread CPU time; ${upkeep.above5Ms} of a million steps took more than 5 ms.

The same work was done:

${checks.map((c) => `- ${c}`).join('\n')}
`;
mkdirSync(path.join(root, 'docs'), { recursive: true });
writeFileSync(path.join(root, 'docs/benchmarks.md'), text);
process.stdout.write(text);
if (checks.some((c) => c.endsWith('DIFFERENT'))) process.exitCode = 1;
