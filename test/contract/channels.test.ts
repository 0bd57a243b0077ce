// What every channel must keep, whichever it is: the classes of failure, the deadline, and its secrets.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { ChannelDefinition, SendResult } from '../../src/notify/define-channel.ts';
import { channels } from '../../src/notify/channels.generated.ts';
import { createChannel } from '../../src/notify/channel-instance.ts';
import { sendThrough } from '../../src/notify/outbox-runner.ts';
import { TestHttpServer, type Answer } from '../support/http-server.ts';
import { MailServer } from '../support/mail-server.ts';
import { notificationOf, notifiedAlert } from '../support/notifications.ts';
import { at } from '../support/signals.ts';
import { createTestAuthority, type TestAuthority } from '../support/test-authority.ts';

const SECRET = 'S3cr3t-tÖken/with+odd=chars-9911';
type Situation = 'works' | 'wrong secret' | 'limited' | 'broken' | 'refused';

/** A real server for a kind of channel in a situation, and the options that reach it. A new channel adds its line here. */
type Bench = (situation: Situation, track: (stop: () => Promise<void>) => void, authority: TestAuthority) => Promise<Record<string, unknown>>;

const HTTP: Record<Situation, Answer> = {
  works: { status: 200, body: 'ok' }, 'wrong secret': { status: 403, body: `invalid token ${SECRET}` }, limited: { status: 429, headers: { 'retry-after': '7' }, body: `slow down ${SECRET}` },
  broken: { status: 503, body: `upstream ${SECRET} is gone` }, refused: { status: 400, body: `cannot read ${SECRET}` },
};

async function http(situation: Situation, track: (stop: () => Promise<void>) => void): Promise<string> {
  const server = await TestHttpServer.start(() => HTTP[situation]);
  track(() => server.stop());
  return server.url;
}

const BENCHES: Record<string, Bench> = {
  slack: async (s, track) => ({ url: `${await http(s, track)}/services/${encodeURIComponent(SECRET)}` }),
  webhook: async (s, track) => ({ url: `${await http(s, track)}/hook`, secret: SECRET, headers: { authorization: `Bearer ${encodeURIComponent(SECRET)}` } }),
  smtp: async (s, track, authority) => {
    const say = (code: number) => (_address: unknown, _session: unknown, callback: (error?: Error) => void) =>
      callback(Object.assign(new Error(`no, ${SECRET}`), { responseCode: code }));
    const over = s === 'limited' ? { onMailFrom: say(450) } : s === 'broken' ? { onMailFrom: say(451) } : s === 'refused' ? { onRcptTo: say(550) } : {};
    const server = await MailServer.start(authority, { user: 'u', password: s === 'wrong secret' ? 'another' : SECRET }, over);
    track(() => server.stop());
    return { host: '127.0.0.1', port: server.port, ca: authority.ca, user: 'u', password: SECRET, from: 'a@example.test', to: ['b@example.test'] };
  },
};

/** The same options, leading to another port. */
function redirectTo(options: Record<string, unknown>, port: number): Record<string, unknown> {
  if (typeof options.url !== 'string') return { ...options, port };
  const url = new URL(options.url);
  url.port = String(port);
  return { ...options, url: url.href };
}

const stops: (() => Promise<void>)[] = [];
let authority: TestAuthority;
before(() => {
  authority = createTestAuthority();
});
after(async () => {
  for (const stop of stops) await stop();
});

const message = notificationOf('n1', at(0), [notifiedAlert('web', at(0))]);

async function attempt(definition: ChannelDefinition, options: Record<string, unknown>, deadlineMs = 5000): Promise<SendResult> {
  const channel = createChannel('the-channel', definition.name, options, channels as unknown as ChannelDefinition[]);
  return await sendThrough(channel, { signal: AbortSignal.timeout(deadlineMs), dedupKey: 'k1', attempt: 1, now: at(0) }, message);
}

function assertNoSecret(result: unknown): void {
  const text = JSON.stringify(result);
  for (const spelling of [SECRET, encodeURIComponent(SECRET), Buffer.from(SECRET).toString('base64'), JSON.stringify(SECRET).slice(1, -1)]) {
    assert.ok(!text.includes(spelling), `a secret shows in ${text}`);
  }
}

test('every channel of the manifest has a bench here', () => {
  assert.deepEqual(channels.map((c) => c.name).toSorted(), Object.keys(BENCHES).toSorted());
});

for (const channel of channels) {
  const definition = channel as unknown as ChannelDefinition;
  describe(definition.name, () => {
    const bench = async (situation: Situation): Promise<Record<string, unknown>> => await BENCHES[definition.name](situation, (stop) => stops.push(stop), authority);
    const cases: [Situation, SendResult['outcome']][] = [['works', 'delivered'], ['wrong secret', 'permanent'], ['limited', 'retry'], ['broken', 'retry'], ['refused', 'permanent']];
    for (const [situation, outcome] of cases) {
      test(`${situation}: ${outcome}, and no secret in what it says`, async () => {
        const result = await attempt(definition, await bench(situation));
        assert.equal(result.outcome, outcome, JSON.stringify(result));
        assertNoSecret(result);
        if (situation === 'limited' && definition.name !== 'smtp') assert.equal(result.outcome === 'retry' ? result.retryAfterMs : 0, 7000);
      });
    }

    test('a host where nobody listens: retry', async () => {
      const free = net.createServer().listen(0, '127.0.0.1');
      await once(free, 'listening');
      const { port } = free.address() as AddressInfo;
      free.close();
      await once(free, 'close');
      const result = await attempt(definition, redirectTo(await bench('works'), port));
      assert.equal(result.outcome, 'retry', JSON.stringify(result));
      assertNoSecret(result);
    });

    test('a host that never answers: retry when the time is over, not later', async () => {
      const sockets = new Set<net.Socket>();
      const mute = net.createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
      await once(mute, 'listening');
      stops.push(async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise<void>((resolve) => mute.close(() => resolve()));
      });
      const started = performance.now();
      const result = await attempt(definition, redirectTo(await bench('works'), (mute.address() as AddressInfo).port), 300);
      assert.equal(result.outcome, 'retry', JSON.stringify(result));
      assert.ok(performance.now() - started < 2000);
      assertNoSecret(result);
    });

    test('wrong options are refused by name, without their values', () => {
      assert.throws(() => createChannel('the-channel', definition.name, { nonsense: SECRET }, channels as unknown as ChannelDefinition[]), (error: Error & { code?: string }) => {
        assertNoSecret(error.message);
        return error.code === 'WW_CONFIG_VALUE';
      });
    });

    test('its options and secrets are documented', () => {
      assert.ok(definition.title.length > 0);
      assert.ok(definition.secrets.length > 0);
    });
  });
}

test('a channel type that does not exist is answered with the nearest', () => {
  assert.throws(() => createChannel('x', 'slak', {}, channels as unknown as ChannelDefinition[]), (error: Error & { remedy?: string }) => error.remedy === 'Did you mean slack?');
});
