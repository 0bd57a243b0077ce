import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'yaml';
import { captureOf, tcp } from '../../../test/support/tiny-capture.ts';
import { EXIT } from '../define-command.ts';
import { runCli } from '../run-cli.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-follow-'));
after(() => rmSync(dir, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { isTty: false, columns: 80, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  return { code: await runCli(args, { terminal, cwd: dir, env: {} }), out, err };
}

// The example of RFC 6455 §5.7: "Hello" with a mask, and without.
const ASK = 'GET / HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
const AGREE = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';
writeFileSync(path.join(dir, 'ws.pcap'), captureOf(tcp(40_000, 80, [[true, ASK], [false, AGREE], [true, Buffer.from('818537fa213d7f9f4d5158', 'hex')], [false, Buffer.from('810548656c6c6f', 'hex')]])));

test('WebSocket is followed as its payloads, without heads and masks', async () => {
  const { code, out } = await run('follow', 'ws.pcap', 'websocket', '0', '--json');
  assert.equal(code, EXIT.ok);
  const { pieces } = JSON.parse(out) as { pieces: { dir: number; hex: string }[] };
  assert.deepEqual(pieces, [{ dir: 0, hex: '48656c6c6f' }, { dir: 1, hex: '48656c6c6f' }]);
});

test('YAML names both endpoints, and each piece with its frame, time and bytes', async () => {
  const { out } = await run('follow', 'ws.pcap', 'tcp', '0', '--yaml');
  const read = parse(out) as { peers: unknown; packets: { packet: number; peer: number; timestamp: number; data: Uint8Array }[] };
  assert.deepEqual(read.peers, [{ peer: 0, host: '192.0.2.1', port: 40_000 }, { peer: 1, host: '192.0.2.2', port: 80 }]);
  assert.deepEqual(read.packets.map((p) => [p.packet, p.peer, p.timestamp]), [[4, 0, 1_700_000_000.003], [5, 1, 1_700_000_000.004], [6, 0, 1_700_000_000.005], [7, 1, 1_700_000_000.006]]);
  assert.match(out, new RegExp(`data: !!binary "${Buffer.from(AGREE).toString('base64').replaceAll('+', '\\+')}"`));
});

test('what cannot be followed is refused, and a stream that is not there is said', async () => {
  assert.equal((await run('follow', 'ws.pcap', 'icmp', '0')).code, EXIT.usage);
  const none = await run('follow', 'ws.pcap', 'tls', '7');
  assert.equal(none.code, EXIT.negative);
  assert.match(none.err, /no tls stream 7/);
});
