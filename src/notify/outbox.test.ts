import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestHost } from '../../test/support/digest-host.ts';
import { notificationOf, notifiedAlert } from '../../test/support/notifications.ts';
import { at } from '../../test/support/signals.ts';
import { decodeState, encodeState } from '../base/state-json.ts';
import type { Notification } from '../model/index.ts';
import type { SendResult } from './define-channel.ts';
import { stepOutbox } from './outbox.ts';
import { EMPTY_OUTBOX, OUTBOX_DEFAULTS, type OutboxConfig, type OutboxInput, type OutboxOutput, type OutboxState } from './outbox-state.ts';

const base: OutboxConfig = {
  ...OUTBOX_DEFAULTS,
  chains: { ops: [{ channel: 'mail', deadlineMs: 120_000 }, { channel: 'slack', deadlineMs: 120_000 }], one: [{ channel: 'mail', deadlineMs: 60_000 }] },
};
const ok: SendResult = { outcome: 'delivered', detail: '250 ok' };
const fails: SendResult = { outcome: 'retry', reason: 'connection failed: ECONNREFUSED' };
const refuses: SendResult = { outcome: 'permanent', reason: '535 no' };
const down = (id: string, seconds: number, target = 'web') => notificationOf(id, at(seconds), [notifiedAlert(target, at(seconds))]);
const up = (id: string, seconds: number, target = 'web', since = 0) => notificationOf(id, at(seconds), [notifiedAlert(target, at(since), at(seconds))]);

/** Runs the outbox against channels that answer at once; the state goes through text between any two steps. */
class Story {
  state: OutboxState = EMPTY_OUTBOX;
  outputs: OutboxOutput[] = [];
  sent: { second: number; channel: string; key: string; notification: Notification }[] = [];
  deadline: bigint | null = null;
  now = 0;
  config: OutboxConfig;
  answers: Record<string, (second: number, n: Notification) => SendResult> = {};

  constructor(over: Partial<OutboxConfig> = {}) {
    this.config = { ...base, ...over };
  }

  channel(name: string, answer: (second: number, n: Notification) => SendResult): this {
    this.answers[name] = answer;
    return this;
  }

  give(seconds: number, input: OutboxInput): OutboxOutput[] {
    const step = stepOutbox(decodeState(encodeState(this.state)), input, at(seconds), this.config, digestHost);
    this.state = step.state;
    this.deadline = step.nextDeadline;
    this.outputs.push(...step.outputs);
    return [...step.outputs];
  }

  notify(seconds: number, notification: Notification, receiver = 'ops'): this {
    this.until(seconds);
    this.give(seconds, { kind: 'notify', receiver, notification });
    return this.pump(seconds);
  }

  pump(seconds: number): this {
    for (let again = true; again;) {
      again = false;
      for (const o of this.give(seconds, { kind: 'tick' })) {
        if (o.kind !== 'attempt') continue;
        again = true;
        this.sent.push({ second: seconds, channel: o.channel, key: o.dedupKey, notification: o.notification });
        const result = (this.answers[o.channel] ?? (() => ok))(seconds, o.notification);
        this.give(seconds, { kind: 'outcome', itemId: o.itemId, channel: o.channel, result });
      }
    }
    return this;
  }

  until(seconds: number): this {
    for (let guard = 0; this.deadline !== null && this.deadline <= at(seconds) && guard < 5000; guard++) {
      const second = Math.max(this.now, Math.ceil(Number(this.deadline - at(0)) / 1e9));
      this.pump(second);
      this.now = second;
    }
    this.now = seconds;
    return this;
  }

  get log(): string[] {
    return this.sent.map((s) => `${s.second} ${s.channel} ${s.notification.status} ${s.notification.alerts.map((a) => a.fingerprint).join('+')}`);
  }
}

test('a message is delivered at once and its resolve goes to the same channel', () => {
  const story = new Story().notify(0, down('n1', 0)).notify(60, up('n2', 60));
  assert.deepEqual(story.log, ['0 mail firing web', '60 mail resolved web']);
  assert.deepEqual([story.state.items, story.state.told, story.state.counters.delivered], [{}, {}, 2]);
});

test('a failing channel is tried again with growing waits up to the cap', () => {
  const story = new Story({ backoffCapMs: 40_000 }).channel('mail', (s) => (s < 150 ? fails : ok)).notify(0, down('n1', 0), 'one').until(400);
  assert.deepEqual(story.sent.map((s) => s.second), [0, 5, 15, 35, 75, 115, 155]);
  assert.equal(new Set(story.sent.map((s) => s.key)).size, 1);
});

