// A thousand kills at persisted steps of notification and action lose nothing, and double nothing beyond the promise ("at least once,
// under the same key"). The loop, the outbox, the actions and their state on a real SQLite file; what is outside (who gets a message,
// what an action changes) keeps a ledger that no crash of the program touches. Several worlds run side by side; KILL_SEED repeats one.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { LiveState } from '../../src/app/live-state.ts';
import { RespondDisk } from '../../src/app/responding.ts';
import type { ActionRun, Delivery, Incident, Notification, TimelineEntry } from '../../src/model/index.ts';
import { defineChannel } from '../../src/notify/define-channel.ts';
import { OutboxRunner } from '../../src/notify/outbox-runner.ts';
import { LoopRunner, type LoopConfig, type LoopJob } from '../../src/pipeline/loop-runner.ts';
import { nodeHost } from '../../src/pipeline/node-host.ts';
import { defineAction, type ActionDefinition } from '../../src/respond/define-action.ts';
import { RespondRunner } from '../../src/respond/respond-runner.ts';
import { RESPOND_DEFAULTS } from '../../src/respond/respond-state.ts';
import { openStateStore } from '../../src/store/adapters/sqlite.ts';
import { dyingStore, type DeathPoint } from '../support/dying-store.ts';
import { LOOP_CONFIG } from '../support/loop.ts';
import { signalOf } from '../support/signals.ts';

const KILLS = 1000;
const WORLDS = 10;
const TARGETS = ['192.0.2.7', '2001:db8::7'];
const seed = Number(process.env.KILL_SEED ?? 4);
/** A file system in memory where there is one: the order of writes is what is tested here, not the disk. */
const shm = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();

