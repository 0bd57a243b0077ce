import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { captureOf, tcp } from '../../../test/support/tiny-capture.ts';
import { EXIT } from '../define-command.ts';
import { runCli } from '../run-cli.ts';

const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-flows-'));
after(() => rmSync(dir, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const terminal = { isTty: false, columns: 80, colour: false, out: (t: string) => void (out += t), err: () => {} };
  return { code: await runCli(args, { terminal, cwd: dir, env: {} }), out };
}

test('--applications names what a flow is by what it says, whatever its port', async () => {
  writeFileSync(path.join(dir, 'web.pcap'), captureOf(tcp(40_000, 8081, [[true, 'GET / HTTP/1.1\r\nHost: www.google.com\r\n\r\n'], [false, 'HTTP/1.1 204 No\r\n\r\n']])));
  const json = await run('flows', 'web.pcap', '--applications', '-f', 'json');
  assert.equal((JSON.parse(json.out) as { application: string }).application, 'HTTP.Google');
  const [head, line] = (await run('flows', 'web.pcap', '-a')).out.split('\n');
  assert.match(head, /^application +start/);
  assert.match(line, /^HTTP\.Google +\d{4}-/);
  assert.doesNotMatch((await run('flows', 'web.pcap', '-f', 'json')).out, /"application"/);
  assert.equal((await run('flows', 'web.pcap', '-a', '-f', 'zeek')).code, EXIT.usage);
});