test('Retry-After is honoured beyond the cap', () => {
  const story = new Story({ backoffCapMs: 10_000 }).channel('mail', (s) => (s === 0 ? { ...fails, retryAfterMs: 50_000 } : ok) as SendResult).notify(0, down('n1', 0), 'one').until(100);
  assert.deepEqual(story.sent.map((s) => s.second), [0, 50]);
});

test('after the deadline the next channel of the chain is asked, and the resolve follows to where the firing was told', () => {
  const story = new Story().channel('mail', (s) => (s < 1000 ? fails : ok)).notify(0, down('n1', 0)).until(500).notify(2000, up('n2', 2000)).until(3000);
  assert.deepEqual(story.log.filter((l) => !l.includes('mail')), ['120 slack firing web', '2000 slack resolved web']);
  assert.ok(!story.log.some((l) => l.startsWith('2000 mail')));
  assert.equal(story.state.counters.fellBack, 1);
});

test('a refusal falls back at once, and is not tried again', () => {
  const story = new Story().channel('mail', () => refuses).notify(0, down('n1', 0)).until(5000);
  assert.deepEqual(story.log, ['0 mail firing web', '0 slack firing web']);
});

test('a message that all refuse is failed and reported', () => {
  const story = new Story().channel('mail', () => refuses).channel('slack', () => refuses).notify(0, down('n1', 0));
  const undelivered = story.outputs.filter((o) => o.kind === 'undelivered');
  assert.deepEqual([undelivered.length, undelivered[0].groupKeys, story.state.items], [1, [down('n1', 0).groupKey], {}]);
});

test('in a long outage all channels are tried in turn, until one comes back', () => {
  const story = new Story().channel('mail', (s) => (s < 3600 ? fails : ok)).channel('slack', () => fails).notify(0, down('n1', 0)).until(5000);
  assert.equal(story.log.at(-1)?.split(' ')[1], 'mail');
  assert.ok(story.sent.at(-1)!.second >= 3600 && story.sent.at(-1)!.second < 3600 + 420, `delivered at ${story.sent.at(-1)!.second}`);
  assert.equal(story.state.counters.delivered, 1);
  assert.match(story.sent.at(-1)!.notification.body, /^Delivered 1h \dm late; written at 2026-01-01T00:00:00Z/);
});

test('what nobody takes for a day is given up', () => {
  const story = new Story().channel('mail', () => fails).channel('slack', () => fails).notify(0, down('n1', 0)).until(90_000);
  assert.deepEqual([story.state.items, story.state.counters.failed], [{}, 1]);
});

test('firing and resolve that could not be sent become one late message with the true times', () => {
  const story = new Story().channel('mail', (s) => (s < 900 ? fails : ok)).notify(0, down('n1', 0), 'one').notify(600, up('n2', 600), 'one').until(2000);
  const delivered = story.sent.filter((s) => s.second >= 900);
  assert.equal(delivered.length, 1);
  const [alert] = delivered[0].notification.alerts;
  assert.deepEqual([alert.status, alert.startsAt, alert.endsAt], ['resolved', at(0), at(600)]);
  assert.match(delivered[0].notification.body, /Not delivered before:\n2026-01-01T00:00:00Z {2}Network Alert: web Down/);
  assert.deepEqual(story.state.told, {});
});

test('many waiting messages become one digest once the channel is back', () => {
  const story = new Story().channel('mail', (s) => (s < 600 ? fails : ok));
  for (let i = 0; i < 8; i++) story.notify(i, down(`n${i}`, i, `t${i}`), 'one');
  story.notify(300, up('n9', 300, 't0'), 'one').until(2000);
  const delivered = story.sent.filter((s) => s.second >= 600);
  assert.equal(delivered.length, 1);
  assert.equal(delivered[0].notification.alerts.length, 8);
  assert.equal(delivered[0].notification.subject, '8 alerts, told late together: 7 firing, 1 resolved');
  assert.deepEqual([...story.state.told['one\nmail']].toSorted(), ['t1', 't2', 't3', 't4', 't5', 't6', 't7']);
});

