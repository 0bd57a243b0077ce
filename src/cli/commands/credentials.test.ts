import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { captureOf, tcp, udp } from '../../../test/support/tiny-capture.ts';
import { openStateStore } from '../../store/adapters/sqlite.ts';
import { verifyAudit } from '../../store/audit-chain.ts';
import { EXIT } from '../define-command.ts';
import { runCli } from '../run-cli.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-credentials-'));
after(() => rmSync(dir, { recursive: true }));

function capture(name: string, packets: readonly Buffer[]): string {
  writeFileSync(path.join(dir, name), captureOf(packets));
  return name;
}

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { isTty: false, columns: 80, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  return { code: await runCli(args, { terminal, cwd: dir, env: { WIREWATCH_DATA: path.join(dir, 'none') } }), out, err };
}

// GetRequest of version 1 with the community `s3cret-c` (RFC 1157 §4); a simple bind of cn=anna with `s3cret-l` (RFC 4511 §4.2).
const SNMP = '302b020100' + '04087333637265742d63' + 'a01c02040000000102010002010030' + '0e300c06082b060102010101000500';
const LDAP = '301a0201016015020103' + '0407636e3d616e6e61' + '8007733363722d6c21';
const ALL = capture('all.pcap', [
  ...tcp(40_001, 21, [[false, '220 ftp\r\n'], [true, 'USER anna\r\n'], [false, '331 go\r\n'], [true, 'PASS s3cret-f\x1b[2J\r\n'], [false, '230 in\r\n']]),
  ...tcp(40_002, 2323, [[false, '\xff\xfd\x18login: '], [true, 'root\r\n'], [false, 'root\r\nPassword: '], [true, 's3cret-t\r\n']]),
  ...tcp(40_003, 389, [[true, Buffer.from(LDAP, 'hex')]]),
  udp(161, SNMP), udp(161, SNMP),
]);

test('what crossed in clear text is listed, each once, and its secret is masked', async () => {
  const { code, out } = await run('credentials', ALL, '--json');
  assert.equal(code, EXIT.ok);
  const rows = out.trim().split('\n').map((l) => JSON.parse(l) as Record<string, unknown>);
  assert.deepEqual(rows.map((r) => [r.protocol, r.user, r.secret, r.port, r.times]).sort((a, b) => (String(a) < String(b) ? -1 : 1)), [
    ['ftp', 'anna', '<hidden>', 21, 1], ['ldap', 'cn=anna', '<hidden>', 389, 1], ['snmp', null, '<hidden>', 161, 2], ['telnet', 'root', '<hidden>', 2323, 1],
  ]);
  assert.ok(!out.includes('s3cr'));
});

test('--reveal shows secrets without control characters, and says so where nothing records it', async () => {
  const { out, err } = await run('credentials', ALL, '--reveal');
  for (const secret of ['s3cret-f.[2J', 's3cret-t', 's3cr-l!', 's3cret-c']) assert.ok(out.includes(secret), secret);
  assert.match(err, /without a record/);
});

test("--reveal is an event of the data folder's audit chain", async () => {
  const data = path.join(dir, 'data');
  const { code, err } = await run('credentials', ALL, '--reveal', '--data', data);
  assert.equal(code, EXIT.ok);
  assert.doesNotMatch(err, /without a record/);
  const store = openStateStore({ file: path.join(data, 'state.db'), readOnly: true });
  const [event] = store.readAudit(1, 10);
  assert.equal(verifyAudit((from, limit) => store.readAudit(from, limit)).events, 1);
  store.close();
  assert.deepEqual([event.action, event.details.credentials], ['credentials.reveal', '4']);
});

test('a capture without any says so by its exit code', async () => {
  const { code, out } = await run('credentials', capture('none.pcap', [udp(53, '00')]));
  assert.deepEqual([code, out], [EXIT.negative, '']);
});
