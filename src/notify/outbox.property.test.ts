// Whatever channels do and whenever the program dies: nothing is lost, and who was told of a firing is told of its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestHost } from '../../test/support/digest-host.ts';
import { notificationOf, notifiedAlert } from '../../test/support/notifications.ts';
import { at } from '../../test/support/signals.ts';
import { decodeState, encodeState } from '../base/state-json.ts';
import type { SendResult } from './define-channel.ts';
import { stepOutbox } from './outbox.ts';
import { EMPTY_OUTBOX, OUTBOX_DEFAULTS, type OutboxConfig, type OutboxInput, type OutboxOutput, type OutboxState } from './outbox-state.ts';

const config: OutboxConfig = {
  ...OUTBOX_DEFAULTS, maxItems: 6, digestOver: 2,
  chains: { ops: [{ channel: 'mail', deadlineMs: 60_000 }, { channel: 'slack', deadlineMs: 60_000 }, { channel: 'sms', deadlineMs: 60_000 }] },
};
const CHANNELS = ['mail', 'slack', 'sms'];

type Event =
  | { do: 'alert'; target: number } | { do: 'tick' } | { do: 'crash' }
  /** A channel works or not from now on. */
  | { do: 'channel'; channel: number; works: boolean }
  /** An attempt that was given out comes back; where `record` is false the program died between. */
  | { do: 'answer'; record: boolean };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('alert' as const), target: fc.nat(4) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tick' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('answer' as const), record: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('channel' as const), channel: fc.nat(2), works: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const) }) },
);

class World {
  state: OutboxState = EMPTY_OUTBOX;
  second = 0;
  works = [true, true, true];
  attempts: Extract<OutboxOutput, { kind: 'attempt' }>[] = [];
  /** What each channel's readers believe fires: changed by what arrives, recorded or not. */
  readonly believed = new Map<string, Set<string>>(CHANNELS.map((c) => [c, new Set<string>()]));
  /** Times that each message's end reached somebody. */
  readonly firing = new Map<number, number>();
  made = 0;

  give(input: OutboxInput): void {
    const step = stepOutbox(decodeState(encodeState(this.state)), input, at(this.second), config, digestHost);
    this.state = step.state;
    for (const o of step.outputs) if (o.kind === 'attempt') this.attempts.push(o);
    assert.ok(Object.keys(this.state.items).length <= config.maxItems + CHANNELS.length * 5, 'bounded');
    const sending = Object.values(this.state.items).filter((i) => i.state === 'sending');
    const busy = sending.map((i) => i.only ?? CHANNELS[i.position]);
    assert.equal(new Set(busy).size, busy.length, 'one attempt a channel');
  }

  alert(target: number): void {
    const since = this.firing.get(target);
    const alert = notifiedAlert(`t${target}`, at(since ?? this.second), since === undefined ? null : at(this.second));
    if (since === undefined) this.firing.set(target, this.second);
    else this.firing.delete(target);
    this.give({ kind: 'notify', receiver: 'ops', notification: notificationOf(`n${this.made++}`, at(this.second), [alert]) });
  }

  answer(record: boolean): void {
    const attempt = this.attempts.shift();
    if (attempt === undefined) return;
    const works = this.works[CHANNELS.indexOf(attempt.channel)];
    const result: SendResult = works ? { outcome: 'delivered', detail: 'ok' } : { outcome: 'retry', reason: 'no' };
    if (works) {
      const believed = this.believed.get(attempt.channel)!;
      for (const a of attempt.notification.alerts) {
        if (a.status === 'firing') believed.add(a.fingerprint);
        else believed.delete(a.fingerprint);
      }
    }
    if (record) this.give({ kind: 'outcome', itemId: attempt.itemId, channel: attempt.channel, result });
    else this.crash();
  }

  /** Everything in memory is gone. Attempts under way never come back. */
  crash(): void {
    this.attempts = [];
    this.give({ kind: 'restart' });
  }

  run(e: Event): void {
    this.second += 7;
    if (e.do === 'alert') this.alert(e.target);
    else if (e.do === 'tick') this.give({ kind: 'tick' });
    else if (e.do === 'answer') this.answer(e.record);
    else if (e.do === 'channel') this.works[e.channel] = e.works;
    else this.crash();
  }

  /** All channels work again, all alerts end: what is left must go out. */
  settle(): void {
    this.works = [true, true, true];
    for (const target of Array.from(this.firing.keys())) this.alert(target);
    for (let i = 0; i < 300 && Object.keys(this.state.items).length > 0; i++) {
      this.second += 60;
      this.give({ kind: 'tick' });
      while (this.attempts.length > 0) this.answer(true);
    }
  }
}

test('after any history the queue empties, and nobody who was recorded as told believes that an ended alert fires', () => {
  fc.assert(fc.property(fc.array(event, { maxLength: 80 }), (events) => {
    const world = new World();
    for (const e of events) world.run(e);
    world.settle();
    assert.deepEqual(world.state.items, {});
    assert.deepEqual(world.state.told, {});
    assert.equal(world.state.counters.failed, 0);
  }), { numRuns: 400, seed: 20261121 });
});

test('without a crash between arrival and record, what readers of any channel believe is true in the end', () => {
  fc.assert(fc.property(fc.array(event.map((e) => (e.do === 'answer' ? { ...e, record: true } : e)).filter((e) => e.do !== 'crash'), { maxLength: 80 }), (events) => {
    const world = new World();
    for (const e of events) world.run(e);
    world.settle();
    for (const [channel, believed] of world.believed) assert.deepEqual([...believed], [], channel);
  }), { numRuns: 400, seed: 20261122 });
});
