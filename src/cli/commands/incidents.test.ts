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
const posted: string[] = [];

const incident = {
  id: 'abcd', title: 'No response from web (192.0.2.1).', phase: 'triage', severity: 'critical', openedAt: String(at(0)), acknowledgedAt: null, acknowledgedBy: null,
  mitigatedAt: String(at(95)), closedAt: null, assignee: null, alerts: ['f1'], joinKey: 'web', evidence: ['ev1'], drill: false, schema: 1,
};
const detail = {
  incident, alerts: [{ state: 'resolved', name: 'check-down', activeAt: String(at(0)), labels: { target: 'web', ip: '2001:db8::1' } }],
  timeline: [{ seq: 0, time: String(at(0)), kind: 'opened', actor: 'system', text: 'Opened.', refs: {} }],
  evidence: [{ manifest: { id: 'ev1', missing: ['packets: no capture was running'] }, verdict: 'intact' }],
  notifications: [{ notification: { createdAt: String(at(1)), reason: 'first', subject: 'Network Alert: web Down' }, deliveries: [{ channel: 'mail', state: 'delivered' }] }],
};

before(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), 'ww-incidents-cli-'));
  server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString('utf8')));
    request.on('end', () => {
      if (request.method === 'POST') posted.push(`${request.url} ${body}`);
      const answer = request.url === '/api/v1/incidents?status=open&limit=50' ? { rows: [incident], cursor: null } : request.url === '/api/v1/incidents/abcd' ? detail : incident;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  server.listen(socketPathOf(dataDir));
  await once(server, 'listening');
});
after(() => {
  server.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function wirewatch(...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const add = (text: string): void => void (out += text);
  const code = await runCli(['--data', dataDir, ...args], { terminal: { isTty: false, columns: 80, colour: false, out: add, err: add }, env: {}, cwd: dataDir });
  return { code, out };
}

test('open incidents are listed with how they stand', async () => {
  assert.deepEqual(await wirewatch('incidents', 'list'), {
    code: 0, out: 'abcd  2026-01-01T00:00:00Z  critical  triage, mitigated after 1m 35s, not acknowledged\n  No response from web (192.0.2.1).\n',
  });
});

test('without a further word the open ones are listed', async () => {
  assert.equal((await wirewatch('incidents')).out, (await wirewatch('incidents', 'list')).out);
});

test('one incident is shown with timeline, alerts, evidence and deliveries', async () => {
  const { out } = await wirewatch('incidents', 'show', 'abcd');
  for (const part of ['opened         system: Opened.', 'check-down since 2026-01-01T00:00:00Z  target=web ip=2001:db8::1', 'ev1  intact; missing: packets: no capture was running', 'mail: delivered']) {
    assert.ok(out.includes(part), part);
  }
});

test('orders are posted to the running program', async () => {
  for (const args of [['ack', 'abcd'], ['assign', 'abcd', 'ann'], ['assign', 'abcd'], ['note', 'abcd', 'fibre cut'], ['phase', 'abcd', 'contain'], ['close', 'abcd', 'spliced']]) {
    assert.equal((await wirewatch('incidents', ...args)).code, 0);
  }
  assert.deepEqual(posted, [
    '/api/v1/incidents/abcd/acknowledge {}', '/api/v1/incidents/abcd/assign {"assignee":"ann"}', '/api/v1/incidents/abcd/assign {"assignee":null}',
    '/api/v1/incidents/abcd/note {"text":"fibre cut"}', '/api/v1/incidents/abcd/phase {"phase":"contain"}', '/api/v1/incidents/abcd/close {"resolution":"spliced"}',
  ]);
});

test('where no program runs, the exit code says so', async () => {
  const code = await runCli(['--data', path.join(dataDir, 'nowhere'), 'incidents', 'list'], { terminal: { isTty: false, columns: 80, colour: false, out: () => undefined, err: () => undefined }, env: {}, cwd: dataDir });
  assert.equal(code, 5);
});
