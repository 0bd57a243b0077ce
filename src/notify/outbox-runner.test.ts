import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { digestHost } from '../../test/support/digest-host.ts';
import { notificationOf, notifiedAlert } from '../../test/support/notifications.ts';
import { at } from '../../test/support/signals.ts';
import { decodeState, encodeState } from '../base/state-json.ts';
import { defineChannel, type ChannelContext, type SendResult } from './define-channel.ts';
import { OutboxRunner, type ChannelInstance, type OutboxStore } from './outbox-runner.ts';
import { EMPTY_OUTBOX, OUTBOX_DEFAULTS, type OutboxOutput, type OutboxState, type OutboxStep } from './outbox-state.ts';

/** What a disk would hold: text. Counts its writes, and can fail. */
class TextStore implements OutboxStore {
  text = encodeState(EMPTY_OUTBOX);
  writes = 0;
  failing = 0;

  async update(step: (state: OutboxState) => OutboxStep): Promise<OutboxStep> {
    await Promise.resolve();
    if (this.failing > 0) {
      this.failing--;
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    }
    const result = step(decodeState(this.text));
    this.text = encodeState(result.state);
    this.writes++;
    return result;
  }

  get items(): number {
    return Object.keys(decodeState<OutboxState>(this.text).items).length;
  }
}

function channelOf(name: string, send: (ctx: ChannelContext) => Promise<SendResult>): ChannelInstance {
  return { name, options: { password: 'hunter2hunter2' }, definition: defineChannel({ name, title: name, options: z.object({ password: z.string() }), secrets: ['password'], send }) };
}

interface Bench { runner: OutboxRunner; outputs: OutboxOutput[]; errors: unknown[] }

function runnerOf(store: OutboxStore, channels: ChannelInstance[], over: { backoffMs?: number; attemptTimeoutMs?: number } = {}): Bench {
  const outputs: OutboxOutput[] = [];
  const errors: unknown[] = [];
  const runner = new OutboxRunner({
    store, host: digestHost, now: () => process.hrtime.bigint(), channels: new Map(channels.map((c) => [c.name, c])),
    config: { ...OUTBOX_DEFAULTS, backoffMs: over.backoffMs ?? 5, chains: { ops: channels.map((c) => ({ channel: c.name, deadlineMs: 300 })) } },
    onOutputs: (o) => outputs.push(...o), onStoreError: (e) => errors.push(e), attemptTimeoutMs: over.attemptTimeoutMs ?? 200,
  });
  return { runner, outputs, errors };
}

const message = (id: string) => notificationOf(id, at(0), [notifiedAlert(id, at(0))]);
const ok: SendResult = { outcome: 'delivered', detail: 'ok' };

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 8000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('the state in which a message counts as being sent is durable before the attempt begins', async () => {
  const store = new TextStore();
  const seen: string[] = [];
  const { runner } = runnerOf(store, [channelOf('mail', async () => {
    seen.push(Object.values(decodeState<OutboxState>(store.text).items)[0].state);
    return await Promise.resolve(ok);
  })]);
  await runner.start();
  await runner.notify('ops', message('a'));
  await until(() => store.items === 0, 'delivered');
  await runner.stop();
  assert.deepEqual(seen, ['sending']);
});

test('a message goes on over failures, and through a restart, under one key', async () => {
  const store = new TextStore();
  const keys: string[] = [];
  const failing = channelOf('mail', async (ctx) => {
    keys.push(ctx.dedupKey);
    return await Promise.resolve({ outcome: 'retry', reason: 'no' });
  });
  const first = runnerOf(store, [failing]);
  await first.runner.start();
  await first.runner.notify('ops', message('a'));
  await until(() => keys.length >= 3, 'three attempts');
  await first.runner.stop();
  assert.equal(store.items, 1);
  const second = runnerOf(store, [channelOf('mail', async (ctx) => {
    keys.push(ctx.dedupKey);
    return await Promise.resolve(ok);
  })]);
  await second.runner.start();
  await until(() => store.items === 0, 'delivered by the second life');
  await second.runner.stop();
  assert.equal(new Set(keys).size, 1);
});

test('a stop in the middle of an attempt loses nothing: the next life sends it again', async () => {
  const store = new TextStore();
  const keys: string[] = [];
  const hanging = channelOf('mail', async (ctx) => {
    keys.push(ctx.dedupKey);
    return await new Promise<SendResult>((resolve) => ctx.signal.addEventListener('abort', () => resolve({ outcome: 'retry', reason: 'aborted' })));
  });
  const first = runnerOf(store, [hanging], { attemptTimeoutMs: 60_000 });
  await first.runner.start();
  await first.runner.notify('ops', message('a'));
  await until(() => keys.length === 1, 'the attempt');
  await first.runner.stop();
  assert.equal(Object.values(decodeState<OutboxState>(store.text).items)[0].state, 'sending');
  const second = runnerOf(store, [channelOf('mail', async (ctx) => {
    keys.push(ctx.dedupKey);
    return await Promise.resolve(ok);
  })]);
  await second.runner.start();
  await until(() => store.items === 0, 'delivered');
  await second.runner.stop();
  assert.deepEqual([keys.length, new Set(keys).size], [2, 1]);
});

test('a channel that hangs and heeds no signal does not hold up the others, and its own messages go to the fallback', async () => {
  const store = new TextStore();
  const sent: string[] = [];
  const deaf = channelOf('mail', async () => await new Promise<SendResult>(() => undefined));
  const { runner, outputs } = runnerOf(store, [deaf, channelOf('slack', async () => {
    sent.push('slack');
    return await Promise.resolve(ok);
  })], { attemptTimeoutMs: 50 });
  await runner.start();
  const started = performance.now();
  await runner.notify('ops', message('a'));
  assert.ok(performance.now() - started < 100, 'notify waits for nobody');
  await until(() => sent.length === 1, 'the fallback');
  await runner.stop();
  assert.ok(outputs.some((o) => o.kind === 'delivery' && o.delivery.state === 'fell_back'));
});

test('a channel that throws is retried, and its secret does not show', async () => {
  const store = new TextStore();
  const { runner, outputs } = runnerOf(store, [channelOf('mail', async (ctx) => {
    if (ctx.attempt === 1) throw new Error('login of ann:hunter2hunter2 failed');
    return await Promise.resolve(ok);
  })]);
  await runner.start();
  await runner.notify('ops', message('a'));
  await until(() => store.items === 0, 'delivered');
  await runner.stop();
  const text = encodeState(outputs);
  assert.match(text, /login of ann:\*\*\* failed/);
  assert.ok(!text.includes('hunter2'));
});

test('a full disk refuses a new message aloud, and holds back the sending of what cannot be recorded', async () => {
  const store = new TextStore();
  let attempts = 0;
  const { runner, errors } = runnerOf(store, [channelOf('mail', async () => {
    attempts++;
    return await Promise.resolve(ok);
  })]);
  await runner.start();
  store.failing = 1;
  await assert.rejects(runner.notify('ops', message('a')), { code: 'SQLITE_FULL' });
  await runner.notify('ops', message('b'));
  store.failing = 1;
  await until(() => store.items === 0, 'delivered after the disk had room');
  await runner.stop();
  assert.equal(attempts, 1);
  assert.equal(errors.length, 1);
});
