import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { TestHttpServer } from '../../../test/support/http-server.ts';
import { runCli } from '../run-cli.ts';
import { EXIT } from '../define-command.ts';

const SECRET = 'S3cr3t-of-a-test';
let server: TestHttpServer;
before(async () => {
  server = await TestHttpServer.start(() => ({ status: 200, body: '{"status":"ok"}' }));
});
after(() => server.stop());

async function wirewatch(...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const terminal = { isTty: false, columns: 100, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (out += t) };
  const code = await runCli(args, { terminal, env: {}, cwd: process.cwd() });
  return { code, out };
}

const explained = (): string[] => ['probe', 'http', `${server.url.replace('//', `//u:${SECRET}@`)}/?token=${SECRET}`, '--explain', '--set', `headers={"authorization":"Bearer ${SECRET}"}`, 'expectJson=[{"path":"status","equals":"ok"}]'];

test('--explain shows one run whole: what was asked, options with their defaults, log, samples, measurements, evidence', async () => {
  const { code, out } = await wirewatch(...explained());
  assert.equal(code, EXIT.ok, out);
  for (const wanted of [/^http 127\.0\.0\.1.*: ok/, /\nasked\n.*target: 127\.0\.0\.1/, /\neffective options\n/, / {2}redirects: 5\n/, / {2}headers: {"authorization":"\*\*\*"}/, /\nlog\n +\d+\.\d ms {2}look-up/, /\nsamples.*\n {2}\d+\.\d{3}/, /\nmeasurements\n.*dns_seconds/, /\nevidence\n {2}address: 127\.0\.0\.1/, /sha256 of the run: [0-9a-f]{64}/]) assert.match(out, wanted);
  assert.ok(!out.includes(SECRET), out);
});

test('as JSON the same is one object, whose digest is over all the rest', async () => {
  const { out } = await wirewatch(...explained(), '--json');
  const { sha256, ...record } = JSON.parse(out) as Record<string, unknown>;
  assert.equal(createHash('sha256').update(JSON.stringify(record)).digest('hex'), sha256);
  assert.deepEqual([record.ok, record.probe, (record.options as Record<string, unknown>).method], [true, 'http', 'GET']);
  assert.ok(!out.includes(SECRET), out);
});

test('a source address that this machine lacks ends as its own fault, not the target\'s', async () => {
  const { code, out } = await wirewatch('probe', 'tcp', '127.0.0.1', '-p', server.url.split(':')[2], '-S', '192.0.2.77');
  assert.equal(code, EXIT.privilege, out);
  assert.match(out, /failed, local/);
});
