import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Case } from '../model/index.ts';

const main = path.resolve(import.meta.dirname, 'main.ts');
let dir = '';
let capture = '';
before(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'ww-case-'));
  capture = path.join(dir, 'ping.pcap');
  writeFileSync(capture, pcapOf([echo(1), echo(2), echo(3)]));
});
after(() => rmSync(dir, { recursive: true, force: true }));

/** An ICMPv6 echo request from 2001:db8::1 to 2001:db8::2 in an Ethernet frame. */
function echo(sequence: number): Buffer {
  const ethernet = Buffer.from('02000000000202000000000186dd', 'hex');
  const ip = Buffer.from('6000000000083a40' + '20010db8000000000000000000000001' + '20010db8000000000000000000000002', 'hex');
  const icmp = Buffer.from([128, 0, 0, 0, 0x12, 0x34, 0, sequence]);
  return Buffer.concat([ethernet, ip, icmp]);
}

/** A pcap file (microseconds, little endian, Ethernet). */
function pcapOf(frames: readonly Buffer[]): Buffer {
  const header = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex');
  return Buffer.concat([header, ...frames.flatMap((frame, i) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_767_225_600 + i, 0);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return [record, frame];
  })]);
}

function wirewatch(...args: string[]): { code: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, [main, '--data', path.join(dir, 'data'), ...args], { cwd: dir, encoding: 'utf8', timeout: 60_000 });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

test('a case keeps what was run, why, and the hashes; a replay gives the same, or says where not', () => {
  const begun = wirewatch('case', 'new', 'Who pings?');
  assert.equal(begun.code, 0, begun.err);
  assert.match(begun.out, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\n$/);
  const ran = wirewatch('case', 'run', '--reason', 'the echo requests alone', '--', 'read', 'ping.pcap', '-Y', 'frame.len == 62');
  assert.equal(ran.code, 0, ran.err);
  assert.match(ran.err, /^step 1 of Who pings\?: \d+ bytes, SHA-256 [0-9a-f]{64}$/m);
  assert.equal(wirewatch('case', 'note', 'three of them').code, 0);
  assert.equal(wirewatch('case', 'add', 'ping.pcap', '--reason', 'the capture').code, 0);
  const kept = JSON.parse(wirewatch('case', 'show', '--json').out) as Case;
  assert.deepEqual(kept.steps.map((s) => s.verb), ['read', 'note', 'add']);
  assert.deepEqual(Object.keys(kept.steps[0].inputs), ['../../../ping.pcap']);
  assert.deepEqual(wirewatch('case', 'verify').code, 0);

  const same = wirewatch('case', 'replay');
  assert.equal(same.code, 0, same.out + same.err);
  assert.match(same.out, /1 result equal, 0 not/);

  // A result that was tampered with on the disk, in step with nothing else.
  const result = path.join(dir, 'data', 'cases', kept.id, 'results', '0001.txt');
  const before = readFileSync(result, 'utf8');
  chmodSync(result, 0o644);
  writeFileSync(result, `${before}one more line\n`);
  const verdict = wirewatch('case', 'verify');
  assert.deepEqual([verdict.code, verdict.out], [1, 'step 1: the kept result was altered\n']);
  writeFileSync(result, before);

  // Another capture in the place of the first.
  writeFileSync(capture, pcapOf([echo(1), echo(2)]));
  const changed = wirewatch('case', 'replay', '--json');
  assert.equal(changed.code, 1);
  const { steps } = JSON.parse(changed.out) as { steps: { outcome: string }[] };
  assert.deepEqual(steps.map((s) => s.outcome), ['input_changed', 'nothing_to_run', 'input_changed']);
});

test('shells that add a step at the same instant lose none, and the chain holds', async () => {
  assert.equal(wirewatch('case', 'new', 'Several hands').code, 0);
  const file = path.resolve(import.meta.dirname, 'case-files.ts');
  // Each process waits for the same instant, then adds its steps one after the other.
  const script = `
    const { addStep, findCase } = await import(${JSON.stringify(file)});
    const [data, name, at] = process.argv.slice(1);
    const folder = await findCase(data, data, 'Several hands');
    await new Promise((go) => setTimeout(go, Number(at) - Date.now()));
    for (let i = 0; i < 10; i++) await addStep(folder, { time: 1n, actor: name, verb: 'note', args: [], inputs: {}, resultSha256: null, resultBytes: 0, reason: name + i });`;
  const at = String(Date.now() + 1500);
  const codes = await Promise.all(['ann', 'bea', 'cem'].map(async (name) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, path.join(dir, 'data'), name, at], { stdio: 'inherit' });
    return (await once(child, 'exit'))[0] as number;
  }));
  assert.deepEqual(codes, [0, 0, 0]);
  const kept = JSON.parse(wirewatch('case', 'show', '--case', 'Several hands', '--json').out) as Case;
  assert.deepEqual(kept.steps.map((s) => s.reason).toSorted(), ['ann', 'bea', 'cem'].flatMap((n) => Array.from({ length: 10 }, (_, i) => `${n}${i}`)));
  assert.equal(wirewatch('case', 'verify', '--case', 'Several hands').code, 0);
});

test('a process that is killed while it holds a case does not hold it any longer', async () => {
  const lock = path.resolve(import.meta.dirname, '../store/file-lock.ts');
  const [kept] = JSON.parse(wirewatch('case', 'list', '--json').out) as Case[];
  const file = path.join(dir, 'data', 'cases', kept.id, '.lock');
  const script = `const { withFileLock } = await import(${JSON.stringify(lock)}); await withFileLock(${JSON.stringify(file)}, async () => { process.stdout.write('held'); await new Promise((go) => setTimeout(go, 60_000)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  assert.equal(wirewatch('case', 'note', 'after the crash', '--case', kept.id).code, 0);
});

test('verbs that change something are not run by a case, and a wrong case is answered with the nearest', () => {
  const refused = wirewatch('case', 'run', '--', 'run');
  assert.equal(refused.code, 2);
  assert.match(refused.err, /WW_ARGUMENT: a case does not keep the results of run/);
  const unknown = wirewatch('case', 'show', '--case', 'Who pingz?');
  assert.match(unknown.err, /did you mean Who pings\?\?/);
});

test('a step that fails is not kept', () => {
  const before = wirewatch('case', 'show').out;
  assert.notEqual(wirewatch('case', 'run', '--', 'read', 'nowhere.pcap').code, 0);
  assert.equal(wirewatch('case', 'show').out, before);
});

test('evidence is listed, shown and verified from the data folder without a running program', () => {
  assert.match(wirewatch('evidence', 'verify').out, /no evidence yet/);
  assert.equal(wirewatch('evidence', 'show', 'nope').code, 1);
});
