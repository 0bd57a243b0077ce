import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../define-command.ts';
import { runCli } from '../run-cli.ts';

const golden = path.resolve(import.meta.dirname, '../../../test/golden');
const file = path.join(golden, 'applications/input.pcap');

async function run(args: readonly string[], colour = false): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { isTty: colour, columns: 80, colour, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  return { code: await runCli([...args], { terminal, cwd: golden, env: {} }), out, err };
}

function shark(...args: string[]): string {
  const run = spawnSync('tshark', ['-n', '-r', file, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(run.error, undefined, 'tshark is needed: apt-get install tshark');
  return run.stdout;
}

test('a second pass tells each frame the later one that answers or completes it, as with tshark', async () => {
  for (const field of ['dns.response_in', 'http.response_in', 'tcp.reassembled_in']) {
    const args = ['-2', '-Y', field, '-T', 'fields', '-e', 'frame.number', '-e', field];
    const { out } = await run(['read', file, ...args]);
    assert.ok(out.split('\n').length > 5, field);
    assert.equal(out, shark(...args), field);
  }
  assert.equal((await run(['read', '-', '-2'])).code, EXIT.usage);
});

test('preferences leave PDUs in the segments that carry them', async () => {
  assert.ok(Number((await run(['read', file, '-Y', 'tcp.segments', '--count'])).out) > 5);
  assert.equal((await run(['read', file, '-o', 'tcp.desegment_tcp_streams:FALSE', '-Y', 'tcp.segments', '--count'])).out, '0\n');
  const wrong = await run(['read', file, '-o', 'tcp.nonsense:TRUE']);
  assert.equal(wrong.code, EXIT.usage);
  assert.match(wrong.err, /ip\.defragment/);
});

test('-q -z prints the hierarchy that tshark prints', async () => {
  // Where tshark prints PDUs that were put together depends on what else it is asked for.
  const { out } = await run(['read', file, '-q', '-z', 'io,phs', '-Y', 'not tcp.segments']);
  const theirs = [...shark('-q', '-z', 'io,phs,not tcp.segments').matchAll(/^( *)(\S+) +frames:(\d+) bytes:(\d+)/gm)].map((m) => [m[1].length / 2, m[2], m[3], m[4]].join(' '));
  const ours = [...out.matchAll(/^( *)([a-z_.0-9-]+) +(\d+) +(\d+)$/gm)].map((m) => [m[1].length / 2, m[2], m[3], m[4]].join(' '));
  // tshark's tree begins below the frame.
  assert.deepEqual(ours.slice(1).map((line) => line.replace(/^\d+/, (d) => String(Number(d) - 1))), theirs);
});

test('-T pdml names the protocols of tshark, with fields that have their bytes', async () => {
  const names = (xml: string): string[][] => xml.split('<packet>').slice(1).map((p) => [...p.matchAll(/<proto name="([^"]+)"/g)].map((m) => m[1]).filter((n) => n !== 'geninfo' && n !== 'fake-field-wrapper'));
  const { out } = await run(['read', file, '-T', 'pdml', '-Y', '(dns or arp or http) and not tcp.segments']);
  assert.deepEqual(names(out), names(shark('-T', 'pdml', '-Y', '(dns or arp or http) and not tcp.segments')));
  assert.match(out, /<field name="dns\.id" showname="[^"]*" size="2" pos="42" show="0x[0-9a-f]{4}" value="[0-9a-f]{4}"\/>/);
  assert.ok(out.endsWith('</pdml>\n'));
});

test('a terminal sees what stands out, a pipe sees none of it', async () => {
  const { out } = await run(['read', file, '-Y', 'tcp.flags.reset == 1 or dns'], true);
  const lines = out.trimEnd().split('\n');
  assert.ok(lines.some((l) => l.startsWith('\u001b[31m') && l.includes('[RST')), 'a reset is red');
  assert.ok(lines.every((l) => !l.startsWith('\u001b') || l.endsWith('\u001b[0m')));
  assert.ok(!(await run(['read', file, '-c', '20'])).out.includes('\u001b'));
});

test('a hunt reads each capture once for all filters, and tells what it found where', async () => {
  const { code, out } = await run(['hunt', '.', '-Y', 'arp', '-Y', 'tcp.flags.reset == 1', '--json']);
  assert.equal(code, EXIT.ok);
  const { findings } = JSON.parse(out) as { findings: { file: string; name: string; count: number; frames: number[] }[] };
  const resets = findings.find((f) => f.file === 'applications/input.pcap' && f.name === 'tcp.flags.reset == 1');
  assert.deepEqual(resets?.frames.map(String), shark('-Y', 'tcp.flags.reset == 1', '-T', 'fields', '-e', 'frame.number').trim().split('\n'));
  assert.ok(findings.some((f) => f.name === 'arp'));
  assert.equal((await run(['hunt', 'applications', '-Y', 'frame.number == 0'])).code, EXIT.negative);
  assert.equal((await run(['hunt', 'applications'])).code, EXIT.usage);
  assert.match((await run(['hunt', 'applications', '-Y', 'tcp.prt'])).err, /\^/);
});
