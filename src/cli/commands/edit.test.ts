import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, copyFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readCaptureSync } from '../../capture/file-source.ts';
import { CaptureFramer } from '../../pcap/capture-framer.ts';
import { EXIT } from '../define-command.ts';
import { runCli } from '../run-cli.ts';

const golden = path.resolve(import.meta.dirname, '../../../test/golden');
const applications = path.join(golden, 'applications/input.pcap');
const basics = path.join(golden, 'basics/input.pcap');
const hasTshark = spawnSync('tshark', ['--version']).status === 0;
let dir = '';
before(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-edit-'));
});
after(() => rmSync(dir, { recursive: true }));

async function edit(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { isTty: false, columns: 100, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  return { code: await runCli(['edit', ...args], { terminal, env: {}, cwd: dir }), get out() { return out; }, get err() { return err; } };
}

interface Seen {
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly wireLen: number;
  readonly bytes: Uint8Array;
}

function packetsOf(file: string): Seen[] {
  const seen: Seen[] = [];
  const framer = new CaptureFramer((h) => void seen.push({ seconds: h.seconds, nanoseconds: h.nanoseconds, wireLen: h.wireLen, bytes: h.bytes.slice(h.at, h.at + h.caplen) }));
  readCaptureSync(path.resolve(dir, file), framer);
  assert.equal(framer.damage, undefined);
  return seen;
}

const timeOf = (p: Seen): number => p.seconds + p.nanoseconds / 1e9;

test('a capture that is converted to the other formats and back holds the same packets', async () => {
  const before = packetsOf(applications);
  for (const [from, to] of [[applications, 'a.pcapng'], ['a.pcapng', 'b.pcap.gz'], ['b.pcap.gz', 'c.pcapng.gz'], ['c.pcapng.gz', 'd.pcap']] as const) {
    const { code, err } = await edit(from, '-w', to);
    assert.equal(code, EXIT.ok, err);
    assert.deepEqual(packetsOf(to), before, to);
  }
  assert.equal(readFileSync(path.join(dir, 'b.pcap.gz'))[0], 0x1f);
});

test('captures are merged in the order of time, or put one behind the other', async () => {
  const both = [...packetsOf(applications), ...packetsOf(basics)];
  await edit(applications, basics, '-w', 'merged.pcapng');
  const merged = packetsOf('merged.pcapng');
  assert.equal(merged.length, both.length);
  for (let i = 1; i < merged.length; i++) assert.ok(timeOf(merged[i]) >= timeOf(merged[i - 1]));
  await edit(applications, basics, '-a', '-w', 'appended.pcapng');
  assert.deepEqual(packetsOf('appended.pcapng'), both);
});

test('packets are chosen by number and time, cut, moved in time, and written to several files', async () => {
  const all = packetsOf(applications);
  await edit(applications, '-r', '2-4,7', '-x', '3', '-w', 'some.pcap');
  assert.deepEqual(packetsOf('some.pcap'), [all[1], all[3], all[6]]);
  const from = all[20].seconds + all[20].nanoseconds / 1e9;
  await edit(applications, '-A', String(from), '-B', new Date(1000 * (from + 2)).toISOString(), '-w', 'span.pcap');
  assert.deepEqual(packetsOf('span.pcap'), all.filter((p) => timeOf(p) >= from && timeOf(p) < Math.floor(1000 * (from + 2)) / 1000));
  await edit(applications, '-s', '60', '-t', '-1.5', '-w', 'short.pcap');
  const short = packetsOf('short.pcap');
  assert.deepEqual(short.map((p) => [p.wireLen, p.bytes.length]), all.map((p) => [p.wireLen, Math.min(60, p.bytes.length)]));
  assert.ok(short.every((p, i) => Math.abs(timeOf(all[i]) - timeOf(p) - 1.5) < 1e-6));
  const { err } = await edit(applications, '-c', '100', '-w', 'part.pcapng.gz');
  const parts = [...err.matchAll(/\S+part_\d{5}\.pcapng\.gz/g)].map(([name]) => packetsOf(name));
  assert.deepEqual(parts.map((p) => p.length), [100, 100, 100, all.length - 300]);
  assert.deepEqual(parts.flat(), all);
});

test('copies of packets are left out, disorder is mended', async () => {
  const all = packetsOf(basics);
  const { err } = await edit(basics, basics, '-d', '5', '-w', 'once.pcap');
  // A packet that was sent twice in a row is a copy too.
  const left = packetsOf('once.pcap').length;
  assert.ok(left > 0 && left <= all.length, String(left));
  assert.match(err, new RegExp(`${2 * all.length - left} copies left out`));
  await edit(basics, basics, '-a', '-R', String(2 * all.length), '-w', 'ordered.pcap');
  const ordered = packetsOf('ordered.pcap');
  for (let i = 1; i < ordered.length; i++) assert.ok(timeOf(ordered[i]) >= timeOf(ordered[i - 1]));
});

test('a pseudonymised capture holds none of the old addresses, the same networks, and right checksums', async () => {
  for (const input of [applications, basics]) {
    const first = await edit(input, '-p', 'key', '-w', 'hidden.pcapng');
    assert.equal(first.code, EXIT.ok, first.err);
    assert.equal(statSync(path.join(dir, 'key')).mode & 0o777, 0o600);
    const hidden = packetsOf('hidden.pcapng');
    const old = packetsOf(input);
    assert.equal(hidden.length, old.length);
    // Of the bytes that hold the addresses of the two hosts none is left in any head.
    for (const p of hidden) {
      const text = Buffer.from(p.bytes).subarray(0, 54).toString('hex');
      assert.ok(!text.includes('c0000201') && !text.includes('c0000202') && !text.includes('20010db8'), text);
    }
    assert.deepEqual(hidden.map((p) => p.bytes.length), old.map((p) => p.bytes.length));
    await edit(input, '-p', 'key', '-w', 'again.pcapng');
    assert.deepEqual(packetsOf('again.pcapng'), hidden);
    if (!hasTshark) continue;
    const checked = (file: string): string =>
      spawnSync('tshark', ['-n', '-r', path.resolve(dir, file), '-o', 'ip.check_checksum:TRUE', '-o', 'tcp.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE', '-T', 'fields',
        ...['ip.checksum.status', 'tcp.checksum.status', 'udp.checksum.status', 'icmp.checksum.status', 'icmpv6.checksum.status', 'frame.protocols'].flatMap((f) => ['-e', f])], { encoding: 'utf8' }).stdout;
    assert.equal(checked('hidden.pcapng'), checked(input));
  }
});

test('what other tools say of a written capture is what is in it', async () => {
  await edit(applications, '-w', 'seen.pcapng', '--comment', 'cut for a test');
  assert.equal(packetsOf('seen.pcapng').length, packetsOf(applications).length);
  if (!hasTshark) return;
  const info = spawnSync('capinfos', ['-c', '-k', '-t', path.join(dir, 'seen.pcapng')], { encoding: 'utf8' }).stdout;
  assert.match(info, new RegExp(`packets:\\s+${packetsOf(applications).length}\\b`));
  assert.match(info, /cut for a test/);
  assert.match(info, /pcapng/);
});

test('a damaged capture is edited up to the damage, which is told with its place', async () => {
  copyFileSync(applications, path.join(dir, 'cut.pcap'));
  truncateSync(path.join(dir, 'cut.pcap'), 5000);
  const { code, err } = await edit('cut.pcap', '-w', 'rest.pcap');
  assert.equal(code, EXIT.input);
  assert.match(err, /cut short in the middle of a record.*byte \d+, after \d+ packets/);
  assert.ok(packetsOf('rest.pcap').length > 0);
});

test('mistakes say what to do: the input as output, two link types in pcap, numbers and times that are none', async () => {
  copyFileSync(applications, path.join(dir, 'same.pcap'));
  assert.match((await edit('same.pcap', '-w', 'same.pcap')).err, /another name/);
  for (const [args, hint] of [[['-r', 'x'], /1-10,15/], [['-A', 'noon'], /2026-01-31/], [['-t', 'later'], /90s/], [['-F', 'snoop'], /pcapng or pcap/], [['-d', '0'], /from 1/]] as const) {
    const { code, err } = await edit(applications, '-w', 'x.pcap', ...args);
    assert.equal(code, EXIT.usage);
    assert.match(err, hint);
  }
});
