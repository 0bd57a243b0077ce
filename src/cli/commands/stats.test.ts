import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { EXIT } from '../define-command.ts';
import { runCli } from '../run-cli.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-stats-'));
after(() => rmSync(dir, { recursive: true }));
const file = path.resolve(import.meta.dirname, '../../../test/golden/applications/input.pcap');

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { isTty: false, columns: 80, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  return { code: await runCli(['stats', ...args], { terminal, cwd: dir, env: {} }), out, err };
}

function shark(...args: string[]): string {
  const run = spawnSync('tshark', ['-n', '-r', file, ...args], { encoding: 'utf8' });
  assert.equal(run.error, undefined, 'tshark is needed: apt-get install tshark');
  return run.stdout;
}

test('experts are those of tshark, by severity, group and protocol', async () => {
  const { expert } = JSON.parse((await run(file, 'expert', '--json')).out) as { expert: { severity: string; group: string; protocol: string; count: number }[] };
  const ours = new Map<string, number>();
  for (const e of expert) ours.set(`${e.severity} ${e.group} ${e.protocol}`, (ours.get(`${e.severity} ${e.group} ${e.protocol}`) ?? 0) + e.count);
  const theirs = new Map<string, number>();
  let severity = '';
  for (const line of shark('-q', '-z', 'expert').split('\n')) {
    severity = /^(Error|Warn|Note|Chat)s/.exec(line)?.[1].toLowerCase() ?? severity;
    const m = /^ +(\d+) +(\S+) +(\S+) {2}/.exec(line);
    if (m === null) continue;
    const key = `${severity} ${m[2].toLowerCase()} ${m[3]}`;
    theirs.set(key, (theirs.get(key) ?? 0) + Number(m[1]));
  }
  assert.ok(theirs.size > 3);
  const lines = (counts: Map<string, number>): string[] => Array.from(counts, ([key, n]) => `${key} ${n}`).sort();
  assert.deepEqual(lines(ours), lines(theirs));
});

test('response times are those that tshark shows with the answers', async () => {
  const { srt } = JSON.parse((await run(file, 'dns,srt', '--json')).out) as { srt: { field: string; n: number; max: number }[] };
  for (const name of ['dns.time', 'http.time']) {
    const times = shark('-T', 'fields', '-e', name, '-Y', name).split('\n').filter((t) => t !== '').map(Number);
    const ours = srt.find((s) => s.field === name);
    assert.equal(ours?.n, times.length, name);
    assert.ok(Math.abs((ours?.max ?? 0) - Math.max(...times)) < 1e-9, name);
  }
});

test('a filter narrows every statistic, and HTTP and DNS are counted by what was asked and answered', async () => {
  const all = JSON.parse((await run(file, 'http', 'dns', '--json')).out) as { http: { methods: { key: string; count: number }[] }; dns: { questions: { key: string }[] } };
  assert.deepEqual(all.http.methods.map((m) => m.key), ['GET', 'HEAD', 'POST']);
  assert.ok(all.dns.questions.length > 1);
  const heads = JSON.parse((await run(file, 'http', '-Y', 'http.request.method == "HEAD"', '--json')).out) as { http: { methods: unknown[]; answers: unknown[] } };
  assert.deepEqual([heads.http.methods.length, heads.http.answers.length], [1, 0]);
});

test('pictures are whole documents, with nothing from the wire that is not escaped', async () => {
  const { out } = await run(file, 'hierarchy', 'io', 'lengths', 'flow', '-Y', 'dns or tcp.stream < 3', '--svg', 'pictures');
  assert.deepEqual(readdirSync(path.join(dir, 'pictures')).sort(), ['flow.svg', 'hierarchy.svg', 'io.svg', 'lengths.svg']);
  for (const name of readdirSync(path.join(dir, 'pictures'))) {
    const svg = readFileSync(path.join(dir, 'pictures', name), 'utf8');
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.ok(svg.endsWith('</svg>\n') && !svg.includes('NaN') && !svg.includes('undefined'));
    assert.ok(out.includes(name));
  }
});

test('the flow graph names its hosts and points its arrows', async () => {
  const { out } = await run(file, 'flow', '-Y', 'dns and ip');
  const lines = out.split('\n').filter((l) => / DNS /.test(l));
  assert.match(lines[0], /\|-+>\| +1 DNS/);
  assert.match(lines[1], /\|<-+\| +2 DNS/);
});

test('a statistic that does not exist is told with those that do', async () => {
  const { code, err } = await run(file, 'nonsense');
  assert.equal(code, EXIT.usage);
  assert.match(err, /hierarchy/);
});
