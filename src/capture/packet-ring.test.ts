import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lab } from '../drill/lab.ts';

const lab = new Lab(`ww-ring-${process.pid}`);
const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-ring-'));
const root = path.resolve(import.meta.dirname, '../..');

before(() => {
  lab.addHost('a');
  lab.addHost('b');
  lab.link({ host: 'a', device: 'eth0', addresses: ['192.0.2.1/24', '2001:db8::1/64'] }, { host: 'b', device: 'eth0', addresses: ['192.0.2.2/24', '2001:db8::2/64'] });
  // The source under test runs as the child process that it is in the program: it prints each packet's lengths and head.
  writeFileSync(path.join(dir, 'capture.mjs'), `
const [kind, iface, filter] = process.argv.slice(2);
const m = kind === 'ring' ? await import(${JSON.stringify(path.join(root, 'src/capture/ring-source.ts'))}) : await import(${JSON.stringify(path.join(root, 'src/capture/tcpdump-source.ts'))});
const Source = m.RingSource ?? m.TcpdumpSource;
try {
  const source = new Source({ interface: iface, filter, snaplen: 262144, promiscuous: false, ringBytes: 8 << 20 });
  source.start((b, at, caplen, wireLen, s, ns, link) => console.log(JSON.stringify({ hex: Buffer.from(b.buffer, b.byteOffset + at, Math.min(caplen, 80)).toString('hex'), caplen, wireLen, s, link })), (why) => console.log(JSON.stringify({ ended: why })));
  console.log(JSON.stringify({ started: true }));
  process.on('SIGTERM', async () => { console.log(JSON.stringify({ counts: source.counts() })); await source.stop(); process.exit(0); });
} catch (error) { console.log(JSON.stringify({ code: error.code, message: error.message, remedy: error.remedy })); process.exit(4); }
`);
});
after(async () => {
  await lab.destroy();
  rmSync(dir, { recursive: true });
});

interface Line {
  hex?: string;
  caplen?: number;
  wireLen?: number;
  started?: boolean;
  counts?: { received: number; dropped: number };
  code?: string;
  message?: string;
  remedy?: string;
}

/** Captures on host a while `act` runs, and returns what was printed. */
async function capture(kind: string, filter: string, act: () => void, iface = 'eth0'): Promise<Line[]> {
  const child = lab.start('a', [process.execPath, path.join(dir, 'capture.mjs'), kind, iface, filter], { stdio: 'pipe' });
  let text = '';
  const done = new Promise((exit) => child.once('close', exit));
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  for (let i = 0; i < 100 && !text.includes('started') && child.exitCode === null; i++) await sleep(50);
  await sleep(kind === 'tcpdump' ? 700 : 50);
  if (child.exitCode === null) act();
  await sleep(600);
  child.kill('SIGTERM');
  await done;
  return text.trim().split('\n').map((l) => JSON.parse(l) as Line);
}

for (const kind of ['ring', 'tcpdump']) {
  for (const [name, address, filter, marker] of [['IPv4', '192.0.2.2', 'icmp', '0800'], ['IPv6', '2001:db8::2', 'icmp6 and ip6[40] >= 128 and ip6[40] <= 129', '86dd']] as const) {
    test(`${kind}: a filter lets ten echo requests and their replies through, and nothing else (${name})`, async () => {
      const lines = await capture(kind, filter, () => {
        lab.run('a', ['ping', '-n', '-c', '10', '-i', '0.01', '-s', '500', address]);
      });
      const packets = lines.filter((l) => l.hex !== undefined);
      assert.equal(packets.length, 20, JSON.stringify(lines.slice(0, 3)));
      assert.ok(packets.every((p) => p.hex!.slice(24, 28) === marker && p.caplen === p.wireLen && p.caplen === (name === 'IPv4' ? 542 : 562)));
    });
  }
}

test('ring: nothing is lost and the kernel agrees about the count', async () => {
  const lines = await capture('ring', 'udp port 9', () => {
    lab.run('a', [process.execPath, '-e', `
const s = require('node:dgram').createSocket('udp4'); let n = 0;
const send = () => { for (let i = 0; i < 50 && n < 5000; i++, n++) s.send(Buffer.alloc(64, n), 9, '192.0.2.2'); if (n < 5000) setTimeout(send, 1); else setTimeout(() => s.close(), 50); }; send();`]);
  });
  assert.equal(lines.filter((l) => l.hex !== undefined).length, 5000);
  assert.deepEqual(lines.findLast((l) => l.counts !== undefined)?.counts, { received: 5000, dropped: 0 });
});

test('ring: on loopback every packet is seen once', async () => {
  const lines = await capture('ring', 'icmp', () => {
    lab.run('a', ['ping', '-n', '-c', '3', '-i', '0.01', '127.0.0.1']);
  }, 'lo');
  assert.equal(lines.filter((l) => l.hex !== undefined).length, 6);
});

test('ring: a VLAN tag that the kernel took off is put back', async () => {
  const frame = `ffffffffffff0200000000028100006408004500002e0001000040000000${'c0000202c0000201'}${'00'.repeat(26)}`;
  writeFileSync(path.join(dir, 'send.py'), `
import socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(('eth0', 0)); s.send(bytes.fromhex('${frame}'))`);
  const lines = await capture('ring', '', () => {
    lab.run('b', ['python3', path.join(dir, 'send.py')]);
  });
  const tagged = lines.find((l) => l.hex?.startsWith('ffffffffffff020000000002'));
  assert.ok(tagged, JSON.stringify(lines));
  assert.equal(tagged.hex!.slice(24, 36), '810000640800');
});

test('ring: a filter that libpcap refuses is told in its words, a missing interface by name', async () => {
  const [bad] = await capture('ring', 'host and and', () => undefined);
  assert.equal(bad.code, 'WW_CAPTURE_FILTER');
  assert.match(bad.message!, /host and and/);
  const [missing] = await capture('ring', '', () => undefined, 'nosuch0');
  assert.equal(missing.code, 'WW_CAPTURE_INTERFACE');
});

test('ring: without the privilege the one command that grants it is named', () => {
  const copy = path.join(dir, 'capture.mjs');
  spawnSync('chmod', ['-R', 'a+rX', dir]);
  const run = spawnSync('setpriv', ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, copy, 'ring', 'lo', ''], { encoding: 'utf8' });
  const said = JSON.parse(run.stdout) as Line;
  assert.equal(said.code, 'WW_CAPTURE_PRIVILEGE');
  assert.match(said.remedy!, /^sudo setcap cap_net_raw\+ep \//);
  assert.ok(readFileSync(copy, 'utf8').length > 0);
});
