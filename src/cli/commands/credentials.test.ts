import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { openStateStore } from '../../store/adapters/sqlite.ts';
import { verifyAudit } from '../../store/audit-chain.ts';
import { EXIT } from '../define-command.ts';
import { runCli } from '../run-cli.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-credentials-'));
after(() => rmSync(dir, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { isTty: false, columns: 80, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  return { code: await runCli(args, { terminal, cwd: dir, env: { WIREWATCH_DATA: path.join(dir, 'none') } }), out, err };
}

const CLIENT = Buffer.of(192, 0, 2, 1);
const SERVER = Buffer.of(192, 0, 2, 2);

/** An IPv4 packet (raw link type): protocol, who speaks, the transport's bytes. */
function ip(proto: number, fromClient: boolean, transport: Buffer): Buffer {
  const head = Buffer.alloc(20);
  head[0] = 0x45;
  head.writeUInt16BE(20 + transport.length, 2);
  head[8] = 64;
  head[9] = proto;
  (fromClient ? CLIENT : SERVER).copy(head, 12);
  (fromClient ? SERVER : CLIENT).copy(head, 16);
  return Buffer.concat([head, transport]);
}

function udp(port: number, hex: string): Buffer {
  const payload = Buffer.from(hex, 'hex');
  const head = Buffer.alloc(8);
  head.writeUInt16BE(40_000, 0);
  head.writeUInt16BE(port, 2);
  head.writeUInt16BE(8 + payload.length, 4);
  return ip(17, true, Buffer.concat([head, payload]));
}

/** A TCP conversation with its handshake. */
function tcp(clientPort: number, port: number, turns: readonly (readonly [fromClient: boolean, payload: string | Buffer])[]): Buffer[] {
  const next = [1000, 5000];
  const segment = (fromClient: boolean, flags: number, payload: Buffer): Buffer => {
    const head = Buffer.alloc(20);
    const side = fromClient ? 0 : 1;
    head.writeUInt16BE(fromClient ? clientPort : port, 0);
    head.writeUInt16BE(fromClient ? port : clientPort, 2);
    head.writeUInt32BE(next[side], 4);
    head.writeUInt32BE((flags & 16) === 0 ? 0 : next[1 - side], 8);
    head[12] = 0x50;
    head[13] = flags;
    head.writeUInt16BE(65_535, 14);
    next[side] += payload.length + (flags & 2) / 2;
    return ip(6, fromClient, Buffer.concat([head, payload]));
  };
  const none = Buffer.alloc(0);
  return [segment(true, 2, none), segment(false, 18, none), segment(true, 16, none), ...turns.map(([fromClient, payload]) => segment(fromClient, 24, Buffer.from(payload as string, 'latin1')))];
}

function capture(name: string, packets: readonly Buffer[]): string {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(101, 20);
  const records = packets.flatMap((packet, i) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(1_700_000_000, 0);
    record.writeUInt32LE(i * 1000, 4);
    record.writeUInt32LE(packet.length, 8);
    record.writeUInt32LE(packet.length, 12);
    return [record, packet];
  });
  writeFileSync(path.join(dir, name), Buffer.concat([head, ...records]));
  return name;
}

// GetRequest of version 1 with the community `s3cret-c` (RFC 1157 §4); a simple bind of cn=anna with `s3cret-l` (RFC 4511 §4.2).
const SNMP = '302b020100' + '04087333637265742d63' + 'a01c02040000000102010002010030' + '0e300c06082b060102010101000500';
const LDAP = '301a020101' + '6015' + '020103' + '0407636e3d616e6e61' + '8007733363722d6c21';
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
  assert.deepEqual(rows.map((r) => [r.protocol, r.user, r.secret, r.port, r.times]).sort(), [
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
