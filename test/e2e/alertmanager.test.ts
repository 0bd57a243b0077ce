// In place of an Alertmanager: what Prometheus posts becomes an alert, an incident and a webhook of Alertmanager's form; and what is
// posted no more is over.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createClient } from '../../src/cli/client.ts';
import { socketPathOf } from '../../src/cli/data-folder.ts';
import type { Incident } from '../../src/model/index.ts';
import type { Page } from '../../src/pipeline/services.ts';
import { TestHttpServer } from '../support/http-server.ts';

interface Webhook { readonly version: string; readonly status: string; readonly groupLabels: Record<string, string>; readonly alerts: readonly { readonly status: string; readonly labels: Record<string, string> }[] }

test('alerts posted at /api/v2/alerts open an incident, leave as a webhook of version 4, and end by their own word', { timeout: 90_000 }, async (t) => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wirewatch-am-'));
  const data = path.join(dir, 'data');
  const receiver = await TestHttpServer.start(() => ({ status: 200 }));
  writeFileSync(path.join(dir, 'am.yaml'), `
listen: {port: 0}
capture: {enabled: "no"}
tracing: {enabled: false}
evidence: {before: 1s, after: 0s}
channels: {hook: {type: webhook, url: "${receiver.url}/"}}
alerting:
  route: {receiver: ops, groupBy: [alertname], groupWait: 200ms, groupInterval: 500ms}
  receivers: {ops: {channels: [hook]}}
`);
  const program = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../src/cli/main.ts'), '--data', data, 'run', '--config', path.join(dir, 'am.yaml')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [program.stdout, program.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  t.after(async () => {
    program.kill('SIGKILL');
    await receiver.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
    for (let i = 0; i < 600; i++) {
      if (await Promise.resolve(holds()).catch(() => false)) return;
      await wait(50);
    }
    assert.fail(`not within 30 s: ${what}\n${said}`);
  };
  await until('the program runs', () => said.includes('Wirewatch runs'));

  const post = async (alerts: unknown): Promise<number> => {
    const request = http.request({ socketPath: socketPathOf(data), path: '/api/v2/alerts', method: 'POST', headers: { 'content-type': 'application/json', host: 'localhost' } });
    request.end(JSON.stringify(alerts));
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.resume();
    return response.statusCode ?? 0;
  };
  const now = Date.now();
  const alert = (instance: string, endsInMs: number): unknown => ({
    labels: { alertname: 'HighLoad', instance, severity: 'page' }, annotations: { summary: `${instance} is overloaded` }, startsAt: new Date(now).toISOString(), endsAt: new Date(now + endsInMs).toISOString(),
    generatorURL: 'http://prometheus.test/graph',
  });
  assert.equal(await post([alert('db1', 4_000), alert('db2', 600_000)]), 200);
  assert.equal(await post([{ labels: {} }]), 400);
  const told = (): Webhook[] => receiver.requests.map((r) => JSON.parse(r.body) as Webhook);
  await until('both are told together', () => told().some((w) => w.alerts.length === 2));
  assert.deepEqual([told()[0].version, told()[0].status, told()[0].groupLabels], ['4', 'firing', { alertname: 'HighLoad' }]);
  await until('the first is over by itself', () => told().at(-1)?.alerts.some((a) => a.status === 'resolved' && a.labels.instance === 'db1') === true);
  assert.equal(await post([alert('db2', 0)]), 200);
  await until('the second is over as posted', () => told().at(-1)?.status === 'resolved');
  const { rows } = await createClient(data).get<Page<Incident>>('/incidents', { status: 'all', limit: 10 });
  assert.deepEqual(rows.map((i) => i.title).toSorted(), ['db1 is overloaded', 'db2 is overloaded']);
  assert.ok(rows.every((i) => i.mitigatedAt !== null));
  // Not awaited in a blocking way: the receiver answers from this very process.
  const notify = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [path.resolve(import.meta.dirname, '../../src/cli/main.ts'), '--data', data, 'notify', ...args], { encoding: 'utf8', timeout: 30_000 });
    return stdout;
  };
  assert.match(await notify('test', 'ops'), /hook +delivered .* HTTP 200/);
  assert.match(await notify('list'), /ops {2}first {2}\[FIRING\] .*\n {2}hook +delivered/);
  assert.match(await notify('why'), /sent {6}first +ops {2}ops.*HighLoad/);
  program.kill('SIGTERM');
  assert.deepEqual((await once(program, 'exit'))[0], 0, said);
});