test('a drill is never put into one message with the real thing', () => {
  const story = new Story({ digestOver: 1 }).channel('mail', (s) => (s < 100 ? fails : ok));
  for (let i = 0; i < 6; i++) story.notify(i, { ...down(`n${i}`, i, `t${i}`), drill: i % 2 === 0 }, 'one');
  story.until(1000);
  assert.deepEqual(story.sent.filter((s) => s.second >= 100).map((s) => `${s.notification.drill} ${s.notification.alerts.length}`).sort(), ['false 3', 'true 3']);
});

test('a resolve queued while the firing is on its way to the fallback reaches the fallback', () => {
  const story = new Story();
  story.channel('mail', () => refuses).give(0, { kind: 'notify', receiver: 'ops', notification: down('n1', 0) });
  const [mail] = story.give(0, { kind: 'tick' }).filter((o) => o.kind === 'attempt');
  story.give(1, { kind: 'outcome', itemId: mail.itemId, channel: 'mail', result: refuses });
  const [slack] = story.give(1, { kind: 'tick' }).filter((o) => o.kind === 'attempt');
  story.give(2, { kind: 'notify', receiver: 'ops', notification: up('n2', 2) });
  story.give(3, { kind: 'outcome', itemId: slack.itemId, channel: 'slack', result: ok });
  story.pump(4);
  assert.ok(story.log.includes('4 slack resolved web'), story.log.join('\n'));
  assert.deepEqual(story.state.told, {});
});

test('a group of which one alert ends tells so to the channel that told of it', () => {
  const both = notificationOf('n1', at(0), [notifiedAlert('a', at(0)), notifiedAlert('b', at(0))]);
  const half = notificationOf('n2', at(400), [notifiedAlert('a', at(0), at(400)), notifiedAlert('b', at(0))]);
  const story = new Story().channel('mail', (s) => (s < 300 ? fails : ok)).notify(0, both).until(350).notify(400, half).until(500);
  assert.deepEqual(story.log.filter((l) => l.startsWith('400')).sort(), ['400 mail resolved a', '400 mail firing a+b', '400 slack firing a+b'].slice(1).sort());
});

test('a crash at any step repeats at most the attempt, with the key that it had', () => {
  for (const crashAfter of ['notify', 'attempt', 'delivered'] as const) {
    const story = new Story();
    story.give(0, { kind: 'notify', receiver: 'ops', notification: down('n1', 0) });
    const keys: string[] = [];
    if (crashAfter !== 'notify') {
      const [attempt] = story.give(0, { kind: 'tick' }).filter((o) => o.kind === 'attempt');
      keys.push(attempt.dedupKey);
      if (crashAfter === 'delivered') story.give(1, { kind: 'outcome', itemId: attempt.itemId, channel: 'mail', result: ok });
    }
    story.state = decodeState(encodeState(story.state));
    story.give(2, { kind: 'restart' });
    story.pump(2);
    keys.push(...story.sent.map((s) => s.key));
    assert.equal(keys.length, crashAfter === 'attempt' ? 2 : 1, crashAfter);
    assert.equal(new Set(keys).size, 1);
    assert.deepEqual(story.state.items, {});
  }
});

test('an outcome that comes twice, or for what has been settled, changes nothing', () => {
  const story = new Story();
  story.give(0, { kind: 'notify', receiver: 'ops', notification: down('n1', 0) });
  const [attempt] = story.give(0, { kind: 'tick' }).filter((o) => o.kind === 'attempt');
  const outcome = { kind: 'outcome', itemId: attempt.itemId, channel: 'mail', result: ok } as const;
  story.give(1, outcome);
  const before = encodeState(story.state);
  story.give(2, outcome);
  assert.equal(encodeState(story.state), before);
});

test('the queue is bounded: beyond the cap messages join others, none is lost', () => {
  const story = new Story({ maxItems: 5 }).channel('mail', (s) => (s < 400 ? fails : ok));
  for (let i = 0; i < 40; i++) story.notify(i, down(`n${i}`, i, `t${i}`), 'one');
  assert.ok(Object.keys(story.state.items).length <= 5);
  story.until(2000);
  assert.equal(story.state.told['one\nmail'].length, 40);
});

test('a receiver without channels is told about, not lost', () => {
  const story = new Story().notify(0, down('n1', 0), 'nobody');
  assert.deepEqual(story.outputs.map((o) => o.kind), ['undelivered']);
});

