import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCaptureSync } from '../../capture/file-source.ts';
import { CaptureFramer } from '../../pcap/capture-framer.ts';
import { Lab } from '../../drill/lab.ts';

const main = path.resolve(import.meta.dirname, '../main.ts');
const lab = new Lab(`ww-cap-${process.pid}`);
let dir = '';
before(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-capture-'));
  lab.addHost('a');
  lab.addHost('b');
  lab.link({ host: 'a', device: 'eth0', addresses: ['192.0.2.1/24', '2001:db8::1/64'] }, { host: 'b', device: 'eth0', addresses: ['192.0.2.2/24', '2001:db8::2/64'] });
});
after(async () => {
  await lab.destroy();
  rmSync(dir, { recursive: true });
});

interface Run {
  code: number | null;
  out: string;
  err: string;
}

/** Runs `wirewatch capture` on host a, `act` once it captures, an interrupt after it where the capture does not end by itself. */
async function capture(args: readonly string[], act: () => void = () => undefined, interrupt = false, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<Run> {
  const child = lab.start('a', [process.execPath, main, 'capture', ...args], { stdio: 'pipe' });
  let out = '';
  let err = '';
  child.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString(encoding)));
  child.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  for (let i = 0; i < 200 && !err.includes('capturing on') && child.exitCode === null; i++) await sleep(50);
  if (child.exitCode === null) act();
  if (interrupt) {
    await sleep(200);
    child.kill('SIGINT');
  }
  return { code: await ended, out, err };
}

const ping = (address: string, count = 5): void => void lab.run('a', ['ping', '-n', '-c', String(count), '-i', '0.01', address]);

function packetsIn(file: string): number {
  const framer = new CaptureFramer(() => undefined);
  readCaptureSync(file, framer);
  assert.equal(framer.damage, undefined);
  return framer.packets;
}

for (const [family, address, filter] of [['IPv4', '192.0.2.2', 'icmp'], ['IPv6', '2001:db8::2', 'icmp6 and ip6[40] >= 128 and ip6[40] <= 129']] as const) {
  test(`a capture ends after its packets and leaves a file that holds exactly them (${family})`, async () => {
    const file = path.join(dir, `${family}.pcapng`);
    const run = await capture(['-i', 'eth0', '-f', filter, '-w', file, '-c', '10'], () => ping(address));
    assert.equal(run.code, 0, run.err);
    assert.match(run.err, /^10 packets captured, none dropped; ended: packets$/m);
    assert.equal(packetsIn(file), 10);
  });
}

test('an interrupt ends a capture, and what came just before it is in the file', async () => {
  const file = path.join(dir, 'stopped.pcapng');
  const run = await capture(['-i', 'eth0', '-f', 'icmp', '-w', file], () => ping('192.0.2.2'), true);
  assert.equal(run.code, 0, run.err);
  assert.match(run.err, /ended: stopped/);
  assert.equal(packetsIn(file), 10);
});

test('a ring of files keeps the newest', async () => {
  const run = await capture(['-i', 'eth0', '-f', 'icmp', '-w', path.join(dir, 'ring.pcapng'), '-b', 'packets:4,files:2', '-c', '18'], () => ping('192.0.2.2', 10));
  assert.equal(run.code, 0, run.err);
  const files = readdirSync(dir).filter((f) => f.startsWith('ring_'));
  assert.equal(files.length, 2);
  assert.deepEqual(files.sort().map((f) => packetsIn(path.join(dir, f))), [4, 2]);
});

test('without a file the packets are printed as they come, chosen by a display filter', async () => {
  const run = await capture(['-i', 'eth0', '-f', 'icmp', '-Y', 'ip.src == 192.0.2.2', '-c', '6'], () => ping('192.0.2.2', 3));
  assert.equal(run.code, 0, run.err);
  const lines = run.out.trim().split('\n');
  assert.equal(lines.length, 3);
  assert.ok(lines.every((l) => l.includes('192.0.2.2 → 192.0.2.1')), run.out);
});

test('a capture to standard output is a capture, and nothing else is in it', async () => {
  const run = await capture(['-i', 'eth0', '-f', 'icmp', '-w', '-', '-P', '-c', '4'], () => ping('192.0.2.2', 2), false, 'latin1');
  const framer = new CaptureFramer(() => undefined);
  framer.push(Buffer.from(run.out, 'latin1'));
  framer.end();
  assert.equal(framer.damage, undefined);
  assert.equal(framer.packets, 4);
});

test('mistakes are told with their exit codes before anything is captured', async () => {
  const cases: [string[], number, RegExp][] = [
    [['-i', 'nosuch0'], 2, /WW_CAPTURE_INTERFACE/],
    [['-i', 'eth0', '-f', 'host and and'], 2, /WW_CAPTURE_FILTER/],
    [['-i', 'eth0', '-Y', 'ip.scr == 192.0.2.1'], 2, /ip\.src/],
    [['-i', 'eth0', '-b', 'files:3', '-w', 'x'], 2, /filesize/],
    [['-i', 'eth0', '-a', 'hours:3'], 2, /duration/],
    [['-i', 'eth0', '-c', 'many'], 2, /whole number/],
    [['-i', 'eth0', '-w', path.join(dir, 'no/such/folder')], 2, /WW_ARGUMENT/],
  ];
  for (const [args, code, words] of cases) {
    const run = await capture(args);
    assert.equal(run.code, code, `${args.join(' ')}: ${run.err}`);
    assert.match(run.err, words);
  }
});

test('without the privilege the one command that grants it is named, and the exit code says so', async () => {
  // Nobody can read the program's own folder where that is private: the process starts as root and drops everything.
  const child = spawn('setpriv', ['--bounding-set', '-all', '--inh-caps', '-all', '--ambient-caps', '-all', '--no-new-privs', process.execPath, main, 'capture', '-i', 'lo', '-c', '1'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const code = await new Promise((done) => child.once('close', done));
  assert.equal(code, 4, err);
  assert.match(err, /WW_CAPTURE_PRIVILEGE/);
  assert.match(err, /to do: sudo setcap cap_net_raw\+ep \//);
});

test('a reader that goes away ends the capture quietly', () => {
  const inLab = `ip netns exec ${lab.namespace('a')}`;
  const run = spawnSync('bash', ['-c', `
    ${inLab} ping -n -q -i 0.01 -w 20 192.0.2.2 >/dev/null 2>&1 & pinging=$!
    ${inLab} ${process.execPath} ${main} capture -i eth0 -f icmp -w - | head -c 2000 | wc -c
    echo code \${PIPESTATUS[0]}
    kill $pinging`], { encoding: 'utf8', timeout: 15_000 });
  assert.match(run.stdout, /^2000\ncode 0\n/, run.stderr);
  assert.match(run.stderr, /ended: reader gone/);
});
