// What every channel must keep, whichever it is: the classes of failure, the deadline, its secrets, and one thing for each group.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { ChannelDefinition, SendResult } from '../../src/notify/define-channel.ts';
import { channels } from '../../src/notify/channels.generated.ts';
import { createChannel } from '../../src/notify/channel-instance.ts';
import { sendThrough } from '../../src/notify/outbox-runner.ts';
import { BENCHES, OUTCOMES } from '../support/channel-benches.ts';
import { TestHttpServer } from '../support/http-server.ts';
import { notificationOf, notifiedAlert } from '../support/notifications.ts';
import { at } from '../support/signals.ts';
import { createTestAuthority, type TestAuthority } from '../support/test-authority.ts';
import { TRACKERS } from '../support/trackers.ts';
import { VENDORS } from '../support/vendors.ts';

const stops: (() => Promise<void> | void)[] = [];
let authority: TestAuthority;
before(() => {
  authority = createTestAuthority();
});
after(async () => {
  for (const stop of stops) await stop();
});

const kinds = channels as unknown as ChannelDefinition[];
const message = notificationOf('n1', at(0), [notifiedAlert('web', at(0))]);

async function attempt(definition: ChannelDefinition, options: Record<string, unknown>, deadlineMs = 5000, notification = message, known: string | null = null): Promise<SendResult> {
  const channel = createChannel('the-channel', definition.name, options, kinds);
  return await sendThrough(channel, { signal: AbortSignal.timeout(deadlineMs), dedupKey: `k-${notification.id}`, attempt: 1, now: at(0), known }, notification);
}

function assertNoSecret(result: unknown, secret: string): void {
  const text = JSON.stringify(result);
  for (const spelling of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), JSON.stringify(secret).slice(1, -1)]) {
    assert.ok(!text.includes(spelling), `a secret shows in ${text}`);
  }
}

test('every channel of the manifest has a bench', () => {
  assert.deepEqual(channels.map((c) => c.name).toSorted(), Object.keys(BENCHES).toSorted());
});

for (const definition of kinds) {
  const bench = BENCHES[definition.name];
  describe(definition.name, () => {
    for (const situation of bench.situations) {
      test(`${situation}: ${OUTCOMES[situation]}, within the time allowed, and no secret in what it says`, async () => {
        const options = await bench.options(situation, (stop) => stops.push(stop), authority);
        const started = performance.now();
        const result = await attempt(definition, options, situation === 'mute' ? 400 : 5000);
        assert.equal(result.outcome, OUTCOMES[situation], JSON.stringify(result));
        assertNoSecret(result, bench.secret);
        if (situation === 'mute') assert.ok(performance.now() - started < 3000, 'it ends when its time is over');
        if (situation === 'limited' && bench.retryAfterMs !== undefined) assert.equal(result.outcome === 'retry' ? result.retryAfterMs : 0, bench.retryAfterMs);
      });
    }

    test('wrong options are refused by name, without their values', () => {
      assert.throws(() => createChannel('the-channel', definition.name, { nonsense: bench.secret }, kinds), (error: Error & { code?: string }) => {
        assertNoSecret(error.message, bench.secret);
        return error.code === 'WW_CONFIG_VALUE';
      });
    });

    test('each secret that it names is one of its options', () => {
      assert.ok(definition.title.length > 0);
      const shape = Object.keys((definition.options as unknown as { shape: Record<string, unknown> }).shape);
      for (const secret of definition.secrets) assert.ok(shape.includes(secret), secret);
    });
  });
}

test('a channel type that does not exist is answered with the nearest', () => {
  assert.throws(() => createChannel('x', 'slak', {}, kinds), (error: Error & { remedy?: string }) => error.remedy === 'Did you mean slack?');
});

/** What the service holds after: fires, fires on with another alert, ends, fires again; then a message whose record a crash lost. */
const STORIES: Readonly<Record<string, readonly string[]>> = {
  pagerduty: ['trigger', 'trigger', 'resolve', 'trigger', 'trigger'].map((what) => `${what} of incident 1`),
  twilio: Array<string>(5).fill('one segment'),
  teams: ['Down', 'Down', 'Recovered', 'Down', 'Down'].map((how) => `card Network Alert: web ${how}`),
  telegram: ['message 101', 'message 102 answers 101', 'message 103 answers 101', 'message 104', 'message 105'],
  ntfy: ['priority 5', 'priority 5', 'priority 3', 'priority 5', 'priority 5'],
  matrix: ['$event1', '$event2 in thread $event1', '$event3 in thread $event1', '$event4'],
  discord: Array<string>(5).fill('message of 1'),
  'slack-bot': ['post 1.0', 'update 1.0', 'post 2.0 in 1.0', 'update 1.0', 'post 3.0 in 1.0', 'post 4.0', 'post 5.0'],
  opsgenie: ['create P1', 'count', 'close true', 'create P1', 'count'],
  jsm: ['create P1', 'count', 'close true', 'create P1', 'count'],
  github: ['create 1', 'comment 1', 'comment 1', 'close 1', 'create 2', 'comment 2'],
  gitlab: ['create 1', 'comment 1', 'comment 1', 'close 1', 'create 2', 'comment 2'],
  jira: ['create 1', 'comment 1', 'comment 1', 'close 1', 'create 2', 'comment 2'],
  servicenow: ['create 1', 'comment 1', 'close 1', 'create 2', 'comment 2'],
};

describe('what a service holds after a group has fired, grown, ended and fired again', () => {
  for (const [name, vendor] of Object.entries({ ...VENDORS, ...TRACKERS })) {
    test(name, async (t) => {
      const told: string[] = [];
      const server = await TestHttpServer.start(vendor.serve(vendor.secret, told));
      t.after(() => server.stop());
      const definition = kinds.find((k) => k.name === name);
      assert.ok(definition !== undefined);
      let known: string | null = null;
      const say = async (id: string, ended: boolean, remember = true): Promise<void> => {
        const n = notificationOf(id, at(0), [notifiedAlert('web', at(0), ended ? at(60) : null)]);
        const result = await attempt(definition, vendor.options(server.url), 5000, n, known);
        assert.equal(result.outcome, 'delivered', JSON.stringify(result));
        if (remember && result.outcome === 'delivered' && result.keep !== undefined) known = result.keep;
      };
      await say('one', false);
      await say('two', false);
      await say('three', true);
      await say('four', false, false);
      await say('four', false);
      assert.deepEqual(told, STORIES[name]);
    });
  }
});

test('a message of any length and any text is taken by every service', { timeout: 60_000 }, async () => {
  const texts = ['x'.repeat(70_000), '<&>"'.repeat(8_000), '\u{1F6A8}'.repeat(9_000), 'ä\n'.repeat(20_000)];
  for (const [name, vendor] of Object.entries({ ...VENDORS, ...TRACKERS })) {
    const server = await TestHttpServer.start(vendor.serve(vendor.secret, []));
    const definition = kinds.find((k) => k.name === name);
    assert.ok(definition !== undefined);
    for (const text of texts) {
      const n = notificationOf('long', at(0), Array.from({ length: 80 }, (_, i) => notifiedAlert(`t${i}`, at(0))), { subject: text, body: text });
      const result = await attempt(definition, vendor.options(server.url), 5000, n);
      assert.equal(result.outcome, 'delivered', `${name}: ${JSON.stringify(result)} for ${text.slice(0, 8)}`);
    }
    await server.stop();
  }
});
