import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { EXIT } from '../define-command.ts';
import { safeName } from '../extracted-files.ts';
import { runCli } from '../run-cli.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-logs-'));
after(() => rmSync(dir, { recursive: true }));
const CAPTURE = path.resolve(import.meta.dirname, '../../../test/golden/applications/input.pcap');

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { isTty: false, columns: 80, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  return { code: await runCli(args, { terminal, cwd: dir, env: {} }), out, err };
}

const lines = (...file: string[]): string[] => readFileSync(path.join(dir, ...file), 'utf8').trimEnd().split('\n');

test("Zeek's logs have a head, and every line as many columns as it names", async () => {
  assert.equal((await run('logs', CAPTURE, '-o', 'zeek')).code, EXIT.ok);
  const names = readdirSync(path.join(dir, 'zeek')).sort();
  assert.deepEqual(names, ['conn.log', 'dhcp.log', 'dns.log', 'files.log', 'http.log', 'ssl.log', 'x509.log']);
  for (const name of names) {
    const all = lines('zeek', name);
    const fields = all.find((l) => l.startsWith('#fields\t'))!.split('\t').slice(1);
    assert.equal(all.find((l) => l.startsWith('#types\t'))!.split('\t').length - 1, fields.length);
    const rows = all.filter((l) => !l.startsWith('#'));
    assert.ok(rows.length > 0);
    for (const row of rows) assert.equal(row.split('\t').length, fields.length, `${name}: ${row}`);
  }
});

test('a file in files.log names its connection in conn.log, and the same run gives the same names', async () => {
  await run('logs', CAPTURE, '-o', 'a', '-f', 'zeek-json');
  await run('logs', CAPTURE, '-o', 'b', '-f', 'zeek-json');
  for (const name of readdirSync(path.join(dir, 'a'))) assert.deepEqual(lines('a', name), lines('b', name));
  const uids = new Set(lines('a', 'conn.log').map((l) => (JSON.parse(l) as { uid: string }).uid));
  const files = lines('a', 'files.log').map((l) => JSON.parse(l) as { uid: string; fuid: string; sha256?: string });
  for (const f of files) assert.ok(uids.has(f.uid) && /^F[0-9A-Za-z]{17}$/.test(f.fuid));
  assert.ok(files.some((f) => /^[0-9a-f]{64}$/.test(f.sha256 ?? '')));
});

test('EVE events have the common keys, DNS is a request and a response, and addresses of IPv6 are there too', async () => {
  assert.equal((await run('logs', CAPTURE, '-o', 'eve', '-f', 'eve')).code, EXIT.ok);
  interface Event { event_type: string; timestamp: string; flow_id: number; src_ip: string; ip_v: number; dns?: { type: string }; flow?: { pkts_toserver: number } }
  const events = lines('eve', 'eve.json').map((l) => JSON.parse(l) as Event);
  for (const e of events) {
    assert.match(e.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+0000$/);
    assert.ok(Number.isSafeInteger(e.flow_id) && e.src_ip !== '');
  }
  const types = new Set(events.map((e) => e.event_type));
  for (const type of ['flow', 'dns', 'http', 'tls', 'fileinfo', 'dhcp']) assert.ok(types.has(type), type);
  const dns = events.filter((e) => e.event_type === 'dns');
  assert.equal(dns.filter((e) => e.dns?.type === 'request').length, dns.filter((e) => e.dns?.type === 'response').length);
  assert.deepEqual(new Set(events.map((e) => e.ip_v)), new Set([4, 6]));
});

test('logs that are there are not written over without --force, and a strange format or digest is refused', async () => {
  assert.equal((await run('logs', CAPTURE, '-o', 'once')).code, EXIT.ok);
  const again = await run('logs', CAPTURE, '-o', 'once');
  assert.equal(again.code, EXIT.usage);
  assert.match(again.err, /is there already/);
  assert.equal((await run('logs', CAPTURE, '-o', 'once', '--force')).code, EXIT.ok);
  assert.equal((await run('logs', CAPTURE, '-o', 'x', '-f', 'xml')).code, EXIT.usage);
  assert.equal((await run('logs', CAPTURE, '-o', 'x', '--digests', 'crc32')).code, EXIT.usage);
});

test('extracted files have the digest that is told, are not executable, and never replace one another', async () => {
  const { code, out } = await run('extract', CAPTURE, '-o', 'files', '--json');
  assert.equal(code, EXIT.ok);
  const rows = out.trim().split('\n').map((l) => JSON.parse(l) as { name: string; sha256: string; bytes: number });
  assert.equal(new Set(rows.map((r) => r.name)).size, rows.length);
  for (const row of rows) {
    const file = path.join(dir, 'files', row.name);
    const bytes = readFileSync(file);
    assert.equal(bytes.length, row.bytes);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), row.sha256);
    assert.equal(statSync(file).mode & 0o177, 0);
  }
  const capped = await run('extract', CAPTURE, '-o', 'few', '--max-files', '3');
  assert.equal(readdirSync(path.join(dir, 'few')).length, 3);
  assert.match(capped.err, /more not written/);
});

test('no name that a protocol gives leads out of the folder', () => {
  for (const [name, safe] of [
    ['../../etc/passwd', 'passwd'], ['C:\\Windows\\evil.exe', 'evil.exe'], ['.bashrc', 'bashrc'], ['-rf', 'rf'], ['a b;c$(d).txt', 'a_b_c_d_.txt'], ['..', 'x'], ['', 'x'], ['CON', 'x'],
    ['nul.txt', 'x'], ['a\0b', 'a_b'],
  ] as const) assert.equal(safeName(name, 'x'), safe);
  assert.ok(Buffer.byteLength(safeName('ä'.repeat(300), 'x')) <= 120);
});