test('a shorter chain after a reload takes up messages from its beginning', () => {
  const story = new Story().channel('mail', () => fails).channel('slack', () => fails).notify(0, down('n1', 0)).until(130);
  story.config = { ...base, chains: { ops: [{ channel: 'sms', deadlineMs: 60_000 }] } };
  story.until(400).pump(400);
  assert.ok(story.log.at(-1)?.includes('sms'));
});

test('what a channel keeps for a group is given to its next message of that group, through a restart, until it is forgotten', () => {
  const story = new Story({ traits: { mail: { perGroup: true } } });
  const known: (string | null)[] = [];
  const words: (string | null | undefined)[] = ['ticket-1', undefined, null, 'ticket-2'];
  const say = (second: number, n: Notification): void => {
    story.give(second, { kind: 'notify', receiver: 'one', notification: n });
    for (const o of story.give(second, { kind: 'tick' })) {
      if (o.kind !== 'attempt') continue;
      known.push(o.known);
      story.give(second, { kind: 'outcome', itemId: o.itemId, channel: o.channel, result: { outcome: 'delivered', detail: 'ok', keep: words[known.length - 1] } });
    }
  };
  say(0, down('a', 0));
  say(10, down('b', 10, 'db'));
  say(20, up('c', 20));
  say(30, down('d', 30));
  story.give(35, { kind: 'restart' });
  say(40, up('e', 40));
  assert.deepEqual(known, [null, null, 'ticket-1', null, 'ticket-2']);
});

test('a channel that keeps one thing for each group gets each group\'s message by itself, however late', () => {
  for (const perGroup of [true, false]) {
    const story = new Story({ traits: { mail: { perGroup } }, digestOver: 1 }).channel('mail', (second) => (second < 100 ? fails : ok));
    for (let i = 0; i < 6; i++) story.notify(i, down(`n${i}`, i, `t${i}`), 'one');
    story.until(600);
    const delivered = story.sent.filter((s) => s.second >= 100);
    assert.equal(delivered.length, perGroup ? 6 : 1);
  }
});

test('a channel with a documented rate is not given more than that', () => {
  const story = new Story({ traits: { mail: { paceMs: 2_000 } } }).channel('mail', () => ok);
  for (let i = 0; i < 5; i++) story.notify(0, down(`n${i}`, 0, `t${i}`), 'one');
  story.until(60);
  assert.deepEqual(story.sent.map((s) => s.second), [0, 2, 4, 6, 8]);
});

test('a message that is promised while another is being sent is not sent twice to the same channel', () => {
  const story = new Story();
  story.notify(0, down('n1', 0, 'web'), 'one');
  // While news of another alert of the group is on its way, the first one ends, and the second goes on.
  const group = { groupKey: 'ops/0{}:{"target":"web"}' };
  const both = (id: string, second: number, webEnded: boolean): Notification =>
    notificationOf(id, at(second), [notifiedAlert('web', at(0), webEnded ? at(second) : null), notifiedAlert('db', at(10))], group);
  story.give(10, { kind: 'notify', receiver: 'one', notification: both('n2', 10, false) });
  const [attempt] = story.give(10, { kind: 'tick' }).filter((o) => o.kind === 'attempt');
  story.give(11, { kind: 'notify', receiver: 'one', notification: both('n3', 11, true) });
  story.give(12, { kind: 'outcome', itemId: attempt.itemId, channel: 'mail', result: ok });
  story.pump(12).until(100);
  assert.deepEqual(story.sent.map((s) => s.notification.id), ['n1', 'n3']);
});

test('an end is told to the first channel too where the group\'s messages have moved on to the next', () => {
  const story = new Story().channel('mail', (s) => (s < 10 || s > 300 ? ok : fails));
  const group = { groupKey: 'ops/0{}:{"target":"web"}' };
  story.notify(0, notificationOf('n1', at(0), [notifiedAlert('web', at(0))], group));
  story.notify(20, notificationOf('n2', at(20), [notifiedAlert('web', at(0)), notifiedAlert('db', at(20))], group)).until(141);
  story.notify(142, notificationOf('n3', at(142), [notifiedAlert('web', at(0), at(142)), notifiedAlert('db', at(20), at(142))], group)).until(900);
  const last = (channel: string): string | undefined => story.sent.findLast((s) => s.channel === channel)?.notification.status;
  assert.deepEqual([last('mail'), last('slack')], ['resolved', 'resolved']);
});
