import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { runCli } from '../run-cli.ts';

let dir = '';
before(() => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'ww-notify-'));
  writeFileSync(path.join(dir, 'c.yaml'), `
channels: {hook: {type: webhook, url: "http://127.0.0.1:9/"}}
alerting:
  route: {receiver: ops}
  receivers:
    ops:
      channels: [hook]
      templates:
        - {alertnames: [check-down], status: firing, subject: "{{name}} ({{host}}) is down", body: "since {{starts}}, {{unknown}}see {{link}}"}
        - {status: resolved, subject: "{{name}} is back after {{duration}}"}
`);
});
after(() => rmSync(dir, { recursive: true }));

async function notify(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const terminal = { isTty: false, columns: 100, colour: false, out: (t: string) => void (out += t), err: (t: string) => void (err += t) };
  const code = await runCli(['notify', ...args, '--data', path.join(dir, 'data')], { terminal, env: {}, cwd: dir });
  return { code, out, err };
}

test('the words of a receiver are shown for a sample alert, firing and resolved, without a running program', async () => {
  const shown = await notify('preview', 'ops', '--config', 'c.yaml');
  assert.equal(shown.code, 0, shown.err);
  assert.match(shown.out, /^Subject: Web \(192\.0\.2\.1\) is down\n\nsince .*, see http:\/\/127\.0\.0\.1:8080\/incidents\/0123456789abcdef\n\n---\n\nSubject: Web is back after 5m/);
  const other = await notify('preview', 'ops', '--config', 'c.yaml', '--alertname', 'beacon', '--json');
  assert.match((JSON.parse(other.out) as { subject: string }[])[0].subject, /^\[FIRING\]/);
});

test('a receiver that does not exist is answered with the nearest', async () => {
  const { code, err } = await notify('preview', 'opps', '--config', 'c.yaml');
  assert.equal(code, 1);
  assert.match(err, /did you mean ops\?/);
});

test('what is asked of the running program says so where none runs', async () => {
  for (const verb of [['test', 'ops'], ['list'], ['why']]) assert.match((await notify(...verb)).err, /WW_NOT_RUNNING/);
});
