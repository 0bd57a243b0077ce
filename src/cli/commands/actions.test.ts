import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { at } from '../../../test/support/signals.ts';
import { socketPathOf } from '../data-folder.ts';
import { runCli } from '../run-cli.ts';

let dataDir = '';
let server: http.Server;
const asked: string[] = [];
const run = {
  id: 'r1', state: 'waiting_approval', reason: 'none', approvedBy: null, log: [{ time: String(at(1)), text: 'planned: Restart the service.' }],
  plan: { action: 'run-command', subject: '2001:db8::7', impact: 'high', incidentId: 'inc-1', createdAt: String(at(0)), steps: ['Restart the service.'], revertable: true },
};

before(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'ww-actions-cli-'));
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString('utf8')));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(request.url?.startsWith('/api/v1/actions?') === true || request.url === '/api/v1/actions' ? { rows: [run], cursor: null } : run));
    });
  });
  server.listen(socketPathOf(dataDir));
  await once(server, 'listening');
});
after(() => {
  server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

test('runs are listed and shown with plan and log; approve, reject and revert are posted', async () => {
  let out = '';
  const terminal = { isTty: false, columns: 80, colour: false, out: (t: string): void => void (out += t), err: (t: string): void => void (out += t) };
  for (const args of [['actions'], ['actions', 'list', '--waiting'], ['actions', 'show', 'r1'], ['actions', 'approve', 'r1'], ['actions', 'reject', 'r1', 'not now'], ['actions', 'revert', 'r1']]) {
    assert.equal(await runCli(['--data', dataDir, ...args], { terminal, env: {}, cwd: dataDir }), 0, out);
  }
  assert.deepEqual(asked, [
    'GET /api/v1/actions ', 'GET /api/v1/actions?waiting=true ', 'GET /api/v1/actions/r1 ', 'POST /api/v1/actions/r1/approve {}',
    'POST /api/v1/actions/r1/reject {"reason":"not now"}', 'POST /api/v1/actions/r1/revert {}',
  ]);
  assert.match(out, /r1 {2}2026-01-01T00:00:00Z {2}waiting_approval {2}run-command on 2001:db8::7, impact high, incident inc-1/);
  assert.match(out, /Plan\n {2}1\. Restart the service\.\n\nLog\n/);
});
