import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { generateLarge, generateSmall } from '../../scripts/captures/bench-generated.ts';
import { EXIT } from '../../src/cli/define-command.ts';
import { runCli } from '../../src/cli/run-cli.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-traffic-'));
after(() => rmSync(dir, { recursive: true }));
generateLarge(path.join(dir, 'large.pcap'), 2);
generateSmall(path.join(dir, 'small.pcap'), 3000);
writeFileSync(path.join(dir, 'cut.pcap'), readFileSync(path.join(dir, 'small.pcap')).subarray(0, 10_000));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { isTty: false, columns: 80, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  return { code: await runCli(args, { terminal, cwd: dir, env: {} }), out, err };
}

test('flows prints a line for each flow of both families, as a table, as JSON and as conn.log', async () => {
  const table = await run('flows', 'large.pcap');
  assert.equal(table.code, EXIT.ok);
  assert.match(table.out, /tcp {3}10\.0\.\d+\.\d+:\d+ +198\.51\.100\.\d+:80 +http +S/);
  assert.match(table.out, /tcp {3}\[2001:db8::a00:[\da-f]+\]:\d+ +\[2001:db8::c633:64[\da-f]+\]:80 +http/);
  const rows = (await run('flows', 'large.pcap', '-f', 'json')).out.trim().split('\n').map((line) => JSON.parse(line) as { id: string; srcPackets: number; dstPackets: number });
  assert.equal(rows.length, table.out.trim().split('\n').length - 1);
  const zeek = (await run('flows', 'large.pcap', '-f', 'zeek')).out.trim().split('\n');
  const fields = zeek.find((line) => line.startsWith('#fields'))!.split('\t').length - 1;
  const lines = zeek.filter((line) => !line.startsWith('#'));
  assert.equal(lines.length, rows.length);
  for (const line of lines) assert.equal(line.split('\t').length, fields);
});

test('flows -Y takes the flows of which the filter takes a packet', async () => {
  const all = (await run('flows', 'small.pcap', '-f', 'json')).out.trim().split('\n');
  const dns = (await run('flows', 'small.pcap', '-f', 'json', '-Y', 'dns.flags.response == 1 && ipv6')).out.trim().split('\n').map((l) => JSON.parse(l) as { dstPort: number; srcIp: string });
  assert.ok(dns.length > 10 && dns.length < all.length);
  for (const flow of dns) {
    assert.equal(flow.dstPort, 53);
    assert.equal(flow.srcIp.startsWith('20010db8'), true);
  }
});

test('a cut capture gives the flows before the cut, says where it is cut, and ends with the code for damaged input', async () => {
  for (const command of ['flows', 'stats']) {
    const { code, out, err } = await run(command, 'cut.pcap');
    assert.equal(code, EXIT.input);
    assert.match(err, /cut short/);
    assert.ok(out.split('\n').length > 5);
  }
  assert.equal((await run('flows', 'small.pcap', '-f', 'xml')).code, EXIT.usage);
  assert.equal((await run('flows', 'small.pcap', '-Y', 'tcp.prt == 80')).code, EXIT.usage);
});

test('stats counts what tshark counts: frames and bytes of every protocol', async () => {
  const { code, out } = await run('stats', 'small.pcap', '--json');
  assert.equal(code, EXIT.ok);
  const summary = JSON.parse(out) as { frames: number; hierarchy: { path: string; frames: number; bytes: number }[]; lengths: { frames: number }[]; io: { intervals: { frames: number }[] } };
  assert.equal(summary.frames, summary.lengths.reduce((n, l) => n + l.frames, 0));
  assert.equal(summary.frames, summary.io.intervals.reduce((n, i) => n + i.frames, 0));
  const shark = spawnSync('tshark', ['-n', '-q', '-r', path.join(dir, 'small.pcap'), '-z', 'io,phs'], { encoding: 'utf8' });
  assert.equal(shark.error, undefined, 'tshark is needed: apt-get install tshark');
  const counts = (name: string): string[] => [...shark.stdout.matchAll(new RegExp(`^ *${name} +frames:(\\d+) bytes:(\\d+)`, 'gm'))].map((m) => `${m[1]} ${m[2]}`).sort();
  for (const name of ['eth', 'ip', 'ipv6', 'tcp', 'udp', 'dns']) {
    const ours = summary.hierarchy.filter((h) => h.path.split(':').at(-1) === name).map((h) => `${h.frames} ${h.bytes}`).sort();
    assert.deepEqual(ours, counts(name), name);
  }
});

test('stats shows conversations and traffic over time to people', async () => {
  const { out } = await run('stats', 'large.pcap', '-n', '3');
  for (const title of ['Protocol hierarchy', 'Conversations by bytes', 'Endpoints by bytes', 'Packet lengths', 'Traffic over time']) assert.match(out, new RegExp(`^${title}`, 'm'));
});
