import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { LOOP_CONFIG, openLoop } from '../../test/support/loop.ts';
import { signalOf } from '../../test/support/signals.ts';
import type { Incident, Notification, TimelineEntry } from '../model/index.ts';
import { stepOutbox } from '../notify/outbox.ts';
import type { OutboxInput, OutboxStep } from '../notify/outbox-state.ts';
import { verifyAudit } from '../store/audit-chain.ts';
import { nodeHost } from './node-host.ts';

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'wirewatch-loop-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const now = (): bigint => BigInt(Date.now()) * 1_000_000n;
const targets = (n: number): string => (n % 2 === 0 ? `192.0.2.${n}` : `2001:db8::${n}`);

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (what()) return;
    await wait(10);
  }
  assert.fail('not within 2 s');
}

test('A signal becomes an alert, an incident with its timeline, an evidence job and a message, in one commit', async (t) => {
  const file = path.join(await folder(t), 'state.db');
  const { store, runner, events, jobs } = openLoop(file);
  t.after(() => store.close());
  runner.start();
  runner.signal(signalOf(now()));
  await until(() => events.some((e) => e.kind === 'notification'));
  const [incident] = store.find<Incident>({ kind: 'incident', limit: 10 });
  const [notification] = store.find<Notification>({ kind: 'notification', limit: 10 });
  assert.equal(notification.body.incidentId, incident.id);
  assert.match(notification.body.link ?? '', new RegExp(incident.id));
  assert.equal(Object.keys(runner.outboxState.items).length, 1);
  assert.deepEqual(jobs.map((j) => j.kind), ['freezeEvidence']);
  assert.ok(store.find({ kind: 'timeline', parent: incident.id, limit: 10 }).some((d) => d.state === 'notification'));
  assert.equal(store.find({ kind: 'decision', state: 'first', limit: 10 }).length, 1);
  await runner.stop();
});

test('What arrives together is one commit, and an order that does not fit is refused alone', async (t) => {
  const file = path.join(await folder(t), 'state.db');
  const { store, runner, events } = openLoop(file);
  t.after(() => store.close());
  runner.start();
  await until(() => runner.commits === 1);
  for (let i = 0; i < 100; i++) runner.signal(signalOf(now(), { labels: { target: targets(i), check: `c${i}` } }));
  const audit = { time: now(), actor: 'ann', action: 'incident.acknowledge', object: 'none', details: {} };
  await assert.rejects(runner.order({ kind: 'acknowledge', id: 'none', actor: 'ann' }, audit), { code: 'WW_NOT_FOUND' });
  assert.equal(runner.commits, 2);
  await until(() => events.some((e) => e.kind === 'incident'));
  const [{ id }] = store.find({ kind: 'incident', limit: 1 });
  await runner.order({ kind: 'acknowledge', id, actor: 'ann' }, { ...audit, object: id });
  assert.equal(store.get<Incident>('incident', id)?.body.acknowledgedBy, 'ann');
  assert.equal(verifyAudit((from, limit) => store.readAudit(from, limit)).events, 1);
  await runner.stop();
});

test('After a restart the states are those before, and jobs that were not done begin again', async (t) => {
  const file = path.join(await folder(t), 'state.db');
  const first = openLoop(file);
  first.runner.start();
  first.runner.signal(signalOf(now()));
  await until(() => first.jobs.length === 1);
  await first.runner.stop();
  const { alertState, incidentState, outboxState } = first.runner;
  first.store.close();
  const second = openLoop(file);
  assert.deepEqual([second.runner.alertState, second.runner.incidentState, second.runner.outboxState], [alertState, incidentState, outboxState]);
  second.runner.start();
  assert.deepEqual(second.jobs, first.jobs);
  second.runner.jobDone(second.jobs[0].key);
  await wait(60);
  await second.runner.stop();
  second.store.close();
  const third = openLoop(file);
  third.runner.start();
  assert.equal(third.jobs.length, 0);
  await third.runner.stop();
  third.store.close();
});

