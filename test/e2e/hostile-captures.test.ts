// Truncated, corrupt and hostile captures through every command that reads files: a clear message with the place, what was read
// before it, the documented exit code; never a crash, a hang or memory without bound.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '../..');
const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-hostile-'));
const good = readFileSync(path.join(ROOT, 'demo/office.pcapng'));
const COMMANDS: readonly (readonly string[])[] = [['read', '--count'], ['read', '-V', '-c', '50'], ['flows'], ['stats'], ['analyze', '--json'], ['follow', 'tcp', '0']];

after(() => rmSync(dir, { recursive: true }));

interface Outcome {
  readonly status: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
  /** Largest resident memory, MB. */
  readonly rssMb: number;
}

function run(file: string, [verb, ...rest]: readonly string[]): Outcome {
  const args = verb === 'follow' ? [verb, file, ...rest] : [verb, ...rest, file];
  const result = spawnSync('/usr/bin/time', ['-f', 'RSS %M', process.execPath, path.join(ROOT, 'src/cli/main.ts'), ...args], { encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 28 });
  const rss = /RSS (\d+)/.exec(result.stderr);
  return { status: result.status, signal: result.signal, out: result.stdout, err: result.stderr, rssMb: rss === null ? 0 : Number(rss[1]) / 1024 };
}

function written(name: string, bytes: Uint8Array): string {
  const file = path.join(dir, name);
  writeFileSync(file, bytes);
  return file;
}

/** A small generator with a seed (mulberry32): the same damage in every run. */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function mutated(seed: number): Uint8Array {
  const random = seeded(seed);
  const bytes = Uint8Array.from(good);
  for (let i = 0; i < 400; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  return bytes;
}

test('a capture that is cut short is told with its place, and what was read before it is given', () => {
  const file = written('cut.pcapng', good.subarray(0, Math.floor(good.length * 0.6) + 3));
  for (const command of COMMANDS) {
    const o = run(file, command);
    if (command[0] === 'read' && command.includes('-c')) assert.equal(o.status, 0, 'fifty frames come before the cut');
    else assert.equal(o.status, 3, `${command.join(' ')}: ${o.err}`);
    if (o.status === 3) assert.match(o.err, /cut short|byte|offset/i);
    assert.ok(o.out.length > 0, `${command.join(' ')} gives what it read`);
  }
});

test('what is no capture at all is refused by name', () => {
  for (const [name, bytes] of [['text.pcap', Buffer.from('this is a letter, not a capture\n'.repeat(10))], ['short.pcap', Buffer.from([0xd4, 0xc3])], ['zeros.pcap', Buffer.alloc(4096)]] as const) {
    const o = run(written(name, bytes), ['read', '--count']);
    assert.equal(o.status, 3, o.err);
    assert.match(o.err, /WW_CAPTURE_FORMAT|capture/);
  }
});

test('block lengths that lie neither take memory nor end in a loop', () => {
  for (const [i, length] of [[0, 0xffffffff], [1, 0], [2, 3], [3, 0x7ffffff0]] as const) {
    const bytes = Uint8Array.from(good);
    // The second block's total length.
    const second = new DataView(bytes.buffer).getUint32(4, true);
    new DataView(bytes.buffer).setUint32(second + 4, length, true);
    const o = run(written(`length-${i}.pcapng`, bytes), ['analyze', '--json']);
    assert.equal(o.status, 3, `${length}: ${o.err}`);
    assert.ok(o.rssMb < 300, `${o.rssMb} MB`);
  }
});

for (const seed of [1, 2, 3]) {
  test(`four hundred changed bytes (seed ${seed}) crash nothing`, { timeout: 200_000 }, () => {
    const file = written(`mutated-${seed}.pcapng`, mutated(seed));
    for (const command of COMMANDS) {
      const o = run(file, command);
      assert.equal(o.signal, null, `${command.join(' ')} hung`);
      assert.ok([0, 1, 3].includes(o.status ?? -1), `${command.join(' ')}: exit ${o.status}\n${o.err}`);
      assert.doesNotMatch(o.err, /TypeError|RangeError|at .*\.ts:\d+/);
      assert.ok(o.rssMb < 300, `${command.join(' ')}: ${o.rssMb} MB`);
    }
  });
}

test('a pattern that stalls other engines ends at once', () => {
  const o = spawnSync(process.execPath, [path.join(ROOT, 'src/cli/main.ts'), 'read', path.join(ROOT, 'demo/office.pcapng'), '--count', '-Y', 'frame matches "(a+)+(b+)+(a+)+$"'], { encoding: 'utf8', timeout: 30_000 });
  assert.equal(o.status, 0, o.stderr);
});

test('a filter error points at the character', () => {
  const o = spawnSync(process.execPath, [path.join(ROOT, 'src/cli/main.ts'), 'read', path.join(ROOT, 'demo/office.pcapng'), '-Y', 'ip.addr == 10.0.0.1 && tcp.prt == 80'], { encoding: 'utf8' });
  assert.equal(o.status, 2);
  assert.match(o.stderr, /ip\.addr == 10\.0\.0\.1 && tcp\.prt == 80\n {23}\^{7}/);
  assert.match(o.stderr, /tcp\.port/);
});