function seeded(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What happened outside the program. */
interface Ledger {
  /** Messages as they came. */
  readonly received: { readonly life: number; readonly key: string; readonly notification: Notification }[];
  /** What was done to targets, by the plan's id. */
  readonly done: { readonly life: number; readonly plan: string; readonly what: 'execute' | 'revert' }[];
  /** Incidents that a life has said to be there. */
  readonly reported: Set<string>;
}

const CONFIG: LoopConfig = {
  ...LOOP_CONFIG,
  alert: { ...LOOP_CONFIG.alert, route: { receiver: 'ops', groupBy: ['target'], groupWaitMs: 1, groupIntervalMs: 1, repeatIntervalMs: 3_600_000 } },
  incident: { ...LOOP_CONFIG.incident, joinWindowMs: 0, maxEvidence: 0, playbook: [{ labels: {}, action: 'mend', options: {} }] },
  outbox: { ...LOOP_CONFIG.outbox, backoffMs: 1, backoffCapMs: 4, chains: { ops: [{ channel: 'mail', deadlineMs: 3_600_000 }] } },
};
const now = (): bigint => BigInt(Date.now()) * 1_000_000n;

/** One life of the program: until it dies at a transaction, or for good where `diesAt` is not reached. */
async function live(file: string, number: number, ledger: Ledger, random: () => number, wanted: Map<string, boolean>, diesAt: number, point: DeathPoint, until: () => boolean): Promise<boolean> {
  const disk = openStateStore({ file });
  const { store, life } = dyingStore(disk, diesAt, point);
  const pause = async (): Promise<void> => await wait(Math.floor(random() * 3));
  const mail = defineChannel({
    name: 'mail', title: 'ledger', options: z.object({}), secrets: [],
    async send(ctx, notification) {
      await pause();
      if (life.dead) return { outcome: 'retry', reason: 'dead' };
      if (random() < 0.15) return { outcome: 'retry', reason: 'not now' };
      ledger.received.push({ life: number, key: ctx.dedupKey, notification });
      await pause();
      return { outcome: 'delivered', detail: 'ok' };
    },
  });
  const step = (what: 'execute' | 'revert') => async (_ctx: unknown, plan: { readonly id: string }): Promise<{ ok: boolean; text: string }> => {
    await pause();
    if (life.dead) return { ok: false, text: 'dead' };
    ledger.done.push({ life: number, plan: plan.id, what });
    await pause();
    return { ok: true, text: what };
  };
  const fine = async (): Promise<{ ok: boolean; text: string }> => await Promise.resolve({ ok: random() < 0.7, text: 'as it fell' });
  const mend = defineAction({
    name: 'mend', title: 'ledger', impact: 'low', options: z.object({}), facts: async () => await Promise.resolve({}), plan: () => ({ steps: ['Mend it.'], revertable: true }),
    precheck: async () => await Promise.resolve({ ok: true, text: '' }), execute: step('execute') as never, verify: fine as never, revert: step('revert') as never,
  });
  const startJob = (job: LoopJob): void => {
    if (job.kind !== 'requestPlan') return;
    const { key, incidentId, action, options, subject, labels, drill } = job;
    respond.request({ key, incidentId, action, options, subject, labels, checkId: null, drill }).then(() => loop.jobDone(key), () => undefined);
  };
  const loop: LoopRunner = new LoopRunner(CONFIG, {
    store, host: nodeHost, regex: (pattern) => new RegExp(pattern), now, linkOf: () => null, startJob, wakeOutbox: () => outbox.wake(), log: () => undefined,
    onEvent: (event) => {
      if (event.kind === 'incident') ledger.reported.add(event.incident.id);
    },
  });
  const runsOf = new RespondDisk({ store, loop, live: new LiveState(), log: () => undefined, now, probe: () => Promise.reject(new Error('no checks here')) });
  const respond = new RespondRunner({
    store: runsOf, actions: new Map([['mend', mend as unknown as ActionDefinition]]), host: nodeHost, now,
    policy: { ...RESPOND_DEFAULTS, perTarget: 1e6, global: 1e6, cooldownMs: 0, concurrent: 100 },
    probe: () => Promise.reject(new Error('no checks here')), onOutputs: () => undefined, onStoreError: () => undefined,
  });
  const outbox = new OutboxRunner({
    store: { update: (s) => loop.updateOutbox(s) }, channels: new Map([['mail', { name: 'mail', definition: mail as never, options: {} }]]), config: CONFIG.outbox, host: nodeHost, now,
    onOutputs: (outputs) => loop.onOutboxOutputs(outputs), onStoreError: () => undefined, attemptTimeoutMs: 5000,
  });
  try {
    // As the program itself begins: jobs and messages of the life before, then what the checks say, told until the alerts agree.
    loop.start();
    const begun = Promise.allSettled([respond.start(), outbox.start()]);
    while (!life.dead && !until()) {
      for (const [target, down] of wanted) {
        const held = Object.values(loop.alertState.alerts).some(({ alert }) => alert.labels.target === target && alert.name === 'check-down' && alert.state === 'firing');
        if (held === down) {
          if (random() < 0.3) wanted.set(target, !down);
          continue;
        }
        loop.signal(signalOf(now(), { status: down ? 'firing' : 'resolved', labels: { target, check: target } }));
      }
      await wait(5);
    }
    await begun;
  } finally {
    // What the dead program still has in hand comes to nothing.
    life.dead = true;
    await Promise.allSettled([loop.stop(), outbox.stop(), respond.stop()]);
    disk.close();
  }
  return life.transactions >= diesAt;
}

/** What must hold of a world when it is calm. */
function judge(file: string, ledger: Ledger): void {
  const store = openStateStore({ file, readOnly: true });
  try {
    const bodies = <T>(kind: 'delivery' | 'run' | 'incident'): T[] => store.find<T>({ kind, limit: 1_000_000 }).map((d) => d.body);
    for (const id of ledger.reported) assert.ok(store.get<Incident>('incident', id) !== undefined, `incident ${id} was reported and is lost`);
    const byKey = Map.groupBy(ledger.received, (r) => r.key);
    for (const delivery of bodies<Delivery>('delivery')) {
      assert.ok(delivery.state === 'delivered' || delivery.state === 'collapsed', `${delivery.id} is ${delivery.state}`);
      if (delivery.state === 'delivered') assert.ok(byKey.has(delivery.id), `${delivery.id} counts as delivered and never came`);
    }
    // A message comes twice only where a life ended between its coming and the record of it.
    for (const copies of byKey.values()) assert.equal(new Set(copies.map((c) => c.life)).size, copies.length, 'twice in one life');
    for (const target of TARGETS) {
      const words = ledger.received.flatMap((r) => r.notification.alerts).filter((a) => a.labels.target === target && a.labels.alertname === 'check-down');
      if (words.length > 0) assert.equal(words.at(-1)?.status, 'resolved', `the end of ${target} was not told`);
    }
    const runs = bodies<ActionRun>('run');
    const byPlan = Map.groupBy(ledger.done, (d) => d.plan);
    for (const run of runs) {
      const done = byPlan.get(run.plan.id) ?? [];
      assert.ok(done.filter((d) => d.what === 'execute').length <= 1, `the plan ${run.plan.id} was executed twice`);
      assert.ok(run.endedAt !== null, `${run.id} is ${run.state}`);
      if (run.state === 'succeeded') assert.deepEqual(done.map((d) => d.what), ['execute']);
      else if (done.length > 0) assert.equal(done.at(-1)?.what, 'revert', `${run.id} is ${run.state}, and what it did stays done`);
    }
    // One plan for each time that a target was found down: the timeline has a line for each.
    for (const { id } of bodies<Incident>('incident')) {
      const firings = store.find<TimelineEntry>({ kind: 'timeline', parent: id, state: 'alert', limit: 100_000 }).filter((d) => d.body.text.startsWith('check-down')).length;
      assert.equal(runs.filter((r) => r.plan.incidentId === id).length, firings, `runs for ${firings} firings of ${id}`);
    }
    for (const [machine, left] of [['outbox', /^items\//], ['jobs', /^jobs\//], ['inbox', /^inputs\//]] as const) {
      assert.deepEqual([...store.readMachine(machine).keys()].filter((key) => left.test(key)), [], `${machine} has something left to do`);
    }
  } finally {
    store.close();
  }
}

async function world(number: number): Promise<{ kills: number; messages: number; runs: number }> {
  const random = seeded(seed * 1000 + number);
  const dir = mkdtempSync(path.join(shm, 'wirewatch-steps-'));
  const file = path.join(dir, 'state.db');
  const ledger: Ledger = { received: [], done: [], reported: new Set() };
  const wanted = new Map(TARGETS.map((t) => [t, false]));
  try {
    let kills = 0;
    for (let lives = 0; kills < KILLS / WORLDS; lives++) {
      const point = (['before', 'within', 'after'] as const)[Math.floor(random() * 3)];
      const began = performance.now();
      if (await live(file, lives, ledger, random, wanted, 1 + Math.floor(random() * 14), point, () => performance.now() - began > 5000)) kills++;
    }
    // One life in peace, in which everything ends.
    for (const target of wanted.keys()) wanted.set(target, false);
    let calm = 0;
    await live(file, 1_000_000, ledger, () => 0.5, wanted, Number.POSITIVE_INFINITY, 'before', () => calm++ > 300);
    judge(file, ledger);
    return { kills, messages: ledger.received.length, runs: new Set(ledger.done.map((d) => d.plan)).size };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

test('a thousand kills at persisted steps lose no message and no action, and double nothing beyond the promise', { timeout: 200_000 }, async (t) => {
  const worlds = await Promise.all(Array.from({ length: WORLDS }, (_, i) => world(i)));
  const sum = (of: keyof (typeof worlds)[number]): number => worlds.reduce((n, w) => n + w[of], 0);
  t.diagnostic(`KILL_SEED=${seed}: ${sum('kills')} kills, ${sum('messages')} messages came, ${sum('runs')} plans were carried out`);
  assert.equal(sum('kills'), KILLS);
  assert.ok(sum('messages') > 100 && sum('runs') > 20, 'something happened meanwhile');
});
