import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { verifyAudit } from '../audit-chain.ts';
import { openStateStore } from './sqlite.ts';

async function temporary(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'wirewatch-sqlite-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return path.join(dir, 'state.db');
}

const EVENT = { actor: 'ann', action: 'incident.acknowledge', object: 'i1', details: { from: '192.0.2.1', to: '2001:db8::1' } };

test('Documents come back with their instants, are found by parent, state and time, and expire', async (t) => {
  const store = openStateStore({ file: await temporary(t) });
  t.after(() => store.close());
  for (let i = 0; i < 5; i++) {
    store.put({ kind: 'timeline', id: `e${i}`, parent: i < 3 ? 'a' : 'b', time: BigInt(i) * 10n ** 18n, state: i % 2 === 0 ? 'even' : 'odd', body: { at: BigInt(i), text: 'x' } });
  }
  assert.deepEqual(store.get('timeline', 'e4')?.body, { at: 4n, text: 'x' });
  assert.deepEqual(store.find({ kind: 'timeline', parent: 'a', order: 'asc', limit: 10 }).map((d) => d.id), ['e0', 'e1', 'e2']);
  assert.deepEqual(store.find({ kind: 'timeline', state: 'odd', limit: 1 }).map((d) => d.id), ['e3']);
  assert.equal(store.expire('timeline', 2n * 10n ** 18n), 2);
  assert.equal(store.count('timeline'), 3);
  assert.equal(store.count('timeline', 'odd'), 1);
});

test('A step that fails leaves nothing behind', async (t) => {
  const store = openStateStore({ file: await temporary(t) });
  t.after(() => store.close());
  assert.throws(() => store.transaction('full', () => {
    store.putMachine('alert', 'a', { n: 1n });
    store.appendAudit({ time: 1n, ...EVENT });
    throw new Error('in the middle');
  }), /in the middle/);
  assert.equal(store.readMachine('alert').size, 0);
  assert.equal(store.readAudit(1, 10).length, 0);
});

test('The audit chain verifies, and says at which event it was altered, cut out or reordered', async (t) => {
  const file = await temporary(t);
  const store = openStateStore({ file });
  t.after(() => store.close());
  for (let i = 0; i < 2500; i++) store.transaction('normal', () => store.appendAudit({ time: BigInt(i), ...EVENT }));
  const verdict = verifyAudit((from, limit) => store.readAudit(from, limit));
  assert.equal(verdict.events, 2500);
  const db = new DatabaseSync(file);
  assert.throws(() => db.exec("UPDATE audit SET actor = 'eve' WHERE seq = 1200"), /never changed/);
  db.exec('DROP TRIGGER audit_is_append_only_update; DROP TRIGGER audit_is_append_only_delete');
  db.exec("UPDATE audit SET actor = 'eve' WHERE seq = 1200");
  assert.throws(() => verifyAudit((from, limit) => store.readAudit(from, limit)), { code: 'WW_AUDIT_CHAIN', message: /event 1200: its contents/ });
  db.exec("UPDATE audit SET actor = 'ann' WHERE seq = 1200; DELETE FROM audit WHERE seq = 7");
  assert.throws(() => verifyAudit((from, limit) => store.readAudit(from, limit)), { code: 'WW_AUDIT_CHAIN', message: /event 7:/ });
  db.close();
});

test('Several processes that write audit events at once make one chain', async (t) => {
  const file = await temporary(t);
  openStateStore({ file }).close();
  const script = `
    import { openStateStore } from ${JSON.stringify(path.join(import.meta.dirname, 'sqlite.ts'))};
    const store = openStateStore({ file: ${JSON.stringify(file)} });
    for (let i = 0; i < 100; i++) store.appendAudit({ time: BigInt(i), actor: String(process.pid), action: 'a', object: 'o', details: {} });`;
  const children = [1, 2, 3].map(() => spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }));
  for (const [code] of await Promise.all(children.map((c) => once(c, 'exit')))) assert.equal(code, 0);
  const store = openStateStore({ file });
  t.after(() => store.close());
  assert.equal(verifyAudit((from, limit) => store.readAudit(from, limit)).events, 300);
});

test('Every step that was reported as committed is there after kill -9, and none is there in part', async (t) => {
  const file = await temporary(t);
  const script = `
    import { openStateStore } from ${JSON.stringify(path.join(import.meta.dirname, 'sqlite.ts'))};
    const store = openStateStore({ file: ${JSON.stringify(file)} });
    for (let i = 1; ; i++) {
      store.transaction('full', () => {
        store.put({ kind: 'incident', id: 'i' + i, parent: '', time: BigInt(i), state: '', body: { i } });
        store.put({ kind: 'delivery', id: 'd' + i, parent: '', time: BigInt(i), state: '', body: { i } });
        store.appendAudit({ time: BigInt(i), actor: 'system', action: 'step', object: String(i), details: {} });
      });
      process.stdout.write(i + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let reported = 0;
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    reported = Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
    if (reported >= 40) break;
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  const store = openStateStore({ file });
  t.after(() => store.close());
  const events = verifyAudit((from, limit) => store.readAudit(from, limit)).events;
  assert.ok(events >= reported, `${events} events, ${reported} reported`);
  assert.equal(store.count('incident'), events);
  assert.equal(store.count('delivery'), events);
});

test('A store of a newer version, of another program, or damaged, is refused and not touched', async (t) => {
  const file = await temporary(t);
  openStateStore({ file }).close();
  const db = new DatabaseSync(file);
  db.exec('PRAGMA user_version = 99');
  assert.throws(() => openStateStore({ file }), { code: 'WW_STORE_VERSION', message: /version 99/ });
  db.exec('PRAGMA user_version = 0; PRAGMA application_id = 42');
  assert.throws(() => openStateStore({ file }), { code: 'WW_STORE_VERSION', message: /another program/ });
  db.close();
  assert.throws(() => openStateStore({ file: path.join(path.dirname(file), 'none.db'), readOnly: true }), { code: 'WW_NOT_FOUND' });
});
