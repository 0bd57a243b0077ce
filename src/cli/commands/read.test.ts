import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { EXIT } from '../define-command.ts';
import { runCli } from '../run-cli.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-read-'));
after(() => rmSync(dir, { recursive: true }));

/** UDP "hello" from 192.0.2.1 port 40000 to 198.51.100.2 port 9999, and the same from 2001:db8::1 to 2001:db8::2. */
const FRAMES = [
  '02000000000202000000000108004500002100010000' + '40110000c0000201c6336402' + '9c40270f000d0000' + '68656c6c6f',
  '02000000000202000000000186dd60000000000d1140' + '20010db8000000000000000000000001' + '20010db8000000000000000000000002' + '9c40270f000d0000' + '68656c6c6f',
].map((hex) => Buffer.from(hex, 'hex'));

function pcap(frames: readonly Buffer[]): Buffer {
  const head = Buffer.from('d4c3b2a1020004000000000000000000000004000100' + '0000', 'hex');
  const parts = frames.flatMap((f, i) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000 + i, 0);
    record.writeUInt32LE(250_000 * i, 4);
    record.writeUInt32LE(f.length, 8);
    record.writeUInt32LE(f.length, 12);
    return [record, f];
  });
  return Buffer.concat([head, ...parts]);
}
const file = path.join(dir, 'two.pcap');
writeFileSync(file, pcap(FRAMES));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { isTty: false, columns: 80, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  return { code: await runCli(['read', ...args], { terminal, cwd: dir, env: {} }), out, err };
}

test('each packet is a line with both address families', async () => {
  const { code, out } = await run('two.pcap');
  assert.equal(code, EXIT.ok);
  const lines = out.trimEnd().split('\n');
  assert.match(lines[0], /^ {4}1 +0\.000000 +192\.0\.2\.1 → 198\.51\.100\.2 UDP 47 /);
  assert.match(lines[1], /^ {4}2 +1\.250000 +2001:db8::1 → 2001:db8::2 +UDP 67 /);
});

test('a filter chooses packets, and its mistakes are told with a caret', async () => {
  assert.equal((await run('two.pcap', '-Y', 'ipv6.src == 2001:db8::/32', '--count')).out, '1\n');
  assert.equal((await run('two.pcap', '-Y', 'ip.src == 192.0.2.1', '--count')).out, '1\n');
  const wrong = await run('two.pcap', '-Y', 'ip.sorce == 1');
  assert.equal(wrong.code, EXIT.usage);
  assert.match(wrong.err, /ip\.sorce == 1\n\^{8}\n.*ip\.src/s);
});

test('-T fields prints the chosen fields as tshark does', async () => {
  const { out } = await run('two.pcap', '-T', 'fields', '-e', 'frame.number', '-e', 'udp.port', '-e', 'ipv6.dst', '-e', 'eth.type', '-e', '_ws.col.Protocol', '-E', 'header=y', '-E', 'separator=;', '-E', 'quote=d');
  assert.equal(out, 'frame.number;udp.port;ipv6.dst;eth.type;_ws.col.Protocol\n"1";"40000,9999";;"0x0800";"UDP"\n"2";"40000,9999";"2001:db8::2";"0x86dd";"UDP"\n');
  assert.equal((await run('two.pcap', '-e', 'udp.port', '-E', 'occurrence=f', '-c', '1')).out, '40000\n');
  const wrong = await run('two.pcap', '-e', 'udp.prt');
  assert.equal(wrong.code, EXIT.usage);
  assert.match(wrong.err, /udp\.port/);
});

test('-T json and -T ek are JSON with every layer', async () => {
  const documents = JSON.parse((await run('two.pcap', '--json')).out) as { _source: { layers: Record<string, Record<string, unknown>> } }[];
  assert.deepEqual(documents.map((d) => Object.keys(d._source.layers)), [['frame', 'eth', 'ip', 'udp', 'data'], ['frame', 'eth', 'ipv6', 'udp', 'data']]);
  assert.equal(documents[0]._source.layers.udp['udp.dstport'], '9999');
  const lines = (await run('two.pcap', '-T', 'ek')).out.trimEnd().split('\n').map((l) => JSON.parse(l) as { timestamp?: string });
  assert.deepEqual(lines.map((l) => l.timestamp), [undefined, '1700000000000', undefined, '1700000001250']);
  assert.deepEqual(JSON.parse((await run('two.pcap', '--json', '-Y', 'tcp')).out), []);
});

test('-V and -x print every field and the bytes', async () => {
  const { out } = await run('two.pcap', '-V', '-x', '-c', '1');
  assert.match(out, /Internet Protocol Version 4\n/);
  assert.match(out, /^0020  64 02 9c 40 27 0f 00 0d 00 00 68 65 6c 6c 6f +d..@'.....hello$/m);
});

test('a damaged file gives what stands before the damage, and says where it is', async () => {
  writeFileSync(path.join(dir, 'cut.pcap'), pcap(FRAMES).subarray(0, -3));
  const { code, out, err } = await run('cut.pcap', '--count');
  assert.equal(code, EXIT.input);
  assert.equal(out, '1\n');
  assert.match(err, /1 packet before it was read/);
  writeFileSync(path.join(dir, 'text.pcap'), 'no capture at all, only text');
  assert.equal((await run('text.pcap')).code, EXIT.input);
  assert.equal((await run('missing.pcap')).code, EXIT.input);
});

test('-w keeps the packets that match, with their times, for other tools to read', async () => {
  const { code, out } = await run('two.pcap', '-Y', 'ipv6', '-w', 'six.pcapng');
  assert.equal(code, EXIT.ok);
  assert.equal(out, '');
  assert.equal((await run('six.pcapng', '-e', 'frame.time_epoch', '-e', 'ipv6.src')).out, '1700000001.250000000\t2001:db8::1\n');
  const peer = spawnSync('tshark', ['-n', '-r', path.join(dir, 'six.pcapng'), '-T', 'fields', '-e', 'frame.time_epoch', '-e', 'ipv6.src'], { encoding: 'utf8' });
  assert.equal(peer.stdout, '1700000001.250000000\t2001:db8::1\n');
  assert.equal((await run('two.pcap', '-w', 'two.pcap')).code, EXIT.usage);
  assert.equal((await run('two.pcap', '-w', 'no/such/folder.pcapng')).code, EXIT.usage);
});