test('kill -9 of the main process loses no incident that was reported, nor its message', async (t) => {
  const file = path.join(await folder(t), 'state.db');
  const root = path.resolve(import.meta.dirname, '../..');
  const script = `
    import { openLoop } from ${JSON.stringify(path.join(root, 'test/support/loop.ts'))};
    import { signalOf } from ${JSON.stringify(path.join(root, 'test/support/signals.ts'))};
    const { runner } = openLoop(${JSON.stringify(file)}, { onEvent: (e) => { if (e.kind === 'notification') process.stdout.write(e.notification.incidentId + '\\n'); } });
    runner.start();
    let n = 0;
    setInterval(() => { n++; runner.signal(signalOf(BigInt(Date.now()) * 1000000n, { labels: { target: 't' + n, check: 'c' + n } })); }, 5);`;
  for (let round = 0; round < 3; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    for await (const chunk of child.stdout) {
      text += String(chunk);
      if (text.split('\n').length > 30) break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { store, runner } = openLoop(file);
    const reported = text.slice(0, text.lastIndexOf('\n')).split('\n');
    for (const id of reported) {
      assert.ok(store.get('incident', id), `incident ${id} is lost`);
      assert.ok(Object.values(runner.outboxState.items).some((i) => i.notification.incidentId === id), `the message about ${id} is lost`);
    }
    // Nothing is there in part: each incident in the machine has its document and its first line.
    for (const id of Object.keys(runner.incidentState.incidents)) {
      assert.ok(store.get('incident', id));
      assert.ok(store.find({ kind: 'timeline', parent: id, limit: 1 }).length > 0);
    }
    store.close();
  }
});

test('A full disk is said; what happens meanwhile is kept and written when there is room', async (t) => {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'wirewatch-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir]);
  const { store, runner, events, log } = openLoop(path.join(dir, 'state.db'));
  t.after(async () => {
    store.close();
    execFileSync('umount', [dir]);
    await rm(dir, { recursive: true });
  });
  runner.start();
  await until(() => runner.commits === 1);
  execFileSync('sh', ['-c', `dd if=/dev/zero of=${dir}/ballast bs=4096 count=1000 2>/dev/null; true`]);
  for (let i = 0; i < 40; i++) runner.signal(signalOf(now(), { labels: { target: targets(i), check: `c${i}` } }));
  await until(() => log.some((l) => l.includes('cannot be written')));
  assert.equal(events.filter((e) => e.kind === 'incident').length, 0);
  await rm(path.join(dir, 'ballast'));
  await wait(1500);
  assert.equal(store.count('incident'), 40);
  assert.ok(log.some((l) => l.includes('can be written again')));
  await runner.stop();
});

test('The outbox runner and the loop write one state in turn', async (t) => {
  const file = path.join(await folder(t), 'state.db');
  const { store, runner, events } = openLoop(file);
  t.after(() => store.close());
  runner.start();
  runner.signal(signalOf(now()));
  await until(() => events.some((e) => e.kind === 'notification'));
  runner.signal(signalOf(now(), { labels: { target: 'b', check: 'b' } }));
  const step = runner.updateOutbox((state) => stepOutbox(state, { kind: 'tick' }, now(), LOOP_CONFIG.outbox, nodeHost));
  assert.ok(step.outputs.some((o) => o.kind === 'attempt'));
  await until(() => Object.keys(runner.outboxState.items).length === 2);
  assert.equal(Object.values(runner.outboxState.items).filter((i) => i.state === 'sending').length, 1);
  await runner.stop();
});

test('A message that is due is not held up by what is written into an incident meanwhile', async (t) => {
  const file = path.join(await folder(t), 'state.db');
  const { store, runner, events } = openLoop(file, {}, { ...LOOP_CONFIG, alert: { ...LOOP_CONFIG.alert, route: { ...LOOP_CONFIG.alert.route, groupWaitMs: 400 } } });
  t.after(() => store.close());
  runner.start();
  runner.signal(signalOf(now()));
  await until(() => events.some((e) => e.kind === 'incident'));
  const [{ id }] = store.find({ kind: 'incident', limit: 1 });
  await runner.order({ kind: 'note', id, actor: 'ann', text: 'I am looking' });
  await until(() => events.some((e) => e.kind === 'notification'));
  await runner.stop();
});

test('What the outbox did and what the loop has to hear of it survive a crash together', async (t) => {
  const file = path.join(await folder(t), 'state.db');
  const first = openLoop(file);
  first.runner.start();
  first.runner.signal(signalOf(now()));
  await until(() => first.events.some((e) => e.kind === 'notification'));
  const update = (input: OutboxInput): OutboxStep => first.runner.updateOutbox((state) => stepOutbox(state, input, now(), LOOP_CONFIG.outbox, nodeHost));
  const attempt = update({ kind: 'tick' }).outputs.find((o) => o.kind === 'attempt');
  assert.ok(attempt !== undefined);
  update({ kind: 'outcome', itemId: attempt.itemId, channel: 'mail', result: { outcome: 'permanent', reason: 'no such user' } });
  // The crash: the step is durable, the loop has not yet taken its group of inputs.
  first.store.close();
  await first.runner.stop();
  const second = openLoop(file);
  t.after(() => second.store.close());
  second.runner.start();
  const lines = (): string[] => second.store.find<TimelineEntry>({ kind: 'timeline', parent: attempt.notification.incidentId ?? '', order: 'asc', limit: 100 }).map((d) => d.body.text);
  await until(() => lines().some((text) => text.startsWith('mail: failed (refused: no such user)')));
  // The alert core has heard that nobody was told: it tells again.
  await until(() => Object.values(second.runner.outboxState.items).length === 1);
  await second.runner.stop();
  const third = openLoop(file);
  third.runner.start();
  await wait(60);
  assert.equal(lines().filter((text) => text.startsWith('mail: failed')).length, 1, 'heard once');
  await third.runner.stop();
  third.store.close();
});
